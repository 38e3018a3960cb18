// What somebody may have meant who made one typing error: a letter too many, one too few, a wrong one, or two the wrong way round.
// Every such spelling is looked up by itself, which in sorted tokens costs less than measuring each token's distance.

/** From how many letters on a word may hold an error: with fewer, every word is like every other. */
export const errorLengthMin = 4;
/** Letters that a repaired word is looked up by; the rest is not compared. */
const repairedLengthMax = 12;
// A space as well: `cocacola` lacks one.
const letters = 'abcdefghijklmnopqrstuvwxyz ';

/** Whether a term may hold an error: letters only; in numbers an error is another product. */
export function mayErr(term: string): boolean {
  return term.length >= errorLengthMin && /^[a-z]+$/.test(term);
}

/** The beginnings of what may have been meant by `typed`, each 12 letters at the most. */
export function* repairs(typed: string): Generator<string, void, void> {
  const term = typed.slice(0, repairedLengthMax - 1);
  for (let place = 0; place <= term.length; place += 1) {
    const before = term.slice(0, place);
    const here = term.slice(place);
    const after = term.slice(place + 1);
    // Without its last letter a short word is the beginning of too much.
    if (place < term.length - 1 || (place < term.length && term.length >= 6)) yield `${before}${after}`;
    if (place + 1 < term.length) yield `${before}${term[place + 1]}${term[place]}${term.slice(place + 2)}`;
    for (const letter of letters) {
      if (place < term.length && letter !== term[place]) yield `${before}${letter}${after}`;
      if (place < term.length) yield `${before}${letter}${here}`;
    }
  }
}
