// The scopes that are explored: each names the trouble that it combines. The quick ones run with every `npm test`; the long ones
// combine more and are for the long suite. What is in none of them is not shown by the explorer.

import { durationMs } from '#foundation/instant.ts';
import { calm, makeScope, type Scope, silentMs, weatherKinds } from './scope.ts';

export const chargeScope = makeScope({
  name: 'charge',
  title: 'one charge: lost and unreadable messages, and a till that stops waiting',
  weather: { ...calm, losses: 1, garbles: 1, abandons: 1 },
});

export const lateScope = makeScope({
  name: 'late',
  title: 'one charge: messages overtaken by others and by time, and doubled ones',
  weather: { ...calm, delays: 1, doubles: 1 },
});

export const slowScope = makeScope({
  name: 'slow',
  title: 'one charge: answers that take their time, so that timers stand otherwise to the deadline',
  weather: { ...calm, slips: 2, losses: 1 },
});

export const heldScope = makeScope({
  name: 'held',
  title: 'one charge: Alipay books late what it said it never got',
  weather: { ...calm, held: 1, delays: 1 },
});

export const crashScope = makeScope({
  name: 'crash',
  title: 'one charge: a process dies at any moment, or between write and act; requests that cannot be sent',
  weather: { ...calm, crashes: 1, losses: 1, unsent: 1, doubts: 1 },
});

export const windowScope = makeScope({
  name: 'window',
  title: 'one charge: too late to cancel, and a refund that is refused',
  weather: { ...calm, losses: 1, garbles: 1, windowCloses: 1, refusals: 1 },
});

export const globalScope = makeScope({
  name: 'global',
  title: 'one charge on the global road: refusals are told, cancelling blocks an unknown number',
  alipay: 'global',
  weather: { ...calm, losses: 1, garbles: 1, windowCloses: 1, crashes: 1 },
});

export const takeOverScope = makeScope({
  name: 'take-over',
  title: 'one charge, two processes: one stands still, is taken for dead, and goes on',
  processes: 2,
  weather: { ...calm, sleeps: 1 },
});

export const twoProcessesScope = makeScope({
  name: 'two-processes',
  title: 'one charge, two processes: either may die, hear the notice, and be asked to stop waiting',
  processes: 2,
  weather: { ...calm, crashes: 1, abandons: 1 },
});

export const twoAttemptsScope = makeScope({
  name: 'two-attempts',
  title: 'a sale paid by a second charge after the first ended unpaid, while notices of the first are still to come',
  charges: 2,
  weather: { ...calm, losses: 1 },
});

export const refundScope = makeScope({
  name: 'refund',
  title: 'two refunds of one charge: messages lost, doubled, late, unreadable',
  beginsPaid: true,
  refunds: [4, 6],
  weather: { ...calm, losses: 1, doubles: 1, delays: 1, garbles: 1 },
});

export const refundCrashScope = makeScope({
  name: 'refund-crash',
  title: 'two refunds of one charge, of which the second exceeds: lost messages, refusals, and processes that die',
  beginsPaid: true,
  refunds: [6, 6, 4],
  weather: { ...calm, losses: 1, crashes: 1, refusals: 1 },
});

export const refundRepeatScope = makeScope({
  name: 'refund-repeat',
  title: 'one refund in full, where Alipay may refuse a repeat of what it has carried out',
  beginsPaid: true,
  refunds: [10],
  refusesRepeats: true,
  weather: { ...calm, losses: 2, crashes: 1, garbles: 1, delays: 1 },
});

export const refundOvertakenScope = makeScope({
  name: 'refund-overtaken',
  title: 'a refund request is held up; a later try of the same number is refused; then the first arrives',
  beginsPaid: true,
  refunds: [6],
  weather: { ...calm, delays: 1, refusals: 1 },
});

export const refundDoubledScope = makeScope({
  name: 'refund-doubled',
  title: 'a proxy sends a refund request twice; the first is carried out, the answer to the repeat is a refusal',
  beginsPaid: true,
  refunds: [10],
  refusesRepeats: true,
  weather: { ...calm, doubles: 1 },
});

export const forgedScope = makeScope({
  name: 'forged',
  title: 'one charge: a "paid" notice that Alipay did not send',
  weather: { ...calm, forgeries: 1, losses: 1 },
});

/** Explored with every `npm test`. */
export const quickScopes: readonly Scope[] = [
  chargeScope,
  lateScope,
  slowScope,
  heldScope,
  crashScope,
  windowScope,
  globalScope,
  takeOverScope,
  twoProcessesScope,
  twoAttemptsScope,
  refundScope,
  refundCrashScope,
  refundRepeatScope,
  refundOvertakenScope,
  refundDoubledScope,
  forgedScope,
];

/** Explored with `npm run test:long`. */
export const longScopes: readonly Scope[] = [
  makeScope({
    name: 'charge-long',
    title: 'one charge: two losses with everything that may come between',
    weather: { ...calm, losses: 2, garbles: 1, abandons: 1, crashes: 1 },
  }),
  makeScope({
    name: 'slow-long',
    title: 'one charge: slow answers, messages held up, and a till that stops waiting',
    weather: { ...calm, slips: 2, delays: 1, losses: 1, abandons: 1 },
  }),
  makeScope({
    name: 'late-long',
    title: 'one charge: two messages held up at a time, one lost, one doubled',
    weather: { ...calm, delays: 2, doubles: 1, losses: 1 },
  }),
  makeScope({
    name: 'held-long',
    title: 'one charge: booked late, with a message lost and the cancel window closing',
    weather: { ...calm, held: 1, delays: 1, losses: 1, windowCloses: 1 },
  }),
  makeScope({
    name: 'crash-long',
    title: 'one charge: two crashes, taken up at once or after five seconds, with a message held up',
    weather: { ...calm, crashes: 2, delays: 1 },
    takeUpAfterMs: [durationMs(0), silentMs],
  }),
  makeScope({
    name: 'take-over-long',
    title: 'one charge, two processes: one stands still while the other dies or loses a message',
    processes: 2,
    weather: { ...calm, sleeps: 1, crashes: 1, losses: 1 },
  }),
  makeScope({
    name: 'two-attempts-long',
    title: 'two charges of one sale: the first booked late by Alipay, with a message lost',
    charges: 2,
    weather: { ...calm, held: 1, losses: 1 },
  }),
  makeScope({
    name: 'whole-long',
    title: 'a charge and what is refunded of it, with losses, a crash, and notices that come late',
    refunds: [4, 6],
    weather: { ...calm, losses: 1, crashes: 1, delays: 1 },
  }),
  makeScope({
    name: 'refund-crash-long',
    title: 'three refunds asked for, of which one exceeds: two losses, two crashes, a refusal',
    beginsPaid: true,
    refunds: [6, 6, 4],
    weather: { ...calm, losses: 2, crashes: 2, refusals: 1 },
  }),
  makeScope({
    name: 'refund-long',
    title: 'two refunds of one charge at two processes: a message lost, another late, and one process standing still',
    beginsPaid: true,
    processes: 2,
    refunds: [4, 6],
    weather: { ...calm, losses: 1, delays: 1, sleeps: 1 },
  }),
];

// What a charge can meet; a forged notice has a scope of its own.
const chargeTroubles = weatherKinds.filter((kind) => kind !== 'forgeries');

/** Every two kinds of trouble together, and every kind twice, at two processes: for the long suite. */
export const pairScopes: readonly Scope[] = chargeTroubles.flatMap((first, place) =>
  chargeTroubles.slice(place).map((second) =>
    makeScope({
      name: `pair-${first}-${second}`,
      title: `one charge, two processes: ${first} and ${second}`,
      processes: 2,
      weather: { ...calm, [first]: 1, [second]: first === second ? 2 : 1 },
    }),
  ),
);
