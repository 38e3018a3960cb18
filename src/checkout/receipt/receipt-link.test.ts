import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { makeId } from '#foundation/id.ts';
import { instant } from '#foundation/instant.ts';
import { money } from '#foundation/money.ts';
import { seededRandom } from '#foundation/random.ts';
import { formatReceiptLink, makeReceiptKey, parseReceiptKey, parseReceiptLink } from './receipt-link.ts';
import { receiptKey, receiptLink } from './testing/receipt.fixture.ts';

const seed = Number(process.hrtime.bigint() % 2n ** 31n);

test('a link has the key in its path and the journal mark after the #', () => {
  assert.equal(
    receiptLink,
    'https://store.example/r/3zq8m5v0c7n2k9x4b1d6f8g0hj#1.dev_01k9xv3m5t8q2r7w4y6z0a1b.1042.CNY.9591.a3f1c2d4e5b69788',
  );
});

test('a key is 128 bits: all ones and all zeros are its ends', () => {
  assert.equal(makeReceiptKey({ uint32: () => 0xffff_ffff }), '7zzzzzzzzzzzzzzzzzzzzzzzzz');
  assert.equal(makeReceiptKey({ uint32: () => 0 }), '0'.repeat(26));
});

test('a key with another shape is refused', () => {
  for (const text of [
    '',
    '8'.repeat(26),
    '0'.repeat(25),
    '0'.repeat(27),
    `${'0'.repeat(25)}l`,
    '../../../../../etc/passwd00',
  ]) {
    assert.equal(parseReceiptKey(text), undefined);
  }
});

test('a link without a mark, or of a store under a path, is read', () => {
  assert.deepEqual(parseReceiptLink(`http://store.example/shop/r/${receiptKey}`), {
    ok: true,
    value: { key: receiptKey, mark: null },
  });
});

test('a link that is damaged is refused whole', () => {
  for (const text of [
    `${receiptLink}0`,
    receiptLink.replace('CNY', 'XXX'),
    receiptLink.replace('#1.', '#2.'),
    'x'.repeat(401),
  ]) {
    assert.deepEqual(parseReceiptLink(text), { ok: false, failure: 'malformed' });
  }
});

test(`every link is read as it was made (seed ${seed})`, () => {
  fc.assert(
    fc.property(
      fc.nat(),
      fc.integer({ min: 1, max: 1e9 }),
      fc.bigInt(-(10n ** 17n), 10n ** 17n),
      (dice, entryNumber, minor) => {
        const random = seededRandom(dice);
        const mark = {
          deviceId: makeId('device', instant(1_795_428_000_000), random),
          entryNumber,
          entryHash: random.uint32().toString(16).padStart(16, '0'),
          total: money('CNY', minor),
        };
        const link = { key: makeReceiptKey(random), mark };
        assert.deepEqual(parseReceiptLink(formatReceiptLink('https://s.example/', link)), { ok: true, value: link });
      },
    ),
    { seed, numRuns: 500 },
  );
});
