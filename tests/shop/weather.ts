// Bad weather between store and Alipay: every kind of fault at once, each with a chance of its own, drawn from one seed. And the
// seed itself: printed in the test's name, given again by TILLWAY_SEED.

import { randomInt } from 'node:crypto';
import { type Random, seededRandom } from '#foundation/random.ts';
import type { FaultEffect, SandboxControl } from './sandbox-control.ts';

type Chance = readonly [method: string, probability: number, effect: FaultEffect];

const chances: readonly Chance[] = [
  ['pay', 0.05, { kind: 'answer-lost', booked: true }],
  ['pay', 0.04, { kind: 'answer-lost', booked: false }],
  ['pay', 0.1, { kind: 'delay', ms: 250, moment: 'before-booking' }],
  ['pay', 0.1, { kind: 'delay', ms: 250, moment: 'after-booking' }],
  ['pay', 0.03, { kind: 'delay', ms: 2_500, moment: 'before-booking' }],
  ['pay', 0.03, { kind: 'answer-garbled' }],
  ['pay', 0.03, { kind: 'answer-wrongly-signed' }],
  ['pay', 0.03, { kind: 'unknown', booked: true }],
  ['pay', 0.03, { kind: 'system-error', booked: false }],
  ['pay', 0.1, { kind: 'buyer-asked', answer: 'confirm', afterMs: 700 }],
  ['pay', 0.04, { kind: 'buyer-asked', answer: 'refuse', afterMs: 500 }],
  ['pay', 0.04, { kind: 'buyer-asked', answer: 'never' }],
  ['query', 0.15, { kind: 'answer-lost' }],
  ['query', 0.1, { kind: 'delay', ms: 400, moment: 'after-booking' }],
  ['query', 0.1, { kind: 'http-error', status: 502 }],
  ['query', 0.05, { kind: 'answer-cut' }],
  ['cancel', 0.15, { kind: 'answer-lost', booked: true }],
  ['cancel', 0.1, { kind: 'answer-lost', booked: false }],
  ['cancel', 0.15, { kind: 'cancel-retry', booked: false }],
  ['cancel', 0.2, { kind: 'delay', ms: 300, moment: 'after-booking' }],
  ['refund', 0.2, { kind: 'answer-lost', booked: true }],
  ['refund', 0.1, { kind: 'unknown', booked: false }],
  ['refund', 0.2, { kind: 'delay', ms: 400, moment: 'before-booking' }],
  ['refund-query', 0.2, { kind: 'answer-unsigned' }],
  ['notify', 0.5, { kind: 'notice-lost', forGood: true }],
  ['notify', 0.2, { kind: 'notice-delayed', ms: 800 }],
  ['notify', 0.2, { kind: 'notice-doubled' }],
];

export async function letItStorm(control: SandboxControl, seed: number): Promise<void> {
  for (const [index, [method, probability, effect]] of chances.entries()) {
    await control.addFault({ match: { method, probability, seed: (seed + index) % 2 ** 32 }, effect });
  }
}

export const seed: number = Number(process.env['TILLWAY_SEED'] ?? randomInt(1, 2 ** 31));

/** Draws whole numbers from 0 to `below - 1`, the same ones for the same seed. */
export function drawer(from: number): (below: number) => number {
  const random: Random = seededRandom(from);
  return (below) => random.uint32() % below;
}
