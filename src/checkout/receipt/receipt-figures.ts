// Figures as slips print them: amounts as bare decimals in columns, quantities from whole thousandths, times in the store's zone.

import type { Instant } from '#foundation/instant.ts';
import { formatDecimal, type Money } from '#foundation/money.ts';
import { displayWidth } from './display-width.ts';

const figureWidthMin = 8;

/** Cells for a column that holds all these figures. */
export function figureWidth(figures: readonly string[]): number {
  return figures.reduce((widest, figure) => Math.max(widest, displayWidth(figure)), figureWidthMin);
}

/** `39.80`, or `39.80 A` with the letter of its tax class. */
export function formatFigure(amount: Money, taxMark: string | null = null): string {
  const decimal = formatDecimal(amount);
  return taxMark === null ? decimal : `${decimal} ${taxMark}`;
}

/** Pieces without needless zeros (`2`, `0.5`), measured goods with all three decimals and their unit (`0.345 kg`). */
export function formatQuantity(thousandths: number, unit: string | null): string {
  const sign = thousandths < 0 ? '-' : '';
  const digits = Math.abs(thousandths).toString().padStart(4, '0');
  const exact = `${sign}${digits.slice(0, -3)}.${digits.slice(-3)}`;
  return unit === null ? exact.replace(/\.?0+$/, '') : `${exact} ${unit}`;
}

/** `13%`, `8.25%` from whole hundredths of a percent. */
export function formatRate(rateBps: number): string {
  const digits = rateBps.toString().padStart(3, '0');
  return `${`${digits.slice(0, -2)}.${digits.slice(-2)}`.replace(/\.?0+$/, '')}%`;
}

/** `2026-11-23 14:32:05` in the store's time zone, the same in both languages. */
export function formatStoreTime(at: Instant, timeZone: string): string {
  const parts = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  }).formatToParts(at);
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find((each) => each.type === type)?.value ?? '';
  return `${part('year')}-${part('month')}-${part('day')} ${part('hour')}:${part('minute')}:${part('second')}`;
}
