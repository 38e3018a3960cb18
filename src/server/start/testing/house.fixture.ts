// A house of fake children in a folder of its own, quick to crash and quick to restart.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { silentLog } from '#foundation/log.ts';
import { systemClock } from '../../ambient.ts';
import { type Config, readConfig } from '../../config.ts';
import type { HouseTools } from '../house.ts';

export type FakeHouse = {
  readonly config: Config;
  readonly tools: HouseTools;
  /** What was said to the person at the terminal. */
  readonly said: string[];
  /** What the children did, line by line. */
  course(): readonly string[];
  behave(behaviour: Readonly<Record<string, Readonly<Record<string, unknown>>>>): void;
  remove(): void;
};

export function fakeHouse(env: Readonly<Record<string, string>> = {}): FakeHouse {
  const home = mkdtempSync(join(tmpdir(), 'tillway-house-'));
  const ports = { TILLWAY_STORE_PORT: '0', TILLWAY_SANDBOX_PORT: '0' };
  const reading = readConfig({ TILLWAY_HOME: home, ...ports, ...env }, null, home);
  if (!reading.ok) throw new Error(reading.failure.join('\n'));
  const said: string[] = [];
  const entry = fileURLToPath(new URL('./fake-child.ts', import.meta.url));
  const note = (what: string) => writeFileSync(join(home, 'course.txt'), `${what}\n`, { flag: 'a' });
  const house: FakeHouse = {
    config: reading.value.config,
    said,
    tools: {
      clock: systemClock,
      log: silentLog,
      restart: { firstWaitMs: 20, waitMaxMs: 40, quickMs: 10_000, quickCrashesMax: 3 },
      entries: { sandbox: entry, store: entry },
      async startDatabase() {
        note('database started');
        return { url: 'postgresql://nobody@127.0.0.1:1/none', close: async () => note('database stopped') };
      },
      say: (line) => void said.push(line),
    },
    course: () => readFileSync(join(home, 'course.txt'), 'utf8').trim().split('\n'),
    behave: (behaviour) => writeFileSync(join(home, 'fake.json'), JSON.stringify(behaviour)),
    remove: () => rmSync(home, { recursive: true, force: true }),
  };
  house.behave({});
  return house;
}
