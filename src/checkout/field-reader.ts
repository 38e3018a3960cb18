// Reads plain data from outside, field by field, and names every field that is not as it must be. A reader answers the value in our
// own type or `unread`, and writes down why; what it does not know it refuses, so that nothing rides along unread.

import { isCurrency, type Money, money } from '#foundation/money.ts';
import { isFitText, textBounds } from './well-formed.ts';

export const unread: unique symbol = Symbol('unread');
export type Unread = typeof unread;

/** Collects what is wrong, at most a hundred things: more help nobody. */
export class Problems {
  readonly #found: string[] = [];
  add(path: string, what: string): Unread {
    if (this.#found.length < 100) this.#found.push(`${path}: ${what}`);
    return unread;
  }
  get all(): readonly string[] {
    return this.#found;
  }
}

export type Reader<Value> = (value: unknown, path: string, problems: Problems) => Value | Unread;
export type ReadBy<R> = R extends Reader<infer Value> ? Value : never;

/** A value that `accept` takes, or `what` is said of it. */
export function accepted<Value>(what: string, accept: (value: unknown) => Value | undefined): Reader<Value> {
  return (value, path, problems) => {
    const taken = accept(value);
    return taken === undefined ? problems.add(path, what) : taken;
  };
}

/** Text of `lengthMin` to `lengthMax` UTF-16 units, well-formed and without NUL, which no database keeps. */
export function text(lengthMax: number, lengthMin = 1): Reader<string> {
  return accepted(`must be text of ${lengthMin} to ${lengthMax} characters`, (value) => {
    return typeof value === 'string' && isFitText(value, lengthMax, lengthMin) ? value : undefined;
  });
}

/** An id of another room, or a code of the store. */
export const word = text(textBounds.wordLengthMax);
/** Why somebody did something. */
export const reason = text(textBounds.reasonLengthMax);

/** A whole number within bounds, both included. */
export function wholeNumber(min: number, max: number): Reader<number> {
  return accepted(`must be a whole number from ${min} to ${max}`, (value) => {
    const isFit = typeof value === 'number' && Number.isSafeInteger(value) && value >= min && value <= max;
    return isFit && !Object.is(value, -0) ? value : undefined;
  });
}

export const flag: Reader<boolean> = accepted('must be true or false', (value) =>
  typeof value === 'boolean' ? value : undefined,
);

/** One of a closed set of words. */
export function oneOf<const Word extends string>(words: readonly Word[]): Reader<Word> {
  return accepted(`must be one of ${words.join(', ')}`, (value) => words.find((word) => word === value));
}

/** The same, or `null`. */
export function nullable<Value>(reader: Reader<Value>): Reader<Value | null> {
  return (value, path, problems) => (value === null ? null : reader(value, path, problems));
}

/** A list of at most `lengthMax`. */
export function list<Value>(reader: Reader<Value>, lengthMax: number): Reader<readonly Value[]> {
  return (value, path, problems) => {
    if (!Array.isArray(value)) return problems.add(path, 'must be a list');
    if (value.length > lengthMax) return problems.add(path, `must have at most ${lengthMax} entries`);
    const taken: Value[] = [];
    for (const [index, item] of value.entries()) {
      const read = reader(item, `${path}[${index}]`, problems);
      if (read !== unread) taken.push(read);
    }
    return taken.length === value.length ? taken : unread;
  };
}

type Shape = Readonly<Record<string, Reader<unknown>>>;
type Fields<S extends Shape> = { readonly [Name in keyof S]: ReadBy<S[Name]> };

/** An object with exactly these fields. */
export function fields<S extends Shape>(shape: S): Reader<Fields<S>> {
  return (value, path, problems) => {
    if (!isObject(value)) return problems.add(path, 'must be an object');
    for (const name of Object.keys(value)) {
      if (!Object.hasOwn(shape, name)) problems.add(`${path}.${name}`, 'is not a field that belongs here');
    }
    const taken: Record<string, unknown> = {};
    let isWhole = Object.keys(value).every((name) => Object.hasOwn(shape, name));
    for (const [name, reader] of Object.entries(shape)) {
      const read = Object.hasOwn(value, name)
        ? reader(value[name], `${path}.${name}`, problems)
        : problems.add(`${path}.${name}`, 'is missing');
      if (read === unread) isWhole = false;
      else taken[name] = read;
    }
    return isWhole ? (taken as Fields<S>) : unread;
  };
}

/** An object whose `kind` says which reader it is for. */
export function byKind<Kinds extends Shape>(kinds: Kinds): Reader<ReadBy<Kinds[keyof Kinds]>> {
  const readKind = oneOf(Object.keys(kinds));
  return (value, path, problems) => {
    if (!isObject(value)) return problems.add(path, 'must be an object');
    const kind = readKind(value['kind'], `${path}.kind`, problems);
    if (kind === unread) return unread;
    const read = kinds[kind]?.(value, path, problems);
    return read as ReadBy<Kinds[keyof Kinds]> | Unread;
  };
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Money in its canonical form, a string of minor units with a currency. With `minorMin` 0 it is never below nothing. */
export function amount(minorMin: bigint | null = 0n): Reader<Money> {
  const readParts = fields({
    currency: accepted('must be a known currency', (value) =>
      typeof value === 'string' && isCurrency(value) ? value : undefined,
    ),
    minor: accepted('must be a string of minor units', (value) =>
      typeof value === 'string' && /^(?:0|-?[1-9]\d{0,17})$/.test(value) ? BigInt(value) : undefined,
    ),
  });
  return (value, path, problems) => {
    const read = readParts(value, path, problems);
    if (read === unread) return unread;
    if (minorMin !== null && read.minor < minorMin)
      return problems.add(`${path}.minor`, `must be at least ${minorMin}`);
    return money(read.currency, read.minor);
  };
}
