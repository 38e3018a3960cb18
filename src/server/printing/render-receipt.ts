// Turns ReceiptLine markup into a picture for screen and PDF, and into the bytes of an ESC/POS printer. Three things differ from
// ReceiptLine's own ways: rules are plain hyphens and QR codes are drawn by the printer, because a Chinese printer's fonts lack the
// line characters and a bitmap may hold bytes that a printer obeys at once (one of them opens the drawer); and the picture
// loads nothing from elsewhere.

import receiptline from 'receiptline';
import { displayWidth, type PaperColumns } from '#checkout/index.ts';
import { fitCharacters } from './printer-characters.ts';
import type { PrinterSettings } from './printer-settings.ts';

type Look = Pick<PrinterSettings, 'columns' | 'commands' | 'characters'>;

const svgCommand = {
  ...receiptline.commands.svg,
  measureText: (text: string) => displayWidth(text),
};

/** The picture: black on nothing, 12 units a cell, sized in pixels. It has no script, no style and no address in it. */
export function renderSvg(markup: string, columns: PaperColumns): string {
  const svg = receiptline.transform(markup, { cpl: columns, encoding: 'gb18030', spacing: true, command: svgCommand });
  // The filter's random name would make every picture another one; the first line's tall letters reach over the edge.
  const named = svg.replaceAll(/receipt-[0-9a-f-]{36}/g, 'receipt-inverse');
  return named.replace('<svg ', '<svg overflow="visible" ').trimEnd();
}

/** The receipt as plain text, for who hears it read. */
export function renderText(markup: string, columns: PaperColumns): string {
  const text = receiptline.transform(markup, { cpl: columns, encoding: 'gb18030', command: 'text' });
  return text.replaceAll(/[^\S\n]+$/gm, '').trimEnd();
}

/** The bytes for a printer: it is set up anew, prints, and cuts. They hold no command that is obeyed out of its turn. */
export function renderEscpos(markup: string, { columns, commands, characters }: Look): Buffer {
  const base = receiptline.commands[commands === 'epson' ? 'escpos' : 'generic'];
  const command = {
    ...base,
    hr: (width: number) => '-'.repeat(width),
    qrcode: ({ data, cell, level }: { data: string; cell: number; level: 'l' | 'm' | 'q' | 'h' }) =>
      nativeQrCode(Buffer.from(data, 'utf8'), cell, 48 + 'lmqh'.indexOf(level)),
    // Whether it was printed is asked by the connection, in its own way.
    close: () => base.cut(),
  };
  const encoding = characters === 'latin' ? 'multilingual' : 'gb18030';
  const bytes = receiptline.transform(fitCharacters(markup, characters), {
    cpl: columns,
    encoding,
    spacing: true,
    command,
  });
  return Buffer.from(bytes, 'latin1');
}

// GS ( k: model 2, cell size, error correction, store, print.
// https://download4.epson.biz/sec_pubs/pos/reference_en/escpos/gs_lparen_lk_fn165.html
function nativeQrCode(data: Buffer, cell: number, level: number): string {
  const symbol = (fn: number, ...rest: readonly number[]) => {
    const length = rest.length + 2;
    return Buffer.from([0x1d, 0x28, 0x6b, length & 255, length >> 8, 49, fn, ...rest]).toString('latin1');
  };
  const parts = [symbol(65, 50, 0), symbol(67, cell), symbol(69, level), symbol(80, 48, ...data), symbol(81, 48)];
  return parts.join('');
}
