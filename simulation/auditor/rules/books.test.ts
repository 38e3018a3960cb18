import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BooksAtEnd } from '../index.ts';
import { found, tell } from '../testing/judge.ts';
import type { SmallWorld } from '../testing/small-world.ts';

function withBalance(books: BooksAtEnd, kind: 'wallet' | 'merchant', balance: string): BooksAtEnd {
  return { ...books, accounts: books.accounts.map((line) => (line.kind === kind ? { ...line, balance } : line)) };
}

test('books that agree with the journal, the facts and what was heard are lawful', () => {
  assert.deepEqual(
    found((world) => tell(world, 'refundedInParts')),
    [],
  );
});

test('books that do not balance, by their own word or by addition, break books-balance', () => {
  const lawful = (world: SmallWorld): void => tell(world, 'paid');
  const byWord = found(lawful, (end) => ({ ...end, books: { ...end.books, balanced: false } }));
  assert.deepEqual(byWord, ['books-balance null']);
  const byAddition = found(lawful, (end) => ({ ...end, books: withBalance(end.books, 'merchant', '10.01') }));
  assert.deepEqual(byAddition, ['books-balance null']);
  const unreadable = found(lawful, (end) => ({ ...end, books: withBalance(end.books, 'wallet', 'ten') }));
  assert.deepEqual(unreadable, ['books-balance null']);
});

test('a merchant that has less than the journal says breaks books-balance', () => {
  const unwritten = found((world) => tell(world, 'refundedInParts', 1));
  assert.deepEqual(unwritten, ['one-ending 7', 'refunds 7', 'books-balance null']);
});

test('a fact that is missing, told twice, out of order or made up breaks books-balance', () => {
  const lawful = (world: SmallWorld): void => tell(world, 'cancelledPaid');
  assert.deepEqual(found(lawful), []);
  const missing = found(lawful, (end) => ({ ...end, facts: end.facts.slice(1) }));
  assert.deepEqual(missing, ['books-balance 7']);
  const doubled = found(lawful, (end) => ({ ...end, facts: [...end.facts, ...end.facts.slice(-1)] }));
  assert.deepEqual(doubled, ['books-balance 7']);
  const turned = found(lawful, (end) => ({ ...end, facts: [...end.facts].reverse() }));
  assert.deepEqual(turned, ['books-balance 7']);
  const madeUp = { type: 'payment.charge.approved', data: { attemptId: 'pa_x', currency: 'CNY', amountMinor: '1' } };
  assert.deepEqual(
    found(lawful, (end) => ({ ...end, facts: [...end.facts, madeUp] })),
    ['books-balance null'],
  );
});

test('facts whose sums differ from the journal break books-balance', () => {
  const lawful = (world: SmallWorld): void => tell(world, 'paid');
  const facts = found(lawful, (end) => ({
    ...end,
    facts: end.facts.map((fact) => ({ ...fact, data: { ...fact.data, amountMinor: '999' } })),
  }));
  assert.deepEqual(facts, ['books-balance null']);
});

test('facts of other rooms are nothing to the books', () => {
  const lawful = (world: SmallWorld): void => tell(world, 'paid');
  const other = { type: 'sale.opened', data: { amountMinor: '5' } };
  assert.deepEqual(
    found(lawful, (end) => ({ ...end, facts: [...end.facts, other] })),
    [],
  );
});

test('a trade at the end that is not what its bookings made of it breaks books-balance', () => {
  const lawful = (world: SmallWorld): void => tell(world, 'cancelledUnpaid');
  const changed = found(lawful, (end) => ({ ...end, trades: [] }));
  assert.deepEqual(changed, ['books-balance null']);
});
