// The slips of a shift as ReceiptLine markup: X and Z reports, cash put into the drawer or taken out.

import type { Instant } from '#foundation/instant.ts';
import { formatDecimal, formatMoney, type Money } from '#foundation/money.ts';
import { figureWidth, formatRate, formatStoreTime } from './receipt-figures.ts';
import type { CashSlipInput, PaperColumns, ReportRow, ShiftReportInput } from './receipt-input.ts';
import { ReceiptMarkup } from './receipt-markup.ts';
import { receiptWords } from './receipt-words.ts';
import { inLanguage, printHead, printReprint } from './slip-frame.ts';

type Section = { readonly title: string; readonly rows: readonly Row[] };
type Row = { readonly label: string; readonly figure: string };

/** The report, section by section; sections without rows are left out. */
export function shiftReportText(input: ShiftReportInput, columns: PaperColumns): string {
  const words = receiptWords[input.language].report;
  const markup = new ReceiptMarkup(columns);
  const title = input.number === null ? words[input.kind] : `${words[input.kind]} ${input.number}`;
  const sections = reportSections(input);
  const figures = figureWidth([
    ...sections.flatMap(({ rows }) => rows.map(({ figure }) => figure)),
    formatMoney(input.net),
  ]);
  printHead(markup, input, title);
  printTimes(markup, input);
  markup.rule();
  for (const [index, { title: name, rows }] of sections.entries()) {
    if (rows.length === 0) continue;
    if (name !== '') markup.centre(name, 'strong');
    for (const { label, figure } of rows) markup.figure(label, figure, figures);
    if (index === 0) markup.figure(words.net, formatMoney(input.net), figures, { emphasis: 'tall' });
    markup.rule();
  }
  printReprint(markup, input);
  return markup.toString();
}

function printTimes(markup: ReceiptMarkup, input: ShiftReportInput): void {
  const all = receiptWords[input.language];
  const words = all.report;
  const time = (at: Instant) => formatStoreTime(at, input.store.timeZone);
  markup.gap();
  markup.left(`${all.till} ${input.till}  ${all.cashier} ${input.cashier}`);
  markup.labelled(words.opened, time(input.openedAt));
  markup.labelled(words.closed, input.closedAt === null ? words.stillOpen : time(input.closedAt));
  markup.labelled(words.printed, time(input.printedAt));
}

function reportSections(input: ShiftReportInput): readonly Section[] {
  const words = receiptWords[input.language].report;
  const amountRow = (label: string, amount: Money): Row => ({ label, figure: formatDecimal(amount) });
  const counted = (label: string, { count, amount }: { count: number | null; amount: Money }): Row =>
    amountRow(count === null ? label : `${label} (${count})`, amount);
  const rows = (from: readonly ReportRow[]) => from.map((row) => counted(inLanguage(row.label, input.language), row));
  return [
    {
      title: '',
      rows: [
        counted(words.sales, input.sales),
        counted(words.refunds, input.refunds),
        amountRow(words.discounts, input.discounts),
      ],
    },
    { title: words.byTender, rows: rows(input.byTender) },
    {
      title: words.byTax,
      rows: input.byTax.map(({ name, rateBps, base, tax }) => {
        const of = `${receiptWords[input.language].taxBase} ${formatDecimal(base)}`;
        return amountRow(`${inLanguage(name, input.language)} ${formatRate(rateBps)} ${of}`, tax);
      }),
    },
    { title: words.byDepartment, rows: rows(input.byDepartment) },
    { title: words.byCashier, rows: rows(input.byCashier) },
    { title: words.cash, rows: cashRows(input) },
    { title: words.corrections, rows: rows(input.corrections) },
  ];
}

function cashRows({ cash, language }: ShiftReportInput): readonly Row[] {
  const words = receiptWords[language].report;
  const row = (label: string, amount: Money): Row => ({ label, figure: formatDecimal(amount) });
  const { counted, difference } = cash;
  return [
    row(words.float, cash.float),
    row(words.taken, cash.taken),
    row(words.givenBack, cash.givenBack),
    row(words.paidIn, cash.paidIn),
    row(words.paidOut, cash.paidOut),
    row(words.expected, cash.expected),
    counted === null ? { label: words.counted, figure: words.notCounted } : row(words.counted, counted),
    ...(difference === null ? [] : [row(words.difference, difference)]),
  ];
}

/** The slip that goes into the drawer in place of the cash, or with it; with a line to sign on. */
export function cashSlipText(input: CashSlipInput, columns: PaperColumns): string {
  const words = receiptWords[input.language];
  const markup = new ReceiptMarkup(columns);
  const amount = formatMoney(input.amount);
  printHead(markup, input, words.cashSlip[input.kind]);
  markup.gap();
  markup.labelled(words.slip, input.slipNumber);
  markup.left(formatStoreTime(input.at, input.store.timeZone));
  markup.left(`${words.till} ${input.till}  ${words.cashier} ${input.cashier}`);
  if (input.allowedBy !== null) markup.labelled(words.allowedBy, input.allowedBy);
  markup.labelled(words.reason, input.reason);
  markup.rule();
  markup.figure(words.cashSlip[input.kind], amount, figureWidth([amount]), { emphasis: 'tall' });
  markup.gap();
  markup.left(`${words.signature} ${'.'.repeat(columns / 2)}`);
  printReprint(markup, input);
  return markup.toString();
}
