// What is looked for and what is looked in, brought to one spelling: half-width, lower case, without accents, in runs of Latin letters
// and digits ("words") and runs of everything else (Chinese).

import type { Product } from '../product.ts';

/** Letters of a query that count; whatever follows is not looked at. */
export const queryLengthMax = 60;
/** Words of a query that count. */
export const termCountMax = 12;

/** How deep each vocabulary spells its tokens out. A longer term is found by its beginning and then compared in full. */
export const depthOf = { words: 16, letters: 14, characters: 4 } as const;

/** The fields of a product as they are searched. */
export type Fields = {
  /** Latin words with one space between: the English name. */
  readonly english: readonly string[];
  /** Runs of the Chinese name, in order. */
  readonly chinese: readonly string[];
  /** Syllables of the whole Chinese name; Latin words in it count as one. */
  readonly syllables: readonly string[];
  /** What is typed in full or from its beginning: code, barcodes, PLU. */
  readonly codes: readonly string[];
};

const words = /[a-z0-9]+|[^\sa-z0-9\p{P}\p{S}]+/gu;
const isLatin = /^[a-z0-9]/;
const ascii = /^[\x20-\x7e]*$/;

/** One spelling for text that was typed and text that is searched. */
export function plain(text: string): string {
  if (ascii.test(text)) return text.toLowerCase();
  return text.normalize('NFKD').replaceAll(/\p{M}/gu, '').normalize('NFC').toLowerCase();
}

/** The words and runs of a text, in order. */
export function termsOf(text: string): readonly string[] {
  return plain(text).match(words) ?? [];
}

/** What is looked for: as much of what was typed as counts. */
export function readQuery(query: string): readonly string[] {
  return termsOf(query.slice(0, queryLengthMax)).slice(0, termCountMax);
}

export function isLatinTerm(term: string): boolean {
  return isLatin.test(term);
}

export function fieldsOf(product: Product): Fields {
  const zh = termsOf(product.names.zh);
  return {
    english: termsOf(product.names.en).filter(isLatinTerm),
    chinese: zh.filter((term) => !isLatinTerm(term)),
    syllables: (product.pinyin === '' ? zh : termsOf(product.pinyin)).filter(isLatinTerm),
    codes: [
      termsOf(product.code).join(''),
      ...product.barcodes.flatMap(spellingsOfBarcode),
      ...(product.plu === null ? [] : [product.plu]),
    ],
  };
}

// A UPC-A is printed without the zero that makes it an EAN-13.
function spellingsOfBarcode(barcode: string): readonly string[] {
  return barcode.length === 13 && barcode.startsWith('0') ? [barcode, barcode.slice(1)] : [barcode];
}

/** The sound of a name, as it may be typed: ü is v for some and u for others. */
export function soundsOf(syllables: readonly string[]): readonly (readonly string[])[] {
  return syllables.some((syllable) => syllable.includes('v'))
    ? [syllables, syllables.map((syllable) => syllable.replaceAll('v', 'u'))]
    : [syllables];
}

/** Text from each of its pieces on: `['ab', 'c']` gives `abc` and `c`. The first is the whole. */
export function fromEachPiece(pieces: readonly string[], gap: '' | ' '): readonly string[] {
  const whole = pieces.join(gap);
  let place = 0;
  return pieces.map((piece) => {
    const rest = whole.slice(place);
    place += piece.length + gap.length;
    return rest;
  });
}

/** The first letter of a syllable; a run with digits (250ml, a4) is said in full. */
export function initialOf(syllable: string): string {
  return /\d/.test(syllable) ? syllable : syllable.slice(0, 1);
}
