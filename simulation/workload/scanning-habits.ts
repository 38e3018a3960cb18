// How cashiers scan: once, twice, again, with another wallet; and what the till's program does while the answer is not there.

import type { SaleId } from '#foundation/id.ts';
import type { TillReply } from '../shop/store-line.ts';
import { secondMs } from './chance.ts';
import type { Payer } from './payer.ts';
import { isAnswer } from './till.ts';
import { saleOf, type Visit } from './visit.ts';

/** The common case: one scan, followed to its word. */
export async function sellPlainly(visit: Visit, saleId: SaleId): Promise<void> {
  await visit.follow(visit.home, await visit.scan(visit.home, saleId, visit.payer.showCode()));
}

/** Opens the sale with a double click: the same request twice at once. */
export async function openWithDoubleClick(visit: Visit): Promise<SaleId | null> {
  visit.tell(visit.home, 'double-clicks to open the sale');
  const request = visit.openingRequest(visit.home);
  const [first, second] = await Promise.all([
    visit.home.askUntilAnswered(request),
    visit.home.askUntilAnswered(request),
  ]);
  return saleOf(first) ?? saleOf(second);
}

/** Pays with a double click too. */
export async function doubleClick(visit: Visit, saleId: SaleId): Promise<void> {
  visit.tell(visit.home, 'double-clicks to pay');
  const request = visit.read(visit.home, saleId, visit.payer.showCode());
  const answers = await Promise.all([visit.home.askUntilAnswered(request), visit.home.askUntilAnswered(request)]);
  await visit.follow(visit.home, ...answers);
}

const sendCountMax = 5;

/** Sends the same request again each second although the answer to the one before may still come. */
export async function repeatWithoutWaiting(visit: Visit, saleId: SaleId): Promise<void> {
  const request = visit.read(visit.home, saleId, visit.payer.showCode());
  const sent: Promise<TillReply>[] = [];
  let isAnswered = false;
  while (!isAnswered && sent.length < sendCountMax) {
    if (sent.length === 1) visit.tell(visit.home, 'repeats the request without waiting for its answer');
    const sending = visit.home.ask(request).then((reply) => {
      isAnswered ||= isAnswer(reply);
      return reply;
    });
    sent.push(visit.underWay(sending));
    await visit.pause(secondMs);
  }
  const replies = await Promise.all(sent);
  const answer = replies.find(isAnswer) ?? (await visit.home.askUntilAnswered(request));
  await visit.follow(visit.home, answer);
}

/** After no answer looks at the sale, and asks again only when no payment is there. */
export async function lookInsteadOfRepeating(visit: Visit, saleId: SaleId): Promise<void> {
  const { home } = visit;
  const request = visit.read(home, saleId, visit.payer.showCode());
  const reply = await home.ask(request);
  if (isAnswer(reply)) return await visit.follow(home, reply);
  visit.tell(home, 'got no answer and looks at the sale');
  const looked = await home.askUntilAnswered({ kind: 'look-at-sale', saleId });
  const newest = looked?.kind === 'sale' ? looked.sale.payments.at(-1) : undefined;
  if (newest !== undefined) await visit.followPayment(home, newest.paymentId);
  else await visit.follow(home, looked === null ? null : await home.askUntilAnswered(request));
}

/** Scans the code once more, with a key of its own, while the first scan is under way. */
export async function scanSameCodeAgain(visit: Visit, saleId: SaleId): Promise<void> {
  const code = visit.payer.showCode();
  await scanTwice(visit, saleId, code, code, 'scans the same code again');
}

/** The payer's screen shows the next code, and the cashier scans it while the first is under way. */
export async function scanFreshCodeMeanwhile(visit: Visit, saleId: SaleId): Promise<void> {
  const { payer } = visit;
  await scanTwice(visit, saleId, payer.showCode(), payer.showCode(), 'scans a fresh code of the same wallet');
}

async function scanTwice(visit: Visit, saleId: SaleId, first: string, second: string, what: string): Promise<void> {
  const { home } = visit;
  const begun = visit.underWay(visit.scan(home, saleId, first));
  await visit.rest(0, 4 * secondMs);
  visit.tell(home, what);
  const answers = await Promise.all([begun, visit.scan(home, saleId, second)]);
  await visit.follow(home, ...answers);
  if (!visit.isLikely(30)) return;
  visit.tell(home, `${what} after the word`);
  await visit.follow(home, await visit.scan(home, saleId, second));
}

const tryCountMax = 3;

/** After "not paid" the payer shows a fresh code, up to three tries in all. */
export async function tryAgainWithFreshCode(visit: Visit, saleId: SaleId): Promise<void> {
  await payInTries(visit, saleId, 'tries again with a fresh code', () => visit.payer);
}

/** After "not paid" somebody else pays. */
export async function tryAgainWithAnotherWallet(visit: Visit, saleId: SaleId): Promise<void> {
  let another: Payer | undefined;
  await payInTries(visit, saleId, 'tries again with another wallet', () => {
    another ??= visit.anotherPayer();
    return another;
  });
}

async function payInTries(visit: Visit, saleId: SaleId, what: string, nextPayer: () => Payer): Promise<void> {
  const { home } = visit;
  let { payer } = visit;
  for (let tries = 1; tries <= tryCountMax; tries += 1) {
    if (tries > 1) {
      await visit.rest(2 * secondMs, 15 * secondMs);
      visit.tell(home, what);
      payer = nextPayer();
    }
    const answer = await visit.scan(home, saleId, payer.showCode(), payer);
    await visit.follow(home, answer);
    if (answer === null || visit.paid !== undefined) return;
  }
}
