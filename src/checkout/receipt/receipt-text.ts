// A receipt as ReceiptLine markup: of a sale, a refund or an exchange, and the gift receipt, which shows no price. Pure: the same
// input gives the same text on till and server.

import { formatMoney, type Money } from '#foundation/money.ts';
import { figureWidth, formatFigure, formatQuantity, formatRate, formatStoreTime } from './receipt-figures.ts';
import type {
  AlipayEvidence,
  PaperColumns,
  ReceiptInput,
  ReceiptLine,
  ReceiptTax,
  ReceiptTender,
} from './receipt-input.ts';
import { ReceiptMarkup } from './receipt-markup.ts';
import { type ReceiptWords, receiptWords } from './receipt-words.ts';
import { inLanguage, printHead, printReprint } from './slip-frame.ts';

type Slip = {
  readonly markup: ReceiptMarkup;
  readonly input: ReceiptInput;
  readonly words: ReceiptWords;
  /** Cells kept for the figures at the right. */
  readonly figures: number;
};

/** The receipt with prices, taxes, tenders and what proves them. */
export function receiptText(input: ReceiptInput, columns: PaperColumns): string {
  const words = receiptWords[input.language];
  const markup = new ReceiptMarkup(columns);
  const slip = { markup, input, words, figures: widestFigure(input) };
  printHead(markup, input, words.title[input.kind]);
  printCircumstances(slip);
  markup.rule();
  for (const line of input.lines) printLine(slip, line);
  markup.rule();
  printTotals(slip);
  for (const tender of input.tenders) printTender(slip, tender);
  if (input.change !== null && input.change.minor !== 0n) printFigure(slip, words.change, input.change);
  if (input.savings !== null && input.savings.minor > 0n) {
    markup.gap();
    markup.centre(`${words.savings} ${formatMoney(input.savings)}`, 'strong');
  }
  printFoot(slip, input.link === null ? null : { text: input.link, hint: words.digital });
  return markup.toString();
}

/**
 * For whom gets the goods as a gift: what it is, but not what it cost. Note, payer and the link to the digital receipt (which tells
 * prices) are left out; its QR code is the receipt number alone, for the till to scan.
 */
export function giftReceiptText(input: ReceiptInput, columns: PaperColumns): string {
  const words = receiptWords[input.language];
  const markup = new ReceiptMarkup(columns);
  const quantities = input.lines.map(({ quantityThousandths, unit }) =>
    formatQuantity(quantityThousandths, unit === null ? null : inLanguage(unit, input.language)),
  );
  const slip = { markup, input: { ...input, note: null }, words, figures: figureWidth(quantities) };
  printHead(markup, input, words.title.gift);
  printCircumstances(slip);
  markup.rule();
  for (const [index, line] of input.lines.entries()) {
    markup.figure(inLanguage(line.name, input.language), quantities[index] ?? '', slip.figures);
  }
  markup.rule();
  printFoot(slip, { text: input.receiptNumber, hint: words.giftHint });
  return markup.toString();
}

function widestFigure(input: ReceiptInput): number {
  const tenders = input.tenders.flatMap((tender) => [tender.amount, balanceOf(tender)]);
  const amounts = [
    ...[input.subtotal, input.total, input.cashRounding, input.change],
    ...tenders,
    ...input.basketAdjustments.map(({ amount }) => amount),
    ...input.taxes.map(({ tax }) => tax),
    ...input.lines.flatMap(({ adjustments }) => adjustments.map(({ amount }) => amount)),
  ];
  return figureWidth([
    ...amounts.filter((amount) => amount !== null).map((amount) => formatFigure(amount)),
    ...input.lines.map((line) => formatFigure(line.listTotal, line.taxMark)),
    formatMoney(input.total),
  ]);
}

function balanceOf(tender: ReceiptTender): Money | null {
  return tender.kind === 'stored-value' ? tender.balanceAfter : null;
}

function printCircumstances({ markup, input, words }: Slip): void {
  markup.gap();
  markup.labelled(words.receipt, input.receiptNumber);
  if (input.originalReceiptNumber !== null) markup.labelled(words.originalReceipt, input.originalReceiptNumber);
  markup.left(formatStoreTime(input.at, input.store.timeZone));
  markup.left(`${words.till} ${input.till}  ${words.cashier} ${input.cashier}`);
  if (input.note !== null) markup.left(input.note);
}

function printLine(slip: Slip, line: ReceiptLine): void {
  const { markup, input, figures } = slip;
  const name = inLanguage(line.name, input.language);
  const figure = formatFigure(line.listTotal, line.taxMark);
  if (line.quantityThousandths === 1000 && line.unit === null) markup.figure(name, figure, figures);
  else {
    const unit = line.unit === null ? null : inLanguage(line.unit, input.language);
    markup.item(name, figures);
    const quantity = formatQuantity(line.quantityThousandths, unit);
    markup.figure(`${quantity} x ${formatFigure(line.listPrice)}`, figure, figures, { indent: 2 });
  }
  for (const { label, amount } of line.adjustments) printFigure(slip, inLanguage(label, input.language), amount, 2);
  if (line.note !== null) markup.item(line.note, figures, 2);
}

function printTotals(slip: Slip): void {
  const { markup, input, words, figures } = slip;
  printFigure(slip, words.subtotal, input.subtotal);
  for (const { label, amount } of input.basketAdjustments) printFigure(slip, inLanguage(label, input.language), amount);
  for (const tax of input.taxes) if (!tax.isIncluded) printFigure(slip, taxLabel(tax, slip), tax.tax);
  const label = input.kind === 'refund' ? words.refundTotal : words.total;
  markup.figure(label, formatMoney(input.total), figures, { emphasis: 'tall' });
  for (const tax of input.taxes) if (tax.isIncluded) printFigure(slip, taxLabel(tax, slip), tax.tax);
  if (input.cashRounding !== null && input.cashRounding.minor !== 0n) {
    printFigure(slip, words.cashRounding, input.cashRounding);
  }
  markup.rule();
}

/** `A incl. VAT 13% of 128.40`: what stands at its right is the tax itself. */
function taxLabel(tax: ReceiptTax, { words, input }: Slip): string {
  const kind = tax.isIncluded ? words.includedTax : words.addedTax;
  const name = `${inLanguage(tax.name, input.language)} ${formatRate(tax.rateBps)}`;
  const label = `${kind} ${name} ${words.taxBase} ${formatFigure(tax.base)}`;
  return tax.mark === null ? label : `${tax.mark} ${label}`;
}

function printTender(slip: Slip, tender: ReceiptTender): void {
  const { markup, words } = slip;
  const isBack = tender.amount.minor < 0n;
  const name = words.tender[tender.kind];
  printFigure(slip, isBack ? `${name} ${words.givenBack}` : name, tender.amount);
  switch (tender.kind) {
    case 'alipay':
      if (tender.isOnItsWay) markup.left(words.onItsWay, 2);
      if (tender.evidence !== null) printEvidence(slip, tender.evidence);
      break;
    case 'stored-value':
      markup.labelled(words.cardEnding, tender.cardEnding, 2);
      if (tender.balanceAfter !== null) printFigure(slip, words.balance, tender.balanceAfter, 2);
      break;
    case 'external-card':
      if (tender.reference !== null) markup.labelled(words.reference, tender.reference, 2);
      break;
    case 'cash':
    case 'exchange-credit':
      break;
  }
}

function printEvidence({ markup, words }: Slip, { maskedAccount, tradeNumber }: AlipayEvidence): void {
  if (maskedAccount !== null) markup.labelled(words.account, maskedAccount, 2);
  markup.labelled(words.tradeNumber, tradeNumber, 2);
}

function printFigure({ markup, figures }: Slip, label: string, amount: Money, indent = 0): void {
  markup.figure(label, formatFigure(amount), figures, { indent });
}

function printFoot({ markup, input, words }: Slip, qr: { readonly text: string; readonly hint: string } | null): void {
  if (qr !== null) {
    markup.gap();
    markup.qrCode(qr.text);
    markup.gap();
    markup.centre(qr.hint);
  }
  markup.gap();
  if (input.store.footer !== null) markup.centre(inLanguage(input.store.footer, input.language));
  markup.centre(words.thanks);
  printReprint(markup, input);
}
