// Writes ReceiptLine markup, the text from which screen, PDF and printer commands are all made. Whatever comes from outside goes
// through `escapeText`, so that no product's name can draw a line, cut the paper or send a command to the printer.
// https://github.com/receiptline/receiptline#grammar

import { displayWidth, printable, wrapText } from './display-width.ts';
import type { PaperColumns } from './receipt-input.ts';

/** A text that ReceiptLine prints as it is. Leading spaces are kept. */
export function escapeText(text: string): string {
  return printable(text)
    .replace(/[\\|{}~_"`^]/g, '\\$&')
    .replace(/^[-=]/, '\\$&')
    .replace(/^ +/, (spaces) => '~'.repeat(spaces.length));
}

function escapeProperty(value: string): string {
  return printable(value).replace(/[\\|{};]/g, '\\$&');
}

export type Emphasis = 'plain' | 'strong' | 'tall' | 'large' | 'inverse';

const marks: Readonly<Record<Emphasis, readonly [string, string]>> = {
  plain: ['', ''],
  strong: ['"', '"'],
  tall: ['^^"', '"^^'],
  large: ['^^^"', '"^^^'],
  inverse: ['`', '`'],
};

function mark(text: string, emphasis: Emphasis): string {
  const [before, after] = marks[emphasis];
  return `${before}${escapeText(text)}${after}`;
}

/** Collects the lines of one slip. */
export class ReceiptMarkup {
  readonly columns: PaperColumns;
  readonly #lines: string[] = [];
  #widths = 'auto';

  constructor(columns: PaperColumns) {
    this.columns = columns;
  }

  /** Lines in the middle, wrapped; large ones take twice the cells and become tall when they do not fit. */
  centre(text: string, emphasis: Emphasis = 'plain'): void {
    this.#setWidths('auto');
    const fits = emphasis !== 'large' || displayWidth(printable(text)) * 2 <= this.columns;
    for (const line of wrapText(text, this.columns)) this.#lines.push(mark(line, fits ? emphasis : 'tall'));
  }

  /** Lines from the left edge over the whole width. */
  left(text: string, indent = 0): void {
    this.#setWidths('auto');
    for (const line of wrapText(text, this.columns - indent)) {
      this.#lines.push(`|${escapeText(' '.repeat(indent) + line)}`);
    }
  }

  /** A label and what it names, on one line when both fit, else the value below it. */
  labelled(label: string, value: string, indent = 0): void {
    const together = `${label} ${value}`;
    if (displayWidth(together) + indent <= this.columns) {
      this.left(together, indent);
    } else {
      this.left(label, indent);
      this.left(value, indent + 2);
    }
  }

  /** A text at the left, wrapped, and a figure at the right edge of its last line; `figureWidth` cells are kept for figures. */
  figure(
    text: string,
    figure: string,
    figureWidth: number,
    style: { indent?: number; emphasis?: Emphasis } = {},
  ): void {
    const { indent = 0, emphasis = 'plain' } = style;
    this.#setWidths(`* ${figureWidth}`);
    const wrapped = wrapText(text, this.columns - figureWidth - 1 - indent);
    // An empty first column would be taken for a border: it becomes a space.
    const lines = wrapped.length === 0 ? [' '] : wrapped;
    for (const [index, line] of lines.entries()) {
      const right = index === lines.length - 1 ? mark(figure, emphasis) : '';
      this.#lines.push(`${'~'.repeat(indent)}${mark(line, emphasis)} | ${right}`);
    }
  }

  /** A text of a list whose figures stand elsewhere: wrapped like `figure`, with nothing at the right. */
  item(text: string, figureWidth: number, indent = 0): void {
    this.figure(text, '', figureWidth, { indent });
  }

  rule(): void {
    this.#setWidths('auto');
    this.#lines.push('-');
  }

  gap(): void {
    this.#setWidths('auto');
    this.#lines.push('');
  }

  /** A QR code in the middle. */
  qrCode(text: string): void {
    this.#setWidths('auto');
    this.#lines.push(`{code:${escapeProperty(text)};option:qrcode,${this.columns === 48 ? 5 : 4},m}`);
  }

  toString(): string {
    return `${this.#lines.join('\n')}\n`;
  }

  #setWidths(widths: string): void {
    if (widths === this.#widths) return;
    this.#widths = widths;
    this.#lines.push(`{width:${widths}}`);
  }
}
