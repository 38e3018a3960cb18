import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { CsvReader, cellLengthMax, formatRow, readCell } from './csv-text.ts';

const seed = Number(process.hrtime.bigint() % 2n ** 31n);

function read(text: string, pieceLength = text.length || 1) {
  const reader = new CsvReader();
  const rows = [];
  for (let start = 0; start < text.length; start += pieceLength)
    rows.push(...reader.push(text.slice(start, start + pieceLength)));
  return [...rows, ...reader.end()];
}

test('quotes, commas, line breaks of three kinds and a byte order mark are read as RFC 4180 has them', () => {
  const text = '\uFEFFa,b\r\n"x, ""y""\nz",\n,"2"\r3,4';
  assert.deepEqual(read(text), [
    { number: 1, cells: ['a', 'b'] },
    { number: 2, cells: ['x, "y"\nz', ''] },
    { number: 3, cells: ['', '2'] },
    { number: 4, cells: ['3', '4'] },
  ]);
});

test('empty rows are passed over but counted', () => {
  assert.deepEqual(read('a\n\n,,\nb\n'), [
    { number: 1, cells: ['a'] },
    { number: 4, cells: ['b'] },
  ]);
});

test('a broken row is told by its number, and the next is read as if nothing had been', () => {
  assert.deepEqual(read('a"b,c\n"x"y,z\nfine,1\n"open,\n2'), [
    { number: 1, problem: 'stray-quote' },
    { number: 2, problem: 'stray-quote' },
    { number: 3, cells: ['fine', '1'] },
    { number: 4, problem: 'open-quote' },
  ]);
  assert.deepEqual(read(`${'a'.repeat(cellLengthMax + 1)}\nb`), [
    { number: 1, problem: 'cell-too-long' },
    { number: 2, cells: ['b'] },
  ]);
  assert.deepEqual(read(','.repeat(101)), [{ number: 1, problem: 'too-many-columns' }]);
});

test('no cell runs as a formula, and each is read back as it was', () => {
  for (const value of ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', "'=1", "''+1", '＝1', "'", "'plain"]) {
    const cell = formatRow([value]).trimEnd().replace(/^"|"$/g, '');
    assert.doesNotMatch(cell, /^[=+\-@\t＝]/u, value);
    assert.equal(
      readCell(read(formatRow([value, 'x'])).flatMap((row) => ('cells' in row ? row.cells : []))[0] ?? ''),
      value,
    );
  }
  assert.equal(formatRow(['=HYPERLINK("x")']), `"'=HYPERLINK(""x"")"\r\n`);
});

test(`what is written is read back, in pieces of any size (seed ${seed})`, () => {
  const cell = fc.string({
    unit: fc.constantFrom('a', '"', ',', '\n', '\r', '=', "'", '-', '牛', ' ', '\t'),
    maxLength: 8,
  });
  const rows = fc.array(fc.array(cell, { minLength: 2, maxLength: 4 }), { maxLength: 6 });
  fc.assert(
    fc.property(rows, fc.integer({ min: 1, max: 7 }), (some, pieceLength) => {
      const written = some.filter((cells) => cells.some((value) => value !== ''));
      const back = read(written.map(formatRow).join(''), pieceLength);
      assert.deepEqual(
        back.map((row) => ('cells' in row ? row.cells.map(readCell) : row)),
        written,
      );
    }),
    { seed, numRuns: 500 },
  );
});
