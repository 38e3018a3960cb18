// A receipt printer in the network, with a roll of paper, a cover and a cash drawer: what it gets it prints into lines that can be read,
// and it stops in the middle like a real one when the paper ends. For tests, and for a till without a printer on the desk.

import assert from 'node:assert/strict';
import { createServer, type Socket } from 'node:net';
import { EscposReader, type Event } from './escpos-reader.ts';

const DLE = 0x10;

type Partner = { readonly socket: Socket; readonly reader: EscposReader };

export type SimulatorSwitches = {
  /** Lines that are left on the roll. */
  paperLines: number;
  isPaperLow: boolean;
  isCoverOpen: boolean;
  isCutterJammed: boolean;
  /** Reads, prints, and says nothing. */
  isSilent: boolean;
  /** Takes a connection and reads nothing. */
  isStuck: boolean;
  /** Answers no status question that stands in the order of printing. */
  isMute: boolean;
  msPerLine: number;
};

export class PrinterSimulator {
  readonly switches: SimulatorSwitches = {
    paperLines: 1_000_000,
    isPaperLow: false,
    isCoverOpen: false,
    isCutterJammed: false,
    isSilent: false,
    isStuck: false,
    isMute: false,
    msPerLine: 0,
  };
  /** What was cut off, oldest first. */
  readonly slips: string[] = [];
  readonly qrCodes: string[] = [];
  isDrawerOpen = false;
  drawerOpenings = 0;
  connections = 0;
  readonly #encoding: 'gb18030' | 'windows-1252';
  readonly #server = createServer((socket) => this.#meet(socket));
  readonly #partners = new Set<Partner>();
  #port = 0;
  #lines: string[] = [];
  // What is in the printer's memory is printed whoever is connected.
  #memory: EscposReader;
  #isBusy = false;

  constructor(encoding: 'gb18030' | 'windows-1252' = 'gb18030') {
    this.#encoding = encoding;
    this.#memory = new EscposReader(encoding);
  }

  get port(): number {
    return this.#port;
  }

  /** Lines that hang out of the printer, not cut off yet. */
  get hanging(): string {
    return this.#lines.join('\n');
  }

  async plugIn(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(this.#port, '127.0.0.1', resolve));
    const address = this.#server.address();
    assert.ok(typeof address === 'object' && address !== null);
    this.#port = address.port;
  }

  /** Takes it from the network: what it has in its memory is lost, the paper that hangs out stays. */
  async unplug(): Promise<void> {
    this.#memory = new EscposReader(this.#encoding);
    this.breakLines();
    if (this.#server.listening) await new Promise<void>((resolve) => this.#server.close(() => resolve()));
  }

  /** Breaks all connections; the printer goes on with what it has. */
  breakLines(): void {
    for (const { socket } of this.#partners) socket.resetAndDestroy();
    this.#partners.clear();
  }

  loadPaper(lines = 1_000_000): void {
    this.switches.paperLines = lines;
    this.#printOn();
  }

  closeCover(): void {
    this.switches.isCoverOpen = false;
    this.#printOn();
  }

  closeDrawer(): void {
    this.isDrawerOpen = false;
  }

  #meet(socket: Socket): void {
    this.connections += 1;
    const partner = { socket, reader: this.#memory };
    this.#partners.add(partner);
    if (this.switches.isStuck) socket.pause();
    socket.on('data', (bytes) => this.#receive(bytes, partner));
    socket.on('error', () => {});
    socket.on('close', () => this.#partners.delete(partner));
  }

  // Real-time commands are obeyed as they come, wherever they stand; all else goes into memory.
  #receive(bytes: Buffer, { socket }: Partner): void {
    let start = 0;
    for (let at = 0; at < bytes.length; at += 1) {
      const length = realTimeLength(bytes, at);
      if (length === 0) continue;
      this.#memory.push(bytes.subarray(start, at));
      if (length === 3) this.#answer(socket, this.#statusByte(bytes[at + 2] ?? 0));
      else this.#openDrawer();
      start = at + length;
      at = start - 1;
    }
    this.#memory.push(bytes.subarray(start));
    this.#printOn();
  }

  #printOn(): void {
    if (this.#isBusy) return;
    while (!this.#isStopped()) {
      const event = this.#memory.next();
      if (event === undefined) return;
      this.#happen(event);
      if (event.kind === 'line' && this.switches.msPerLine > 0) {
        this.#restAWhile();
        return;
      }
    }
  }

  #restAWhile(): void {
    this.#isBusy = true;
    setTimeout(() => {
      this.#isBusy = false;
      this.#printOn();
    }, this.switches.msPerLine);
  }

  #happen(event: Event): void {
    switch (event.kind) {
      case 'line':
        this.#lines.push(event.text);
        this.switches.paperLines -= 1;
        break;
      case 'qr':
        this.qrCodes.push(event.data);
        this.#lines.push('[QR]');
        break;
      case 'cut':
        this.slips.push(`${this.hanging}\n`);
        this.#lines = [];
        break;
      case 'drawer':
        this.#openDrawer();
        break;
      case 'ask-paper':
        this.#answerInTurn([this.switches.isPaperLow ? 0x03 : 0]);
        break;
      case 'ask-job':
        this.#answerInTurn([0x37, 0x22, ...Buffer.from(event.mark, 'latin1'), 0]);
        break;
    }
  }

  #openDrawer(): void {
    this.isDrawerOpen = true;
    this.drawerOpenings += 1;
  }

  // Whoever is connected now gets it, also when another asked.
  #answerInTurn(bytes: readonly number[]): void {
    if (this.switches.isMute) return;
    for (const { socket } of this.#partners) this.#answer(socket, ...bytes);
  }

  #answer(socket: Socket, ...bytes: readonly number[]): void {
    if (!this.switches.isSilent && socket.writable) socket.write(Buffer.from(bytes));
  }

  #isStopped(): boolean {
    const { paperLines, isCoverOpen, isCutterJammed } = this.switches;
    return paperLines <= 0 || isCoverOpen || isCutterJammed;
  }

  #statusByte(question: number): number {
    const { paperLines, isPaperLow, isCoverOpen, isCutterJammed } = this.switches;
    const isPaperOut = paperLines <= 0;
    switch (question) {
      case 1:
        return 0x12 | (this.isDrawerOpen ? 0x04 : 0) | (this.#isStopped() ? 0x08 : 0);
      case 2:
        return 0x12 | (isCoverOpen ? 0x04 : 0) | (isPaperOut ? 0x20 : 0) | (isCutterJammed ? 0x40 : 0);
      case 3:
        return 0x12 | (isCutterJammed ? 0x08 : 0);
      default:
        return 0x12 | (isPaperLow || isPaperOut ? 0x0c : 0) | (isPaperOut ? 0x60 : 0);
    }
  }
}

/** Bytes of the real-time command at this place: DLE EOT n, DLE DC4 1 m t; 0 for none. */
function realTimeLength(bytes: Buffer, at: number): 0 | 3 | 5 {
  if (bytes[at] !== DLE) return 0;
  if (bytes[at + 1] === 0x04) return 3;
  return bytes[at + 1] === 0x14 && bytes[at + 2] === 1 ? 5 : 0;
}
