import assert from 'node:assert/strict';
import { test } from 'node:test';
import { demoGoods } from '../demo/demo-goods.ts';
import { isReadable, pinyinOf } from './pinyin.ts';
import { syllables } from './syllables.ts';
import { words } from './words.ts';

test('names are read syllable by syllable, words before characters, Latin as it is', () => {
  assert.equal(pinyinOf('纯牛奶250ml'), 'chun niu nai 250ml');
  assert.equal(pinyinOf('重庆火锅底料'), 'chong qing huo guo di liao');
  assert.equal(pinyinOf('薄荷牙膏'), 'bo he ya gao');
  assert.equal(pinyinOf('绿茶'), 'lv cha');
  assert.equal(pinyinOf('５号电池（ＡＡ）'), '5 hao dian chi aa');
  assert.equal(pinyinOf('𠮷野家'), 'ye jia');
  assert.equal(pinyinOf(''), '');
});

test('what cannot be read is told', () => {
  assert.equal(isReadable('纯牛奶 250ml'), true);
  assert.equal(isReadable('𠮷野家'), false);
});

// The collation of the same release family knows the first letter of every syllable by itself: an independent witness of the table.
test('the readings begin with the letter under which the dictionary has them', () => {
  const dictionary = new Intl.Collator('zh-u-co-pinyin');
  const letters = 'ABCDEFGHJKLMNOPQRSTWXYZ'.split('');
  const letterOf = (character: string) =>
    letters.findLast((letter) => dictionary.compare(`\uFDD0${letter}`, character) <= 0)?.toLowerCase();
  const unlike: string[] = [];
  let count = 0;
  for (const line of syllables.trim().split('\n')) {
    const [syllable = '', characters = ''] = line.split(' ');
    assert.match(syllable, /^[a-z]{1,6}$/);
    for (const character of characters) {
      count += 1;
      if (letterOf(character) !== syllable[0]) unlike.push(`${character}${syllable}`);
    }
  }
  assert.equal(count, 6_811);
  // Those that were corrected for the trade, and those whose commonest reading the two sources weigh differently.
  assert.ok(unlike.length <= 45, unlike.join(' '));
  for (const corrected of ['茄qie', '豉chi', '调tiao', '蛤ge', '参shen']) {
    const isCorrected = syllables
      .split('\n')
      .some((line) => line.startsWith(`${corrected.slice(1)} `) && line.includes(corrected.slice(0, 1)));
    assert.ok(isCorrected, corrected);
  }
});

test('a word has as many syllables as characters', () => {
  for (const [word, reading] of words) assert.equal(reading.split(' ').length, [...word].length, word);
});

test('every name of the demo store can be read in full', () => {
  for (const { zh } of demoGoods()) assert.ok(isReadable(zh), zh);
});
