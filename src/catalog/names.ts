// What a thing is called, in both languages of the house. A name may be missing in one of them, never in both.

import { failure, type Result, success } from '#foundation/result.ts';

export type Names = { readonly en: string; readonly zh: string };

/** Letters of a name at the most, in either language. */
export const nameLengthMax = 200;

/** Why a name was not taken. `control-character`: a line break or the like, which no label can print. */
export type NameProblem = 'missing' | 'too-long' | 'control-character';

/** Takes names from outside: spaces at the ends and doubled ones go, and one of the two must be there. */
export function parseNames(en: string, zh: string): Result<Names, NameProblem> {
  const names = { en: tidy(en), zh: tidy(zh) };
  if (names.en === '' && names.zh === '') return failure('missing');
  for (const name of [names.en, names.zh]) {
    if (/\p{Cc}/u.test(name)) return failure('control-character');
    if (name.length > nameLengthMax) return failure('too-long');
  }
  return success(names);
}

/** The name to show in a language, or the other one where that is missing. */
export function nameIn(names: Names, language: 'en' | 'zh'): string {
  return names[language] || names.en || names.zh;
}

export function sameNames(left: Names, right: Names): boolean {
  return left.en === right.en && left.zh === right.zh;
}

function tidy(name: string): string {
  return name.replaceAll(/ {2,}/g, ' ').trim();
}
