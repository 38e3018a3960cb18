// What every slip of a store has at its top and bottom: who sells, that a repeat is a repeat, that test money is test money.

import { formatStoreTime } from './receipt-figures.ts';
import type { InBothLanguages, ReceiptLanguage, ReceiptStore, Reprint } from './receipt-input.ts';
import type { ReceiptMarkup } from './receipt-markup.ts';
import { receiptWords } from './receipt-words.ts';

export type SlipFrame = {
  readonly language: ReceiptLanguage;
  readonly store: ReceiptStore;
  readonly reprint: Reprint | null;
};

/** The text in the slip's language, or in the other where it is empty. */
export function inLanguage(text: InBothLanguages, language: ReceiptLanguage): string {
  const other = language === 'en' ? text.zh : text.en;
  return text[language].trim() === '' ? other : text[language];
}

/** The store's head with the slip's title (empty for none). */
export function printHead(slip: ReceiptMarkup, frame: SlipFrame, title: string): void {
  const { store, language } = frame;
  const words = receiptWords[language];
  slip.centre(inLanguage(store.name, language), 'large');
  if (store.address !== null) slip.centre(inLanguage(store.address, language));
  if (store.phone !== null) slip.centre(`${words.phone} ${store.phone}`);
  if (store.taxNumber !== null) slip.centre(`${words.taxNumber} ${store.taxNumber}`);
  if (store.takesTestMoney) slip.centre(words.testMoney, 'inverse');
  if (title !== '') slip.centre(title, 'tall');
  printReprint(slip, frame);
}

/** Tells that the slip repeats another, which repeat it is and when; nothing on a first print. */
export function printReprint(slip: ReceiptMarkup, { reprint, language, store }: SlipFrame): void {
  if (reprint === null) return;
  slip.centre(receiptWords[language].reprint(reprint.number), 'inverse');
  slip.centre(formatStoreTime(reprint.at, store.timeZone));
}
