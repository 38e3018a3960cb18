// Reads the settings for a command and, when they are wrong, tells all that is wrong with them.

import { findConfigFile, type Reading, readConfig } from '../config.ts';
import type { Terminal } from './terminal.ts';

/** Null when there are problems; they have then been told. */
export function readSettings(terminal: Terminal): Reading | null {
  const file = findConfigFile(terminal.env, terminal.folder);
  const reading = file.ok ? readConfig(terminal.env, file.value, terminal.folder) : file;
  if (reading.ok) {
    for (const remark of reading.value.remarks) terminal.note(remark);
    return reading.value;
  }
  const count = reading.failure.length;
  terminal.note(count === 1 ? 'One setting is wrong:' : `${count} settings are wrong:`);
  for (const problem of reading.failure) terminal.note(`  ${problem}`);
  terminal.note('What is in force otherwise: tillway config --help');
  return null;
}
