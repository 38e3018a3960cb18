// A supervisor in a process of its own, over fake children, for tests that kill it. Its home is the first argument.

import { fileURLToPath } from 'node:url';
import { silentLog } from '#foundation/log.ts';
import { systemClock } from '../../ambient.ts';
import { superviseUntilSignal } from '../../cli/start-command.ts';
import { systemTerminal } from '../../cli/terminal.ts';
import { readConfig } from '../../config.ts';
import { defaultRestartPolicy } from '../restart-policy.ts';

const home = process.argv[2] ?? '';
const reading = readConfig({ TILLWAY_HOME: home, TILLWAY_STORE_PORT: '0', TILLWAY_SANDBOX_PORT: '0' }, null, home);
if (!reading.ok) throw new Error(reading.failure.join('\n'));
const entry = fileURLToPath(new URL('./fake-child.ts', import.meta.url));
process.exitCode = await superviseUntilSignal(
  reading.value.config,
  {
    clock: systemClock,
    log: silentLog,
    restart: defaultRestartPolicy,
    entries: { sandbox: entry, store: entry },
    startDatabase: async () => ({ url: 'postgresql://nobody@127.0.0.1:1/none', close: async () => {} }),
    say: (line) => systemTerminal.note(line),
  },
  systemTerminal,
);
