// Decimal text of the wire as people read it.

import { formatMoney, isCurrency, parseMoney } from '#foundation/money.ts';

export function showAmount(amount: string, currency: string): string {
  if (!isCurrency(currency)) return `${currency} ${amount}`;
  const parsed = parseMoney(currency, amount);
  return parsed.ok ? formatMoney(parsed.value) : `${currency} ${amount}`;
}
