// Reads the bytes that a receipt printer gets, as a printer does: commands are obeyed, text is set into lines cell by cell. It knows the
// commands that ReceiptLine and we send and no others: an unknown one is an error, because a real printer would print its rest.

import { TextDecoder } from 'node:util';

const ESC = 0x1b;
const FS = 0x1c;
const GS = 0x1d;
const dotsPerCell = 12;

export type Event =
  | { readonly kind: 'line'; readonly text: string }
  | { readonly kind: 'cut' }
  | { readonly kind: 'drawer'; readonly pin: 2 | 5 }
  | { readonly kind: 'qr'; readonly data: string }
  | { readonly kind: 'ask-paper' }
  | { readonly kind: 'ask-job'; readonly mark: string };

// Bytes that follow a command's two, where the number is fixed.
const lengths: Readonly<Record<number, Readonly<Record<string, number>>>> = {
  [ESC]: { '@': 0, M: 1, ' ': 1, '2': 0, '3': 1, '{': 1, a: 1, $: 2, '\\': 2, '-': 1, E: 1, t: 1, R: 1, p: 3 },
  [FS]: { '.': 0, '&': 0, S: 2, C: 1, '-': 1 },
  [GS]: { a: 1, L: 2, W: 2, '!': 1, B: 1, r: 1 },
};

type Cell = { readonly column: number; readonly text: string };

/** Feed it bytes as they come; it answers what they make the printer do, in order. */
export class EscposReader {
  #bytes: Buffer = Buffer.alloc(0);
  #cells: Cell[] = [];
  #dots = 0;
  #left = 0;
  #scale = 1;
  #qr = '';
  readonly #decoder: TextDecoder;

  constructor(encoding: 'gb18030' | 'windows-1252' = 'gb18030') {
    this.#decoder = new TextDecoder(encoding);
  }

  push(bytes: Uint8Array): void {
    this.#bytes = Buffer.concat([this.#bytes, bytes]);
  }

  get isEmpty(): boolean {
    return this.#bytes.length === 0;
  }

  /** The next thing that can be seen or heard of the printer; undefined until more bytes come. */
  next(): Event | undefined {
    for (;;) {
      const length = this.#commandLength();
      if (length === 0 || length > this.#bytes.length) return undefined;
      const command = this.#bytes.subarray(0, length);
      this.#bytes = this.#bytes.subarray(length);
      const event = this.#obey(command);
      if (event !== undefined) return event;
    }
  }

  /** Bytes of the first command or run of text; 0 when that cannot be told yet. */
  #commandLength(): number {
    const [lead, code, third, fourth, fifth] = this.#bytes;
    if (lead === undefined) return 0;
    if (lead === 0x0a) return 1;
    if (lead !== ESC && lead !== FS && lead !== GS) return this.#textLength();
    if (code === undefined) return 0;
    if (code === 0x28) return fifth === undefined || fourth === undefined ? 0 : 5 + fourth + fifth * 256;
    if (lead === GS && code === 0x56) return third === undefined ? 0 : third >= 65 ? 4 : 3;
    const rest = lengths[lead]?.[String.fromCharCode(code)];
    if (rest === undefined) throw new Error(`The printer does not know ${lead.toString(16)} ${code.toString(16)}`);
    return 2 + rest;
  }

  #textLength(): number {
    const end = this.#bytes.findIndex((byte) => byte === 0x0a || byte === ESC || byte === FS || byte === GS);
    return end === -1 ? 0 : end;
  }

  #obey(command: Buffer): Event | undefined {
    const [lead, code, third = 0, fourth = 0] = command;
    if (lead === 0x0a) return this.#endLine();
    if (lead !== ESC && lead !== FS && lead !== GS) return this.#set(command);
    const two = third + fourth * 256;
    switch (`${lead}${String.fromCharCode(code ?? 0)}`) {
      case `${ESC}@`:
        this.#cells = [];
        this.#left = 0;
        break;
      case `${ESC}$`:
        this.#dots = two;
        break;
      case `${ESC}\\`:
        this.#dots += two;
        break;
      case `${ESC}p`:
        return { kind: 'drawer', pin: third % 2 === 0 ? 2 : 5 };
      case `${GS}L`:
        this.#left = two;
        break;
      case `${GS}!`:
        this.#scale = (third >> 4) + 1;
        break;
      case `${GS}V`:
        return { kind: 'cut' };
      case `${GS}r`:
        return { kind: 'ask-paper' };
      case `${GS}(`:
        return this.#obeyFunction(command);
    }
    return undefined;
  }

  #obeyFunction(command: Buffer): Event | undefined {
    if (command[2] === 0x48) return { kind: 'ask-job', mark: command.subarray(7).toString('latin1') };
    if (command[2] !== 0x6b) return undefined;
    if (command[6] === 80) this.#qr = command.subarray(8).toString('utf8');
    return command[6] === 81 ? { kind: 'qr', data: this.#qr } : undefined;
  }

  #set(bytes: Buffer): undefined {
    for (const text of this.#decoder.decode(bytes)) {
      this.#cells.push({ column: Math.floor((this.#left + this.#dots) / dotsPerCell), text });
      this.#dots += this.#width(text) * dotsPerCell * this.#scale;
    }
  }

  #width(text: string): 1 | 2 {
    return this.#decoder.encoding === 'gb18030' && text > '\u007f' ? 2 : 1;
  }

  #endLine(): Event {
    let text = '';
    let column = 0;
    for (const cell of this.#cells.toSorted((one, other) => one.column - other.column)) {
      if (cell.column >= column) text += ' '.repeat(cell.column - column);
      else if (cell.text !== ' ') throw new Error(`"${cell.text}" is printed over "${text}"`);
      else continue;
      text += cell.text;
      column = cell.column + this.#width(cell.text);
    }
    this.#cells = [];
    this.#dots = 0;
    return { kind: 'line', text: text.trimEnd() };
  }
}
