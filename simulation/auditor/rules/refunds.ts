// Giving back: never more than was taken, never twice, and only what somebody asked for or what is owed.

import type { Instant } from '#foundation/instant.ts';
import { sameMoney } from '#foundation/money.ts';
import type { Refund } from '#payment/index.ts';
import type { RefundTold } from '../../shop/store-line.ts';
import type { Hearing } from '../hearing.ts';
import { heldMinor, type RefundRecord, type TradeRecord } from '../model.ts';

/** refunds, in the journal: of an approved charge only, and all that are not declined give back no more than it took. */
export function refundIsCovered({ model, named, breach }: Hearing, refund: Refund): void {
  const { identity } = refund;
  const charge = model.charges.get(refund.charge.id);
  if (charge === undefined) {
    breach('refunds', named, `${identity.id} gives back from ${refund.charge.id}, which nobody had written`);
    return;
  }
  const fail = (detail: string): void => breach('refunds', charge.sale.number, `${identity.id}: ${detail}`);
  if (charge.phase !== 'approved') fail(`gives back from ${charge.id}, which is ${charge.phase}`);
  if (identity.amount.minor <= 0n) fail(`gives back ${identity.amount.minor}`);
  let others = 0n;
  for (const { id, phase, amount } of charge.refunds)
    if (id !== identity.id && phase !== 'declined') others += amount.minor;
  if (others + identity.amount.minor > charge.amount.minor)
    fail(`${identity.amount.minor} and ${others} before are more than ${charge.amount.minor}`);
}

/** refunds: what the journal writes of one is what Alipay booked, and it does not change its mind. */
export function refundIsBooked(
  { model, named, breach }: Hearing,
  refund: Refund,
  known: RefundRecord | undefined,
): void {
  const { identity, state } = refund;
  const sale = known?.sale.number ?? named;
  const fail = (detail: string): void => breach('refunds', sale, `${identity.id}: ${detail}`);
  const isEnded = known?.phase === 'refunded' || known?.phase === 'declined';
  if (isEnded && known.phase !== state.phase) fail(`was ${known.phase}, then ${state.phase}`);
  if (known !== undefined && !sameMoney(known.amount, identity.amount)) fail('was written with another amount before');
  const booked = model.tradeOf.get(refund.charge.id)?.givenBack.get(identity.id);
  if (state.phase === 'refunded' && booked !== identity.amount.minor)
    fail(`written refunded ${identity.amount.minor}, booked is ${booked ?? 'nothing'}`);
  if (state.phase === 'declined' && booked !== undefined) fail(`written declined, and Alipay gave ${booked} back`);
}

/**
 * refunds, at Alipay: a trade never gives back more than it took, nor twice under one number; a number that is a refund of ours gives back
 * its amount. Any other number undoes a payment, which is lawful only once the journal has given that payment up.
 */
export function backIsOwed(
  hearing: Hearing,
  trade: TradeRecord,
  back: { readonly requestNo: string; readonly minor: bigint },
): void {
  const { model, named, breach } = hearing;
  const { requestNo, minor } = back;
  const sale = model.charges.get(trade.number)?.sale.number ?? named;
  const fail = (detail: string): void => breach('refunds', sale, `${trade.tradeNo}: ${detail}`);
  if (minor > heldMinor(trade)) fail(`${requestNo} gives back ${minor} of ${heldMinor(trade)} held`);
  if (trade.givenBack.has(requestNo)) fail(`${requestNo} gives back a second time`);
  const refund = model.refunds.get(requestNo);
  if (refund === undefined) {
    undoingIsOwed(hearing, trade, requestNo);
    return;
  }
  if (refund.charge?.id !== trade.number) fail(`${requestNo} is a refund of ${refund.charge?.id ?? 'nothing'}`);
  if (refund.amount.minor !== minor) fail(`${requestNo} gives back ${minor}, asked for were ${refund.amount.minor}`);
  if (refund.phase === 'declined') fail(`${requestNo} gives back after it was written declined`);
}

/**
 * one-ending: Alipay is made to close a payment, or to return all of it, only after the journal wrote it `not-paid`. Otherwise a sale that
 * counts as paid would be undone, or a crash would leave an undoing that nobody knows of.
 */
export function undoingIsOwed({ model, breach }: Hearing, trade: TradeRecord, how: string): void {
  const charge = model.charges.get(trade.number);
  if (charge !== undefined && charge.word !== 'not-paid')
    breach('one-ending', charge.sale.number, `${charge.id} is undone (${how}) while its word is ${charge.word}`);
}

/** refunds, at the till: told refunded is booked once with that amount; told declined is not booked; neither changes. */
export function refundIsToldTruly({ model, named, breach }: Hearing, told: RefundTold, askedAt: Instant): void {
  const refund = model.refunds.get(told.refundId);
  if (refund === undefined) {
    breach('refunds', named, `told of ${told.refundId}, which nobody had written`);
    return;
  }
  const fail = (detail: string): void => breach('refunds', refund.sale.number, `${refund.id}: ${detail}`);
  if (told.amountMinor !== refund.amount.minor) fail(`told ${told.amountMinor}, written ${refund.amount.minor}`);
  if (told.status === 'processing') {
    if (refund.told !== null && askedAt > refund.told.at) fail(`told processing after it was ${refund.told.status}`);
    return;
  }
  const booked = refund.charge === null ? undefined : model.tradeOf.get(refund.charge.id)?.givenBack.get(refund.id);
  if (told.status === 'refunded' && booked !== told.amountMinor)
    fail(`told refunded ${told.amountMinor}, booked is ${booked ?? 'nothing'}`);
  if (told.status === 'declined' && booked !== undefined) fail(`told declined, and Alipay gave ${booked} back`);
  if (told.status !== refund.phase) fail(`told ${told.status} while it is written ${refund.phase}`);
  if (refund.told !== null && refund.told.status !== told.status)
    fail(`told ${refund.told.status}, then ${told.status}`);
}
