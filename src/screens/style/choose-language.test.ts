import assert from 'node:assert/strict';
import { it } from 'node:test';
import { chooseLanguage } from './choose-language.ts';

it('keeps the language that was chosen on this device', () => {
  assert.equal(chooseLanguage('zh-CN', ['en-GB']), 'zh-CN');
  assert.equal(chooseLanguage('en', ['zh-CN']), 'en');
});

it("takes the first of the browser's languages that it has", () => {
  assert.equal(chooseLanguage(null, ['fr-FR', 'zh-HK', 'en']), 'zh-CN');
  assert.equal(chooseLanguage(null, ['EN-us', 'zh']), 'en');
});

it('speaks English when it has none of them, or a remembered one is unknown', () => {
  assert.equal(chooseLanguage(null, ['fr']), 'en');
  assert.equal(chooseLanguage('tlh', []), 'en');
});
