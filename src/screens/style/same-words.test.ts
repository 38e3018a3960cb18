// Both languages of each page say the same things: the same keys, the same places for values, and nothing left empty or in the
// wrong language. The compiler holds the keys too; this holds them for languages that are added without it.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { tillEnglish } from '../till/words/en.ts';
import { tillChinese } from '../till/words/zh.ts';
import { walletEnglish } from '../wallet/words/en.ts';
import { walletChinese } from '../wallet/words/zh.ts';

type Tree = { readonly [key: string]: string | Tree };

function sentences(tree: Tree, path = ''): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const [key, value] of Object.entries(tree)) {
    const at = path === '' ? key : `${path}.${key}`;
    if (typeof value === 'string') found.set(at, value);
    else for (const [inner, text] of sentences(value, at)) found.set(inner, text);
  }
  return found;
}

function valuesIn(sentence: string): readonly string[] {
  return [...sentence.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1] ?? '').sort();
}

const pages: readonly (readonly [string, Tree, Tree])[] = [
  ['till', tillEnglish, tillChinese],
  ['wallet', walletEnglish, walletChinese],
];

for (const [page, english, chinese] of pages) {
  describe(`the words of the ${page}`, () => {
    const inEnglish = sentences(english);
    const inChinese = sentences(chinese);

    it('have the same keys in both languages', () => {
      assert.deepEqual([...inChinese.keys()].sort(), [...inEnglish.keys()].sort());
    });

    it('carry the same values in both languages', () => {
      for (const [key, text] of inEnglish) assert.deepEqual(valuesIn(inChinese.get(key) ?? ''), valuesIn(text), key);
    });

    it('are written in their own language, and none is empty', () => {
      for (const [key, text] of inEnglish) assert.match(text, /^[^\u3000-\u9fff]+$/u, key);
      for (const [key, text] of inChinese) assert.match(text, /[\u4e00-\u9fff]/u, key);
    });

    it('do not shout', () => {
      for (const text of [...inEnglish.values(), ...inChinese.values()]) assert.doesNotMatch(text, /[!！]/u);
    });
  });
}
