// What comes after the word: mostly nothing; a look; money given back, in one piece or several, too much, twice, late, elsewhere.

import { below } from '#foundation/random.ts';
import type { PaymentTold, TillRequest } from '../shop/store-line.ts';
import { chosen, hourMs, minuteMs, secondMs } from './chance.ts';
import type { Answered, Till } from './till.ts';
import type { Visit } from './visit.ts';

export type Afterwards = {
  readonly name: string;
  readonly weight: number;
  readonly play: (visit: Visit, paid: PaymentTold) => Promise<void>;
};

/** After a sale that was paid. */
export const afterwards: readonly Afterwards[] = [
  { name: 'nothing', weight: 66, play: async () => {} },
  { name: 'looks at the sale', weight: 8, play: lookAtSale },
  { name: 'looks at the payments again', weight: 8, play: lookAgain },
  { name: 'gives all back', weight: 5, play: giveAllBack },
  { name: 'gives a part back', weight: 4, play: givePartBack },
  { name: 'gives several parts back', weight: 3, play: giveSeveralBack },
  { name: 'asks for more than is left', weight: 2, play: giveTooMuchBack },
  { name: 'gives back with a double click', weight: 2, play: giveBackTwiceAtOnce },
  { name: 'asks at two tills at once', weight: 1, play: giveBackAtTwoTills },
  { name: 'another amount under the same key', weight: 1, play: giveAnotherUnderSameKey },
];

type Moment = { readonly weight: number; readonly fromMs: number; readonly toMs: number };

const moments: readonly Moment[] = [
  { weight: 45, fromMs: 0, toMs: 10 * secondMs },
  { weight: 35, fromMs: minuteMs, toMs: 30 * minuteMs },
  { weight: 15, fromMs: hourMs, toMs: 8 * hourMs },
  { weight: 5, fromMs: 20 * hourMs, toMs: 26 * hourMs },
];

async function someTimeLater(visit: Visit): Promise<void> {
  const { fromMs, toMs } = chosen(visit.random, moments);
  await visit.rest(fromMs, toMs);
}

function someTill(visit: Visit): Till {
  return visit.isLikely(30) ? visit.other : visit.home;
}

// ── looks ──────────────────────────────────────────────────────────────────────────────────────────────────────────────

async function lookAtSale(visit: Visit): Promise<void> {
  await someTimeLater(visit);
  const { saleId } = visit;
  await someTill(visit).ask({ kind: 'look-at-sale', saleId });
}

/** Looks at payments that had their word long ago. */
async function lookAgain(visit: Visit): Promise<void> {
  await someTimeLater(visit);
  const till = someTill(visit);
  for (const { paymentId } of visit.payments) await till.ask({ kind: 'look-at-payment', paymentId });
}

/** After a sale that was not paid: mostly nothing, or a look; and somebody may want back what was never taken. */
export async function afterNotPaid(visit: Visit): Promise<void> {
  const [payment] = visit.payments;
  if (payment === undefined) return;
  if (visit.isLikely(40)) return await lookAgain(visit);
  if (!visit.isLikely(15)) return;
  await someTimeLater(visit);
  await giveBack(visit, someTill(visit), payment, payment.amountMinor);
}

/** Somebody opens the sale that was left without a word, and waits until every payment in it has one. */
export async function lookAtWhatWasLeft(visit: Visit): Promise<void> {
  await visit.rest(30 * secondMs, 20 * minuteMs);
  const till = someTill(visit);
  visit.tell(till, 'looks at what was left behind');
  await till.askUntilAnswered({ kind: 'look-at-sale', saleId: visit.saleId });
  for (const { paymentId } of visit.payments) await till.follow(paymentId);
}

// ── money back ─────────────────────────────────────────────────────────────────────────────────────────────────────────

type RefundRequest = TillRequest & { readonly kind: 'refund' };

function refundRequest(till: Till, { paymentId }: PaymentTold, amountMinor: bigint): RefundRequest {
  return { kind: 'refund', key: till.newKey('refund'), paymentId, amountMinor };
}

async function giveBack(visit: Visit, till: Till, paid: PaymentTold, amountMinor: bigint): Promise<void> {
  visit.tell(till, `gives back ${amountMinor} of ${paid.amountMinor}`);
  await followRefund(visit, till, await till.askUntilAnswered(refundRequest(till, paid, amountMinor)));
}

const refundLookCountMax = 10;

/** Looks at the sale, ever less often, until the refund has ended. */
async function followRefund(visit: Visit, till: Till, answer: Answered | null): Promise<void> {
  if (answer?.kind !== 'refund') return;
  const { refundId } = answer.refund;
  let { status } = answer.refund;
  let waitMs = 2 * secondMs;
  for (let looks = 0; status === 'processing' && looks < refundLookCountMax; looks += 1) {
    await visit.pause(waitMs);
    waitMs = Math.min(waitMs * 2, 2 * minuteMs);
    const looked = await till.ask({ kind: 'look-at-sale', saleId: visit.saleId });
    if (looked.kind !== 'sale') continue;
    status = looked.sale.refunds.find((refund) => refund.refundId === refundId)?.status ?? status;
  }
}

/** A part of `amountMinor`, at least 1 and at most all of it. */
function partOf(visit: Visit, amountMinor: bigint): bigint {
  const permille = BigInt(1 + below(visit.random, 999));
  return (amountMinor * permille) / 1_000n + 1n;
}

async function giveAllBack(visit: Visit, paid: PaymentTold): Promise<void> {
  await someTimeLater(visit);
  await giveBack(visit, someTill(visit), paid, paid.amountMinor);
}

async function givePartBack(visit: Visit, paid: PaymentTold): Promise<void> {
  await someTimeLater(visit);
  await giveBack(visit, someTill(visit), paid, partOf(visit, paid.amountMinor));
}

async function giveSeveralBack(visit: Visit, paid: PaymentTold): Promise<void> {
  const third = paid.amountMinor / 3n + 1n;
  await someTimeLater(visit);
  // The last of them may be more than is left.
  for (let parts = 0; parts < 3; parts += 1) {
    if (parts > 0) await visit.rest(0, 30 * minuteMs);
    await giveBack(visit, someTill(visit), paid, partOf(visit, third));
  }
}

async function giveTooMuchBack(visit: Visit, paid: PaymentTold): Promise<void> {
  await someTimeLater(visit);
  const till = someTill(visit);
  if (visit.isLikely(50)) return await giveBack(visit, till, paid, paid.amountMinor + 1n);
  await giveBack(visit, till, paid, partOf(visit, paid.amountMinor));
  await giveBack(visit, till, paid, paid.amountMinor);
}

async function giveBackTwiceAtOnce(visit: Visit, paid: PaymentTold): Promise<void> {
  await someTimeLater(visit);
  const till = someTill(visit);
  visit.tell(till, 'double-clicks to give back');
  const request = refundRequest(till, paid, partOf(visit, paid.amountMinor));
  const [first, second] = await Promise.all([till.askUntilAnswered(request), till.askUntilAnswered(request)]);
  await followRefund(visit, till, first ?? second);
}

async function giveBackAtTwoTills(visit: Visit, paid: PaymentTold): Promise<void> {
  await someTimeLater(visit);
  const amounts = [paid.amountMinor, partOf(visit, paid.amountMinor)] as const;
  await Promise.all([giveBack(visit, visit.home, paid, amounts[0]), giveBack(visit, visit.other, paid, amounts[1])]);
}

async function giveAnotherUnderSameKey(visit: Visit, paid: PaymentTold): Promise<void> {
  await someTimeLater(visit);
  const till = someTill(visit);
  const request = refundRequest(till, paid, paid.amountMinor);
  const answer = await till.askUntilAnswered(request);
  if (answer?.kind === 'refund') {
    visit.tell(till, 'asks for another amount under the same key');
    await till.askUntilAnswered({ ...request, amountMinor: paid.amountMinor + 1n });
  }
  await followRefund(visit, till, answer);
}
