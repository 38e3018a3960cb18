// Tells what a scanner read: an Alipay payment code, another wallet's, a product, or nothing known. By shape alone: no check digit
// of payment codes is published, so only Alipay knows whether a code is good. Pure; runs in the till and in the server.
// @see https://opendocs.alipay.com/open/02ekfp (auth_code) and https://docs.alipayplus.com (code_format)

export type ScannedCode =
  | { readonly kind: 'alipay'; readonly digits: string }
  | { readonly kind: 'wechat-pay' }
  | { readonly kind: 'unionpay' }
  /** An article number (GTIN) whose check digit is right. */
  | { readonly kind: 'product'; readonly gtin: string }
  | { readonly kind: 'unreadable' };

// ISO/IEC 15424: "]", a letter for the symbology, a modifier. Scanners send it in front of the data when told to.
const aimPrefix = /^\][A-Za-z][0-9A-Za-z]/;
// Some scanners frame what they send in control characters (STX, ETX, CR, Tab).
const frame = /^[\p{Cc}\s]+|[\p{Cc}\s]+$/gu;
// Codes are shown in groups of up to six digits; who types or pastes one brings the gaps along. Longer groups are not parts of a
// code but codes of their own: two product labels of eight digits must never make one payment code of sixteen.
const inGroups = /^\d{1,6}(?:[ \u00a0\u2000-\u200b\u3000\-–]\d{1,6})+$/;
const gaps = /[^\d]/g;

const alipayDigits = /^(?:2[5-9]|30)\d{14,22}$/;
const facePayCode = /^fp[0-9A-Za-z]{33}$/;
const wechatPayDigits = /^1[0-5]\d{16}$/;
const unionPayDigits = /^62\d{17}$/;
const gtinLengths: readonly number[] = [8, 12, 13, 14];

/** Recognises what was scanned, typed or pasted; prefixes, gaps and line ends do not matter, full-width digits are read too. */
export function recognise(raw: string): ScannedCode {
  const framed = raw.normalize('NFKC').replace(frame, '').replace(aimPrefix, '').replace(frame, '');
  const text = inGroups.test(framed) ? framed.replace(gaps, '') : framed;
  if (alipayDigits.test(text) || facePayCode.test(text)) return { kind: 'alipay', digits: text };
  if (wechatPayDigits.test(text)) return { kind: 'wechat-pay' };
  if (unionPayDigits.test(text)) return { kind: 'unionpay' };
  if (isGtin(text)) return { kind: 'product', gtin: text };
  return { kind: 'unreadable' };
}

/** GS1's check digit: weights 3 and 1 from the right, so that the sum is a multiple of ten. */
function isGtin(text: string): boolean {
  if (!/^\d+$/.test(text) || !gtinLengths.includes(text.length)) return false;
  const sum = [...text].reverse().reduce((total, digit, index) => total + Number(digit) * (index % 2 === 1 ? 3 : 1), 0);
  return sum % 10 === 0;
}
