// `npm test`: everything that must hold before a commit, in one command. First what reads the code (types, format, lint, import
// map), two at a time; then every test. The last line counts, and the exit code is 0 only when nothing failed.
//
//   node tools/check.ts                 all of it
//   node tools/check.ts src/payment     only the tests under these paths
//   --only types,lint                   only these checks (tests is one of the names)
//   --fail-fast                         stop after the first check that fails
//   --long                              tell tests to take their long form (TILLWAY_LONG=1)

import { spawn } from 'node:child_process';
import { existsSync, globSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

type Check = { readonly name: string; readonly command: readonly [string, ...string[]] };
type Outcome = { readonly code: number; readonly text: string; readonly seconds: number };

const root = fileURLToPath(new URL('..', import.meta.url)).replace(/[/\\]$/, '');
const bin = (name: string) => join(root, 'node_modules', '.bin', process.platform === 'win32' ? `${name}.cmd` : name);

// What Biome formats: code and its settings. Prose is wrapped by hand.
const formatted = [
  'src',
  'simulation',
  'bench',
  'tests',
  'tools',
  'bin',
  '.dependency-cruiser.mjs',
  '.oxlintrc.json',
  'biome.json',
];

const checks: readonly Check[] = [
  { name: 'types', command: [bin('tsc'), '-p', '.'] },
  { name: 'screen-types', command: [bin('tsc'), '-p', 'src/screens'] },
  {
    name: 'format',
    command: [
      bin('biome'),
      'ci',
      '--colors=off',
      '--no-errors-on-unmatched',
      ...formatted.filter((place) => existsSync(join(root, place))),
    ],
  },
  { name: 'lint', command: [bin('oxlint'), '--type-aware'] },
  { name: 'import-map', command: [process.execPath, 'tools/import-map.ts'] },
];

const testPlaces = ['src', 'simulation', 'tests', 'tools', 'bench'];
const testTimeoutMs = 300_000;
const silenceMsMaxLong = 3_600_000;

function childEnvironment(long: boolean): NodeJS.ProcessEnv {
  // The settings of the person who runs the tests are not those of the tests.
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('TILLWAY_') || name === 'TILLWAY_SEED');
  const path = [join(root, 'node_modules', '.bin'), process.env['PATH'] ?? ''].join(delimiter);
  return { ...Object.fromEntries(kept), PATH: path, NO_COLOR: '1', ...(long ? { TILLWAY_LONG: '1' } : {}) };
}

type Watch = { readonly silenceMsMax: number; tellSilence(text: string): string };

/** Runs a program to its end. With a watch its output is shown as it comes, and silence for too long ends it. */
function run(command: readonly [string, ...string[]], env: NodeJS.ProcessEnv, watch: Watch | null): Promise<Outcome> {
  const [program, ...rest] = command;
  const begin = performance.now();
  const child = spawn(program, rest, {
    cwd: root,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    shell: program.endsWith('.cmd'),
  });
  let text = '';
  const onSilence = () => {
    process.stdout.write(`${watch?.tellSilence(text)}\n`);
    child.kill('SIGTERM');
  };
  const silence = watch === null ? null : setTimeout(onSilence, watch.silenceMsMax);
  const passOn = (signal: NodeJS.Signals) => child.kill(signal);
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, passOn);
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (piece: string) => {
      text += piece;
      silence?.refresh();
      if (watch !== null) process.stdout.write(piece);
    });
  }
  return new Promise((done) => {
    const end = (code: number) => {
      if (silence !== null) clearTimeout(silence);
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, passOn);
      done({ code, text, seconds: (performance.now() - begin) / 1000 });
    };
    child.once('error', (error) => {
      text += `${program} cannot be started: ${error.message}\n`;
      end(1);
    });
    child.once('close', (code) => end(code ?? 1));
  });
}

async function runChecks(chosen: readonly Check[], env: NodeJS.ProcessEnv, failFast: boolean): Promise<number> {
  const waiting = [...chosen];
  let failures = 0;
  const lane = async () => {
    for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) {
      const { code, text, seconds } = await run(check.command, env, null);
      process.stdout.write(`  ${code === 0 ? 'ok    ' : 'NOT OK'}  ${check.name}  ${seconds.toFixed(1)} s\n`);
      if (code === 0) continue;
      failures += 1;
      process.stdout.write(`${text.trimEnd().replaceAll(/^/gm, '      ')}\n`);
      if (failFast) waiting.length = 0;
    }
  };
  await Promise.all([lane(), lane()]);
  return failures;
}

/** All test files, or those at or under the given paths. */
function findTests(paths: readonly string[]): readonly string[] {
  const all = globSync(`{${testPlaces.join(',')}}/**/*.test.{ts,tsx}`, { cwd: root }).sort();
  if (paths.length === 0) return all;
  const wanted = paths.map((path) => path.replace(/^\.\//, '').replace(/\/$/, ''));
  return all.filter((file) => wanted.some((path) => file === path || file.startsWith(`${path}/`)));
}

// The whole shop's tests are about deadlines, and the simulation uses every core by itself: each gets the machine to itself. The till's
// store knows no deadline.
function isAlone(file: string): boolean {
  if (file === 'tests/browser/till-store.test.ts') return false;
  return file.startsWith('tests/') || /^simulation\/(shop|mutants\/mutants)\.test\.ts$/.test(file);
}

async function runTests(
  files: readonly string[],
  width: number,
  env: NodeJS.ProcessEnv,
  long: boolean,
): Promise<{ passed: number; failed: number }> {
  const options = [
    '--test-reporter=./tools/test-reporter.mjs',
    '--test-reporter-destination=stdout',
    `--test-timeout=${testTimeoutMs}`,
    `--test-concurrency=${width}`,
  ];
  // A test has its own limit; this is for a file that ends none of its tests, or does not end after them.
  const silenceMsMax = long ? silenceMsMaxLong : testTimeoutMs + 30_000;
  const tellSilence = (told: string) => {
    const waiting = files.filter((file) => !told.includes(`  ${file}  `));
    return `\nNo word for ${silenceMsMax / 1000} s; the tests are ended. Not finished, the first most likely the cause:\n  ${waiting.join('\n  ')}`;
  };
  const { code, text } = await run([process.execPath, '--test', ...options, ...files], env, {
    silenceMsMax,
    tellSilence,
  });
  const count = (name: string) => Number(new RegExp(`^# ${name} (\\d+)$`, 'm').exec(text)?.[1] ?? 0);
  const failed = count('failed') + count('cancelled');
  // Without a count (the runner itself fell) or with an exit code that the counts do not explain, something failed.
  return { passed: count('passed'), failed: code !== 0 && failed === 0 ? 1 : failed };
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      only: { type: 'string' },
      long: { type: 'boolean', default: false },
      'fail-fast': { type: 'boolean', default: false },
    },
  });
  const begin = performance.now();
  const names = [...checks.map((check) => check.name), 'tests'];
  const only = values.only?.split(',') ?? (positionals.length > 0 ? ['tests'] : names);
  const unknown = only.filter((name) => !names.includes(name));
  if (unknown.length > 0) {
    process.stderr.write(`There is no check called ${unknown.join(', ')}. Known: ${names.join(', ')}.\n`);
    process.exitCode = 2;
    return;
  }
  const env = childEnvironment(values.long);
  const chosen = checks.filter((check) => only.includes(check.name));
  if (chosen.length > 0) process.stdout.write('Checks\n');
  const broken = await runChecks(chosen, env, values['fail-fast']);
  let passed = chosen.length - broken;
  let failed = broken;
  if (only.includes('tests') && !(values['fail-fast'] && broken > 0)) {
    process.stdout.write('Tests\n');
    const files = findTests(positionals);
    if (files.length === 0) {
      process.stdout.write('  No test file was found.\n');
      failed += 1;
    }
    const shop = files.filter(isAlone);
    const rooms = files.filter((file) => !isAlone(file));
    const width = Math.max(2, availableParallelism());
    for (const [part, side] of [[rooms, width] as const, [shop, 1] as const]) {
      if (part.length === 0) continue;
      const counts = await runTests(part, side, env, values.long);
      passed += counts.passed;
      failed += counts.failed;
    }
  }
  process.stdout.write(`# total time ${((performance.now() - begin) / 1000).toFixed(1)} s\n`);
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
  process.exitCode = failed === 0 ? 0 : 1;
}

await main();
