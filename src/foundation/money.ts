// Money is whole minor units in bigint with its currency. No float ever holds it; text is parsed at one edge and formatted at
// the other. Every rounding is named and every split conserves its total.

import type { Brand } from './brand.ts';
import { failure, invariant, type Result, success } from './result.ts';

/**
 * Decimals of the minor unit by ISO 4217 code, for the currencies that Alipay settles or prices in.
 * IDR has two in Alipay's table though its last two digits must be 00.
 * @see https://docs.antom.com/ac/ref/cc
 */
export const minorDigits = {
  AUD: 2,
  BDT: 2,
  BRL: 2,
  CAD: 2,
  CHF: 2,
  CLP: 0,
  CNY: 2,
  DKK: 2,
  EUR: 2,
  GBP: 2,
  HKD: 2,
  IDR: 2,
  JPY: 0,
  KRW: 0,
  MOP: 2,
  MXN: 2,
  MYR: 2,
  NOK: 2,
  NZD: 2,
  PEN: 2,
  PHP: 2,
  PKR: 2,
  PLN: 2,
  SEK: 2,
  SGD: 2,
  THB: 2,
  TWD: 2,
  USD: 2,
  VND: 0,
} as const satisfies Record<string, 0 | 2>;

export type Currency = keyof typeof minorDigits;
export type MinorUnits = Brand<bigint, 'MinorUnits'>;
export type Money<C extends Currency = Currency> = { readonly currency: C; readonly minor: MinorUnits };
export type Rate = { readonly numerator: bigint; readonly denominator: bigint };
export type Rounding = 'half-even' | 'half-up' | 'down' | 'up';

export function isCurrency(text: string): text is Currency {
  return Object.hasOwn(minorDigits, text);
}

export function money<C extends Currency>(currency: C, minor: bigint): Money<C> {
  return { currency, minor: minor as MinorUnits };
}

export function add<C extends Currency>(left: Money<C>, right: Money<NoInfer<C>>): Money<C> {
  invariant(left.currency === right.currency, `cannot add ${right.currency} to ${left.currency}`);
  return money(left.currency, left.minor + right.minor);
}

export function subtract<C extends Currency>(left: Money<C>, right: Money<NoInfer<C>>): Money<C> {
  invariant(left.currency === right.currency, `cannot subtract ${right.currency} from ${left.currency}`);
  return money(left.currency, left.minor - right.minor);
}

export function sameMoney(left: Money, right: Money): boolean {
  return left.currency === right.currency && left.minor === right.minor;
}

/** `amount × rate`, rounded to a whole minor unit in the named way. */
export function multiply<C extends Currency>(amount: Money<C>, rate: Rate, rounding: Rounding): Money<C> {
  return money(amount.currency, divide(amount.minor * rate.numerator, rate.denominator, rounding));
}

/** `amount × numerator ÷ denominator`, a half away from zero: how a price becomes a line and a rate becomes a tax. */
export function multiplyHalfUp<C extends Currency>(amount: Money<C>, numerator: bigint, denominator: bigint): Money<C> {
  return multiply(amount, { numerator, denominator }, 'half-up');
}

/** The multiple of `unitMinor` minor units (≥ 1) that the named rounding gives: what coins can pay of an amount. */
export function roundToMultiple<C extends Currency>(amount: Money<C>, unitMinor: bigint, rounding: Rounding): Money<C> {
  invariant(unitMinor >= 1n, 'a rounding unit is at least one minor unit');
  return money(amount.currency, divide(amount.minor, unitMinor, rounding) * unitMinor);
}

function divide(dividend: bigint, divisor: bigint, rounding: Rounding): bigint {
  invariant(divisor !== 0n, 'division by zero');
  const negative = dividend < 0n !== divisor < 0n;
  const top = dividend < 0n ? -dividend : dividend;
  const bottom = divisor < 0n ? -divisor : divisor;
  const quotient = top / bottom;
  const rest = top % bottom;
  const away = rest !== 0n && roundsAway(rounding, rest * 2n, bottom, quotient);
  const magnitude = away ? quotient + 1n : quotient;
  return negative ? -magnitude : magnitude;
}

// 'down' is toward zero and 'up' away from it; a half is exactly `twiceRest === bottom`.
function roundsAway(rounding: Rounding, twiceRest: bigint, bottom: bigint, quotient: bigint): boolean {
  if (rounding === 'down') return false;
  if (rounding === 'up') return true;
  if (twiceRest !== bottom) return twiceRest > bottom;
  return rounding === 'half-up' || quotient % 2n === 1n;
}

/**
 * Splits `total` in proportion to `weights` so that the parts sum to it exactly: largest remainder first, earliest on ties.
 * A zero weight gets zero. All weights zero is a broken invariant.
 */
export function allocate<C extends Currency>(total: Money<C>, weights: readonly bigint[]): readonly Money<C>[] {
  const sum = weights.reduce((left, right) => left + right, 0n);
  invariant(sum > 0n && weights.every((weight) => weight >= 0n), 'allocate needs weights ≥ 0 with a positive sum');
  const sign = total.minor < 0n ? -1n : 1n;
  const whole = total.minor * sign;
  const shares = weights.map((weight, index) => ({
    index,
    part: (whole * weight) / sum,
    rest: (whole * weight) % sum,
  }));
  let left = whole - shares.reduce((taken, share) => taken + share.part, 0n);
  for (const share of [...shares].sort((a, b) => (a.rest === b.rest ? a.index - b.index : a.rest > b.rest ? -1 : 1))) {
    if (left === 0n) break;
    share.part += 1n;
    left -= 1n;
  }
  return shares.map((share) => money(total.currency, share.part * sign));
}

/**
 * Reads decimal text such as `"12.30"`. More decimals than the currency has is `too-precise`, anything but plain digits with
 * an optional leading minus `malformed`; 18 whole digits are the most.
 */
export function parseMoney<C extends Currency>(
  currency: C,
  text: string,
): Result<Money<C>, 'malformed' | 'too-precise'> {
  const match = /^(-?)(\d{1,18})(?:\.(\d{1,18}))?$/.exec(text);
  if (match === null) return failure('malformed');
  const digits = minorDigits[currency];
  const fraction = match[3] ?? '';
  if (fraction.length > digits) return failure('too-precise');
  const minor = BigInt(`${match[2]}${fraction.padEnd(digits, '0')}`);
  return success(money(currency, match[1] === '-' ? -minor : minor));
}

/** Decimal text with all the currency's decimals and no symbol: `"12.30"`. The inverse of `parseMoney`. */
export function formatDecimal(amount: Money): string {
  const digits = minorDigits[amount.currency];
  const negative = amount.minor < 0n;
  const text = (negative ? -amount.minor : amount.minor).toString().padStart(digits + 1, '0');
  const whole = text.slice(0, text.length - digits);
  return `${negative ? '-' : ''}${whole}${digits === 0 ? '' : `.${text.slice(-digits)}`}`;
}

/** For people: `¥128.40`, other currencies with their code, `HKD 128.40`. */
export function formatMoney(amount: Money): string {
  const decimal = formatDecimal(amount);
  if (amount.currency !== 'CNY') return `${amount.currency} ${decimal}`;
  return decimal.startsWith('-') ? `-¥${decimal.slice(1)}` : `¥${decimal}`;
}
