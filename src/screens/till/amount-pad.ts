// The amount as a cashier keys it: text such as "12.3", never a number, until it is money. Keys that would make it invalid
// are not taken, so what stands on the screen can always be charged once it is above zero.

import { type Currency, type Money, minorDigits, parseMoney } from '#foundation/money.ts';

export type PadKey = '0' | '1' | '2' | '3' | '4' | '5' | '6' | '7' | '8' | '9' | '00' | '.' | 'erase' | 'clear';

/** 999,999.99 is the most that one sale can be keyed for; a longer run of digits is a slip, or a code typed by mistake. */
const wholeDigitsMax = 6;

const padKeys: ReadonlySet<string> = new Set<PadKey>(['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '.']);

/** The pad key of a keyboard key, or `undefined` when the keyboard key has no part in an amount. */
export function padKeyOf(key: string): PadKey | undefined {
  if (key === 'Backspace') return 'erase';
  if (key === 'Delete' || key === 'Clear') return 'clear';
  if (key === ',' || key === 'Decimal' || key === 'Separator' || key === '。') return '.';
  return isDigitOrPoint(key) ? key : undefined;
}

function isDigitOrPoint(key: string): key is PadKey {
  return padKeys.has(key);
}

/** The text after one more key; the same text when the key cannot be taken. */
export function pressKey(text: string, key: PadKey, currency: Currency): string {
  if (key === 'clear') return '';
  if (key === 'erase') return text.slice(0, -1);
  if (key === '00') return pressKey(pressKey(text, '0', currency), '0', currency);
  if (key === '.') {
    if (text.includes('.') || minorDigits[currency] === 0) return text;
    return text === '' ? '0.' : `${text}.`;
  }
  const point = text.indexOf('.');
  if (point >= 0) return text.length - point > minorDigits[currency] ? text : text + key;
  if (text === '0') return key;
  if (text === '' && key === '0') return '0';
  return text.length >= wholeDigitsMax ? text : text + key;
}

/** The money that the text stands for, or `undefined` while it is nothing or zero. */
export function readPad(text: string, currency: Currency): Money | undefined {
  const parsed = parseMoney(currency, text.endsWith('.') ? text.slice(0, -1) : text);
  return parsed.ok && parsed.value.minor > 0n ? parsed.value : undefined;
}

/** What the display shows: the symbol, the keyed text, and in `rest` the decimals not keyed yet. */
export function showPad(text: string, currency: Currency): { readonly keyed: string; readonly rest: string } {
  const symbol = currency === 'CNY' ? '¥' : `${currency} `;
  const digits = minorDigits[currency];
  if (text === '') return { keyed: symbol, rest: digits === 0 ? '0' : `0.${'0'.repeat(digits)}` };
  const point = text.indexOf('.');
  const missing = point < 0 ? digits : digits - (text.length - point - 1);
  const rest = digits === 0 ? '' : `${point < 0 ? '.' : ''}${'0'.repeat(missing)}`;
  return { keyed: `${symbol}${text}`, rest };
}
