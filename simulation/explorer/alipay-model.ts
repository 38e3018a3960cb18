// Alipay as the explorer sees it: one trade a charge number, and every answer that it could give to a request. Written from
// Alipay's documentation and apart from the sandbox, so that neither can hide the other's mistake.
// @see https://opendocs.alipay.com/open/02ekfj (cancel), https://opendocs.alipay.com/open/02ekfs (refund)

import type { DurationMs } from '#foundation/instant.ts';
import { type Instant, plus } from '#foundation/instant.ts';
import { chargeMinor, heldLifeMs, type Scope, type WeatherKind } from './scope.ts';
import { keptMinor, type Request, type Says, type Trade } from './world.ts';

/** One thing that Alipay may do with a request. */
export type Treatment = {
  readonly what: string;
  readonly trade: Trade;
  /** Null: no answer yet. */
  readonly says: Says | null;
  readonly cost: WeatherKind | null;
};

export type Asked = {
  readonly request: Request;
  readonly trade: Trade;
  readonly now: Instant;
  /** Since the charge was begun: its payer code is no longer good after a while. */
  readonly age: DurationMs;
  readonly minor: number;
  readonly scope: Scope;
};

function treat(what: string, trade: Trade, says: Says | null, cost: WeatherKind | null = null): Treatment {
  return { what, trade, says, cost };
}

/** Everything that Alipay may do with a request when it arrives; the first is what it does on a calm day. */
export function treatmentsOf(asked: Asked): readonly Treatment[] {
  switch (asked.request.act) {
    case 'authorize':
      return pay(asked);
    case 'inquire':
      return [tellStatus(asked)];
    case 'reverse':
      return [cancel(asked)];
    case 'refund':
      return refund(asked);
    case 'inquire-refund':
      return [tellRefund(asked)];
  }
}

// A payer code is good once and for a while: whatever comes second under a number finds what the first one left.
function pay({ request, trade, now, age, scope }: Asked): readonly Treatment[] {
  switch (trade.status) {
    case 'unknown': {
      if (age >= scope.policy.payerCodeLifeMs) return [treat('refuses it: the code has expired', trade, 'declined')];
      const held = { request, until: plus(now, heldLifeMs) };
      return [
        treat('waits for the payer', { ...trade, status: 'waiting' }, 'awaiting-payer'),
        ...bookings(trade),
        treat('holds it up inside', { ...trade, status: 'held', held }, null, 'held'),
      ];
    }
    case 'held':
      return [treat('is busy with it', trade, 'outcome-unknown')];
    case 'waiting':
      return [treat('still waits for the payer', trade, 'awaiting-payer')];
    case 'paid':
      return [treat('has booked it already', trade, 'approved')];
    case 'closed':
    case 'refused':
      return [treat('refuses it', trade, 'declined')];
  }
}

/** What becomes of a payment request that is decided now: booked, or refused for lack of funds. */
export function bookings(trade: Trade): readonly [Treatment, Treatment] {
  const booked: Trade = { ...trade, status: 'paid', takenMinor: chargeMinor, held: null };
  return [
    treat('BOOKS the payment', booked, 'approved'),
    treat('refuses it: not enough funds', { ...trade, status: 'refused', held: null }, 'declined'),
  ];
}

function tellStatus({ trade, scope }: Asked): Treatment {
  const says = {
    unknown: 'never-received',
    held: 'never-received',
    waiting: 'awaiting-payer',
    paid: 'approved',
    closed: 'closed',
    refused: scope.alipay === 'domestic' ? 'never-received' : 'declined',
  } as const satisfies Record<Trade['status'], Says>;
  return treat(`says "${says[trade.status]}"`, trade, says[trade.status]);
}

function cancel({ trade, scope }: Asked): Treatment {
  switch (trade.status) {
    case 'unknown':
    case 'held':
      if (scope.alipay === 'domestic') return treat('knows no such payment to cancel', trade, 'never-received');
      return treat('blocks the number', { ...trade, status: 'closed', held: null }, 'never-received');
    case 'refused':
      if (scope.alipay === 'domestic') return treat('knows no such payment to cancel', trade, 'never-received');
      return treat('has nothing to cancel', trade, 'reversed');
    case 'waiting':
      return treat('closes it unpaid', { ...trade, status: 'closed' }, 'reversed');
    case 'paid':
      if (trade.windowClosed || trade.refunds.length > 0) return treat('cancels no longer', trade, 'too-late');
      return treat('CANCELS it and returns the money', { ...trade, status: 'closed', cancelled: true }, 'reversed');
    case 'closed':
      return treat('has closed it already', trade, 'reversed');
  }
}

// Idempotent by the refund's number. What a repeat is told may be a refusal all the same: the trade may be closed by the first.
function refund({ request, trade, minor, scope }: Asked): readonly Treatment[] {
  if (trade.refunds.some(({ number }) => number === request.index)) {
    const again = treat('has refunded it already', trade, 'refunded');
    return scope.refusesRepeats ? [again, treat('refuses a repeat', trade, 'declined')] : [again];
  }
  if (trade.status !== 'paid' || keptMinor(trade) < minor) return [treat('refuses the refund', trade, 'declined')];
  const refunds = [...trade.refunds, { number: request.index, minor }];
  const status = keptMinor(trade) === minor ? 'closed' : 'paid';
  return [
    treat(`REFUNDS ${minor}`, { ...trade, status, refunds }, 'refunded'),
    treat('refuses the refund', trade, 'declined', 'refusals'),
  ];
}

function tellRefund({ request, trade }: Asked): Treatment {
  const known = trade.refunds.some(({ number }) => number === request.index);
  return known ? treat('says "refunded"', trade, 'refunded') : treat('knows no such refund', trade, 'never-received');
}
