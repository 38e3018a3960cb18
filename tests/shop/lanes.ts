// Thousands of small questions, a few at a time.

const laneCount = 8;

/** Asks about every item; answers in the order of the items. */
export async function mapInLanes<Item, Answer>(
  items: readonly Item[],
  ask: (item: Item) => Promise<Answer>,
): Promise<readonly Answer[]> {
  const answers: Answer[] = [];
  const waiting = items.entries();
  const lane = async (): Promise<void> => {
    for (const [index, item] of waiting) answers[index] = await ask(item);
  };
  await Promise.all(Array.from({ length: laneCount }, lane));
  return answers;
}
