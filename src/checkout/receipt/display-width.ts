// How wide a text is on receipt paper, and where it may be broken. A printer's cells are fixed: a Latin letter takes one, whatever comes
// from its Chinese font two. Names are broken between words, Chinese between any two characters, except before a closing mark.

/**
 * The text as a printer can set it: composed, in one line, without what has no width of its own (control and format characters, marks
 * that did not compose). Neither an escape sequence nor a reversed reading order can come in by a product's name.
 */
export function printable(text: string): string {
  return text
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Z}]/gu, ' ')
    .replace(/[\p{Cf}\p{M}\p{Cs}\p{Co}\p{Cn}]/gu, '');
}

// ASCII and Latin letters (which a Chinese printer gets without their accents) take one cell, everything else two.
const narrow = /^[ -~\u00a0\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u024f]$/;

/** Cells that one character takes: 1 or 2. */
export function characterWidth(character: string): 1 | 2 {
  return narrow.test(character) ? 1 : 2;
}

/** Cells that a printable text takes. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const character of text) width += characterWidth(character);
  return width;
}

// A word, spaces, or a single character of a script that is written without spaces.
const unit = /[\u0021-\u007e\u00c0-\u024f]+|\s+|./gsu;
// What closes stands at the end of a line, never at the beginning of the next.
const closing = /^[，。、；：？！）】》」』’”…·]$/u;

/** Lines of at most `width` cells (2 or more), broken between words; what is longer than a line is cut between characters. */
export function wrapText(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  let left = width;
  const endLine = () => {
    lines.push(line.trimEnd());
    line = '';
    left = width;
  };
  for (const part of unitsOf(printable(text))) {
    const isSpace = part.trim() === '';
    if (isSpace && line === '') continue;
    const partWidth = isSpace ? 1 : displayWidth(part);
    if (partWidth > left && line !== '') endLine();
    if (isSpace && line === '') continue;
    for (const piece of partWidth > width ? cutIntoPieces(part, width) : [isSpace ? ' ' : part]) {
      if (displayWidth(piece) > left) endLine();
      line += piece;
      left -= displayWidth(piece);
    }
  }
  if (line.trim() !== '') endLine();
  return lines;
}

function unitsOf(text: string): readonly string[] {
  const units: string[] = [];
  for (const [part] of text.matchAll(unit)) {
    const before = units.at(-1);
    if (before !== undefined && closing.test(part) && before.trim() !== '') units[units.length - 1] = before + part;
    else units.push(part);
  }
  return units;
}

function cutIntoPieces(text: string, width: number): readonly string[] {
  const pieces: string[] = [];
  let piece = '';
  for (const character of text) {
    if (displayWidth(piece) + characterWidth(character) > width) {
      pieces.push(piece);
      piece = '';
    }
    piece += character;
  }
  return piece === '' ? pieces : [...pieces, piece];
}
