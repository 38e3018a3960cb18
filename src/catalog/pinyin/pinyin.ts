// Reads a Chinese name in pinyin, for whoever looks for it on a Latin keyboard. It is done once, when the product is written or
// imported, and kept with the product: there it can be put right by hand, and no till has to carry the table.

import { syllables } from './syllables.ts';
import { words } from './words.ts';

type Readings = {
  readonly ofCharacter: ReadonlyMap<string, string>;
  readonly ofWord: ReadonlyMap<string, string>;
  readonly wordLengthMax: number;
};

// Made at the first use: a page that never reads a name does not pay for it.
let made: Readings | null = null;

function readings(): Readings {
  if (made !== null) return made;
  const ofCharacter = new Map<string, string>();
  for (const line of syllables.trim().split('\n')) {
    const [syllable = '', characters = ''] = line.split(' ');
    for (const character of characters) ofCharacter.set(character, syllable);
  }
  made = { ofCharacter, ofWord: new Map(words), wordLengthMax: Math.max(...words.map(([word]) => word.length)) };
  return made;
}

/**
 * The name syllable by syllable, without tones, ü as v: `纯牛奶250ml` is `chun niu nai 250ml`. Latin letters and digits stay, in lower
 * case. A character that is not known is left out, so that the others can still be found.
 */
export function pinyinOf(name: string): string {
  const text = name.normalize('NFKC').toLowerCase();
  const parts: string[] = [];
  for (let place = 0; place < text.length; ) {
    const run = /^[a-z0-9]+/.exec(text.slice(place, place + 40))?.[0];
    const [taken, part] = run === undefined ? readChinese(text, place) : [run.length, run];
    if (part !== '') parts.push(part);
    place += taken;
  }
  return parts.join(' ');
}

/** Whether the common reading of every Chinese character of a name is known. */
export function isReadable(name: string): boolean {
  const { ofCharacter } = readings();
  return [...name.normalize('NFKC')].every((sign) => !/\p{Script=Han}/u.test(sign) || ofCharacter.has(sign));
}

function readChinese(text: string, place: number): readonly [taken: number, part: string] {
  const { ofCharacter, ofWord, wordLengthMax } = readings();
  for (let length = Math.min(wordLengthMax, text.length - place); length > 1; length -= 1) {
    const known = ofWord.get(text.slice(place, place + length));
    if (known !== undefined) return [length, known];
  }
  const character = String.fromCodePoint(text.codePointAt(place) ?? 0);
  return [character.length, ofCharacter.get(character) ?? ''];
}
