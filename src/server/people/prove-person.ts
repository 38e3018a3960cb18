// Who is at the till: a name and a PIN, checked so that trying PINs does not pay. The try is counted as wrong before it is looked at, and
// somebody who does not exist costs the same time and gets the same answer.

import { createHash, randomBytes } from 'node:crypto';
import type { Person, PersonDirectory, PinHash } from '#checkout/index.ts';
import { parseId } from '#foundation/id.ts';
import type { Clock } from '#foundation/instant.ts';
import type { Log } from '#foundation/log.ts';
import { type Redacted, redact } from '#foundation/redacted.ts';
import type { Device } from '../http/authenticate.ts';
import { ProblemError } from '../http/problem-reply.ts';
import type { PinKeeper } from './pin-keeper.ts';

export type ProofParts = {
  readonly directory: PersonDirectory;
  readonly pins: PinKeeper;
  readonly clock: Clock;
  readonly log: Log;
};

export type Proved = { readonly person: Person; readonly pinHash: PinHash };

/** The person of the device's store whose PIN this is. Throws `pin-wrong`, `pin-must-wait` or `busy`. */
export async function provePerson(
  { directory, pins, clock, log }: ProofParts,
  device: Device,
  claimed: { readonly personId: string; readonly pin: string },
): Promise<Proved> {
  const personId = parseId('person', claimed.personId);
  if (personId === undefined) throw new ProblemError('invalid-request', 'personId is not the id of a person.');
  // Before the try is counted: what cannot be looked at must cost nobody a try.
  if (pins.isFull) throw new ProblemError('busy');
  const { merchantId, deviceId } = device;
  const tried = { merchantId, personId, deviceId };
  const counted = await directory.beginPinTry(tried, clock.now());
  if (!counted.ok) {
    const waitSeconds = Math.ceil(counted.failure / 1_000);
    log.event('server.pin.waited', { personId, deviceId, waitSeconds });
    throw new ProblemError('pin-must-wait', `Wait ${waitSeconds} s.`, { waitSeconds });
  }
  const known = await directory.findPinHash(device, personId);
  if (!(await pins.verify(known?.pinHash, redact(claimed.pin))) || known === undefined) {
    log.event('server.pin.refused', { personId, deviceId });
    throw new ProblemError('pin-wrong');
  }
  await directory.forgivePinTry(tried);
  return known;
}

export type SessionToken = { readonly token: Redacted<string>; readonly tokenHash: string };

const tokenShape = /^tp_[0-9A-Za-z_-]{43}$/;

/** A fresh token of 256 random bits, and the hash that is kept of it. */
export function makeSessionToken(): SessionToken {
  const token = `tp_${randomBytes(32).toString('base64url')}`;
  return { token: redact(token), tokenHash: hashToken(token) };
}

/** The hash of a token that came from outside; `undefined` when it has not the shape of one. */
export function readSessionToken(text: string): string | undefined {
  return tokenShape.test(text) ? hashToken(text) : undefined;
}

function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
