// The sandbox's own double entry. Every movement of money is a posting whose entries sum to zero; wallets and merchants never
// go below zero, and the outside world (`funding`) is the mirror of all that was paid in. Balances are kept as a running
// sum, so the books of a long benchmark stay small; the event file holds every movement.

import type { Instant } from '#foundation/instant.ts';
import { type Currency, formatDecimal, type Money, money } from '#foundation/money.ts';
import { invariant } from '#foundation/result.ts';

export type AccountOwner =
  | { readonly kind: 'wallet'; readonly walletId: string }
  | { readonly kind: 'merchant'; readonly merchantId: string }
  | { readonly kind: 'funding' };

export type Movement = {
  readonly at: Instant;
  readonly from: AccountOwner;
  readonly to: AccountOwner;
  readonly amount: Money;
  readonly memo: string;
};

export type AccountLine = {
  readonly account: string;
  readonly kind: AccountOwner['kind'];
  readonly currency: Currency;
  readonly balance: string;
};

export type PostingLine = {
  readonly at: Instant;
  readonly memo: string;
  readonly currency: Currency;
  readonly amount: string;
  readonly from: string;
  readonly to: string;
};

export type BooksReport = {
  readonly balanced: boolean;
  readonly postings: number;
  readonly accounts: readonly AccountLine[];
  /** Per currency, the sum over all accounts: zero when the books balance. */
  readonly sums: readonly { readonly currency: Currency; readonly sum: string }[];
  /** The newest movements, newest first. */
  readonly latest: readonly PostingLine[];
};

type Account = { readonly kind: AccountOwner['kind']; readonly currency: Currency; minor: bigint };

const latestMax = 200;

export class Books {
  readonly #accounts = new Map<string, Account>();
  readonly #currencies = new Map<string, Currency[]>();
  readonly #latest: PostingLine[] = [];
  #postings = 0;

  /** Books one movement: what leaves one account enters the other. Throws when an owner's account would go below zero. */
  post(movement: Movement): void {
    invariant(movement.amount.minor > 0n, 'a movement moves more than nothing');
    const from = this.#account(movement.from, movement.amount.currency);
    const to = this.#account(movement.to, movement.amount.currency);
    invariant(from.account !== to.account, 'a movement has two accounts');
    invariant(
      from.account.kind === 'funding' || from.account.minor >= movement.amount.minor,
      `${from.name} has less than it should give`,
    );
    from.account.minor -= movement.amount.minor;
    to.account.minor += movement.amount.minor;
    this.#postings += 1;
    this.#latest.push({
      at: movement.at,
      memo: movement.memo,
      currency: movement.amount.currency,
      amount: formatDecimal(movement.amount),
      from: from.name,
      to: to.name,
    });
    if (this.#latest.length > 2 * latestMax) this.#latest.splice(0, latestMax);
  }

  balance(owner: AccountOwner, currency: Currency): Money {
    return money(currency, this.#accounts.get(accountName(owner, currency))?.minor ?? 0n);
  }

  /** The currencies in which an owner has ever held money, oldest first. */
  currenciesOf(owner: AccountOwner): readonly Currency[] {
    return this.#currencies.get(ownerName(owner)) ?? [];
  }

  report(): BooksReport {
    const sums = new Map<Currency, bigint>();
    let sound = true;
    for (const account of this.#accounts.values()) {
      sums.set(account.currency, (sums.get(account.currency) ?? 0n) + account.minor);
      if (account.kind !== 'funding' && account.minor < 0n) sound = false;
    }
    return {
      balanced: sound && [...sums.values()].every((sum) => sum === 0n),
      postings: this.#postings,
      accounts: [...this.#accounts].map(([account, { kind, currency, minor }]) => ({
        account,
        kind,
        currency,
        balance: formatDecimal(money(currency, minor)),
      })),
      sums: [...sums].map(([currency, sum]) => ({ currency, sum: formatDecimal(money(currency, sum)) })),
      latest: this.#latest.slice(-latestMax).reverse(),
    };
  }

  #account(owner: AccountOwner, currency: Currency): { name: string; account: Account } {
    const name = accountName(owner, currency);
    const known = this.#accounts.get(name);
    if (known !== undefined) return { name, account: known };
    const account: Account = { kind: owner.kind, currency, minor: 0n };
    this.#accounts.set(name, account);
    this.#currencies.set(ownerName(owner), [...this.currenciesOf(owner), currency]);
    return { name, account };
  }
}

function accountName(owner: AccountOwner, currency: Currency): string {
  return `${ownerName(owner)}:${currency}`;
}

function ownerName(owner: AccountOwner): string {
  if (owner.kind === 'funding') return 'funding';
  return owner.kind === 'wallet' ? `wallet:${owner.walletId}` : `merchant:${owner.merchantId}`;
}
