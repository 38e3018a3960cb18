// A store's day as it stands now: the Z reports as they were written, and the late results that came in on this day, also those of
// shifts that were closed days ago.

import type { MerchantId, StoreId } from '#foundation/id.ts';
import { type BusinessDate, businessDate, durationMs, instant, plus } from '#foundation/instant.ts';
import type { Currency } from '#foundation/money.ts';
import { type Correction, correctionOf, type DayReport, dayReport } from '../day-report.ts';
import type { DocumentJournal } from '../document-journal.port.ts';

export type DayOfStore = {
  readonly merchantId: MerchantId;
  readonly storeId: StoreId;
  readonly businessDate: BusinessDate;
  readonly currency: Currency;
  /** IANA name: it says when the day begins and ends. */
  readonly timeZone: string;
};

// From the first place on earth where the date begins to the last where it ends.
const dayBeginsMs = -14 * 3_600_000;
const dayLastsMs = 51 * 3_600_000;

export async function readDayReport(documents: DocumentJournal, day: DayOfStore): Promise<DayReport> {
  const { merchantId, storeId, currency, timeZone } = day;
  const from = instant(Date.parse(`${day.businessDate}T00:00:00Z`) + dayBeginsMs);
  const kept = await documents.reportsOfDay(merchantId, storeId, day.businessDate);
  const late = await documents.lateOutcomes(merchantId, storeId, from, plus(from, durationMs(dayLastsMs)));
  const corrections = late.flatMap(({ report, result }): readonly Correction[] => {
    if (businessDate(result.at, timeZone) !== day.businessDate || result.at < report.at) return [];
    const correction = correctionOf(report, result, day.businessDate);
    return correction.ok ? [correction.value] : [];
  });
  return dayReport(
    day.businessDate,
    currency,
    kept.map(({ report }) => report),
    corrections,
  );
}
