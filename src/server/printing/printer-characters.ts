// A printer has the characters of its fonts and no others. What it lacks is replaced by what comes nearest, of the same width, so that
// columns stay columns: é by e, a Chinese character that it does not know by 〓, the old printers' sign for a missing type.

import { TextDecoder } from 'node:util';
import type { PrinterSettings } from './printer-settings.ts';

const missing = '〓';
const firstLead = 0x81;
const lastLead = 0xfe;
const firstTrail = 0x40;
const lineEnd = 0x0a;

let doubleByte: ReadonlySet<string> | undefined;

// The characters that GBK spells with two bytes: every Chinese printer has them.
function gbkCharacters(): ReadonlySet<string> {
  if (doubleByte !== undefined) return doubleByte;
  const pairs: number[] = [];
  for (let lead = firstLead; lead <= lastLead; lead += 1) {
    for (let trail = firstTrail; trail <= lastLead; trail += 1) pairs.push(lead, trail, lineEnd);
  }
  const decoded = new TextDecoder('gbk').decode(Uint8Array.from(pairs)).split('\n');
  const characters = new Set(decoded.filter((text) => /^[^ -~\ufffd\p{Cc}\p{Co}]$/u.test(text)));
  doubleByte = characters;
  return characters;
}

const isIdeograph = /^\p{Script=Han}$/u;
const latinLetter = /^[\u00c0-\u024f]$/;

/** The markup with nothing in it that the printer could not set. ASCII, and so the markup itself, is left as it is. */
export function fitCharacters(markup: string, characters: PrinterSettings['characters']): string {
  return markup.normalize('NFC').replaceAll(/[^\n -~]/gu, (character) => {
    if (characters === 'latin') return /^[\u00a0-\u00ff]$/.test(character) ? character : withoutAccent(character, '?');
    if (latinLetter.test(character)) return withoutAccent(character, '?');
    if (character === '¥') return '￥';
    if (gbkCharacters().has(character)) return character;
    return characters === 'gb18030' && isIdeograph.test(character) ? character : missing;
  });
}

const unaccented: Readonly<Record<string, string>> = {
  ß: 's',
  æ: 'a',
  Æ: 'A',
  ø: 'o',
  Ø: 'O',
  đ: 'd',
  Đ: 'D',
  ł: 'l',
  Ł: 'L',
};

function withoutAccent(character: string, instead: string): string {
  const base = character.normalize('NFD').charAt(0);
  if (/^[A-Za-z]$/.test(base)) return base;
  return unaccented[character] ?? instead;
}
