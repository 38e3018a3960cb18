import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  add,
  allocate,
  formatDecimal,
  formatMoney,
  money,
  multiply,
  multiplyHalfUp,
  parseMoney,
  type Rounding,
  roundToMultiple,
} from './money.ts';

test('decimal text is read exactly, and what is too fine or not a number is refused', () => {
  assert.deepEqual(parseMoney('CNY', '12.30'), { ok: true, value: money('CNY', 1_230n) });
  assert.deepEqual(parseMoney('CNY', '12.3'), { ok: true, value: money('CNY', 1_230n) });
  assert.deepEqual(parseMoney('JPY', '1000'), { ok: true, value: money('JPY', 1_000n) });
  assert.deepEqual(parseMoney('CNY', '0.001'), { ok: false, failure: 'too-precise' });
  assert.deepEqual(parseMoney('JPY', '1.0'), { ok: false, failure: 'too-precise' });
  for (const text of ['', ' ', '1e3', '1,000', '+1', '.5', '5.', '٣', '1 2', 'NaN', '0x10', '--1', '1'.repeat(19)]) {
    assert.deepEqual(parseMoney('CNY', text), { ok: false, failure: 'malformed' }, JSON.stringify(text));
  }
});

test('people see the yuan sign, and other currencies by their code', () => {
  assert.equal(formatMoney(money('CNY', 12_840n)), '¥128.40');
  assert.equal(formatMoney(money('CNY', -5n)), '-¥0.05');
  assert.equal(formatMoney(money('HKD', 100n)), 'HKD 1.00');
  assert.equal(formatMoney(money('JPY', 1_000n)), 'JPY 1000');
});

test('formatting and reading are inverse', () => {
  fc.assert(
    fc.property(
      fc.bigInt({ min: -(10n ** 17n), max: 10n ** 17n }),
      fc.constantFrom('CNY', 'JPY'),
      (minor, currency) => {
        const amount = money(currency as 'CNY', minor);
        assert.deepEqual(parseMoney(amount.currency, formatDecimal(amount)), { ok: true, value: amount });
      },
    ),
  );
});

// 2.5, −2.5 and 3.5 minor units show each named rounding; "up" is away from zero, "down" toward it.
test('each named rounding does what its name says', () => {
  const cases: readonly [bigint, Rounding, bigint][] = [
    [5n, 'half-even', 2n],
    [7n, 'half-even', 4n],
    [5n, 'half-up', 3n],
    [-5n, 'half-up', -3n],
    [-5n, 'half-even', -2n],
    [5n, 'down', 2n],
    [-5n, 'down', -2n],
    [5n, 'up', 3n],
    [-5n, 'up', -3n],
    [4n, 'up', 2n],
  ];
  for (const [minor, rounding, expected] of cases) {
    const half = { numerator: 1n, denominator: 2n };
    assert.equal(multiply(money('CNY', minor), half, rounding).minor, expected, `${minor} × ½ ${rounding}`);
  }
});

test('a split conserves its total, gives zero weights nothing and no part strays by more than one unit', () => {
  const weights = fc.array(fc.bigInt({ min: 0n, max: 1_000_000n }), { minLength: 1, maxLength: 30 });
  fc.assert(
    fc.property(fc.bigInt({ min: -(10n ** 12n), max: 10n ** 12n }), weights, (minor, shares) => {
      fc.pre(shares.some((share) => share > 0n));
      const parts = allocate(money('CNY', minor), shares);
      assert.equal(parts.reduce((sum, part) => add(sum, part)).minor, minor);
      const sum = shares.reduce((left, right) => left + right, 0n);
      for (const [index, part] of parts.entries()) {
        const share = shares[index] ?? 0n;
        if (share === 0n) assert.equal(part.minor, 0n);
        const stray = part.minor * sum - minor * share;
        assert.ok(stray < sum && stray > -sum);
      }
    }),
  );
});

test('largest remainder first, earliest on ties', () => {
  assert.deepEqual(
    allocate(money('CNY', 10n), [1n, 1n, 1n]).map((part) => part.minor),
    [4n, 3n, 3n],
  );
});

// 345 g at 12.99 a kilogram: 12.99 × 345 ÷ 1000 = 4.48155, half up 4.48; 0.5 minor units go up, −0.5 down.
test('a product of an amount and a ratio is rounded half up, away from zero', () => {
  assert.equal(multiplyHalfUp(money('CNY', 1_299n), 345n, 1_000n).minor, 448n);
  assert.equal(multiplyHalfUp(money('CNY', 1n), 1n, 2n).minor, 1n);
  assert.equal(multiplyHalfUp(money('CNY', -1n), 1n, 2n).minor, -1n);
  assert.equal(multiplyHalfUp(money('CNY', 1n), 499n, 1_000n).minor, 0n);
});

// In five-fen coins 10.02 is 10.00 and 10.03 is 10.05; in ten-fen coins 10.05 is 10.10, and rounded down 10.00.
test('an amount is brought to what coins can pay', () => {
  const cases: readonly [bigint, bigint, Rounding, bigint][] = [
    [1_002n, 5n, 'half-up', 1_000n],
    [1_003n, 5n, 'half-up', 1_005n],
    [1_005n, 10n, 'half-up', 1_010n],
    [1_009n, 10n, 'down', 1_000n],
    [1_009n, 1n, 'half-up', 1_009n],
    [2n, 5n, 'half-up', 0n],
  ];
  for (const [minor, unit, rounding, expected] of cases) {
    assert.equal(
      roundToMultiple(money('CNY', minor), unit, rounding).minor,
      expected,
      `${minor} in ${unit} ${rounding}`,
    );
  }
  assert.throws(() => roundToMultiple(money('CNY', 1n), 0n, 'down'), /at least one minor unit/);
});
