// What comes out of the printer, read cell by cell from the bytes by the simulator's reader, and what is in the picture.

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { cashSlipText, displayWidth, giftReceiptText, receiptText, shiftReportText } from '#checkout/index.ts';
import {
  makeCashSlip,
  makeLine,
  makeReceipt,
  makeRefund,
  makeShiftReport,
  receiptLink,
} from '#checkout/receipt/testing/receipt.fixture.ts';
import { fitCharacters } from './printer-characters.ts';
import { renderEscpos, renderSvg, renderText } from './render-receipt.ts';
import { EscposReader } from './testing/escpos-reader.ts';

const seed = Number(process.hrtime.bigint() % 2n ** 31n);
const look = { columns: 48, commands: 'compatible', characters: 'gb18030' } as const;

function assertGolden(name: string, text: string): void {
  const file = new URL(`../../../fixtures/receipts/${name}`, import.meta.url);
  if (process.env['ACCEPT_GOLDEN'] === '1') writeFileSync(file, text);
  assert.equal(text, readFileSync(file, 'utf8'));
}

function readPaper(bytes: Buffer, encoding: 'gb18030' | 'windows-1252' = 'gb18030') {
  const reader = new EscposReader(encoding);
  reader.push(bytes);
  const lines: string[] = [];
  const qrCodes: string[] = [];
  let cuts = 0;
  for (let event = reader.next(); event !== undefined; event = reader.next()) {
    if (event.kind === 'line') lines.push(event.text);
    if (event.kind === 'cut') cuts += 1;
    if (event.kind === 'qr') {
      qrCodes.push(event.data);
      lines.push('[QR]');
    }
  }
  assert.ok(reader.isEmpty, 'every byte belongs to a command or a line');
  return { text: `${lines.join('\n')}\n`, qrCodes, cuts };
}

describe('golden paper', () => {
  for (const columns of [48, 32] as const) {
    for (const language of ['en', 'zh'] as const) {
      const golden = (name: string, markup: string) => {
        test(`${name}, ${columns} columns, ${language}: every commands' dialect prints the same`, () => {
          const { text, cuts } = readPaper(renderEscpos(markup, { ...look, columns }));
          assertGolden(`${name}-${columns}-${language}.paper.txt`, text);
          assert.equal(cuts, 1);
          assert.ok(text.split('\n').every((line) => displayWidth(line) <= columns));
          assert.deepEqual(readPaper(renderEscpos(markup, { ...look, columns, commands: 'epson' })).text, text);
        });
      };
      golden('sale', receiptText(makeReceipt({ language }), columns));
      golden('refund', receiptText(makeRefund({ language }), columns));
      golden('gift', giftReceiptText(makeReceipt({ language }), columns));
      golden('z-report', shiftReportText(makeShiftReport({ language }), columns));
      golden('cash-out', cashSlipText(makeCashSlip({ language }), columns));
    }
  }
});

test('the QR code is the link, drawn by the printer', () => {
  const { qrCodes } = readPaper(renderEscpos(receiptText(makeReceipt(), 32), { ...look, columns: 32 }));
  assert.deepEqual(qrCodes, [receiptLink]);
});

test('a printer with Latin letters gets accents and the yen sign, and a question mark for the rest', () => {
  const lines = [makeLine({ name: { en: 'Café crème 茶', zh: '' } })];
  const bytes = renderEscpos(receiptText(makeReceipt({ lines }), 48), { ...look, characters: 'latin' });
  // ESC t 0 chooses code page 437, where é is 82 and è 8A.
  const expected = Buffer.concat([
    Buffer.from('Caf'),
    Buffer.from([0x1b, 0x74, 0, 0x82]),
    Buffer.from(' cr'),
    Buffer.from([0x8a]),
    Buffer.from('me ?'),
  ]);
  assert.ok(bytes.includes(expected));
});

test('what a Chinese printer lacks is replaced in the same width', () => {
  assert.equal(fitCharacters('Café ¥1 茶 🍵 Łódź ñ', 'gb18030'), 'Cafe ￥1 茶 〓 Lodz n');
  // U+3400 and U+20BB7 are in GB18030, not in GBK.
  assert.equal(fitCharacters('㐀𠮷', 'gb18030'), '㐀𠮷');
  assert.equal(fitCharacters('㐀𠮷', 'gbk'), '〓〓');
});

test(`bytes hold no command that a printer obeys out of its turn, whatever the goods are called (seed ${seed})`, () => {
  const name = fc.string({ unit: 'binary', maxLength: 60 });
  fc.assert(
    fc.property(
      name,
      fc.constantFrom('gb18030', 'gbk', 'latin'),
      fc.constantFrom('epson', 'compatible'),
      (en, characters, commands) => {
        const markup = receiptText(makeReceipt({ lines: [makeLine({ name: { en, zh: en }, note: en })] }), 48);
        const bytes = renderEscpos(markup, { columns: 48, characters, commands });
        for (const code of [0x04, 0x05, 0x14]) assert.equal(bytes.indexOf(Buffer.from([0x10, code])), -1);
        readPaper(bytes, characters === 'latin' ? 'windows-1252' : 'gb18030');
      },
    ),
    { seed, numRuns: 100 },
  );
});

describe('the picture', () => {
  test('is the same every time and as golden', () => {
    const svg = renderSvg(receiptText(makeReceipt({ language: 'zh' }), 32), 32);
    assertGolden('sale-32-zh.svg', `${svg}\n`);
  });

  test('has neither script, style, link nor address in it, whatever the goods are called', () => {
    const name = { en: '<script>alert(1)</script><a href="https://evil.example">x</a> url(//evil)', zh: '' };
    const svg = renderSvg(receiptText(makeReceipt({ lines: [makeLine({ name })] }), 48), 48);
    const tags = new Set([...svg.matchAll(/<([a-zA-Z]+)/g)].map(([, tag = '']) => tag));
    assert.deepEqual(
      [...tags].toSorted((one, other) => one.localeCompare(other, 'en')),
      ['defs', 'feComposite', 'feFlood', 'filter', 'g', 'path', 'svg', 'text', 'tspan'],
    );
    assert.doesNotMatch(svg.replace('http://www.w3.org/2000/svg', ''), /https?:|@import|\son\w+=/);
  });

  test('sets Chinese two cells wide and right edges at the paper’s edge', () => {
    const svg = renderSvg('茶a | 9', 32);
    // Cells are 12 wide and characters stand in their middle: 茶 in 0–24, a in 24–36, 9 in the last cell of 32.
    assert.deepEqual(
      [...svg.matchAll(/<tspan x="(\d+)">(.)</g)].map(([, x, character]) => [character, Number(x)]),
      [
        ['茶', 12],
        ['a', 30],
        ['9', 198 + 180],
      ],
    );
  });

  test('can be heard: the same as plain text', () => {
    assert.match(renderText(receiptText(makeReceipt(), 48), 48), /^Fuji apples\n {2}0\.345 kg x 12\.50 +4\.31 B$/m);
  });
});
