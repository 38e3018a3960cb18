// Draws a payment code as the two pictures that scanners read: Code 128 and QR of the same digits. Dark bars on white in every
// theme, because many scanners read no inverted code.

import { code128, drawingSVG, qrcode } from 'bwip-js/browser';

export type CodePictures = { readonly bars: string; readonly square: string };

/** Addresses for `<img>`. */
export function drawCode(digits: string): CodePictures {
  const bars = code128(
    { bcid: 'code128', text: digits, height: 18, includetext: false, barcolor: '000000' },
    drawingSVG(),
  );
  const square = qrcode({ bcid: 'qrcode', text: digits, barcolor: '000000' }, drawingSVG());
  return { bars: address(bars), square: address(square) };
}

function address(svg: string): string {
  return `data:image/svg+xml,${encodeURIComponent(svg)}`;
}
