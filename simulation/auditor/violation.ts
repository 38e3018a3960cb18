// What the auditor finds: which rule was broken, in which sale, when, and what was seen.

import type { Instant } from '#foundation/instant.ts';
import type { SaleNumber } from '../shop/happening.ts';

/** Every rule that a world is held to; each is told with its reason where it is judged, under `rules/`. */
export const ruleNames = [
  'one-ending',
  'one-approval',
  'verified-evidence',
  'nothing-kept',
  'word-stands',
  'word-in-time',
  'refunds',
  'books-balance',
  'nothing-stuck',
  'same-answer',
  'known-trades',
  'told-truth',
  'asked-in-measure',
  'no-defect',
] as const;
export type RuleName = (typeof ruleNames)[number];

export type Violation = {
  readonly rule: RuleName;
  /** Null when the breach belongs to no one sale. */
  readonly sale: SaleNumber | null;
  readonly at: Instant;
  /** For a person: ids, amounts in minor units, and what should have been. Never a payer code. */
  readonly detail: string;
};

/** Notes a breach; a rule that finds nothing says nothing. */
export type Breach = (rule: RuleName, sale: SaleNumber | null, detail: string) => void;

/** Keeps the first breach of each rule in each sale: what follows from it would only hide it, and memory stays bounded. */
export class Findings {
  readonly #places = new Set<string>();
  readonly #list: Violation[] = [];

  get list(): readonly Violation[] {
    return this.#list;
  }

  note(violation: Violation): void {
    const place = `${violation.rule} ${violation.sale}`;
    if (this.#places.has(place)) return;
    this.#places.add(place);
    this.#list.push(violation);
  }
}
