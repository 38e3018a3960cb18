// `tillway config`: the settings in force and where each came from, or the schema of the settings file.

import { configFileJsonSchema } from '../config/file-schema.ts';
import { readSettings } from './read-settings.ts';
import { type ExitCode, exitCode, type Terminal } from './terminal.ts';

export function showConfig(options: { readonly schema: boolean }, terminal: Terminal): ExitCode {
  if (options.schema) {
    terminal.out(configFileJsonSchema().trimEnd());
    return exitCode.done;
  }
  const reading = readSettings(terminal);
  if (reading === null) return exitCode.usage;
  const rows = reading.inForce;
  const nameWidth = Math.max(...rows.map((row) => row.name.length));
  const valueWidth = Math.min(48, Math.max(...rows.map((row) => row.value.length)));
  for (const row of rows) {
    terminal.out(`${row.name.padEnd(nameWidth)}  ${row.value.padEnd(valueWidth)}  ${row.origin}`);
  }
  return exitCode.done;
}
