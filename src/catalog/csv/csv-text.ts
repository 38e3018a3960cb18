// CSV as RFC 4180 has it, read piece by piece and with the number of each row, because whoever mends a file of a hundred thousand
// rows must know which. A row that is broken is told and passed over; the next one is read as if nothing had been.
// @see https://www.rfc-editor.org/rfc/rfc4180

/** What is wrong with the form of a row, before anybody looks at what it says. */
export type CsvProblem = 'stray-quote' | 'open-quote' | 'cell-too-long' | 'too-many-columns';

/** `number` counts as a spreadsheet does: the first row is 1, and a line break inside quotes begins no new row. */
export type CsvRow =
  | { readonly number: number; readonly cells: readonly string[] }
  | { readonly number: number; readonly problem: CsvProblem };

export const cellLengthMax = 10_000;
export const columnCountMax = 100;

type Where = 'cell-start' | 'bare' | 'quoted' | 'after-quote';

/** Takes text in pieces of any size, and gives back the rows that are complete. */
export class CsvReader {
  #where: Where = 'cell-start';
  #cell = '';
  #cells: string[] = [];
  #problem: CsvProblem | null = null;
  #number = 1;
  #isAfterReturn = false;
  #isFirst = true;
  #rows: CsvRow[] = [];

  push(text: string): readonly CsvRow[] {
    let start = 0;
    if (this.#isFirst && text !== '') {
      this.#isFirst = false;
      if (text.startsWith('\uFEFF')) start = 1;
    }
    for (let place = start; place < text.length; place += 1) this.#read(text.charAt(place));
    return this.#take();
  }

  /** The last row, where the file does not end in a line break. */
  end(): readonly CsvRow[] {
    if (this.#where === 'quoted') this.#problem = 'open-quote';
    if (this.#where !== 'cell-start' || this.#cells.length > 0) this.#endRow();
    return this.#take();
  }

  #read(sign: string): void {
    const isSecondOfBreak = this.#isAfterReturn && sign === '\n';
    this.#isAfterReturn = false;
    if (isSecondOfBreak) return;
    if (this.#where === 'quoted') {
      if (sign === '"') this.#where = 'after-quote';
      else this.#append(sign);
      return;
    }
    if (sign === ',') this.#endCell();
    else if (sign === '\n' || sign === '\r') {
      this.#isAfterReturn = sign === '\r';
      this.#endRow();
    } else if (sign === '"') this.#readQuote();
    else {
      if (this.#where === 'after-quote') this.#problem ??= 'stray-quote';
      this.#where = 'bare';
      this.#append(sign);
    }
  }

  #readQuote(): void {
    if (this.#where === 'after-quote') {
      this.#append('"');
      this.#where = 'quoted';
    } else if (this.#where === 'cell-start') this.#where = 'quoted';
    else this.#problem ??= 'stray-quote';
  }

  #append(sign: string): void {
    if (this.#cell.length < cellLengthMax) this.#cell += sign;
    else this.#problem ??= 'cell-too-long';
  }

  #endCell(): void {
    if (this.#cells.length < columnCountMax) this.#cells.push(this.#cell);
    else this.#problem ??= 'too-many-columns';
    this.#cell = '';
    this.#where = 'cell-start';
  }

  #endRow(): void {
    this.#endCell();
    const { number, cells, problem } = { number: this.#number, cells: this.#cells, problem: this.#problem };
    const isEmpty = cells.every((cell) => cell === '');
    if (problem !== null) this.#rows.push({ number, problem });
    else if (!isEmpty) this.#rows.push({ number, cells });
    this.#number += 1;
    this.#cells = [];
    this.#problem = null;
  }

  #take(): readonly CsvRow[] {
    const rows = this.#rows;
    this.#rows = [];
    return rows;
  }
}

// A cell that begins so is a formula to a spreadsheet, which then runs what somebody has written into a product's name. The apostrophe in
// front keeps it text; it is taken off again when the file comes back.
// @see https://owasp.org/www-community/attacks/CSV_Injection
const mayBeFormula = /^'*[=+\-@\t\r\n＝＋－＠]/;
const isEscaped = /^'+[=+\-@\t\r\n＝＋－＠]/;

/** One row as text, with its line end. Cells are quoted where they must be and never run as formulas. */
export function formatRow(cells: readonly string[]): string {
  return `${cells.map(formatCell).join(',')}\r\n`;
}

/** What a cell said before `formatRow` made it safe. */
export function readCell(cell: string): string {
  return isEscaped.test(cell) ? cell.slice(1) : cell;
}

function formatCell(value: string): string {
  const safe = mayBeFormula.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
