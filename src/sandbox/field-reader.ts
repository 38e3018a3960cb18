// Reads the fields of untrusted JSON, one at a time, and says which field is wrong and what was expected. The first problem ends
// the reading as a FieldProblem, which the edge that called catches and words in its own protocol.

import { type Currency, isCurrency, type Money, parseMoney } from '#foundation/money.ts';

export class FieldProblem extends Error {
  readonly field: string;
  readonly expected: string;
  constructor(field: string, expected: string) {
    super(`${field}: ${expected}`);
    this.field = field;
    this.expected = expected;
  }
}

export type TextShape = { readonly max: number; readonly pattern?: RegExp; readonly says?: string };

/** A JSON object and the path that leads to it, for messages. */
export class Fields {
  readonly #object: Readonly<Record<string, unknown>>;
  readonly #path: string;

  constructor(value: unknown, path = '') {
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw new FieldProblem(path === '' ? 'body' : path, 'must be a JSON object');
    this.#object = value as Readonly<Record<string, unknown>>;
    this.#path = path;
  }

  name(field: string): string {
    return this.#path === '' ? field : `${this.#path}.${field}`;
  }

  raw(field: string): unknown {
    return Object.hasOwn(this.#object, field) ? this.#object[field] : undefined;
  }

  has(field: string): boolean {
    const value = this.raw(field);
    return value !== undefined && value !== null && value !== '';
  }

  /** A field that must be there, as text; a number is taken as it would be written. */
  text(field: string, shape: TextShape): string {
    const text = this.optionalText(field, shape);
    if (text === undefined) throw this.problem(field, 'is required');
    return text;
  }

  optionalText(field: string, shape: TextShape): string | undefined {
    if (!this.has(field)) return undefined;
    const value = this.raw(field);
    const text = typeof value === 'number' ? String(value) : value;
    if (typeof text !== 'string') throw this.problem(field, 'must be text');
    if (text.length > shape.max) throw this.problem(field, `must have at most ${shape.max} characters`);
    if (shape.pattern !== undefined && !shape.pattern.test(text))
      throw this.problem(field, shape.says ?? `must match ${shape.pattern.source}`);
    return text;
  }

  oneOf<Choice extends string>(field: string, choices: readonly Choice[]): Choice {
    const choice = this.optionalOneOf(field, choices);
    if (choice === undefined) throw this.problem(field, `is required: one of ${choices.join(', ')}`);
    return choice;
  }

  optionalOneOf<Choice extends string>(field: string, choices: readonly Choice[]): Choice | undefined {
    if (!this.has(field)) return undefined;
    const value = this.raw(field);
    const choice = choices.find((each) => each === value);
    if (choice === undefined) throw this.problem(field, `must be one of ${choices.join(', ')}`);
    return choice;
  }

  flag(field: string): boolean {
    const flag = this.optionalFlag(field);
    if (flag === undefined) throw this.problem(field, 'is required: true or false');
    return flag;
  }

  optionalFlag(field: string): boolean | undefined {
    if (!this.has(field)) return undefined;
    const value = this.raw(field);
    if (typeof value !== 'boolean') throw this.problem(field, 'must be true or false');
    return value;
  }

  whole(field: string, from: number, to: number): number {
    const whole = this.optionalWhole(field, from, to);
    if (whole === undefined) throw this.problem(field, `is required: a whole number from ${from} to ${to}`);
    return whole;
  }

  optionalWhole(field: string, from: number, to: number): number | undefined {
    if (!this.has(field)) return undefined;
    return this.#wholeIn(this.raw(field), field, from, to);
  }

  optionalFraction(field: string): number | undefined {
    if (!this.has(field)) return undefined;
    const value = this.raw(field);
    if (typeof value !== 'number' || !(value >= 0 && value <= 1))
      throw this.problem(field, 'must be a number from 0 to 1');
    return value;
  }

  /** One whole number or a list of them. */
  optionalWholes(field: string, from: number, to: number): readonly number[] | undefined {
    if (!this.has(field)) return undefined;
    const value = this.raw(field);
    const list = Array.isArray(value) ? value : [value];
    if (list.length === 0 || list.length > 1_000) throw this.problem(field, 'must have 1 to 1000 numbers');
    return list.map((each: unknown) => this.#wholeIn(each, field, from, to));
  }

  currency(field: string, otherwise?: Currency): Currency {
    const text = this.optionalText(field, { max: 3 }) ?? otherwise;
    if (text === undefined) throw this.problem(field, 'is required: a currency such as CNY');
    if (!isCurrency(text)) throw this.problem(field, 'must be a currency that Alipay knows, such as CNY, HKD or USD');
    return text;
  }

  /** Decimal text such as "12.30", or a number. */
  money(field: string, currency: Currency): Money {
    const text = this.text(field, { max: 40 });
    const amount = parseMoney(currency, text);
    if (amount.ok) return amount.value;
    const says =
      amount.failure === 'too-precise' ? `has more decimals than ${currency}` : 'must be decimal text, "12.30"';
    throw this.problem(field, says);
  }

  object(field: string): Fields {
    if (!this.has(field)) throw this.problem(field, 'is required: an object');
    return new Fields(this.raw(field), this.name(field));
  }

  optionalObject(field: string): Fields | undefined {
    return this.has(field) ? this.object(field) : undefined;
  }

  /** Refuses names that nobody reads, so that a misspelt option is not silently ignored. */
  only(known: readonly string[]): void {
    for (const field of Object.keys(this.#object)) {
      if (!known.includes(field)) throw this.problem(field, `is not known here; allowed: ${known.join(', ')}`);
    }
  }

  problem(field: string, expected: string): FieldProblem {
    return new FieldProblem(this.name(field), expected);
  }

  #wholeIn(value: unknown, field: string, from: number, to: number): number {
    if (typeof value !== 'number' || !Number.isInteger(value) || value < from || value > to)
      throw this.problem(field, `must be a whole number from ${from} to ${to}`);
    return value;
  }
}
