// Reads shift reports that tills send, and reckons what can be reckoned again from the report alone: that every sum says the same, and
// what the drawer should hold. Whether its visits are those that the journal has is the server's to compare.

import { add, type Money, subtract } from '#foundation/money.ts';
import type { Result } from '#foundation/result.ts';
import { readCurrency, readId, readInstant, readTaxClass } from './basket-reader.ts';
import { firstDifference } from './canonical-text.ts';
import { amount, fields, list, nullable, oneOf, type Reader, wholeNumber, word } from './field-reader.ts';
import { businessDateReader, readWhole } from './read-document.ts';
import { countedAmount, drawerShouldHold, type OpenPayment, type ShiftReport } from './shift.ts';
import { sumMoney } from './sum-money.ts';
import { tenderKinds } from './tender.ts';
import type { Flow, Flows, Side, Tally, TaxFlows } from './visit-figures.ts';

const entriesMax = 10_000;
const number = wholeNumber(1, 1_000_000);

const flowReader: Reader<Flow> = fields({ count: wholeNumber(0, 1_000_000_000), amount: amount(null) });
const flowFields = { taken: flowReader, givenBack: flowReader };
const flowsReader: Reader<Flows> = fields(flowFields);

const taxSideReader: Reader<TaxFlows[Side]> = fields({ base: amount(), tax: amount() });

const tallyReader: Reader<Tally> = fields({
  currency: readCurrency,
  total: flowsReader,
  savings: amount(),
  cashRounding: fields({ taken: amount(null), givenBack: amount(null) }),
  tenders: list(fields({ kind: oneOf(tenderKinds), ...flowFields }), tenderKinds.length),
  taxes: list(fields({ taxClass: readTaxClass, taken: taxSideReader, givenBack: taxSideReader }), entriesMax),
  departments: list(fields({ departmentId: word, ...flowFields }), entriesMax),
  cashiers: list(fields({ cashierId: word, ...flowFields }), entriesMax),
});

const openPaymentReader: Reader<OpenPayment> = fields({ paymentIntentId: readId('intent'), amount: amount(1n) });

const countedReader: Reader<NonNullable<ShiftReport['counted']>> = fields({
  by: word,
  pieces: list(fields({ unitMinor: wholeNumber(1, 1_000_000_000), pieces: wholeNumber(0, 1_000_000) }), 100),
  amount: amount(),
  difference: amount(null),
});

const reportReader: Reader<ShiftReport> = fields({
  format: oneOf(['tillway-shift-1']),
  kind: oneOf(['X', 'Z']),
  storeId: readId('store'),
  deviceId: readId('device'),
  number,
  businessDate: businessDateReader,
  openedAt: readInstant,
  openedBy: word,
  float: amount(),
  at: readInstant,
  by: word,
  tally: tallyReader,
  cashIn: flowReader,
  cashOut: flowReader,
  expectedCash: amount(null),
  counted: nullable(countedReader),
  openPayments: list(openPaymentReader, entriesMax),
});

/** Reads a report from its canonical text, or from plain data that a JSON parser made of it. */
export function readShiftReport(given: unknown): Result<ShiftReport, readonly string[]> {
  return readWhole(given, 'report', reportReader, ({ float }) => float.currency);
}

/** The first thing in a report that does not follow from its own figures, in words, or `null`. */
export function checkShiftReport(report: ShiftReport): string | null {
  const { counted, kind } = report;
  if (kind === 'Z' && counted === null) return 'counted is missing from a Z report';
  const expected = drawerShouldHold(report);
  const drawer = firstDifference(report.expectedCash, expected, 'expectedCash');
  if (drawer !== null) return drawer;
  if (counted !== null) {
    const found = countedAmount(report.float.currency, counted.pieces);
    const difference =
      firstDifference(counted.amount, found, 'counted.amount') ??
      firstDifference(counted.difference, subtract(found, expected), 'counted.difference');
    if (difference !== null) return difference;
  }
  return sideTrouble(report.tally, 'taken') ?? sideTrouble(report.tally, 'givenBack');
}

// A visit is there by tender (with its rounding), by tax class, by department and by cashier: four times the same sum.
function sideTrouble(tally: Tally, side: Side): string | null {
  const total = tally.total[side].amount;
  const sum = (amounts: readonly Money[]) => sumMoney(tally.currency, amounts);
  const amounts = (flows: readonly Flows[]) => sum(flows.map((entry) => entry[side].amount));
  const taxed = tally.taxes.map((entry) => add(entry[side].base, entry[side].tax));
  const tendered = subtract(amounts(tally.tenders), tally.cashRounding[side]);
  return (
    firstDifference(tendered, total, `tenders ${side}, without rounding,`) ??
    firstDifference(sum(taxed), total, `taxes ${side}`) ??
    firstDifference(amounts(tally.departments), total, `departments ${side}`) ??
    firstDifference(amounts(tally.cashiers), total, `cashiers ${side}`)
  );
}
