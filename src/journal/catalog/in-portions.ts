// Large sets go to PostgreSQL in portions: a statement has its time (database.ts), and a hundred thousand rows in one would not
// keep within it.

const portionSize = 2_000;

/** The items in portions, in their order. */
export function* portions<Item>(items: Iterable<Item>): Generator<readonly Item[], void, void> {
  let portion: Item[] = [];
  for (const item of items) {
    portion.push(item);
    if (portion.length < portionSize) continue;
    yield portion;
    portion = [];
  }
  if (portion.length > 0) yield portion;
}

/** What `read` finds of each portion, together. */
export async function readPortions<Item, Found>(
  items: Iterable<Item>,
  read: (portion: readonly Item[]) => Promise<readonly Found[]>,
): Promise<readonly Found[]> {
  const found: Found[] = [];
  for (const portion of portions(items)) for (const one of await read(portion)) found.push(one);
  return found;
}
