// The finished index: for each of three vocabularies the sorted tokens and, token by token, the places where they stand. All of it is
// typed arrays and one string, so that a worker can build it and hand it over without a copy.
//
// A token is a piece of a name from the beginning of a word, syllable or character on: whatever begins with what was typed stands
// side by side in the sorted tokens, and so do its places.

/** Tokens in the order of their UTF-16 units, and where each stands. */
export type Vocabulary = {
  /** The tokens one after another. */
  readonly units: Uint16Array;
  /** Where each begins in `units`; one more for the end. */
  readonly starts: Uint32Array;
  /** Where the places of each begin in `places`; one more for the end. */
  readonly placeStarts: Uint32Array;
  /** The entry's number × 4, + 2 when the token begins its field, + 1 when it is the whole of it. */
  readonly places: Uint32Array;
};

/** `words`: English words and pinyin; `letters`: pinyin initials, codes, barcodes; `characters`: Chinese. */
export type VocabularyName = 'words' | 'letters' | 'characters';

/** An index in a form that can be sent to another thread; `transferables` names what need not be copied. */
export type SearchParts = {
  /** The ids of the entries, each as long as it is, the best seller first. */
  readonly ids: string;
  readonly idStarts: Uint32Array;
  readonly vocabularies: Readonly<Record<VocabularyName, Vocabulary>>;
};

export const placeFactor = 4;
export const beginsField = 2;
export const isField = 1;

/** A stretch of tokens, from `low` up to but without `high`. */
export type Stretch = { readonly low: number; readonly high: number };

/** The tokens that begin with `beginning`. */
export function stretchOf(vocabulary: Vocabulary, beginning: string): Stretch {
  return { low: boundary(vocabulary, beginning, false), high: boundary(vocabulary, beginning, true) };
}

/** The buffers of an index, for the transfer list of postMessage. */
export function transferables(parts: SearchParts): readonly ArrayBufferLike[] {
  const of = ({ units, starts, placeStarts, places }: Vocabulary) => [units, starts, placeStarts, places];
  const { words, letters, characters } = parts.vocabularies;
  return [parts.idStarts, ...of(words), ...of(letters), ...of(characters)].map((array) => array.buffer);
}

// The first token that is not before `beginning`; with `past`, the first that is after all that begin with it.
function boundary({ units, starts }: Vocabulary, beginning: string, past: boolean): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const order = compareStart(units, starts[middle] ?? 0, starts[middle + 1] ?? 0, beginning);
    if (order < 0 || (past && order === 0)) low = middle + 1;
    else high = middle;
  }
  return low;
}

// Below 0: the token comes before all that begin with `beginning`; 0: it is one of them; above 0: it comes after.
function compareStart(units: Uint16Array, start: number, end: number, beginning: string): number {
  for (let place = 0; place < beginning.length; place += 1) {
    if (start + place >= end) return -1;
    const difference = (units[start + place] ?? 0) - beginning.charCodeAt(place);
    if (difference !== 0) return difference;
  }
  return 0;
}
