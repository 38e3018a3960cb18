// The public page: the right language, nothing that runs or is fetched, nothing that the paper did not say.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { makeLine, makeReceipt, soldAt, store } from '#checkout/receipt/testing/receipt.fixture.ts';
import { digitalReceiptPage, preferredLanguage } from './digital-receipt.ts';

const page = (change: Partial<Parameters<typeof digitalReceiptPage>[0]> = {}) =>
  digitalReceiptPage({ receipt: makeReceipt(), acceptLanguage: undefined, chosenLanguage: undefined, ...change });

test('the browser says the language, a choice on the page overrules it, else it is that of the receipt', () => {
  assert.match(page().html, /<html lang="en">/);
  assert.match(page({ acceptLanguage: 'zh-CN,zh;q=0.9,en;q=0.8' }).html, /<html lang="zh-CN">/);
  assert.match(page({ acceptLanguage: 'zh-CN', chosenLanguage: 'en' }).html, /<html lang="en">/);
  assert.match(
    page({ chosenLanguage: '"><script>', receipt: makeReceipt({ language: 'zh' }) }).html,
    /<html lang="zh-CN">/,
  );
});

test('weights are obeyed and nonsense is passed over', () => {
  assert.equal(preferredLanguage('de, en;q=0.4, zh;q=0.6'), 'zh');
  assert.equal(preferredLanguage('en;q=0, de'), undefined);
  assert.equal(preferredLanguage('*'), undefined);
  assert.equal(preferredLanguage(`${'x,'.repeat(10_000)}en`), undefined);
});

test('the page is kept from search engines, caches and other sites, and its style is the only one allowed', () => {
  const { html, headers } = page();
  const style = /<style>(.*?)<\/style>/s.exec(html)?.[1] ?? '';
  const hash = createHash('sha256').update(style).digest('base64');
  assert.equal(
    headers['content-security-policy'],
    `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  );
  assert.equal(headers['x-robots-tag'], 'noindex, nofollow, noarchive');
  assert.equal(headers['cache-control'], 'private, no-store');
  assert.equal(headers['referrer-policy'], 'no-referrer');
});

test('nothing in it runs or is fetched, whatever the goods are called', () => {
  const evil = '</div><script>alert(1)</script><img src=x onerror=alert(1)>';
  const receipt = makeReceipt({
    lines: [makeLine({ name: { en: evil, zh: evil }, note: evil })],
    receiptNumber: evil,
    store: { ...store, name: { en: evil, zh: evil } },
  });
  const { html } = page({ receipt });
  assert.doesNotMatch(html, /<(script|img|iframe|object|link|style [^>])|\sstyle=|src=[^x]/i);
  assert.equal([...html.matchAll(/<script/g)].length, 0);
});

test('it shows the payment and its evidence as masked as on paper, without the till’s journal mark', () => {
  const { html } = page({ receipt: makeReceipt({ reprint: { number: 3, at: soldAt } }) });
  assert.match(html, /Account 138\*\*\*\*6789/);
  assert.doesNotMatch(html, /REPRINT|dev_01k9|a3f1c2d4/);
});
