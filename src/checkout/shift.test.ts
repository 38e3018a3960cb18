import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeId } from '#foundation/id.ts';
import { businessDate, durationMs, plus } from '#foundation/instant.ts';
import { money, subtract } from '#foundation/money.ts';
import { seededRandom } from '#foundation/random.ts';
import { canonicalText } from './canonical-text.ts';
import { correctionOf, dayReport } from './day-report.ts';
import { pieces } from './quantity.ts';
import {
  applyToShift,
  drawerShouldHold,
  openShift,
  type Shift,
  type ShiftEvent,
  type ShiftOpening,
  shiftTable,
  xReport,
} from './shift.ts';
import { checkShiftReport, readShiftReport } from './shift-report-reader.ts';
import {
  basketOf,
  closedSale,
  cny,
  everythingBack,
  intentId,
  lin,
  noon,
  randomSale,
  saleFacts,
} from './testing/fixtures.ts';
import { figuresOfReturn, figuresOfSale, type VisitFigures } from './visit-figures.ts';

const seed = Number(process.env['TILLWAY_SEED'] ?? process.hrtime.bigint() % 2n ** 31n);
const opening: ShiftOpening = {
  storeId: saleFacts.storeId,
  deviceId: saleFacts.deviceId,
  number: 3,
  businessDate: saleFacts.businessDate,
  openedAt: noon,
  openedBy: 'lin',
  float: cny(20_000),
};
const hand = { at: noon, by: lin.personId };
const id = (number: number) => makeId('sale', noon, seededRandom(number));

function opened(): Shift {
  const shift = openShift(opening);
  assert.ok(shift.ok);
  return shift.value;
}

function after(shift: Shift, ...events: readonly ShiftEvent[]): Shift {
  return events.reduce((before, event) => {
    const next = applyToShift(before, event);
    assert.ok(next.ok, `${event.kind}: ${next.ok ? '' : next.failure}`);
    return next.value;
  }, shift);
}

const visit = (figures: VisitFigures): ShiftEvent => ({ kind: 'visit', ...hand, figures });
const count = (unitMinor: number, much: number): ShiftEvent => ({
  kind: 'count',
  ...hand,
  pieces: [{ unitMinor, pieces: much }],
});
const cash = (kind: 'cash-in' | 'cash-out', minor: number): ShiftEvent => ({
  kind,
  ...hand,
  amount: cny(minor),
  reason: 'bank',
});
const close: ShiftEvent = { kind: 'close', ...hand, openPayments: [] };

test('every state can be reached, and one is final: closed', () => {
  const reached = new Set(['open']);
  for (const _ of Object.keys(shiftTable)) {
    for (const [state, row] of Object.entries(shiftTable)) {
      if (reached.has(state)) for (const next of Object.values(row)) reached.add(next);
    }
  }
  assert.deepEqual([...reached].sort(), Object.keys(shiftTable).sort());
  const final = Object.entries(shiftTable).filter(([, row]) => Object.keys(row).length === 0);
  assert.deepEqual(
    final.map(([state]) => state),
    ['closed'],
  );
});

// Float 200.00, a sale of 10.02 in cash (10.00 with five-fen coins), one of 7.00 with 5.00 by Alipay and 2.00 in cash, the first
// returned (10.00), 50.00 put in and 30.00 taken out: 200 + 10 + 2 − 10 + 50 − 30 = 222.00. Counted 221.50: 0.50 are missing.
test('what the drawer should hold is reckoned, and the count is told against it', () => {
  const first = closedSale(basketOf([{ listPrice: cny(1_002) }, pieces(1)]), [], { saleId: id(1) });
  const offer = { kind: 'alipay', amount: cny(500), paymentIntentId: intentId(1) } as const;
  const second = closedSale(basketOf([{ departmentId: 'food' }, pieces(2)]), [offer], {
    saleId: id(2),
    cashierId: 'mei',
  });
  const returned = everythingBack(first, [], { saleId: id(3) });
  const shift = after(
    opened(),
    visit(figuresOfSale(first)),
    visit(figuresOfSale(second)),
    visit(figuresOfReturn(returned)),
    cash('cash-in', 5_000),
    cash('cash-out', 3_000),
    count(50, 443),
    close,
  );
  const { report } = shift;
  assert.ok(report !== null);
  assert.deepEqual([report.kind, report.number, report.expectedCash], ['Z', 3, cny(22_200)]);
  assert.deepEqual([report.counted?.amount, report.counted?.difference], [cny(22_150), cny(-50)]);
  assert.deepEqual(
    [report.cashIn, report.cashOut],
    [
      { count: 1, amount: cny(5_000) },
      { count: 1, amount: cny(3_000) },
    ],
  );
  const { tally } = report;
  const flows = ({ taken, givenBack }: typeof tally.total) => [
    taken.count,
    taken.amount.minor,
    givenBack.count,
    givenBack.amount.minor,
  ];
  assert.deepEqual(flows(tally.total), [2, 1_702n, 1, 1_002n]);
  assert.deepEqual(
    tally.tenders.map((entry) => [entry.kind, ...flows(entry)]),
    [
      ['alipay', 1, 500n, 0, 0n],
      ['cash', 2, 1_200n, 1, 1_000n],
    ],
  );
  assert.deepEqual(
    tally.departments.map((entry) => [entry.departmentId, ...flows(entry)]),
    [
      ['drinks', 1, 1_002n, 1, 1_002n],
      ['food', 1, 700n, 0, 0n],
    ],
  );
  assert.deepEqual(
    tally.cashiers.map((entry) => [entry.cashierId, ...flows(entry)]),
    [
      ['lin', 1, 1_002n, 1, 1_002n],
      ['mei', 1, 700n, 0, 0n],
    ],
  );
  assert.deepEqual(tally.cashRounding, { taken: cny(-2), givenBack: cny(-2) });
  // 13 % in 10.02 and in 7.00: 1.15 and 0.81.
  assert.deepEqual(
    tally.taxes.map(({ taken, givenBack }) => [taken.tax.minor, taken.base.minor, givenBack.tax.minor]),
    [[196n, 1_506n, 115n]],
  );
});

test('what may not be is refused by its reason', () => {
  const shift = opened();
  const sale = figuresOfSale(closedSale(basketOf([{}, pieces(1)])));
  const refusal = (before: Shift, event: ShiftEvent) => {
    const result = applyToShift(before, event);
    return result.ok ? 'not refused' : result.failure;
  };
  const counted = after(shift, count(100, 1));
  const closed = after(counted, close);
  assert.equal(refusal(shift, close), 'not-in-this-state');
  assert.equal(refusal(counted, visit(sale)), 'not-in-this-state');
  assert.equal(refusal(after(counted, { kind: 'resume', ...hand }), close), 'not-in-this-state');
  for (const event of [visit(sale), count(1, 1), close, cash('cash-in', 1)]) {
    assert.equal(refusal(closed, event), 'not-in-this-state');
  }
  assert.equal(refusal(after(shift, visit(sale)), visit(sale)), 'visit-counted-already');
  assert.equal(refusal(shift, visit({ ...sale, total: money('USD', 1n) })), 'wrong-currency');
  assert.equal(
    refusal(shift, { ...cash('cash-in', 1), kind: 'cash-in', amount: money('USD', 1n), reason: 'r' }),
    'wrong-currency',
  );
  assert.equal(refusal(shift, cash('cash-out', 0)), 'amount-not-positive');
  assert.equal(refusal(shift, { kind: 'cash-out', ...hand, amount: cny(1), reason: '' }), 'reason-missing');
  for (const [unit, much] of [
    [0, 1],
    [0.5, 1],
    [1, -1],
    [1, 0.5],
    [1, 1e9],
  ] as const) {
    assert.equal(refusal(shift, count(unit, much)), 'count-malformed');
  }
  const twice = [
    { unitMinor: 1, pieces: 1 },
    { unitMinor: 1, pieces: 2 },
  ];
  assert.equal(refusal(shift, { kind: 'count', ...hand, pieces: twice }), 'count-malformed');
  assert.deepEqual(openShift({ ...opening, float: cny(-1) }), { ok: false, failure: 'amount-not-positive' });
});

test('an X report may be had at any time and changes nothing', () => {
  const shift = after(opened(), cash('cash-in', 100));
  const copy = structuredClone(shift);
  const report = xReport(shift, plus(noon, durationMs(1)), 'wang');
  assert.deepEqual([report.kind, report.by, report.counted, report.expectedCash], ['X', 'wang', null, cny(20_100)]);
  assert.deepEqual(shift, copy);
});

test(`a report is the same whatever the order in which things happened (seed ${seed})`, () => {
  const random = seededRandom(seed);
  for (let run = 0; run < 40; run += 1) {
    const events: ShiftEvent[] = [cash('cash-in', 1 + run), cash('cash-out', 500)];
    for (let number = 0; number < 12; number += 1) {
      const cashierId = number % 2 === 0 ? 'lin' : 'mei';
      const sale = randomSale(random, { saleId: id(2 * number), cashierId });
      events.push(visit(figuresOfSale(sale)));
      if (number % 3 === 0)
        events.push(visit(figuresOfReturn(everythingBack(sale, [], { saleId: id(2 * number + 1) }))));
    }
    const shuffled = events
      .map((event) => ({ event, key: random.uint32() }))
      .sort((a, b) => a.key - b.key)
      .map(({ event }) => event);
    const [one, other] = [after(opened(), ...events), after(opened(), ...shuffled)];
    assert.equal(canonicalText(xReport(one, noon, 'lin')), canonicalText(xReport(other, noon, 'lin')));
    assertAddsUp(one);
    const report = xReport(one, noon, 'lin');
    assert.deepEqual(readShiftReport(canonicalText(report)), { ok: true, value: report });
    assert.equal(checkShiftReport(report), null);
  }
});

// Whatever is sold or comes back is there four times: by tender (less rounding), tax class, department and cashier.
function assertAddsUp(shift: Shift): void {
  const { tally } = shift;
  const sum = (minors: readonly bigint[]) => minors.reduce((left, right) => left + right, 0n);
  for (const side of ['taken', 'givenBack'] as const) {
    const total = tally.total[side].amount.minor;
    const rounding = tally.cashRounding[side].minor;
    assert.equal(sum(tally.tenders.map((entry) => entry[side].amount.minor)), total + rounding);
    assert.equal(sum(tally.taxes.map((entry) => entry[side].base.minor + entry[side].tax.minor)), total);
    assert.equal(sum(tally.departments.map((entry) => entry[side].amount.minor)), total);
    assert.equal(sum(tally.cashiers.map((entry) => entry[side].amount.minor)), total);
  }
  const inDrawer = tally.tenders.find((entry) => entry.kind === 'cash');
  const moved = inDrawer === undefined ? 0n : subtract(inDrawer.taken.amount, inDrawer.givenBack.amount).minor;
  assert.equal(drawerShouldHold(shift).minor, 20_000n + shift.cashIn.amount.minor - 500n + moved);
}

test('a late result is counted on the day on which it comes, and the closed report stays as it was printed', () => {
  const open = { paymentIntentId: intentId(1), amount: cny(500) };
  const { report } = after(opened(), count(100, 200), { kind: 'close', ...hand, openPayments: [open] });
  assert.ok(report !== null);
  const printed = canonicalText(report);
  const [today, tomorrow] = [opening.businessDate, businessDate(plus(noon, durationMs(86_400_000)), 'Asia/Shanghai')];
  const late = {
    kind: 'taken',
    paymentIntentId: intentId(1),
    amount: cny(500),
    at: plus(noon, durationMs(60_000)),
  } as const;
  const taken = correctionOf(report, late, tomorrow);
  const back = correctionOf(report, { ...late, kind: 'givenBack' }, tomorrow);
  assert.ok(taken.ok && back.ok);
  assert.deepEqual([taken.value.shiftNumber, taken.value.businessDate], [3, tomorrow]);
  const corrections = [taken.value, back.value, taken.value];
  assert.deepEqual(dayReport(today, 'CNY', [report, report], corrections), {
    businessDate: today,
    currency: 'CNY',
    shifts: [{ deviceId: opening.deviceId, number: 3 }],
    tenders: [],
    corrections: [],
  });
  const next = dayReport(tomorrow, 'CNY', [report], corrections);
  assert.deepEqual(next.tenders, [
    { kind: 'alipay', taken: { count: 1, amount: cny(500) }, givenBack: { count: 1, amount: cny(500) } },
  ]);
  assert.deepEqual(next.shifts, []);
  assert.equal(canonicalText(report), printed);
  const refusal = (given: ReturnType<typeof correctionOf>) => (given.ok ? 'not refused' : given.failure);
  assert.equal(refusal(correctionOf(report, { ...late, paymentIntentId: intentId(2) }, tomorrow)), 'not-open-then');
  assert.equal(refusal(correctionOf(report, { ...late, amount: money('USD', 1n) }, tomorrow)), 'wrong-currency');
  assert.equal(refusal(correctionOf(xReport(opened(), noon, 'lin'), late, tomorrow)), 'shift-still-open');
});

test("a day's report sums its shifts by tender", () => {
  const day = (number: number) => {
    const sale = closedSale(basketOf([{ listPrice: cny(1_000 * number) }, pieces(1)]), [], { saleId: id(number) });
    const shift = openShift({ ...opening, number });
    assert.ok(shift.ok);
    return after(shift.value, visit(figuresOfSale(sale)), count(100, 1), close).report;
  };
  const reports = [day(2), day(1)].filter((report) => report !== null);
  const report = dayReport(opening.businessDate, 'CNY', reports, []);
  assert.deepEqual(
    report.shifts.map((shift) => shift.number),
    [1, 2],
  );
  assert.deepEqual(
    report.tenders.map((entry) => [entry.kind, entry.taken.count, entry.taken.amount.minor]),
    [['cash', 2, 3_000n]],
  );
});

test('a report whose figures do not follow from each other is told where', () => {
  const sale = closedSale(basketOf([{}, pieces(1)]));
  const { report } = after(opened(), visit(figuresOfSale(sale)), count(100, 203), close);
  assert.ok(report !== null && report.counted !== null);
  const { tally, counted } = report;
  assert.equal(checkShiftReport(report), null);
  for (const [change, expected] of [
    [{ counted: null }, 'counted is missing from a Z report'],
    [{ expectedCash: cny(1) }, 'expectedCash is 1 minor units of CNY, but 20350 minor units of CNY is right'],
    [
      { counted: { ...counted, difference: cny(0) } },
      'counted.difference is 0 minor units of CNY, but -50 minor units of CNY is right',
    ],
    [
      { tally: { ...tally, departments: [] } },
      'departments taken is 0 minor units of CNY, but 350 minor units of CNY is right',
    ],
    [{ tally: { ...tally, taxes: [] } }, 'taxes taken is 0 minor units of CNY, but 350 minor units of CNY is right'],
  ] as const) {
    assert.equal(checkShiftReport({ ...report, ...change }), expected);
  }
});
