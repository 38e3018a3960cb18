// A store's day: the Z reports of its shifts, and the late results that came in on it. A payment that was in custody when its shift
// closed has its end hours later, perhaps after midnight. The closed report stays as it was printed; the result is a correction,
// counted on the day on which it came.

import type { DeviceId, PaymentIntentId } from '#foundation/id.ts';
import type { BusinessDate, Instant } from '#foundation/instant.ts';
import { add, type Currency, type Money } from '#foundation/money.ts';
import { failure, type Result, success } from '#foundation/result.ts';
import type { ShiftReport } from './shift.ts';
import { addTenderFlow, type Flow, type TenderFlows } from './visit-figures.ts';

/** What a payment in custody came to: approved after all, or given back. */
export type LateResult = {
  readonly kind: 'taken' | 'givenBack';
  readonly paymentIntentId: PaymentIntentId;
  readonly amount: Money;
  readonly at: Instant;
};

/** A late result, with the shift that it comes from and the day on which it counts. */
export type Correction = LateResult & {
  readonly deviceId: DeviceId;
  readonly shiftNumber: number;
  readonly businessDate: BusinessDate;
};

export type CorrectionRefusal = 'shift-still-open' | 'not-open-then' | 'wrong-currency';

/** The correction that a late result makes, on the day on which it came. Only a payment that the report lists as open has one. */
export function correctionOf(
  report: ShiftReport,
  result: LateResult,
  businessDate: BusinessDate,
): Result<Correction, CorrectionRefusal> {
  if (report.kind !== 'Z') return failure('shift-still-open');
  if (result.amount.currency !== report.float.currency) return failure('wrong-currency');
  const isListed = report.openPayments.some((open) => open.paymentIntentId === result.paymentIntentId);
  if (!isListed) return failure('not-open-then');
  return success({ ...result, deviceId: report.deviceId, shiftNumber: report.number, businessDate });
}

/** What a day's shifts and late results took and gave back by tender. */
export type DayReport = {
  readonly businessDate: BusinessDate;
  readonly currency: Currency;
  /** The till and the number of each Z report in it. */
  readonly shifts: readonly { readonly deviceId: DeviceId; readonly number: number }[];
  readonly tenders: readonly TenderFlows[];
  readonly corrections: readonly Correction[];
};

/**
 * The sums of one day. Reports and corrections of other days and currencies, X reports and anything given twice are left out:
 * whoever asks may hand over all there are.
 */
export function dayReport(
  businessDate: BusinessDate,
  currency: Currency,
  reports: readonly ShiftReport[],
  corrections: readonly Correction[],
): DayReport {
  const ofDay = unlike(
    reports.filter(
      (report) => report.kind === 'Z' && report.businessDate === businessDate && report.float.currency === currency,
    ),
    (report) => `${report.deviceId} ${report.number.toString().padStart(9, '0')}`,
  );
  const late = unlike(
    corrections.filter((each) => each.businessDate === businessDate && each.amount.currency === currency),
    (each) => `${each.at.toString().padStart(16, '0')} ${each.paymentIntentId} ${each.kind}`,
  );
  const flows = ofDay.flatMap((report) => report.tally.tenders);
  const summed = sumFlows(flows);
  return {
    businessDate,
    currency,
    shifts: ofDay.map(({ deviceId, number }) => ({ deviceId, number })),
    tenders: late.reduce((sums, each) => addTenderFlow(sums, 'alipay', each.kind, each.amount), summed),
    corrections: late,
  };
}

function sumFlows(flows: readonly TenderFlows[]): readonly TenderFlows[] {
  const kinds = [...new Set(flows.map((flow) => flow.kind))].sort();
  return kinds.map((kind) => {
    const same = flows.filter((flow) => flow.kind === kind);
    const whole = same.reduce((left, right) => ({
      kind,
      taken: together(left.taken, right.taken),
      givenBack: together(left.givenBack, right.givenBack),
    }));
    return whole;
  });
}

function together(left: Flow, right: Flow): Flow {
  return { count: left.count + right.count, amount: add(left.amount, right.amount) };
}

/** The items with different keys, sorted by key; of several with one key the first. */
function unlike<Item>(items: readonly Item[], keyOf: (item: Item) => string): readonly Item[] {
  const byKey = new Map<string, Item>();
  for (const item of items) {
    const key = keyOf(item);
    if (!byKey.has(key)) byKey.set(key, item);
  }
  return [...byKey].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, item]) => item);
}
