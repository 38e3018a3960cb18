// books-balance: four records of the same money are added up one by one and compared: Alipay's accounts, the journal's attempts, the facts
// that left the journal, and what was heard. A cent that one of them lacks is a cent that somebody lost.

import { type Currency, parseMoney } from '#foundation/money.ts';
import { wentBackMinor } from '../model.ts';
import { type FactAtEnd, givenBackMinor } from '../world-end.ts';
import type { Closing } from './endings.ts';

/** A sum for each currency. */
class Tally {
  readonly #sums = new Map<string, bigint>();

  add(currency: string, minor: bigint): void {
    this.#sums.set(currency, (this.#sums.get(currency) ?? 0n) + minor);
  }

  /** The sums that are not zero, in the order of their currencies, for comparing and for showing. */
  toString(): string {
    const lines = [...this.#sums]
      .filter(([, minor]) => minor !== 0n)
      .sort(([left], [right]) => (left < right ? -1 : 1));
    return lines.map(([currency, minor]) => `${currency} ${minor}`).join(', ') || 'nothing';
  }
}

/** Alipay's accounts sum to zero in each currency, by its own word and by our addition. */
export function accountsBalance({ end, breach }: Closing): void {
  const sum = new Tally();
  for (const account of end.books.accounts) sum.add(account.currency, balanceMinor(account));
  if (!end.books.balanced) breach('books-balance', null, "Alipay's books do not balance");
  if (`${sum}` !== 'nothing') breach('books-balance', null, `Alipay's accounts sum to ${sum}`);
}

/** The merchant has what the journal says that it took less what it gave back; the facts alone say the same. */
export function merchantHasWhatIsWritten({ end, breach }: Closing): void {
  const merchant = new Tally();
  for (const account of end.books.accounts)
    if (account.kind === 'merchant') merchant.add(account.currency, balanceMinor(account));
  const written = new Tally();
  for (const { kind, identity, state } of end.attempts) {
    const { currency, minor } = identity.amount;
    if (kind === 'charge' && state.phase === 'approved') written.add(currency, minor);
    if (kind === 'refund' && state.phase === 'refunded') written.add(currency, -minor);
  }
  const told = new Tally();
  for (const { type, data } of end.facts) {
    const currency = String(data['currency']);
    if (type === 'payment.charge.approved') told.add(currency, amountIn(data));
    if (type === 'payment.refund.refunded') told.add(currency, -amountIn(data));
  }
  if (`${merchant}` !== `${written}`)
    breach('books-balance', null, `the merchant has ${merchant}, written is ${written}`);
  if (`${told}` !== `${written}`) breach('books-balance', null, `the facts say ${told}, written is ${written}`);
}

/** Each wallet has what was put in, less what it paid, plus what it got back, as heard when it was booked. */
export function walletsHaveTheRest({ model, end, breach }: Closing): void {
  const balances = new Map<string, bigint>();
  for (const account of end.books.accounts)
    if (account.kind === 'wallet') balances.set(account.account, balanceMinor(account));
  for (const account of new Set([...balances.keys(), ...model.wallets.keys()])) {
    const has = balances.get(account) ?? 0n;
    const should = model.wallets.get(account) ?? 0n;
    if (has !== should) breach('books-balance', null, `${account} has ${has}, booked for it is ${should}`);
  }
}

/** Every trade at the end is what its bookings made of it. */
export function tradesAreAsBooked({ model, end, breach }: Closing): void {
  for (const trade of end.trades) {
    const heard = model.trades.get(trade.tradeNo);
    const sale = model.charges.get(trade.outTradeNo)?.sale.number ?? null;
    const isSame =
      heard !== undefined &&
      (heard.paidAt !== null) === (trade.paidAt !== undefined) &&
      wentBackMinor(heard) === givenBackMinor(trade);
    if (!isSame) breach('books-balance', sale, `${trade.tradeNo} is not what its bookings made of it`);
  }
  if (end.trades.length !== model.trades.size)
    breach('books-balance', null, `Alipay has ${end.trades.length} trades, opened were ${model.trades.size}`);
}

/** The facts of an attempt are its moves: each once, none missing, none made up, in the order in which they were written. */
export function factsTellEveryMove({ model, end, breach }: Closing): void {
  const told = new Map<string, string[]>();
  for (const fact of end.facts) {
    if (!fact.type.startsWith('payment.')) continue;
    const id = String(fact.data['attemptId']);
    const types = told.get(id) ?? [];
    types.push(fact.type);
    told.set(id, types);
  }
  const compare = (id: string, sale: number, kind: string, moves: readonly string[]): void => {
    const written = moves.map((phase) => `payment.${kind}.${phase}`).join(' ');
    const facts = (told.get(id) ?? []).join(' ');
    if (facts !== written)
      breach('books-balance', sale, `${id}: facts ${facts || 'none'}, written ${written || 'none'}`);
    told.delete(id);
  };
  for (const { id, sale, moves } of model.charges.values()) compare(id, sale.number, 'charge', moves);
  for (const { id, sale, moves } of model.refunds.values()) compare(id, sale.number, 'refund', moves);
  for (const [id, types] of told) breach('books-balance', null, `facts of ${id}, never written: ${types.join(' ')}`);
}

function balanceMinor({ currency, balance }: { readonly currency: Currency; readonly balance: string }): bigint {
  const parsed = parseMoney(currency, balance);
  // What cannot be read cannot balance.
  return parsed.ok ? parsed.value.minor : 10n ** 18n;
}

function amountIn(data: FactAtEnd['data']): bigint {
  const text = String(data['amountMinor']);
  return /^\d{1,18}$/.test(text) ? BigInt(text) : 10n ** 18n;
}
