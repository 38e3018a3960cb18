// The payments whose end this till has not yet seen, so that a reload (or a crash of the page) forgets none. Only ids, amounts
// and times are kept: a payer code is a bearer secret and never leaves the memory of the page.

import { z } from 'zod';
import { formatDecimal, isCurrency, type Money, parseMoney } from '#foundation/money.ts';
import type { Memory } from '../style/preference.ts';
import { type Entry, isFinal } from './payment-entry.ts';

const slot = 'open-payments';
const keptMax = 50;

const kept = z.array(
  z.object({
    key: z.string(),
    saleId: z.string(),
    paymentId: z.string().nullable(),
    amount: z.string(),
    currency: z.string(),
    scannedAtMs: z.number(),
    spanMs: z.number(),
  }),
);

/** A remembered payment: its entry, and the id to ask for when it was known. */
export type OpenPayment = { readonly entry: Entry; readonly paymentId: string | null };

export function rememberOpen(memory: Memory, entries: readonly Entry[]): void {
  const open = entries.filter((entry) => !isFinal(entry) && entry.saleId !== null).slice(-keptMax);
  const rows = open.map((entry) => ({
    key: entry.key,
    saleId: entry.saleId,
    paymentId: entry.view?.paymentId ?? null,
    amount: formatDecimal(entry.amount),
    currency: entry.amount.currency,
    scannedAtMs: entry.scannedAtMs,
    spanMs: entry.spanMs,
  }));
  memory.write(slot, JSON.stringify(rows));
}

export function recallOpen(memory: Memory): readonly OpenPayment[] {
  const rows = kept.safeParse(parseRows(memory.read(slot)));
  if (!rows.success) return [];
  return rows.data.flatMap((row) => {
    const amount = readAmount(row.amount, row.currency);
    if (amount === undefined) return [];
    const { key, saleId, paymentId, scannedAtMs, spanMs } = row;
    const blank = { view: null, inTouch: true, stopAsked: false, problem: null } as const;
    return [{ paymentId, entry: { key, amount, scannedAtMs, spanMs, saleId, phase: 'checking' as const, ...blank } }];
  });
}

function readAmount(text: string, currency: string): Money | undefined {
  if (!isCurrency(currency)) return undefined;
  const parsed = parseMoney(currency, text);
  return parsed.ok ? parsed.value : undefined;
}

function parseRows(text: string | null): unknown {
  try {
    return JSON.parse(text ?? '[]');
  } catch {
    return [];
  }
}
