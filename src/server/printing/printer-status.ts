// What a printer says about itself, from the bits of its four status answers to words that a cashier can act on.

import type { StatusQuestion } from './escpos.ts';

/** Why nothing is printed just now. */
export type PrinterTrouble =
  | 'unreachable'
  | 'silent'
  /** It tells its status, but not whether an earlier receipt is out. */
  | 'unsettled'
  | 'paper-out'
  | 'cover-open'
  | 'cutter-jammed'
  | 'printer-error'
  | 'offline';

export type PrinterStatus = {
  /** Null when it can print. */
  readonly trouble: PrinterTrouble | null;
  readonly paper: 'present' | 'low' | 'out' | 'unknown';
  readonly cover: 'closed' | 'open' | 'unknown';
  readonly drawer: 'open' | 'closed' | 'unknown';
};

export type StatusBits = Readonly<Record<StatusQuestion, number>>;

/** Level of the drawer's switch (pin 3) when it is open; null where no switch is wired. */
export type DrawerLevel = 'high' | 'low' | null;

export function unknownStatus(trouble: PrinterTrouble): PrinterStatus {
  return { trouble, paper: 'unknown', cover: 'unknown', drawer: 'unknown' };
}

/** Reads the answers to DLE EOT 1 to 4. */
export function readStatus(bits: StatusBits, openLevel: DrawerLevel): PrinterStatus {
  const isPaperOut = (bits.paper & 0x60) !== 0 || (bits.offlineCause & 0x20) !== 0;
  const isCoverOpen = (bits.offlineCause & 0x04) !== 0;
  const paper = isPaperOut ? 'out' : (bits.paper & 0x0c) !== 0 ? 'low' : 'present';
  const level = (bits.printer & 0x04) !== 0 ? 'high' : 'low';
  return {
    trouble: troubleOf(bits, isPaperOut, isCoverOpen),
    paper,
    cover: isCoverOpen ? 'open' : 'closed',
    drawer: openLevel === null ? 'unknown' : level === openLevel ? 'open' : 'closed',
  };
}

// What a person can mend comes first: a printer with an open cover reports an error and no paper as well.
function troubleOf(bits: StatusBits, isPaperOut: boolean, isCoverOpen: boolean): PrinterTrouble | null {
  if (isCoverOpen) return 'cover-open';
  if (isPaperOut) return 'paper-out';
  if ((bits.errorCause & 0x08) !== 0) return 'cutter-jammed';
  if ((bits.errorCause & 0x60) !== 0 || (bits.offlineCause & 0x40) !== 0) return 'printer-error';
  return (bits.printer & 0x08) !== 0 ? 'offline' : null;
}

/** What to tell the cashier: what is wrong and what to do. */
export const troubleWords: Readonly<Record<'en' | 'zh', Readonly<Record<PrinterTrouble, string>>>> = {
  en: {
    unreachable: 'The receipt printer cannot be reached. Check its power and network cable.',
    silent: 'The receipt printer does not answer. Switch it off and on.',
    unsettled:
      'The receipt printer is busy with an earlier receipt. If this stays so, set its confirmation to none in the settings.',
    'paper-out': 'The receipt printer is out of paper. Put in a new roll.',
    'cover-open': 'The cover of the receipt printer is open. Close it.',
    'cutter-jammed':
      "The receipt printer's cutter is jammed. Open the cover, free it and switch the printer off and on.",
    'printer-error': 'The receipt printer reports an error. Switch it off and on.',
    offline: 'The receipt printer is paused. Press its feed button or switch it off and on.',
  },
  zh: {
    unreachable: '无法连接小票打印机，请检查电源和网线。',
    silent: '小票打印机没有响应，请关机后重新开机。',
    unsettled: '小票打印机仍在处理之前的小票。如一直如此，请在设置中将打印确认方式改为 none。',
    'paper-out': '小票打印机缺纸，请更换纸卷。',
    'cover-open': '小票打印机上盖未关，请合上。',
    'cutter-jammed': '小票打印机切刀卡住，请打开上盖排除后重新开机。',
    'printer-error': '小票打印机报告错误，请关机后重新开机。',
    offline: '小票打印机已暂停，请按走纸键或重新开机。',
  },
};
