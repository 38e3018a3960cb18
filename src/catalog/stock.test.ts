import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type StockMovement, type StockMovementKind, stockBalance } from './stock.ts';
import { at, someProduct, someStore } from './testing/shelf.ts';

const storeId = someStore();
const { id: productId } = someProduct();
const move = (
  kind: StockMovementKind,
  thousandths: number,
  offset: number,
  key = `${kind} ${offset}`,
): StockMovement => ({
  storeId,
  productId,
  kind,
  thousandths,
  at: at(offset),
  key,
});

test('what came less what went is what is there, in thousandths, below nothing too', () => {
  assert.equal(stockBalance([]), 0);
  assert.equal(stockBalance([move('received', 10_000, 0), move('sold', 345, 1), move('returned', 45, 2)]), 9_700);
  assert.equal(stockBalance([move('sold', 1_000, 0)]), -1_000);
});

test('a count sets the balance, and a sale from before it that comes late changes nothing', () => {
  const counted = [move('received', 10_000, 0), move('counted', 7_000, 10)];
  assert.equal(stockBalance(counted), 7_000);
  assert.equal(stockBalance([...counted, move('sold', 2_000, 5)]), 7_000);
  assert.equal(stockBalance([...counted, move('sold', 2_000, 10)]), 7_000);
  assert.equal(stockBalance([...counted, move('sold', 2_000, 11)]), 5_000);
});

test('of two counts at one instant the greater key counts, whichever came first', () => {
  const counts = [move('counted', 1_000, 0, 'a'), move('counted', 2_000, 0, 'b')];
  assert.equal(stockBalance(counts), 2_000);
  assert.equal(stockBalance(counts.toReversed()), 2_000);
});

test('the order in which movements arrive never matters', () => {
  const seed = Number(process.hrtime.bigint() % 2n ** 31n);
  const movement = fc.record({
    kind: fc.constantFrom<StockMovementKind>('received', 'sold', 'returned', 'counted'),
    thousandths: fc.integer({ min: 0, max: 5_000 }),
    offset: fc.integer({ min: 0, max: 5 }),
  });
  fc.assert(
    fc.property(fc.array(movement, { maxLength: 12 }), fc.infiniteStream(fc.nat()), (drawn, order) => {
      const movements = drawn.map(({ kind, thousandths, offset }, index) =>
        move(kind, thousandths, offset, `k${index}`),
      );
      const shuffled = movements.map((one) => ({ one, place: order.next().value ?? 0 }));
      const sorted = shuffled.toSorted((left, right) => left.place - right.place).map(({ one }) => one);
      assert.equal(stockBalance(sorted), stockBalance(movements));
    }),
    { seed },
  );
});
