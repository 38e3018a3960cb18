// Finds products while somebody types. Every term marks the entries in which it stands, from a few contiguous stretches of sorted
// tokens; the marks of all terms are joined; and the best are read off in order. No step looks at a product's text, save for terms that
// are longer than the index is deep.

import { type ProductId, parseId } from '#foundation/id.ts';
import { invariant } from '#foundation/result.ts';
import type { Product } from '../product.ts';
import {
  beginsField,
  isField,
  placeFactor,
  type SearchParts,
  type Stretch,
  stretchOf,
  type VocabularyName,
} from './index-parts.ts';
import { levelOfTerm, type MatchLevel, matchLevels, mayHold, phrasesOf } from './match.ts';
import { depthOf, fieldsOf, isLatinTerm, readQuery } from './terms.ts';
import { mayErr, repairs } from './typing-error.ts';

export type SearchHit = { readonly id: ProductId; readonly level: MatchLevel };

/** Hits that are shown at the most, where nobody asks for fewer. */
export const hitCountMax = 50;

export type FindProduct = (id: ProductId) => Product | undefined;

export class SearchIndex {
  readonly #parts: SearchParts;
  readonly #find: FindProduct;
  readonly #size: number;
  // Used anew by every search, so that a keystroke leaves no garbage of the size of the catalogue.
  readonly #total: Uint8Array;
  readonly #term: Uint8Array;

  /** `find` gives the products that the index was built from, by id. */
  constructor(parts: SearchParts, find: FindProduct) {
    this.#parts = parts;
    this.#find = find;
    this.#size = parts.idStarts.length - 1;
    this.#total = new Uint8Array(this.#size);
    this.#term = new Uint8Array(this.#size);
  }

  /**
   * The best hits for what was typed: exact before prefix before word before fuzzy, and within each in the order in which the index
   * was built. Nothing typed finds nothing. `isHidden` leaves entries out, which have changed since.
   */
  search(query: string, limit = hitCountMax, isHidden: (id: ProductId) => boolean = () => false): readonly SearchHit[] {
    const terms = readQuery(query);
    if (terms.length === 0) return [];
    this.#mark(terms, false);
    const strict = this.#readOff(limit, isHidden);
    if (strict.length === limit || !terms.some(mayErr)) return strict;
    this.#mark(terms, true);
    return this.#readOff(limit, isHidden);
  }

  #mark(terms: readonly string[], withErrors: boolean): void {
    const total = this.#total;
    const term = this.#term;
    // Several words are each found inside the name; only together may they be its beginning or the whole of it.
    total.fill(terms.length === 1 ? matchLevels.exact : matchLevels.word);
    for (const text of terms) {
      term.fill(matchLevels.none);
      this.#markTerm(text);
      if (withErrors && mayErr(text)) this.#markRepairs(text);
      for (let entry = 0; entry < total.length; entry += 1) {
        const level = term[entry] ?? 0;
        if (level < (total[entry] ?? 0)) total[entry] = level;
      }
    }
    for (const phrase of phrasesOf(terms)) {
      term.fill(matchLevels.none);
      // Where a phrase with its spaces stands, each of its words does: the others need not be compared.
      this.#markTerm(phrase, phrase.includes(' '));
      for (let entry = 0; entry < total.length; entry += 1) {
        const level = term[entry] ?? 0;
        if (level > (total[entry] ?? 0)) total[entry] = level;
      }
    }
  }

  #markTerm(text: string, isAmongTotal = false): void {
    const names: readonly VocabularyName[] = isLatinTerm(text) ? ['words', 'letters'] : ['characters'];
    let isCut = false;
    for (const name of names) {
      const beginning = text.slice(0, depthOf[name]);
      if (beginning.length < text.length) isCut = true;
      this.#markStretch(name, stretchOf(this.#parts.vocabularies[name], beginning), beginning.length);
    }
    if (isCut) this.#compareInFull(text, isAmongTotal);
  }

  #markStretch(name: VocabularyName, { low, high }: Stretch, length: number): void {
    if (low === high) return;
    const { starts, placeStarts, places } = this.#parts.vocabularies[name];
    const term = this.#term;
    // A token that is the term itself sorts before those that go on.
    const isSame = (starts[low + 1] ?? 0) - (starts[low] ?? 0) === length;
    const sameEnd = isSame ? (placeStarts[low + 1] ?? 0) : 0;
    const end = placeStarts[high] ?? 0;
    for (let index = placeStarts[low] ?? 0; index < end; index += 1) {
      const place = places[index] ?? 0;
      const entry = (place - (place % placeFactor)) / placeFactor;
      let level: MatchLevel = matchLevels.word;
      if ((place & beginsField) !== 0) {
        level = index < sameEnd && (place & isField) !== 0 ? matchLevels.exact : matchLevels.prefix;
      }
      if (level > (term[entry] ?? 0)) term[entry] = level;
    }
  }

  #markRepairs(text: string): void {
    const { words } = this.#parts.vocabularies;
    const term = this.#term;
    for (const repaired of repairs(text)) {
      const { low, high } = stretchOf(words, repaired);
      const end = words.placeStarts[high] ?? 0;
      for (let index = words.placeStarts[low] ?? 0; index < end; index += 1) {
        const entry = Math.floor((words.places[index] ?? 0) / placeFactor);
        if (term[entry] === matchLevels.none) term[entry] = matchLevels.fuzzy;
      }
    }
  }

  #compareInFull(text: string, isAmongTotal: boolean): void {
    const term = this.#term;
    for (let entry = 0; entry < term.length; entry += 1) {
      if (term[entry] === matchLevels.none) continue;
      term[entry] = matchLevels.none;
      if (isAmongTotal && this.#total[entry] === matchLevels.none) continue;
      const product = this.#find(this.#idOf(entry));
      if (product !== undefined && mayHold(product, text)) term[entry] = levelOfTerm(fieldsOf(product), text);
    }
  }

  #readOff(limit: number, isHidden: (id: ProductId) => boolean): readonly SearchHit[] {
    const total = this.#total;
    const hits: SearchHit[] = [];
    for (const level of [matchLevels.exact, matchLevels.prefix, matchLevels.word, matchLevels.fuzzy]) {
      for (let entry = total.indexOf(level); entry !== -1; entry = total.indexOf(level, entry + 1)) {
        if (hits.length === limit) return hits;
        const id = this.#idOf(entry);
        if (!isHidden(id)) hits.push({ id, level });
      }
    }
    return hits;
  }

  #idOf(entry: number): ProductId {
    const { ids, idStarts } = this.#parts;
    const id = parseId('product', ids.slice(idStarts[entry], idStarts[entry + 1]));
    invariant(id !== undefined, `entry ${entry} of the index has no id`);
    return id;
  }
}
