// When an approval may be believed, and how many there may be.

import { sameMoney } from '#foundation/money.ts';
import type { Charge } from '#payment/index.ts';
import type { Hearing } from '../hearing.ts';
import { type ChargeRecord, claims, heldMinor, mayHold, type TradeRecord } from '../model.ts';

/**
 * verified-evidence: the journal holds an approval, or any evidence of one, only after Alipay booked that very trade paid, with that
 * amount. Otherwise goods leave the shop for a payment that a forged notice or a wrong guess made up.
 */
export function evidenceIsBooked(
  { model, named, breach }: Hearing,
  charge: Charge,
  known: ChargeRecord | undefined,
): void {
  const { identity, state } = charge;
  const sale = known?.sale.number ?? named;
  const fail = (detail: string): void => breach('verified-evidence', sale, `${identity.id}: ${detail}`);
  if (state.evidence === null) {
    if (state.phase === 'approved') fail('written approved without evidence');
    return;
  }
  const trade = model.tradeOf.get(identity.id);
  if (trade === undefined || trade.paidAt === null) {
    fail(`${state.phase} with evidence of a payment not booked`);
    return;
  }
  const { channelReference, amount } = state.evidence;
  if (channelReference !== trade.tradeNo) fail(`evidence names ${channelReference}, the books ${trade.tradeNo}`);
  if (!sameMoney(amount, trade.amount)) fail(`evidence of ${amount.minor}, the books say ${trade.amount.minor}`);
  if (!sameMoney(amount, identity.amount)) fail(`evidence of ${amount.minor} for a charge of ${identity.amount.minor}`);
}

// No answer of Alipay is waited for longer than this; an older one is not believed any more.
const answerAgeMs = 10_000;

/**
 * nothing-kept, at once: the journal writes an ending without money only when Alipay has proven it. What Alipay declined has no trade that
 * holds money or waits for its payer (unless the request came twice, and the second one fared better). What was reversed may have been
 * unknown to Alipay and arrive while the answer that said so is on its way; a server in trouble may have had that answer for longer.
 */
export function endingIsProven(hearing: Hearing, { identity, state }: Charge, known: ChargeRecord | undefined): void {
  if (known === undefined || known.phase === state.phase || claims[state.phase] !== 'nothing-taken') return;
  const { model, at, breach } = hearing;
  const trade = model.tradeOf.get(identity.id);
  if (trade === undefined || !mayHold(trade)) return;
  const isExcused =
    state.phase === 'declined'
      ? model.doubled.has(known.sale.number)
      : at - trade.openedAt <= answerAgeMs || (model.troubleAt !== null && model.troubleAt >= trade.openedAt);
  if (isExcused) return;
  const what = trade.paidAt === null ? 'waits for its payer' : `holds ${heldMinor(trade)}`;
  breach('nothing-kept', known.sale.number, `${identity.id} is written ${state.phase} while Alipay ${what}`);
}

/**
 * one-approval, before it is too late: a charge is begun only when all others of its sale are known to have taken nothing. Whoever collects
 * again while the first may still be paid has charged twice if it is, and gives back what a customer sees as a theft until then.
 */
export function beginsAlone({ model, breach }: Hearing, { identity }: Charge, known: ChargeRecord | undefined): void {
  if (known !== undefined) return;
  const sale = model.sales.get(identity.saleId);
  const open = sale?.charges.find(({ phase }) => claims[phase] !== 'nothing-taken');
  if (sale !== undefined && open !== undefined)
    breach('one-approval', sale.number, `${identity.id} is begun while ${open.id} is ${open.phase}`);
}

/** one-approval, in the journal: two approved charges of one sale are a customer charged twice, for good. */
export function approvedOnce({ model, breach }: Hearing, charge: Charge): void {
  if (charge.state.phase !== 'approved') return;
  const sale = model.sales.get(charge.identity.saleId);
  const other = sale?.charges.find(({ id, phase }) => phase === 'approved' && id !== charge.identity.id);
  if (sale !== undefined && other !== undefined)
    breach('one-approval', sale.number, `${charge.identity.id} is written approved beside ${other.id}`);
}

/**
 * one-approval, at Alipay: it may hold the money of two charges of one sale for a while, when the first was given up and its approval
 * came late. Then all of them but one are written `not-paid`: the journal owes that money back, and nobody else can collect it again.
 */
export function heldOnce({ model, breach }: Hearing, paid: TradeRecord): void {
  const sale = model.charges.get(paid.number)?.sale;
  if (sale === undefined) return;
  const wanted = sale.charges.filter(({ id, word }) => {
    const trade = model.tradeOf.get(id);
    return word !== 'not-paid' && (id === paid.number || heldMinor(trade) > 0n);
  });
  if (wanted.length > 1) {
    const ids = wanted.map(({ id }) => id).join(' and ');
    breach('one-approval', sale.number, `Alipay holds the money of ${ids}, and none of them is given up`);
  }
}

/**
 * known-trades: Alipay never has a trade that the journal did not hold before, for another amount, or a second one under the same number.
 * What is sent before it is written is lost with its process.
 */
export function tradeIsKnown(
  { model, named, breach }: Hearing,
  trade: Pick<TradeRecord, 'tradeNo' | 'number' | 'amount'>,
): void {
  const charge = model.charges.get(trade.number);
  if (charge === undefined) {
    breach('known-trades', named, `Alipay opened ${trade.tradeNo} for ${trade.number}, which nobody had written`);
    return;
  }
  const { sale, amount } = charge;
  const other = model.tradeOf.get(trade.number);
  if (other !== undefined) breach('known-trades', sale.number, `${other.tradeNo} and ${trade.tradeNo} are one charge`);
  if (!sameMoney(trade.amount, amount))
    breach('known-trades', sale.number, `${charge.id} is ${amount.minor}, its trade ${trade.amount.minor}`);
}

/** known-trades, on our side: a charge collects what its sale costs, and never changes what it collects. */
export function chargeIsItsSale(
  { model, named, breach }: Hearing,
  { identity }: Charge,
  known: ChargeRecord | undefined,
): void {
  const sale = model.sales.get(identity.saleId);
  if (sale === undefined || sale.amountMinor === null) {
    breach('known-trades', named, `${identity.id} is of ${identity.saleId}, which nobody had written`);
    return;
  }
  if (identity.amount.minor !== sale.amountMinor)
    breach('known-trades', sale.number, `${identity.id} is ${identity.amount.minor}, its sale ${sale.amountMinor}`);
  if (known !== undefined && (known.sale !== sale || !sameMoney(known.amount, identity.amount)))
    breach('known-trades', sale.number, `${identity.id} was written as another charge before`);
}
