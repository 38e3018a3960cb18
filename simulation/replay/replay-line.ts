// One line that tells a world again: its seed, its sales, and, when it was made smaller, the fates that are left.

import { parseArgs } from 'node:util';
import type { WorldOrder } from '../shop/world.ts';

/** The command that replays a world and tells its story. */
export function replayLine({ seed, sales, fates }: WorldOrder): string {
  const kept = fates === null ? '' : ` --fates '${[...fates].join('; ')}'`;
  return `npm run simulate -- --world ${seed} --only ${rangesOf(sales)}${kept}`;
}

/** The words of a line as a shell would hand them over: what stands in quotes is one word. */
export function wordsOf(line: string): readonly string[] {
  return Array.from(line.matchAll(/'([^']*)'|(\S+)/g), ([, quoted, plain]) => quoted ?? plain ?? '');
}

/** Reads what stands after `npm run simulate --`; throws a sentence when it is not such a line. */
export function parseReplayLine(words: readonly string[]): WorldOrder {
  const { values } = parseArgs({
    args: [...words],
    options: { world: { type: 'string' }, only: { type: 'string' }, fates: { type: 'string' } },
  });
  const seed = Number(values.world);
  if (!Number.isSafeInteger(seed) || seed < 0 || seed >= 2 ** 32)
    throw new Error('--world must be a whole number from 0 to 4294967295');
  const fates = values.fates === undefined ? null : new Set(values.fates.split('; ').filter((key) => key !== ''));
  return { seed, sales: parseRanges(values.only ?? '0-2499'), fates };
}

/** `0-3,7` for 0, 1, 2, 3 and 7. */
function rangesOf(sales: readonly number[]): string {
  const parts: string[] = [];
  for (let index = 0; index < sales.length; ) {
    let end = index;
    while (sales[end + 1] === (sales[end] ?? 0) + 1) end += 1;
    parts.push(end === index ? `${sales[index]}` : `${sales[index]}-${sales[end]}`);
    index = end + 1;
  }
  return parts.join(',');
}

function parseRanges(text: string): readonly number[] {
  const sales = new Set<number>();
  for (const part of text.split(',')) {
    const range = /^(\d{1,7})(?:-(\d{1,7}))?$/.exec(part);
    if (range === null) throw new Error(`--only must list sales, as in 0-3,7; this cannot be read: ${part}`);
    const [from, to] = [Number(range[1]), Number(range[2] ?? range[1])];
    if (to < from) throw new Error(`--only: ${part} ends before it begins`);
    for (let sale = from; sale <= to; sale += 1) sales.add(sale);
  }
  return [...sales].sort((left, right) => left - right);
}
