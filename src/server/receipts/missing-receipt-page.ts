// The page of a receipt that is not there: the key is wrong, or the till that wrote it has not sent it yet. It says both, in the
// language of the browser.

import { createHash } from 'node:crypto';
import { preferredLanguage } from '../printing/digital-receipt.ts';

const words = {
  en: {
    title: 'Receipt not found',
    text: 'The link may be incomplete. If you have just paid, try again in a few minutes: the till may not have sent it yet.',
  },
  zh: { title: '未找到小票', text: '链接可能不完整。如刚刚付款，请几分钟后再试：收银机可能尚未上传。' },
} as const;

const style = `:root { color-scheme: light dark; }
body { max-width: 400px; margin: 48px auto; padding: 0 16px; font: 16px/1.5 system-ui, sans-serif; }
`;

const headers = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy':
    `default-src 'none'; style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'; ` +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-robots-tag': 'noindex, nofollow, noarchive',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'private, no-store',
  vary: 'accept-language',
} as const;

export function missingReceiptPage(wishes: {
  readonly acceptLanguage: string | undefined;
  readonly chosenLanguage: string | undefined;
}): { readonly html: string; readonly headers: Readonly<Record<string, string>> } {
  const chosen = wishes.chosenLanguage === 'zh' || wishes.chosenLanguage === 'en' ? wishes.chosenLanguage : undefined;
  const language = chosen ?? preferredLanguage(wishes.acceptLanguage) ?? 'en';
  const { title, text } = words[language];
  const tag = language === 'zh' ? 'zh-CN' : 'en';
  const html = `<!doctype html>
<html lang="${tag}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow, noarchive">
<title>${title}</title>
<style>${style}</style>
</head>
<body>
<main><h1>${title}</h1><p>${text}</p></main>
</body>
</html>
`;
  return { html, headers: { ...headers, 'content-language': tag } };
}
