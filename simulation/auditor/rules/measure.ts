// What a payment costs others: Alipay throttles who asks too often, and then answers nobody.

import { instant } from '#foundation/instant.ts';
import type { Charge } from '#payment/index.ts';
import type { Hearing } from '../hearing.ts';
import { type ChargeRecord, troubleLastsMs } from '../model.ts';

// One holder asks every three seconds until the word is due, the first time sooner, the last time when its time has come, and once more
// when the till stops waiting.
const queriesMax = 12;

/**
 * asked-in-measure: while no server is in trouble, and none was shortly before, a payment is asked about as often as its one holder asks.
 * More means that two servers hold it, each because it takes the other for dead or does not look: money is still safe then, and
 * Alipay has twice the load.
 */
export function isAskedInMeasure({ model, breach }: Hearing, { state }: Charge, known: ChargeRecord | undefined): void {
  if (known === undefined || known.word !== null || state.finalWord === null) return;
  const { queryCount } = known;
  const isCalm = model.isCalmSince(instant(known.openedAt - troubleLastsMs));
  if (queryCount > queriesMax && isCalm)
    breach(
      'asked-in-measure',
      known.sale.number,
      `${known.id} was asked about ${queryCount} times before its word, in calm`,
    );
}
