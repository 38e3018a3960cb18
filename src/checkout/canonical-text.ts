// The one spelling of a document. Two machines that mean the same write the same bytes, so that a hash of the text stands for the
// document and a difference of one byte is a difference of meaning.
//
// It is JSON without white space, with the keys of every object sorted by their UTF-16 code units, bigints as decimal strings
// (money is `{"currency":"CNY","minor":"1230"}`), and no number that is not whole.

import { invariant } from '#foundation/result.ts';

/** What can be spelled in one way: plain data without floats, without `undefined`. */
export type Plain = string | number | bigint | boolean | null | readonly Plain[] | { readonly [key: string]: Plain };

/** The canonical text of plain data. A number that is not a safe whole number is a broken invariant. */
export function canonicalText(value: Plain): string {
  if (value === null || typeof value === 'boolean') return String(value);
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value === 'bigint') return `"${value}"`;
  if (typeof value === 'number') {
    invariant(Number.isSafeInteger(value) && !Object.is(value, -0), `${value} has no canonical text`);
    return String(value);
  }
  if (isList(value)) return `[${value.map(canonicalText).join(',')}]`;
  const pairs = Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${canonicalText(fieldOf(value, key))}`);
  return `{${pairs.join(',')}}`;
}

function isList(value: Plain): value is readonly Plain[] {
  return Array.isArray(value);
}

function fieldOf(record: { readonly [key: string]: Plain }, key: string): Plain {
  const value = record[key];
  invariant(value !== undefined, `${key} has no canonical text`);
  return value;
}

/**
 * The first place, in canonical order, where `claimed` is not `right`, in words; `null` when they mean the same. Money is told as
 * an amount in minor units.
 */
export function firstDifference(claimed: Plain, right: Plain, path: string): string | null {
  if (isList(claimed) && isList(right)) {
    for (const [index, item] of right.entries()) {
      const other = claimed[index];
      if (other === undefined) return `${path} has ${claimed.length} entries, but ${right.length} are right`;
      const difference = firstDifference(other, item, `${path}[${index}]`);
      if (difference !== null) return difference;
    }
    const isLonger = claimed.length > right.length;
    return isLonger ? `${path} has ${claimed.length} entries, but ${right.length} are right` : null;
  }
  if (isRecord(claimed) && isRecord(right) && !isMoney(right)) {
    for (const key of [...new Set([...Object.keys(claimed), ...Object.keys(right)])].sort()) {
      const [left, other] = [claimed[key], right[key]];
      if (left === undefined) return `${path}.${key} is missing`;
      if (other === undefined) return `${path}.${key} does not belong there`;
      const difference = firstDifference(left, other, `${path}.${key}`);
      if (difference !== null) return difference;
    }
    return null;
  }
  const [left, other] = [canonicalText(claimed), canonicalText(right)];
  return left === other ? null : `${path} is ${inWords(claimed)}, but ${inWords(right)} is right`;
}

function isRecord(value: Plain): value is { readonly [key: string]: Plain } {
  return typeof value === 'object' && value !== null && !isList(value);
}

function isMoney(value: { readonly [key: string]: Plain }): boolean {
  return moneyInWords(value) !== null;
}

function moneyInWords({ minor, currency }: { readonly [key: string]: Plain }): string | null {
  if (typeof minor !== 'bigint' || typeof currency !== 'string') return null;
  return `${minor} minor units of ${currency}`;
}

function inWords(value: Plain): string {
  return (isRecord(value) ? moneyInWords(value) : null) ?? canonicalText(value);
}
