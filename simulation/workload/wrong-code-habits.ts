// What should never be scanned, or never be sent: codes that are spent, too old, invented or no payment codes at all, and a key that
// was used for something else.

import type { SaleId } from '#foundation/id.ts';
import { digits } from '#foundation/random.ts';
import { secondMs } from './chance.ts';
import { abandon } from './leaving-habits.ts';
import { saleOf, type Visit } from './visit.ts';

/** Scans a code that has been used, once its payment has ended. */
export async function scanSpentCode(visit: Visit, saleId: SaleId): Promise<void> {
  const { home, payer } = visit;
  const code = payer.showCode();
  const paymentId = visit.paymentIn(home, await visit.scan(home, saleId, code));
  if (paymentId === null) return;
  // Within the minute that the code lives, so that it is spent and not expired.
  if (!(await home.watch(paymentId, visit.time(0, 5 * secondMs)))) await abandon(home, paymentId);
  await visit.followPayment(home, paymentId);
  visit.tell(home, 'scans the spent code once more');
  await visit.follow(home, await visit.scan(home, saleId, code));
  await mayScanGoodCode(visit, saleId);
}

/** The queue is slow: the code on the payer's screen is older than its minute. */
export async function scanExpiredCode(visit: Visit, saleId: SaleId): Promise<void> {
  const code = visit.payer.showCode();
  await visit.rest(61 * secondMs, 120 * secondMs);
  await scanWrongCode(visit, saleId, code, 'scans a code that is more than a minute old');
}

/** Digits that have the shape of a payment code and that Alipay never gave out. */
export async function scanUnknownCode(visit: Visit, saleId: SaleId): Promise<void> {
  await scanWrongCode(visit, saleId, `28${digits(visit.random, 16)}`, 'scans digits that nobody was given');
}

/** The bottle instead of the phone. */
export async function scanProduct(visit: Visit, saleId: SaleId): Promise<void> {
  await scanWrongCode(visit, saleId, '6901234567892', "scans a product's barcode");
}

async function scanWrongCode(visit: Visit, saleId: SaleId, code: string, what: string): Promise<void> {
  visit.tell(visit.home, what);
  await visit.follow(visit.home, await visit.scan(visit.home, saleId, code));
  await mayScanGoodCode(visit, saleId);
}

async function mayScanGoodCode(visit: Visit, saleId: SaleId): Promise<void> {
  if (visit.paid !== undefined || visit.hasLooseEnd || !visit.isLikely(70)) return;
  await visit.rest(secondMs, 10 * secondMs);
  await visit.follow(visit.home, await visit.scan(visit.home, saleId, visit.payer.showCode()));
}

/** Opens the sale, and then another amount under the same key. */
export async function openAnotherUnderSameKey(visit: Visit): Promise<SaleId | null> {
  const request = visit.openingRequest(visit.home);
  const opened = saleOf(await visit.home.askUntilAnswered(request));
  if (opened === null) return null;
  visit.tell(visit.home, 'opens another amount under the same key');
  await visit.home.askUntilAnswered({ ...request, amountMinor: request.amountMinor + 1n });
  return opened;
}

/** Pays, and then another code under the same key. */
export async function payAnotherUnderSameKey(visit: Visit, saleId: SaleId): Promise<void> {
  const { home, payer } = visit;
  const request = visit.read(home, saleId, payer.showCode());
  const answer = await home.askUntilAnswered(request);
  if (answer?.kind === 'payment') {
    visit.tell(home, 'sends another code under the same key');
    await home.askUntilAnswered({ ...request, payerCode: payer.showCode() });
  }
  await visit.follow(home, answer);
}
