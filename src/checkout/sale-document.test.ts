import assert from 'node:assert/strict';
import { test } from 'node:test';
import { money } from '#foundation/money.ts';
import { below, type Random, seededRandom } from '#foundation/random.ts';
import { canonicalText } from './canonical-text.ts';
import { priceBasket } from './price-basket.ts';
import { pieces } from './quantity.ts';
import { readBasket, readSaleDocument } from './read-document.ts';
import { checkDocument, closeSale } from './sale-document.ts';
import { addTender, everyCoin, startTendering } from './tender.ts';
import {
  basketAt,
  basketOf,
  closedSale,
  cny,
  freshBasket,
  intentId,
  randomSale,
  saleFacts,
  tendered,
  vat13,
} from './testing/fixtures.ts';

const seed = Number(process.env['TILLWAY_SEED'] ?? process.hrtime.bigint() % 2n ** 31n);
const byAlipay = { kind: 'alipay', amount: cny(1_000), paymentIntentId: intentId(1) } as const;
const sale = closedSale(basketAt(vat13, 2_000, 1_002), [byAlipay]);

function problemsOf(given: unknown): readonly string[] {
  const read = readSaleDocument(given);
  return read.ok ? [] : read.failure;
}

test('text is canonical when keys are sorted, bigints are strings and nothing else is said', () => {
  assert.equal(
    canonicalText({ b: [1, true, null, 'é"\n'], a: money('CNY', -1_230n), B: {} }),
    '{"B":{},"a":{"currency":"CNY","minor":"-1230"},"b":[1,true,null,"é\\"\\n"]}',
  );
  for (const broken of [0.5, Number.NaN, Number.POSITIVE_INFINITY, -0, 2 ** 53]) {
    assert.throws(() => canonicalText(broken), /has no canonical text/);
  }
});

test('a closed sale is read back as it was written, and stands its check', () => {
  const text = canonicalText(sale);
  const read = readSaleDocument(text);
  assert.deepEqual(read, { ok: true, value: sale });
  assert.deepEqual(readSaleDocument(JSON.parse(text)), { ok: true, value: sale });
  assert.equal(checkDocument(sale), null);
  assert.deepEqual(readBasket(canonicalText(sale.basket)), { ok: true, value: sale.basket });
});

test('a basket that is not paid, not ready or paid for another total is not closed', () => {
  const basket = basketOf([{}, pieces(1)]);
  const rules = { promotionAdjustments: [] };
  const close = (given: typeof basket, tendering: typeof paid) => {
    const closed = closeSale(saleFacts, given, rules, tendering);
    return closed.ok ? 'closed' : closed.failure;
  };
  const paid = tendered(cny(350), everyCoin, { kind: 'cash', handedOver: cny(350) });
  const open = addTender(startTendering(cny(350), everyCoin), { ...byAlipay, amount: cny(350) });
  assert.ok(open.ok);
  assert.equal(close(basket, paid), 'closed');
  assert.equal(close(basket, open.value), 'not-settled');
  assert.equal(close(basket, startTendering(cny(350), everyCoin)), 'not-settled');
  assert.equal(close(basket, startTendering(cny(349), everyCoin)), 'wrong-total');
  assert.equal(close(freshBasket(), paid), 'basket-empty');
  assert.equal(close(basketOf([{ minimumAge: 18 }, pieces(1)]), paid), 'age-unchecked');
});

test('the first difference is told in words', () => {
  const [line] = sale.priced.lines;
  const [first] = sale.basket.lines;
  const [alipay, cash] = sale.tenders;
  assert.ok(line !== undefined && first !== undefined && alipay?.kind === 'alipay' && cash?.kind === 'cash');
  const rest = sale.priced.lines.slice(1);
  for (const [change, expected] of [
    [
      { priced: { ...sale.priced, lines: [{ ...line, tax: cny(229) }, ...rest] } },
      'priced.lines[0].tax is 229 minor units of CNY, but 230 minor units of CNY is right',
    ],
    [
      { priced: { ...sale.priced, lines: rest } },
      'priced.lines[0].gross is 1002 minor units of CNY, but 2000 minor units of CNY is right',
    ],
    [
      { basket: { ...sale.basket, voided: { reason: 'r', voidedBy: 'lin', at: saleFacts.closedAt } } },
      'basket is not ready to be paid: basket-voided',
    ],
    [{ basket: { ...sale.basket, lines: [first, first] } }, 'basket.lines[1].lineNumber 1 is there twice'],
    [{ basket: { ...sale.basket, nextLineNumber: 2 } }, 'basket.lines[1].lineNumber was never given'],
    [{ tenders: [alipay] }, 'tenders do not cover the total: 2002 minor units are left'],
    [{ tenders: [alipay, { ...cash, number: 1 }] }, 'tenders[1].number does not follow the one before'],
    [{ tenders: [{ ...alipay, evidence: null }, cash] }, 'tenders[0] is not paid yet'],
    [{ tenders: [alipay, { ...cash, rounding: cny(0) }] }, 'tenders[1] cannot be: cash-not-rounded-by-rule'],
    [{ tenders: [alipay, { ...cash, change: cny(5) }] }, 'tenders[1] cannot be: cash-does-not-add-up'],
    [{ tenders: [alipay, { ...alipay, number: 2 }, cash] }, 'tenders[1].paymentIntentId is there twice'],
    [{ cashRounding: cny(0) }, 'cashRounding is 0 minor units of CNY, but -2 minor units of CNY is right'],
    [{ change: cny(1) }, 'change is 1 minor units of CNY, but 0 minor units of CNY is right'],
  ] as const) {
    assert.equal(checkDocument({ ...sale, ...change }), expected);
  }
});

test('every bad field is named, and none is passed over', () => {
  const plain = JSON.parse(canonicalText(sale)) as Record<string, unknown>;
  const { cashierId, ...without } = plain;
  assert.equal(cashierId, 'lin');
  assert.deepEqual(problemsOf({ ...without, total: 1, shiftNumber: 1.5, saleId: 'pi_1', closedAt: -1, change: 3 }), [
    'document.total: is not a field that belongs here',
    'document.saleId: must be an id of a sale',
    'document.shiftNumber: must be a whole number from 1 to 1000000',
    'document.cashierId: is missing',
    'document.closedAt: must be a whole number from 0 to 8640000000000000',
    'document.change: must be an object',
  ]);
  assert.deepEqual(problemsOf({ ...plain, businessDate: '2026-02-30' }), [
    'document.businessDate: must be a date, yyyy-mm-dd',
  ]);
  assert.deepEqual(problemsOf({ ...plain, change: { currency: 'USD', minor: '0' } }), [
    "document.change.currency: must be CNY, as the basket's",
  ]);
  assert.deepEqual(problemsOf({ ...plain, change: { currency: 'CNY', minor: '-5' } }), [
    'document.change.minor: must be at least 0',
  ]);
  for (const minor of ['1.5', '01', '-0', '+1', '1e3', 5, '', null, '9'.repeat(19)]) {
    assert.deepEqual(problemsOf({ ...plain, change: { currency: 'CNY', minor } }), [
      'document.change.minor: must be a string of minor units',
    ]);
  }
  assert.deepEqual(problemsOf({ ...plain, receiptNumber: '\ud800' }), [
    'document.receiptNumber: must be text of 1 to 50 characters',
  ]);
});

test('what is no document at all is said so', () => {
  assert.deepEqual(problemsOf('{'), ['document: is not JSON']);
  assert.deepEqual(problemsOf(null), ['document: must be an object']);
  assert.deepEqual(problemsOf([]), ['document: must be an object']);
  assert.deepEqual(problemsOf(` ${canonicalText(sale)}`), ['document: is not in its one spelling']);
  assert.deepEqual(problemsOf(`{"__proto__":{},${canonicalText(sale).slice(1)}`), [
    'document.__proto__: is not a field that belongs here',
  ]);
});

test(`a thousand random sales are read back to the byte and stand their check (seed ${seed})`, () => {
  const random = seededRandom(seed);
  for (let index = 0; index < 1_000; index += 1) {
    const document = randomSale(random);
    const text = canonicalText(document);
    const read = readSaleDocument(text);
    assert.ok(read.ok, `sale ${index}: ${read.ok ? '' : read.failure[0]}`);
    assert.equal(canonicalText(read.value), text);
    assert.equal(checkDocument(read.value), null, `sale ${index}`);
    const { basket, promotionAdjustments, priced } = read.value;
    assert.deepEqual(priceBasket(basket, { promotionAdjustments }), priced);
  }
});

// A leaf of the document becomes another value of its kind. Reading or checking notices, except where the document alone cannot
// tell: names, ids, times and reasons are facts and not reckoned.
test(`no changed figure slips through, and no changed field breaks the check (seed ${seed})`, () => {
  const random = seededRandom(seed + 1);
  for (let index = 0; index < 3_000; index += 1) {
    const document = randomSale(random);
    const plain: unknown = JSON.parse(canonicalText(document));
    const changed = changeOneLeaf(random, plain);
    const read = readSaleDocument(plain);
    const verdict = read.ok ? checkDocument(read.value) : 'unread';
    if (isReckoned(changed)) assert.notEqual(verdict, null, `sale ${index}: ${changed} slipped through`);
  }
});

function changeOneLeaf(random: Random, root: unknown): string {
  const leaves: { path: string; change: () => void }[] = [];
  const walk = (node: unknown, path: string) => {
    if (typeof node !== 'object' || node === null) return;
    for (const [key, inner] of Object.entries(node)) {
      const here = Array.isArray(node) ? `${path}[]` : `${path}.${key}`;
      const replace = (value: unknown) => () => Object.assign(node, { [key]: value });
      if (typeof inner === 'string' && /^-?\d+$/.test(inner) && key === 'minor') {
        leaves.push({ path: here, change: replace(`${BigInt(inner) + 1n}`) });
      } else if (typeof inner === 'number') leaves.push({ path: here, change: replace(inner + 1) });
      else if (typeof inner === 'boolean') leaves.push({ path: here, change: replace(!inner) });
      else walk(inner, here);
    }
  };
  walk(root, '');
  const chosen = leaves[below(random, leaves.length)];
  assert.ok(chosen !== undefined);
  chosen.change();
  return chosen.path;
}

function isReckoned(path: string): boolean {
  if (path.startsWith('.cashRounding') || path.startsWith('.change')) return true;
  if (/^\.tenders\[\]\.(amount|handedOver|rounding|change)/.test(path)) return true;
  return path.startsWith('.priced') && !path.includes('.taxClass.');
}
