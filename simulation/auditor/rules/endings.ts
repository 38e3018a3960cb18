// When the world has come to rest: how every sale ended, read from the journal and from Alipay's books, not from what was heard on the way.

import type { PaymentAttemptId, SaleId } from '#foundation/id.ts';
import type { Attempt, Charge, Refund } from '#payment/index.ts';
import type { Model } from '../model.ts';
import type { Breach } from '../violation.ts';
import { givenBackMinor, keptMinor, type TradeAtEnd, type WorldEnd } from '../world-end.ts';

export type SaleAtEnd = { readonly saleId: SaleId; readonly charges: Charge[]; readonly refunds: Refund[] };

/** The end of a world, sorted by sale and by number. */
export type Closing = {
  readonly model: Model;
  readonly breach: Breach;
  readonly end: WorldEnd;
  readonly sales: readonly SaleAtEnd[];
  readonly attempts: ReadonlyMap<string, Attempt>;
  tradeOf(id: PaymentAttemptId): TradeAtEnd | undefined;
};

export function closeWorld(model: Model, breach: Breach, end: WorldEnd): Closing {
  const sales = new Map<SaleId, SaleAtEnd>();
  const attempts = new Map<string, Attempt>();
  for (const attempt of end.attempts) {
    const { id, saleId } = attempt.identity;
    attempts.set(id, attempt);
    const sale = sales.get(saleId) ?? { saleId, charges: [], refunds: [] };
    sales.set(saleId, sale);
    if (attempt.kind === 'charge') sale.charges.push(attempt);
    else sale.refunds.push(attempt);
  }
  const trades = new Map(end.trades.map((trade) => [trade.outTradeNo, trade]));
  return { model, breach, end, sales: [...sales.values()], attempts, tradeOf: (id) => trades.get(id) };
}

function numberOf({ model }: Closing, saleId: SaleId): number | null {
  return model.sales.get(saleId)?.number ?? null;
}

/** The phases from which nothing is left to do, of charges and refunds alike. */
const restPhases: readonly Attempt['state']['phase'][] = ['approved', 'declined', 'reversed', 'returned', 'refunded'];

function isAtRest({ state }: Attempt): boolean {
  return restPhases.includes(state.phase) && state.inFlight === null && state.dueAt === null;
}

/**
 * one-ending: a sale that somebody tried to pay is one of three things. *Sale*: one approved charge, and Alipay keeps its amount less what
 * was refunded. *Refunded*: the same, and nothing is kept. *Reversed*: no approved charge, and nothing is kept. There is no fourth.
 */
export function endsOnce(closing: Closing, { saleId, charges, refunds }: SaleAtEnd): void {
  const number = numberOf(closing, saleId);
  const fail = (detail: string): void => closing.breach('one-ending', number, `${saleId}: ${detail}`);
  for (const attempt of [...charges, ...refunds]) {
    const { phase, dueAt } = attempt.state;
    if (!isAtRest(attempt)) fail(`${attempt.identity.id} is not at rest: ${phase}, due at ${dueAt ?? 'no time'}`);
  }
  let kept = 0n;
  for (const { identity } of charges) kept += keptMinor(closing.tradeOf(identity.id));
  const approved = charges.filter(({ state }) => state.phase === 'approved');
  let expected = 0n;
  for (const { identity } of approved) expected += identity.amount.minor;
  for (const { identity, state } of refunds) if (state.phase === 'refunded') expected -= identity.amount.minor;
  if (approved.length > 1) fail(`${approved.length} charges are approved`);
  if (kept !== expected) fail(`Alipay keeps ${kept}, the journal says ${expected}`);
}

/** one-approval, at the end: Alipay keeps the money of one charge of a sale at most. */
export function keptOnce(closing: Closing, { saleId, charges }: SaleAtEnd): void {
  const kept = charges.filter(({ identity }) => keptMinor(closing.tradeOf(identity.id)) > 0n);
  const approved = charges.filter(({ state }) => state.phase === 'approved');
  if (kept.length <= 1 && approved.length <= 1) return;
  const list = (found: readonly Charge[]): string => found.map(({ identity }) => identity.id).join(', ') || 'none';
  const detail = `${saleId}: Alipay keeps the money of ${list(kept)}; approved are ${list(approved)}`;
  closing.breach('one-approval', numberOf(closing, saleId), detail);
}

/**
 * nothing-kept: not a cent stays with the merchant of a charge that the journal does not call approved, or of which a till was told "not
 * paid", whenever its approval came. This is the orphan charge that the house exists to prevent.
 */
export function keepsNothing(closing: Closing, { identity, state }: Charge): void {
  const kept = keptMinor(closing.tradeOf(identity.id));
  if (kept === 0n) return;
  const told = closing.model.charges.get(identity.id)?.told?.word;
  if (state.phase !== 'approved' || told === 'not-paid')
    closing.breach(
      'nothing-kept',
      numberOf(closing, identity.saleId),
      `${identity.id} is ${state.phase}, its till was told ${told ?? 'nothing'}, and Alipay keeps ${kept}`,
    );
}

/** word-stands, at the end: what the tills were told is what the journal still says, and nothing that was written is gone. */
export function wordsStillStand({ model, attempts, breach }: Closing): void {
  for (const { id, sale, told, version } of model.charges.values()) {
    const now = attempts.get(id);
    if (now?.kind !== 'charge' || now.version < version)
      breach('word-stands', sale.number, `${id} was written ${version} times, and the journal has lost it`);
    else if (told !== null && told.word !== now.state.finalWord)
      breach('word-stands', sale.number, `${id} was told ${told.word}, the journal says ${now.state.finalWord}`);
  }
  for (const { id, sale, told, version } of model.refunds.values()) {
    const now = attempts.get(id);
    if (now?.kind !== 'refund' || now.version < version)
      breach('word-stands', sale.number, `${id} was written ${version} times, and the journal has lost it`);
    else if (told !== null && told.status !== now.state.phase)
      breach('word-stands', sale.number, `${id} was told ${told.status}, the journal says ${now.state.phase}`);
  }
}

/** refunds, at the end: journal and books hold the same refunds, each once; no trade gave back more than it took. */
export function refundsAgree(closing: Closing, sale: SaleAtEnd): void {
  const fail = (detail: string): void => closing.breach('refunds', numberOf(closing, sale.saleId), detail);
  for (const { identity, state, charge } of sale.refunds) {
    const booked = closing.tradeOf(charge.id)?.refunds.filter(({ requestNo }) => requestNo === identity.id) ?? [];
    const isRight = booked.length === 1 && booked[0]?.amount.minor === identity.amount.minor;
    if (state.phase === 'refunded' && !isRight) fail(`${identity.id} is refunded, booked ${booked.length} times`);
    if (state.phase !== 'refunded' && booked.length > 0) fail(`${identity.id} is ${state.phase}, and Alipay booked it`);
  }
  for (const { identity } of sale.charges) {
    const trade = closing.tradeOf(identity.id);
    if (trade === undefined) continue;
    const taken = trade.paidAt === undefined ? 0n : trade.amount.minor;
    if (givenBackMinor(trade) > taken) fail(`${identity.id} took ${taken} and gave back ${givenBackMinor(trade)}`);
    const numbers = new Set(trade.refunds.map(({ requestNo }) => requestNo));
    if (numbers.size !== trade.refunds.length) fail(`${identity.id} has a refund number twice`);
  }
}

/** known-trades, at the end: every trade of Alipay's side is a charge of ours, for the same amount. */
export function tradesAreOurs({ attempts, model, end, breach }: Closing): void {
  for (const { tradeNo, outTradeNo, amount } of end.trades) {
    const charge = attempts.get(outTradeNo);
    if (charge?.kind !== 'charge') {
      breach('known-trades', null, `${tradeNo} is for ${outTradeNo}, which is no charge of ours`);
      continue;
    }
    const { saleId, amount: ours } = charge.identity;
    if (ours.minor === amount.minor && ours.currency === amount.currency) continue;
    const number = model.sales.get(saleId)?.number ?? null;
    breach('known-trades', number, `${outTradeNo} is ${ours.minor}, its trade ${amount.minor}`);
  }
}
