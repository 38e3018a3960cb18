// A receipt on its way to paper. Either nothing of it was sent yet, or the printer said that it is out, or nobody can know: then it is
// never sent again by itself, and a person who looks at the printer decides whether a reprint, marked as one, is needed.

import type { Instant } from '#foundation/instant.ts';
import { type PrinterTrouble, troubleWords } from './printer-status.ts';

/** `id` names the receipt and its print (a reprint has its own): the same id is never printed twice. */
export type PrintJob = { readonly id: string; readonly bytes: Uint8Array };

export type PrintProgress =
  /** Nothing of it was sent. */
  | { readonly state: 'waiting'; readonly trouble: PrinterTrouble | null }
  /** Sent in part or whole; with a trouble the printer has stopped in the middle and goes on when that is mended. */
  | { readonly state: 'printing'; readonly trouble: PrinterTrouble | null }
  | { readonly state: 'printed' }
  /** The printer took all of it, and is one that never says more. */
  | { readonly state: 'handed-over' }
  /** Surely not, and not any more. */
  | { readonly state: 'not-printed'; readonly cause: 'expired' | 'cancelled' | 'stopped' }
  | { readonly state: 'outcome-unknown'; readonly cause: UnknownCause };

export type UnknownCause = 'connection-lost' | 'no-confirmation' | 'paper-ran-out' | 'stopped';

export type PrintView = { readonly id: string; readonly queuedAt: Instant; readonly progress: PrintProgress };

export type PrintRefusal =
  /** The same id with other bytes. */
  'id-reused' | 'queue-full' | 'too-long' | 'stopped';

const words = {
  en: {
    waiting: 'The receipt waits for the printer.',
    printing: 'The receipt is being printed.',
    printed: 'The receipt is printed.',
    'handed-over': 'The receipt was sent to the printer.',
    'not-printed': 'The receipt was not printed. Print it again when it is needed.',
    'outcome-unknown': 'The receipt may have come out or not. Look at the printer, and reprint it if it is missing.',
  },
  zh: {
    waiting: '小票正在等待打印机。',
    printing: '正在打印小票。',
    printed: '小票已打印。',
    'handed-over': '小票已发送到打印机。',
    'not-printed': '小票未打印，需要时请重新打印。',
    'outcome-unknown': '无法确认小票是否打出。请查看打印机，如缺失请重打。',
  },
} as const satisfies Record<'en' | 'zh', Record<PrintProgress['state'], string>>;

/** What to tell the cashier; a trouble says what to do about it. */
export function tellProgress(progress: PrintProgress, language: 'en' | 'zh'): string {
  const trouble = 'trouble' in progress ? progress.trouble : null;
  return trouble === null ? words[language][progress.state] : troubleWords[language][trouble];
}

export function isOver({ state }: PrintProgress): boolean {
  return state !== 'waiting' && state !== 'printing';
}
