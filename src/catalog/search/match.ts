// How well a product answers what was typed. This is the measure; the index (search-index.ts) finds the same without looking at
// every product, and the tests hold it to this.

import type { Product } from '../product.ts';
import { type Fields, fromEachPiece, initialOf, isLatinTerm, plain, soundsOf, termsOf } from './terms.ts';

/** From worst to best. `word`: inside the name from the beginning of a word, syllable or character on. */
export const matchLevels = { none: 0, fuzzy: 1, word: 2, prefix: 3, exact: 4 } as const;
export type MatchLevel = (typeof matchLevels)[keyof typeof matchLevels];

/** The level of one term, typed without an error. */
export function levelOfTerm(fields: Fields, term: string): MatchLevel {
  const { english, chinese, syllables, codes } = fields;
  if (!isLatinTerm(term)) return levelInRuns(chinese, term);
  let best: MatchLevel = levelInPieces(english, ' ', term);
  for (const sound of soundsOf(syllables)) best = better(best, levelInPieces(sound, '', term));
  best = better(best, levelInPieces(syllables.map(initialOf), '', term));
  for (const code of codes) best = better(best, levelInPieces([code], '', term));
  return best;
}

/** Whether a long term may be in a product at all: cheap, and never wrong when it says no. */
export function mayHold(product: Product, term: string): boolean {
  if (!isLatinTerm(term)) return plain(product.names.zh).includes(term);
  const sound = plain(product.pinyin === '' ? product.names.zh : product.pinyin).replaceAll(/[^a-z0-9]+/g, '');
  if (sound.includes(term) || (sound.includes('v') && sound.replaceAll('v', 'u').includes(term))) return true;
  if (
    plain(product.names.en)
      .replaceAll(/[^a-z0-9]+/g, ' ')
      .includes(term)
  )
    return true;
  if (termsOf(product.code).join('').startsWith(term) || product.barcodes.some((barcode) => barcode.startsWith(term)))
    return true;
  return product.pinyin.split(' ').map(initialOf).join('').includes(term);
}

/** The level of all terms together: each must be there; in a row from the beginning they count as one. */
export function levelOfTerms(terms: readonly string[], levelOf: (term: string) => MatchLevel): MatchLevel {
  const [first, ...others] = terms;
  if (first === undefined) return matchLevels.none;
  if (others.length === 0) return levelOf(first);
  let worst: MatchLevel = matchLevels.word;
  for (const term of terms) {
    const level = levelOf(term);
    if (level < worst) worst = level;
  }
  return phrasesOf(terms).reduce<MatchLevel>((best, phrase) => better(best, levelOf(phrase)), worst);
}

/** Several words as one: as in an English name, and as pinyin typed with gaps. */
export function phrasesOf(terms: readonly string[]): readonly string[] {
  return terms.length > 1 && terms.every(isLatinTerm) ? [terms.join(' '), terms.join('')] : [];
}

export function better(left: MatchLevel, right: MatchLevel): MatchLevel {
  return left > right ? left : right;
}

function levelInPieces(pieces: readonly string[], gap: '' | ' ', term: string): MatchLevel {
  let best: MatchLevel = matchLevels.none;
  for (const [index, rest] of fromEachPiece(pieces, gap).entries()) {
    if (!rest.startsWith(term)) continue;
    if (index > 0) best = better(best, matchLevels.word);
    else best = rest === term ? matchLevels.exact : matchLevels.prefix;
  }
  return best;
}

function levelInRuns(runs: readonly string[], term: string): MatchLevel {
  let best: MatchLevel = matchLevels.none;
  for (const [index, run] of runs.entries()) {
    const level = levelInPieces([...run], '', term);
    const isWhole = runs.length === 1;
    if (index > 0 && level > matchLevels.word) best = better(best, matchLevels.word);
    else best = better(best, level === matchLevels.exact && !isWhole ? matchLevels.prefix : level);
  }
  return best;
}
