// One basket and two tills: both at once, or the one after the other.

import type { SaleId } from '#foundation/id.ts';
import { secondMs } from './chance.ts';
import type { Till } from './till.ts';
import type { Visit } from './visit.ts';

/** Two tills hold the same basket and take a code at the same time: the same one, or one each. */
export async function payAtTwoTills(visit: Visit, saleId: SaleId): Promise<void> {
  const { home, other, payer } = visit;
  visit.tell(other, 'takes the same basket at the same time');
  const first = payer.showCode();
  const second = visit.isLikely(40) ? first : payer.showCode();
  const delayed = visit.isLikely(50);
  await Promise.all([payAt(visit, home, saleId, first, false), payAt(visit, other, saleId, second, delayed)]);
  if (visit.paid !== undefined || !visit.isLikely(60)) return;
  // Not paid at either: both may try once more, and again at most one may take the money.
  visit.tell(other, 'tries again, and so does the first till');
  await Promise.all([
    payAt(visit, home, saleId, payer.showCode(), false),
    payAt(visit, other, saleId, payer.showCode(), delayed),
  ]);
}

async function payAt(visit: Visit, till: Till, saleId: SaleId, code: string, isDelayed: boolean): Promise<void> {
  if (isDelayed) await visit.rest(0, 2 * secondMs);
  await visit.follow(till, await visit.scan(till, saleId, code));
}

/** The basket goes to another till while the first one's payment is under way. */
export async function moveBasket(visit: Visit, saleId: SaleId): Promise<void> {
  const { home, other, payer } = visit;
  // The first till does not repeat what was not answered: nobody stands there any more.
  const begun = visit.underWay(home.ask(visit.read(home, saleId, payer.showCode())));
  await visit.rest(0, 6 * secondMs);
  visit.tell(other, 'takes over the basket');
  const known = visit.payments.at(-1);
  if (known === undefined) visit.leaveUnanswered(home);
  else if (!home.knowsWord(known.paymentId)) home.leave(known.paymentId);
  const looked = await other.askUntilAnswered({ kind: 'look-at-sale', saleId });
  const newest = looked?.kind === 'sale' ? looked.sale.payments.at(-1) : undefined;
  if (looked === null) return;
  if (newest !== undefined) await visit.followPayment(other, newest.paymentId);
  if (visit.paid === undefined) await visit.follow(other, await visit.scan(other, saleId, payer.showCode()));
  await begun;
}
