// Secrets that a home needs and nobody has to choose: made once, kept in files that only their owner may read, and handed to
// the store by file, never by argument or environment.

import { randomBytes, randomInt } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Redacted, redact } from '#foundation/redacted.ts';
import type { DemoPins } from '../people/demo-people.ts';

export type HomeSecrets = {
  /** Bearer key of the demo device: 256 random bits. */
  readonly demoApiKey: Redacted<string>;
  /** PINs of the demo's three people. */
  readonly demoPins: DemoPins;
  /** 32 bytes, for the keyed hash of idempotent requests and what is derived from it. */
  readonly fingerprintKey: Redacted<Uint8Array>;
};

// Written aside and linked into place: of two processes that start together one wins, and both read the winner's whole file.
function keep(folder: string, name: string, make: () => string): string {
  const path = join(folder, name);
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
  const aside = `${path}.${process.pid}`;
  writeFileSync(aside, `${make()}\n`, { mode: 0o600 });
  try {
    linkSync(aside, path);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  } finally {
    rmSync(aside);
  }
  return readFileSync(path, 'utf8').trim();
}

function randomPin(): string {
  return `${randomInt(10_000)}`.padStart(4, '0');
}

/** Reads the secrets of a home, making those that are not there yet. Throws when the folder cannot be used. */
export function openSecrets(home: string): HomeSecrets {
  const folder = join(home, 'secrets');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const pins = keep(folder, 'demo-pins', () => [randomPin(), randomPin(), randomPin()].join(' ')).split(' ');
  const [cashier = '', supervisor = '', manager = ''] = pins;
  return {
    demoPins: { cashier: redact(cashier), supervisor: redact(supervisor), manager: redact(manager) },
    demoApiKey: redact(keep(folder, 'demo-api-key', () => `tw_demo_${randomBytes(32).toString('base64url')}`)),
    fingerprintKey: redact(
      new Uint8Array(
        Buffer.from(
          keep(folder, 'fingerprint-key', () => randomBytes(32).toString('base64')),
          'base64',
        ),
      ),
    ),
  };
}
