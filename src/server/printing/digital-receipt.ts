// The public page of a digital receipt: whoever has its link sees what stood on the paper, in the language of their browser, and nothing
// more. It is one answer without scripts, pictures or fonts from elsewhere; search engines are asked to stay away.

import { createHash } from 'node:crypto';
import { type ReceiptInput, type ReceiptLanguage, receiptText } from '#checkout/index.ts';
import { renderSvg, renderText } from './render-receipt.ts';

export type DigitalReceipt = {
  /** The sale as it was printed; language, reprint and link are the page's own. */
  readonly receipt: ReceiptInput;
  /** The browser's `Accept-Language`; undefined when it sent none. */
  readonly acceptLanguage: string | undefined;
  /** The language chosen on the page (`?lang=`); anything but `en` and `zh` is as if absent. */
  readonly chosenLanguage: string | undefined;
};

export type DigitalReceiptPage = {
  readonly html: string;
  readonly headers: Readonly<Record<string, string>>;
};

const columns = 48;

const words = {
  en: {
    title: 'Receipt',
    other: '中文',
    otherLanguage: 'zh',
    otherTag: 'zh-CN',
    print: 'To print it or save it as PDF, use your browser.',
  },
  zh: {
    title: '电子小票',
    other: 'English',
    otherLanguage: 'en',
    otherTag: 'en',
    print: '可用浏览器打印或另存为 PDF。',
  },
} as const;

const style = `
:root { color-scheme: light dark; }
body { margin: 0; padding: 16px; background: #f2f4f7; color: #131820;
  font: 15px/1.4 system-ui, -apple-system, 'Segoe UI', Roboto, 'PingFang SC', 'Noto Sans SC', 'Microsoft YaHei', sans-serif; }
main { max-width: 400px; margin: 0 auto; }
.paper { padding: 24px 16px; background: #fff; border: 1px solid #d5dae2; border-radius: 12px; }
.paper svg { display: block; width: 100%; height: auto; }
.spoken { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: pre; }
nav, p { display: flex; justify-content: flex-end; margin: 0 0 8px; }
p { justify-content: center; margin: 12px 0 0; color: #4b5563; font-size: 13px; }
nav a { padding: 12px 8px; color: #0850c4; }
a:focus-visible { outline: 3px solid #0b5ed7; outline-offset: 2px; }
@media (prefers-color-scheme: dark) {
  body { background: #0e1217; color: #eef1f6; }
  p { color: #a5afbd; }
  nav a { color: #7fb2ff; }
}
@media print {
  body { padding: 0; background: none; }
  .paper { padding: 0; border: 0; }
  nav, p { display: none; }
}
`;

const headers: DigitalReceiptPage['headers'] = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': [
    "default-src 'none'",
    `style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'x-robots-tag': 'noindex, nofollow, noarchive',
  'x-content-type-options': 'nosniff',
  // The link is a secret of the customer: it goes neither into a cache nor to where the page leads.
  'referrer-policy': 'no-referrer',
  'cache-control': 'private, no-store',
  vary: 'accept-language',
};

/** The page of a receipt, in the language chosen, else in the browser's, else in the receipt's own. */
export function digitalReceiptPage({ receipt, acceptLanguage, chosenLanguage }: DigitalReceipt): DigitalReceiptPage {
  const language = toLanguage(chosenLanguage) ?? preferredLanguage(acceptLanguage) ?? receipt.language;
  const { title, other, otherLanguage, otherTag, print } = words[language];
  const markup = receiptText({ ...receipt, language, reprint: null, link: null }, columns);
  const html = `<!doctype html>
<html lang="${language === 'zh' ? 'zh-CN' : 'en'}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow, noarchive">
<title>${escapeHtml(`${title} ${receipt.receiptNumber}`)}</title>
<style>${style}</style>
</head>
<body>
<main>
<nav><a href="?lang=${otherLanguage}" lang="${otherTag}" hreflang="${otherTag}">${other}</a></nav>
<h1 class="spoken">${escapeHtml(`${title} ${receipt.receiptNumber}`)}</h1>
<div class="paper">
<div aria-hidden="true">${renderSvg(markup, columns)}</div>
<div class="spoken">${escapeHtml(renderText(markup, columns))}</div>
</div>
<p>${print}</p>
</main>
</body>
</html>
`;
  return { html, headers: { ...headers, 'content-language': language === 'zh' ? 'zh-CN' : 'en' } };
}

const acceptLengthMax = 500;

/** The first of our languages in the order of the browser's weights; undefined when it wants neither. */
export function preferredLanguage(acceptLanguage: string | undefined): ReceiptLanguage | undefined {
  const wishes = (acceptLanguage ?? '').slice(0, acceptLengthMax).split(',');
  const known = wishes.flatMap((wish) => {
    const parts = /^\s*(en|zh)(?:-[0-9a-z-]+)?\s*(?:;\s*q=([01](?:\.\d{1,3})?))?\s*$/i.exec(wish);
    const language = toLanguage(parts?.[1]?.toLowerCase());
    const weight = Number(parts?.[2] ?? '1');
    return language === undefined || weight === 0 ? [] : [{ language, weight }];
  });
  return known.toSorted((one, other) => other.weight - one.weight)[0]?.language;
}

function toLanguage(text: string | undefined): ReceiptLanguage | undefined {
  return text === 'en' || text === 'zh' ? text : undefined;
}

const htmlEntities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => htmlEntities[character] ?? '');
}
