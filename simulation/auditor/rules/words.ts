// What tills are told of payments and sales: it stands, it is written, it is true, and it comes in time.

import { type Instant, instant } from '#foundation/instant.ts';
import type { Charge } from '#payment/index.ts';
import type { PaymentTold, SaleTold } from '../../shop/store-line.ts';
import type { Hearing } from '../hearing.ts';
import { type ChargeRecord, claims, troubleLastsMs, type Word } from '../model.ts';

const wordOf = { open: null, taken: 'paid', 'nothing-taken': 'not-paid', 'being-undone': 'not-paid' } as const;

/** word-stands, in the journal: a final word once written never changes, and says what its phase says. */
export function writtenWordStands({ named, breach }: Hearing, charge: Charge, known: ChargeRecord | undefined): void {
  const { finalWord, phase } = charge.state;
  const sale = known?.sale.number ?? named;
  if (known !== undefined && known.word !== null && known.word !== finalWord)
    breach('word-stands', sale, `${known.id} was written ${known.word}, then ${finalWord ?? 'no word'}`);
  if (wordOf[claims[phase]] !== finalWord)
    breach('word-stands', sale, `${charge.identity.id} is written ${phase} with the word ${finalWord ?? 'missing'}`);
}

/**
 * word-in-time, in the journal: while no server is in trouble the word is written before the deadline, whatever Alipay, the network and
 * the payer do. The cashier has a queue. Trouble excuses a late word as long as it lasts, and a little longer; not one that comes minutes
 * after it.
 */
export function wordIsWrittenInTime(hearing: Hearing, charge: Charge, known: ChargeRecord | undefined): void {
  if (known === undefined || known.word !== null || charge.state.finalWord === null) return;
  const { model, limits, at, breach } = hearing;
  const tookMs = at - known.openedAt;
  const troubleFrom = instant(Math.max(known.openedAt, at - troubleLastsMs));
  if (model.isCalmSince(troubleFrom) && tookMs > limits.finalWordMs)
    breach('word-in-time', known.sale.number, `${known.id} had its word written after ${tookMs} ms, in calm`);
}

export type ToldPayment = { readonly told: PaymentTold; readonly askedAt: Instant };

export function finalWordIn(told: PaymentTold): Word | null {
  return told.status === 'paid' || told.status === 'not-paid' ? told.status : null;
}

/** verified-evidence, at the till: nobody is told `paid` before Alipay booked that very trade paid with that amount. */
export function paidIsBooked({ model, breach }: Hearing, { told }: ToldPayment, charge: ChargeRecord): void {
  if (told.status !== 'paid') return;
  const trade = model.tradeOf.get(charge.id);
  if (trade === undefined || trade.paidAt === null)
    breach('verified-evidence', charge.sale.number, `${charge.id} is told paid, and Alipay has not booked it`);
  else if (trade.amount.minor !== told.amountMinor)
    breach(
      'verified-evidence',
      charge.sale.number,
      `${charge.id} is told paid ${told.amountMinor}, not the booked sum`,
    );
}

/**
 * word-stands, at the till: a final word told is the one that is written, every later answer carries it, and "nothing is left to undo"
 * is told only if it was written so while the till was asking. A stale answer that overtakes nothing is no breach.
 */
export function toldWordStands({ breach }: Hearing, { told, askedAt }: ToldPayment, charge: ChargeRecord): void {
  const word = finalWordIn(told);
  const fail = (detail: string): void => breach('word-stands', charge.sale.number, `${charge.id}: ${detail}`);
  if (word === null) {
    if (charge.told !== null && askedAt > charge.told.at) fail(`told ${told.status} after it was ${charge.told.word}`);
    return;
  }
  if (charge.told !== null && charge.told.word !== word) fail(`told ${charge.told.word}, then ${word}`);
  if (charge.word !== word) fail(`told ${word} while ${charge.word ?? 'no word'} is written`);
  if (word === 'not-paid' && !told.custody) {
    const ended = claims[charge.phase] === 'nothing-taken';
    const justLeft = charge.leftEndingAt !== null && charge.leftEndingAt >= askedAt;
    if (!ended && !justLeft) fail(`told not-paid without custody while it is ${charge.phase}`);
  }
}

/**
 * word-in-time, at the till: who asks at the deadline or later, and is answered, is told a final word. No answer and `busy` are the only
 * excuse; the next answer then carries it.
 */
export function wordIsToldInTime({ limits, breach }: Hearing, asked: ToldPayment, charge: ChargeRecord): void {
  const { told, askedAt } = asked;
  const lateMs = askedAt - charge.openedAt;
  if (finalWordIn(told) === null && lateMs >= limits.finalWordMs)
    breach('word-in-time', charge.sale.number, `${charge.id} is still ${told.status} when asked after ${lateMs} ms`);
}

/** told-truth, of a payment: it is told with its own amount, and gives back no more than refunds were asked for or than it took. */
export function paymentIsToldTruly({ breach }: Hearing, { told }: ToldPayment, charge: ChargeRecord): void {
  const fail = (detail: string): void => breach('told-truth', charge.sale.number, `${charge.id}: ${detail}`);
  if (told.amountMinor !== charge.amount.minor) fail(`told ${told.amountMinor}, written ${charge.amount.minor}`);
  let asked = 0n;
  for (const { amount } of charge.refunds) asked += amount.minor;
  if (told.refundedMinor > asked) fail(`told ${told.refundedMinor} given back, asked for were ${asked}`);
  if (told.refundedMinor > told.amountMinor) fail(`told ${told.refundedMinor} given back of ${told.amountMinor}`);
}

/**
 * told-truth, of a sale: it is told paid only if the journal holds an approved charge of it, it stays so, its payments and refunds are its
 * own, and what it gives back never exceeds what it took.
 */
export function saleIsToldTruly({ model, named, breach }: Hearing, told: SaleTold, askedAt: Instant): void {
  const sale = model.sales.get(told.saleId);
  if (sale === undefined) {
    breach('told-truth', named, `told of ${told.saleId}, which nobody had written`);
    return;
  }
  const fail = (detail: string): void => breach('told-truth', sale.number, `${told.saleId}: ${detail}`);
  const isPaid = told.status !== 'open' && told.status !== 'paying';
  const approved = sale.charges.find(({ phase }) => phase === 'approved');
  if (isPaid && approved === undefined) fail(`told ${told.status}, and no charge is written approved`);
  if (isPaid !== told.payments.some(({ status }) => status === 'paid')) fail(`told ${told.status} beside its payments`);
  if (!isPaid && sale.paidToldAt !== null && askedAt > sale.paidToldAt) fail(`told ${told.status} after it was paid`);
  for (const { paymentId } of told.payments)
    if (model.charges.get(paymentId)?.sale !== sale) fail(`told of ${paymentId}, a payment of another sale`);
  let givenBack = 0n;
  for (const { refundId, status, amountMinor } of told.refunds) {
    if (model.refunds.get(refundId)?.sale !== sale) fail(`told of ${refundId}, a refund of another sale`);
    if (status !== 'declined') givenBack += amountMinor;
  }
  const taken = approved?.amount.minor ?? 0n;
  if (givenBack > taken) fail(`told of refunds of ${givenBack}, taken was ${taken}`);
  if (told.status === 'refunded' && givenBack !== taken) fail(`told refunded with ${givenBack} of ${taken} given back`);
  if (told.status === 'paid' && givenBack !== 0n) fail(`told paid in full with ${givenBack} given back`);
}
