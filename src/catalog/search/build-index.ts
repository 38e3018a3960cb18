// Builds the search index in small steps, so that a page stays responsive while it does: whoever drives it stops between two steps
// whenever it likes. The steps: read the products, sort the tokens bucket by bucket, lay the places out.

import type { Product } from '../product.ts';
import {
  beginsField,
  isField,
  placeFactor,
  type SearchParts,
  type Vocabulary,
  type VocabularyName,
} from './index-parts.ts';
import { depthOf, type Fields, fieldsOf, fromEachPiece, initialOf, soundsOf } from './terms.ts';

/** A step takes well under a millisecond on a slow till; the sum of them is the work. */
const productsAStep = 50;
const tokensAStep = 2_000;
const blockLength = 65_536;

// In blocks, because copying one large array whenever it is full stops the page for tens of milliseconds.
class GrowingArray {
  readonly #blocks: Uint32Array[] = [];
  length = 0;

  push(value: number): void {
    const place = this.length % blockLength;
    if (place === 0) this.#blocks.push(new Uint32Array(blockLength));
    const block = this.#blocks.at(-1);
    if (block !== undefined) block[place] = value;
    this.length += 1;
  }

  at(index: number): number {
    return this.#blocks[Math.floor(index / blockLength)]?.[index % blockLength] ?? 0;
  }
}

/** The tokens of one vocabulary as they are met. */
class Draft {
  // One map a first letter: a single one of a million tokens stops the page for a moment whenever it grows.
  readonly #numbers = new Map<number, Map<string, number>>();
  readonly tokens: string[] = [];
  readonly placeTokens = new GrowingArray();
  readonly places = new GrowingArray();
  readonly #depth: number;

  constructor(depth: number) {
    this.#depth = depth;
  }

  /** Notes that `text` stands in an entry, from a place at which something begins up to the end of its field. */
  add(text: string, entry: number, isBeginning: boolean): void {
    const token = text.length > this.#depth ? text.slice(0, this.#depth) : text;
    const numbers = this.#numbersOf(token.charCodeAt(0));
    let number = numbers.get(token);
    if (number === undefined) {
      number = this.tokens.length;
      this.tokens.push(token);
      numbers.set(token, number);
    }
    this.placeTokens.push(number);
    const whole = isBeginning && token.length === text.length ? isField : 0;
    this.places.push(entry * placeFactor + (isBeginning ? beginsField : 0) + whole);
  }

  #numbersOf(unit: number): Map<string, number> {
    let numbers = this.#numbers.get(unit);
    if (numbers === undefined) {
      numbers = new Map();
      this.#numbers.set(unit, numbers);
    }
    return numbers;
  }
}

/**
 * Reads the active ones of `products`, which come in the order in which equally good finds are shown: best seller first. Each `next()`
 * is a step; the value at the end is the index.
 */
export function* buildIndex(products: Iterable<Product>): Generator<void, SearchParts, void> {
  const drafts: Record<VocabularyName, Draft> = {
    words: new Draft(depthOf.words),
    letters: new Draft(depthOf.letters),
    characters: new Draft(depthOf.characters),
  };
  const ids: string[] = [];
  let read = 0;
  for (const product of products) {
    if (product.isActive) {
      addFields(drafts, fieldsOf(product), ids.length);
      ids.push(product.id);
    }
    read += 1;
    if (read % productsAStep === 0) yield;
  }
  const words = yield* layOut(drafts.words);
  const letters = yield* layOut(drafts.letters);
  const characters = yield* layOut(drafts.characters);
  const { text, starts } = yield* joinIds(ids);
  return { ids: text, idStarts: starts, vocabularies: { words, letters, characters } };
}

function* joinIds(ids: readonly string[]) {
  const starts = new Uint32Array(ids.length + 1);
  const pieces: string[] = [];
  for (let first = 0; first < ids.length; first += tokensAStep) {
    const some = ids.slice(first, first + tokensAStep);
    for (const [index, id] of some.entries()) starts[first + index + 1] = (starts[first + index] ?? 0) + id.length;
    pieces.push(some.join(''));
    yield;
  }
  return { text: pieces.join(''), starts };
}

function addFields(drafts: Readonly<Record<VocabularyName, Draft>>, fields: Fields, entry: number): void {
  const { english, chinese, syllables, codes } = fields;
  const { words, letters, characters } = drafts;
  const addAll = (draft: Draft, texts: readonly string[]) => {
    for (const [index, text] of texts.entries()) draft.add(text, entry, index === 0);
  };
  addAll(words, fromEachPiece(english, ' '));
  for (const sound of soundsOf(syllables)) addAll(words, fromEachPiece(sound, ''));
  addAll(letters, fromEachPiece(syllables.map(initialOf), ''));
  // Of several runs the first begins the name but is not the whole of it: a mark that no one types keeps it from being so.
  const end = chinese.length > 1 ? '\u0000' : '';
  for (const [index, run] of chinese.entries()) {
    const rests = fromEachPiece([...run], '');
    for (const [start, rest] of rests.entries()) characters.add(`${rest}${end}`, entry, index === 0 && start === 0);
  }
  for (const code of codes) letters.add(code, entry, true);
}

function* layOut(draft: Draft): Generator<void, Vocabulary, void> {
  const order = yield* sortTokens(draft.tokens);
  const rankOf = new Uint32Array(order.length);
  const starts = new Uint32Array(order.length + 1);
  for (const [rank, number] of order.entries()) {
    rankOf[number] = rank;
    starts[rank + 1] = (starts[rank] ?? 0) + (draft.tokens[number]?.length ?? 0);
    if (rank % tokensAStep === 0) yield;
  }
  const units = new Uint16Array(starts[order.length] ?? 0);
  for (const [rank, number] of order.entries()) {
    const token = draft.tokens[number] ?? '';
    const start = starts[rank] ?? 0;
    for (let place = 0; place < token.length; place += 1) units[start + place] = token.charCodeAt(place);
    if (rank % tokensAStep === 0) yield;
  }
  return yield* layOutPlaces(draft, rankOf, { units, starts });
}

// A counting sort: how many places each token has, where they begin, and then each into the next free one. Entries were read in
// order, so the places of a token are in order too.
function* layOutPlaces(
  draft: Draft,
  rankOf: Uint32Array,
  { units, starts }: Pick<Vocabulary, 'units' | 'starts'>,
): Generator<void, Vocabulary, void> {
  const { placeTokens, places: met } = draft;
  const placeStarts = new Uint32Array(rankOf.length + 1);
  for (let index = 0; index < met.length; index += 1) {
    const after = (rankOf[placeTokens.at(index)] ?? 0) + 1;
    placeStarts[after] = (placeStarts[after] ?? 0) + 1;
    if (index % (tokensAStep * 10) === 0) yield;
  }
  for (let rank = 0; rank < rankOf.length; rank += 1) {
    placeStarts[rank + 1] = (placeStarts[rank + 1] ?? 0) + (placeStarts[rank] ?? 0);
    if (rank % (tokensAStep * 10) === 0) yield;
  }
  const free = placeStarts.slice();
  const places = new Uint32Array(met.length);
  for (let index = 0; index < met.length; index += 1) {
    const rank = rankOf[placeTokens.at(index)] ?? 0;
    const place = free[rank] ?? 0;
    places[place] = met.at(index);
    free[rank] = place + 1;
    if (index % (tokensAStep * 10) === 0) yield;
  }
  return { units, starts, placeStarts, places };
}

// Sorting all at once would block: tokens go into buckets by their beginning, deep enough that each is sorted within a step.
function* sortTokens(tokens: readonly string[]): Generator<void, readonly number[], void> {
  const order: number[] = [];
  const all: number[] = [];
  for (const number of tokens.keys()) {
    all.push(number);
    if (number % (tokensAStep * 10) === 0) yield;
  }
  yield* sortInto(order, tokens, all, 0);
  return order;
}

function* sortInto(
  order: number[],
  tokens: readonly string[],
  numbers: readonly number[],
  depth: number,
): Generator<void, void, void> {
  if (numbers.length <= tokensAStep / 2 || depth === depthOf.letters) {
    const byToken = (left: number, right: number) => ((tokens[left] ?? '') < (tokens[right] ?? '') ? -1 : 1);
    order.push(...numbers.toSorted(byToken));
    yield;
    return;
  }
  const buckets = new Map<number, number[]>();
  for (const [index, number] of numbers.entries()) {
    const token = tokens[number] ?? '';
    // A token that ends here comes before all that go on.
    const unit = depth < token.length ? token.charCodeAt(depth) : -1;
    const bucket = buckets.get(unit);
    if (bucket === undefined) buckets.set(unit, [number]);
    else bucket.push(number);
    if (index % (tokensAStep * 5) === 0) yield;
  }
  const sorted = [...buckets].toSorted(([left], [right]) => left - right);
  for (const [, bucket] of sorted) yield* sortInto(order, tokens, bucket, depth + 1);
}
