// How facts reach the outbox: as JSON beside the write that they tell of, joined to it by its mark.

import type { Fact } from '#payment/index.ts';
import { storable } from './attempt-rows.ts';

export const factTypes = 'write_mark text, place int, type text, data jsonb';

/** The facts of one write under the names of `factTypes`; the statement's caller adds `place`, their order. */
export function factRows(facts: readonly Fact[], mark: string) {
  return facts.map(({ type, data }) => ({ write_mark: mark, type, data: storableData(data) }));
}

function storableData(data: Fact['data']): Fact['data'] {
  return Object.fromEntries(
    Object.entries(data).map(([name, value]) => [name, typeof value === 'string' ? storable(value) : value]),
  );
}
