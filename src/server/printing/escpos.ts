// The few ESC/POS commands that we send beside a receipt's own, and the bytes that a printer answers with. Everything a receipt
// looks like is ReceiptLine's; this is about paper, cover, drawer, and whether what was sent has been printed.
// Real-time status: https://download4.epson.biz/sec_pubs/pos/reference_en/escpos/dle_eot.html

const DLE = 0x10;
const EOT = 0x04;
const DC4 = 0x14;
const ESC = 0x1b;
const GS = 0x1d;

/** What a DLE EOT asks about; a printer answers one byte, also when it is offline or its buffer is full. */
export const statusQuestions = { printer: 1, offlineCause: 2, errorCause: 3, paper: 4 } as const;
export type StatusQuestion = keyof typeof statusQuestions;

export function askStatus(question: StatusQuestion): Buffer {
  return Buffer.from([DLE, EOT, statusQuestions[question]]);
}

export type DrawerPin = 2 | 5;

/** Opens the drawer in the order of printing (ESC p): 100 ms on, 100 ms off at least. */
export function drawerPulse(pin: DrawerPin): Buffer {
  return Buffer.from([ESC, 0x70, pin === 2 ? 0 : 1, 50, 50]);
}

/** Opens the drawer at once (DLE DC4), also while the printer waits for paper. */
export function drawerPulseNow(pin: DrawerPin): Buffer {
  return Buffer.from([DLE, DC4, 1, pin === 2 ? 0 : 1, 1]);
}

/** Asks for the paper sensor in the order of printing (GS r 1): its answer means that all before it was printed. */
export const askWhenPrinted = Buffer.from([GS, 0x72, 1]);

/** Asks for a number back in the order of printing (GS ( H, function 48): 4 printable characters that no other job has. */
export function askJobNumber(mark: string): Buffer {
  return Buffer.concat([Buffer.from([GS, 0x28, 0x48, 6, 0, 48, 48]), Buffer.from(mark, 'latin1')]);
}

/** The mark of the n-th job: four letters or digits. */
export function jobMark(count: number): string {
  return (count % 36 ** 4).toString(36).padStart(4, '0');
}

export type PrinterAnswer =
  /** A byte of DLE EOT; which question it answers is known by the order of asking. */
  | { readonly kind: 'status'; readonly bits: number }
  | { readonly kind: 'printed'; readonly isPaperOut: boolean }
  | { readonly kind: 'job-number'; readonly mark: string };

const blockHead = 0x37;
const blockLengthMax = 64;

/**
 * Tells the answers of a printer apart by their fixed bits. Keeps what is incomplete for the next piece; automatic status (4 bytes,
 * which we switch off but a printer may send while it starts) is passed over.
 */
export class AnswerReader {
  #pending: number[] = [];

  read(bytes: Uint8Array): readonly PrinterAnswer[] {
    this.#pending.push(...bytes);
    const answers: PrinterAnswer[] = [];
    for (let length = this.#length(); length > 0; length = this.#length()) {
      const answer = toAnswer(this.#pending.splice(0, length));
      if (answer !== null) answers.push(answer);
    }
    return answers;
  }

  /** Bytes of the first answer, or 0 when it is not whole. */
  #length(): number {
    const [first] = this.#pending;
    if (first === undefined) return 0;
    if (first === blockHead) {
      const end = this.#pending.indexOf(0);
      return end === -1 && this.#pending.length < blockLengthMax ? 0 : end === -1 ? 1 : end + 1;
    }
    if ((first & 0x93) === 0x10) return this.#pending.length < 4 ? 0 : 4;
    return 1;
  }
}

function toAnswer(bytes: readonly number[]): PrinterAnswer | null {
  const [first = 0, flag] = bytes;
  if (first === blockHead && flag === 0x22) {
    return { kind: 'job-number', mark: Buffer.from(bytes.slice(2, -1)).toString('latin1') };
  }
  if (bytes.length > 1) return null;
  if ((first & 0x93) === 0x12) return { kind: 'status', bits: first };
  if ((first & 0x90) === 0) return { kind: 'printed', isPaperOut: (first & 0x0c) !== 0 };
  return null;
}
