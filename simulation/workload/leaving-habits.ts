// How payments are left: abandoned by a tap, by walking away, by the end of the shift. Nobody decides anything by it; the store ends
// each of these payments by itself, and somebody looks at the sale later (ring-up.ts).

import type { PaymentAttemptId, SaleId } from '#foundation/id.ts';
import { durationMs } from '#foundation/instant.ts';
import { secondMs } from './chance.ts';
import type { Till } from './till.ts';
import type { Visit } from './visit.ts';

/** Goes away while the payment is open, at whatever moment, without a word to the store. */
export async function walkAway(visit: Visit, saleId: SaleId): Promise<void> {
  const { home } = visit;
  const request = visit.read(home, saleId, visit.payer.showCode());
  if (visit.isLikely(25)) {
    void visit.underWay(home.ask(request));
    await visit.rest(0, secondMs);
    visit.tell(home, 'walks away before the first answer');
    visit.leaveUnanswered(home);
    return;
  }
  const paymentId = visit.paymentIn(home, await home.askUntilAnswered(request));
  if (paymentId === null || (await home.watch(paymentId, visit.time(0, 20 * secondMs)))) return;
  visit.tell(home, 'walks away');
  home.leave(paymentId);
}

/** The shift closes: what is open is abandoned, and the till goes dark. */
export async function closeShift(visit: Visit, saleId: SaleId): Promise<void> {
  const { home } = visit;
  const paymentId = visit.paymentIn(home, await visit.scan(home, saleId, visit.payer.showCode()));
  if (paymentId === null || (await home.watch(paymentId, visit.time(0, 12 * secondMs)))) return;
  visit.tell(home, 'closes the shift');
  await abandon(home, paymentId);
  if (!home.knowsWord(paymentId)) home.leave(paymentId);
}

/** Taps "stop waiting" at any moment: before the first answer, while it waits, twice, after the word. */
export async function abandonAtAnyMoment(visit: Visit, saleId: SaleId): Promise<void> {
  const { home } = visit;
  const paying = visit.underWay(visit.scan(home, saleId, visit.payer.showCode()));
  if (visit.isLikely(30)) await abandonBeforeFirstAnswer(visit, saleId);
  const paymentId = visit.paymentIn(home, await paying);
  if (paymentId === null) return;
  await home.watch(paymentId, visit.time(0, 26 * secondMs));
  if (!home.knowsWord(paymentId)) {
    visit.tell(home, 'stops waiting');
    const taps = visit.isLikely(40) ? 2 : 1;
    await Promise.all(Array.from({ length: taps }, () => abandon(home, paymentId)));
  }
  await visit.followPayment(home, paymentId);
  if (!visit.isLikely(40)) return;
  visit.tell(home, 'stops waiting, after the word');
  await abandon(home, paymentId);
}

// The payment's number is not told yet, but the sale shows it.
async function abandonBeforeFirstAnswer(visit: Visit, saleId: SaleId): Promise<void> {
  const { home } = visit;
  await visit.rest(0, secondMs);
  const looked = await home.ask({ kind: 'look-at-sale', saleId });
  const newest = looked.kind === 'sale' ? looked.sale.payments.at(-1) : undefined;
  if (newest === undefined) return;
  visit.tell(home, 'stops waiting before the first answer');
  await abandon(home, newest.paymentId);
}

/** How long a till insists that its "stop waiting" is heard. */
const insistence = durationMs(20 * secondMs);

/** Asks the store to stop waiting for the payer; asked again when not answered. */
export async function abandon(till: Till, paymentId: PaymentAttemptId): Promise<void> {
  await till.askUntilAnswered({ kind: 'abandon', paymentId }, insistence);
}
