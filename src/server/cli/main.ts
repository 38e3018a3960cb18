// The `tillway` command. This file holds the words of the help; each command's work is in its own file and loaded only when it
// is asked for, so that help is quick.

import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { type ExitCode, exitCode, systemTerminal, type Terminal } from './terminal.ts';

function wholeNumber(least: number, most: number) {
  return (text: string): number => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
    if (value >= least && value <= most) return value;
    throw new InvalidArgumentError(`It must be a whole number from ${least} to ${most}.`);
  };
}

function decimal(text: string): string {
  if (/^\d{1,12}(\.\d{1,3})?$/.test(text)) return text;
  throw new InvalidArgumentError('It must be decimal text such as 12.30.');
}

function plainName(text: string): string {
  const name = text.trim();
  if (/^[^\p{Cc}]{1,64}$/u.test(name)) return name;
  throw new InvalidArgumentError('It must be a name of 1 to 64 characters.');
}

const examples = (...lines: readonly string[]) => `\nExamples:\n${lines.map((line) => `  ${line}`).join('\n')}\n`;

const first = `
A first payment, in two terminals:
  $ tillway start                                  everything, on this machine, with a local Alipay
  $ tillway pay 12.30 --code $(tillway codes)      a customer's code, and a sale that is paid with it

Settings come from the environment and from tillway.config.json; see them with: tillway config
Exit codes: 0 done, 1 could not be done, 2 not understood or wrong settings, 3 the payment ended as not paid.
`;

/** Runs one command line (without node and the program's path) and answers its exit code. */
export async function runCommandLine(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  let code: ExitCode = exitCode.done;
  const program = new Command('tillway')
    .description('A retail store that takes Alipay: the till, the payment, and a local Alipay to try it with.')
    .addHelpText('after', first)
    .configureOutput({
      writeOut: (text) => terminal.out(text.trimEnd()),
      writeErr: (text) => terminal.note(text.trimEnd()),
    })
    .exitOverride();
  const set = (work: () => Promise<ExitCode>) => async () => {
    code = await work();
  };
  addServers(program, terminal, set);
  addPayments(program, terminal, (ended) => {
    code = ended;
  });
  addKeys(program, terminal, (ended) => {
    code = ended;
  });
  addDevices(program, terminal, (ended) => {
    code = ended;
  });
  addDemo(program, terminal, (ended) => {
    code = ended;
  });
  pointToHelp(program, 'tillway');
  try {
    if (args.length === 0) program.outputHelp();
    else await program.parseAsync(args, { from: 'user' });
    return code;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? exitCode.done : exitCode.usage;
  }
}

// Every complaint ends with the help of the command that it is about.
function pointToHelp(command: Command, path: string): void {
  command.showHelpAfterError(`See: ${path} --help`);
  for (const inner of command.commands) pointToHelp(inner, `${path} ${inner.name()}`);
}

type Set = (work: () => Promise<ExitCode>) => () => Promise<void>;
type End = (code: ExitCode) => void;

function addServers(program: Command, terminal: Terminal, set: Set): void {
  program
    .command('start')
    .description('Start everything: PostgreSQL, the Alipay sandbox and the store server.')
    .addHelpText(
      'after',
      `
With no settings at all this is a demo store on this machine. With a gateway and keys in the settings the sandbox
stays out, and the store takes real payments. Stop with Ctrl+C.
${examples('$ tillway start', '$ TILLWAY_STORE_PORT=0 TILLWAY_SANDBOX_PORT=0 tillway start      on any free ports', '$ DATABASE_URL=postgresql://till:secret@db/till tillway start')}`,
    )
    .action(set(async () => (await import('./start-command.ts')).start(terminal)));
  program
    .command('store')
    .description('Run the store server alone, against a configured gateway, as a service manager would.')
    .addHelpText(
      'after',
      examples('$ DATABASE_URL=postgresql://till:secret@db/till TILLWAY_CONFIG=/etc/tillway.config.json tillway store'),
    )
    .action(set(async () => (await import('./store-command.ts')).runStore(terminal)));
  program
    .command('sandbox')
    .description('Run the local Alipay alone: any Alipay integration can be tested against it.')
    .addHelpText(
      'after',
      `
It speaks the domestic OpenAPI (/gateway.do) and the global JSON API (/ams/api/v1/payments), keeps its own books, and
misbehaves when told to: lost, late and garbled answers, twice-sent notices and more, at its control page.
${examples('$ tillway sandbox', '$ TILLWAY_SANDBOX_PORT=9000 TILLWAY_HOME=/tmp/alipay tillway sandbox')}`,
    )
    .action(set(async () => (await import('./sandbox-command.ts')).runSandbox(terminal)));
}

function addPayments(program: Command, terminal: Terminal, end: End): void {
  program
    .command('pay')
    .description('Sell and take a payment through the running store, and tell its course.')
    .argument('<amount>', 'decimal text in the currency of the store, such as 12.30', decimal)
    .requiredOption('--code <code>', "the payment code from the customer's Alipay app")
    .addHelpText(
      'after',
      `\nThe last line is "paid …" (exit code 0) or "not-paid <reason> …" (exit code 3).\n${examples('$ tillway pay 12.30 --code 283456789012345678', '$ tillway pay 1200 --code $(tillway codes --balance 5000)')}`,
    )
    .action(async (amount: string, options: { code: string }) => {
      end(await (await import('./pay-command.ts')).pay({ amount, code: options.code }, terminal));
    });
  program
    .command('codes')
    .description("Make payment codes of a sandbox wallet, as the customer's app would show them.")
    .option('--wallet <id>', 'the wallet to use; without it one is made')
    .option('--balance <amount>', 'balance of a wallet that is made', decimal, '1000.00')
    .option('--digits <n>', 'length of the codes, 16 to 24', wholeNumber(16, 24))
    .option('--count <n>', 'how many', wholeNumber(1, 1000), 1)
    .addHelpText('after', examples('$ tillway codes', '$ tillway codes --digits 24 --count 3'))
    .action(async (options: { wallet?: string; balance: string; digits?: number; count: number }) => {
      const asked = { wallet: options.wallet, digits: options.digits, count: options.count, balance: options.balance };
      end(await (await import('./codes-command.ts')).makeCodes(asked, terminal));
    });
  program
    .command('status')
    .description('Show what runs, where, whether it is ready, and how many payments are in custody.')
    .option('--json', 'as JSON, for scripts', false)
    .addHelpText('after', examples('$ tillway status', '$ TILLWAY_HOME=/srv/tillway tillway status --json'))
    .action(async (options: { json: boolean }) => {
      end(await (await import('./status-command.ts')).showStatus(options, terminal));
    });
  program
    .command('config')
    .description('Show the settings in force and where each comes from. Secrets are shown as set or not set.')
    .option('--schema', 'print the JSON Schema of tillway.config.json instead', false)
    .addHelpText('after', examples('$ tillway config', '$ tillway config --schema > tillway.config.schema.json'))
    .action(async (options: { schema: boolean }) => {
      end((await import('./config-command.ts')).showConfig(options, terminal));
    });
}

function addKeys(program: Command, terminal: Terminal, end: End): void {
  const keys = program
    .command('keys')
    .description('Make, inspect and check the RSA keys by which a merchant and Alipay know each other.')
    .exitOverride();
  keys
    .command('make')
    .description('Make a key pair: merchant-private-key.pem and merchant-public-key.pem.')
    .option('--out <folder>', 'where the two files go; a standing file is never written over', '.')
    .addOption(
      new Option('--format <format>', 'of the private key: pkcs1 for most Alipay SDKs, pkcs8 for Java')
        .choices(['pkcs1', 'pkcs8'])
        .default('pkcs8'),
    )
    .option('--bits <n>', 'size; Alipay asks for 2048 or more', wholeNumber(1024, 8192), 2048)
    .addHelpText('after', examples('$ tillway keys make --out keys', '$ tillway keys make --format pkcs1 --bits 4096'))
    .action(async (options: { out: string; format: 'pkcs1' | 'pkcs8'; bits: number }) => {
      end(await (await import('./keys-command.ts')).makeKeys(options, terminal));
    });
  keys
    .command('inspect')
    .description('Say what a key file holds: kind, size, format, fingerprint. The key itself is not shown.')
    .argument('<file>')
    .addHelpText('after', examples('$ tillway keys inspect keys/merchant-private-key.pem'))
    .action(async (file: string) => {
      end((await import('./keys-command.ts')).inspectKey(file, terminal));
    });
  keys
    .command('check')
    .description('Ask the configured Alipay gateway about a number that does not exist, to see that all keys fit.')
    .addHelpText('after', examples('$ tillway keys check'))
    .action(async () => {
      end(await (await import('./check-keys-command.ts')).checkKeys(terminal));
    });
}

function addDevices(program: Command, terminal: Terminal, end: End): void {
  const devices = program
    .command('devices')
    .description('Add, list and revoke the devices that may call the API: tills, terminals, other systems.')
    .exitOverride();
  devices
    .command('add')
    .description('Make a device of a store and print its API key, once.')
    .argument('<name>', 'what people call it, such as "Till 2"', plainName)
    .option(
      '--store <name>',
      'its store; without it the one of the settings. A store that is not there is made',
      plainName,
    )
    .addHelpText(
      'after',
      examples('$ tillway devices add "Till 2"', '$ tillway devices add "Till 1" --store "Main Street"'),
    )
    .action(async (name: string, options: { store?: string }) => {
      end(await (await import('./devices-command.ts')).addDevice({ name, store: options.store }, terminal));
    });
  devices
    .command('list')
    .description('Show every device with its store, revoked ones too. Keys are not shown: nobody has them.')
    .option('--json', 'as JSON, for scripts', false)
    .addHelpText('after', examples('$ tillway devices list', '$ tillway devices list --json'))
    .action(async (options: { json: boolean }) => {
      end(await (await import('./devices-command.ts')).listDevices(options, terminal));
    });
  devices
    .command('revoke')
    .description('End the right of a device to call, for good.')
    .argument('<id>', 'as "tillway devices list" shows it')
    .addHelpText('after', examples('$ tillway devices revoke dev_01m853d5tjvs4yte71mwjq94'))
    .action(async (id: string) => {
      end(await (await import('./devices-command.ts')).revokeDevice(id, terminal));
    });
}

function addDemo(program: Command, terminal: Terminal, end: End): void {
  program
    .command('demo')
    .description('Add made-up products to the demo store, to see how it does with many.')
    .requiredOption('--products <n>', 'how many more, up to a million in all', wholeNumber(1, 1_000_000))
    .addHelpText('after', examples('$ tillway demo --products 100000'))
    .action(async (options: { products: number }) => {
      end(await (await import('./demo-command.ts')).fillDemo(options, terminal));
    });
}

if (import.meta.main) process.exitCode = await runCommandLine(process.argv.slice(2), systemTerminal);
