// What cashiers wrote down while servers died: every request that they made, and every answer that any server gave to it. A request
// that was asked many times has one line; an answer that changed from one asking to the next is seen as two answers there.

export type Word = 'paid' | 'not-paid';

/** One sale as its cashier knows it. */
export type Rung = {
  readonly key: string;
  readonly amount: string;
  /** Every sale that was named for the key. */
  readonly saleIds: Set<string>;
  readonly scans: Scan[];
  readonly refunds: RefundAsked[];
};

/** One payer code that was scanned for a sale. */
export type Scan = {
  readonly key: string;
  readonly payerCode: string;
  readonly paymentIds: Set<string>;
  /** Every final word that was told. */
  readonly words: Set<Word>;
};

export type RefundAsked = {
  readonly key: string;
  readonly paymentId: string;
  readonly amount: string;
  readonly refundIds: Set<string>;
  /** Told that it is more than what is left. */
  exceeds: boolean;
};

/** A payer's wallet and what was in it at first. */
export type WalletOpened = { readonly walletId: string; readonly balance: string };

export class CashBook {
  readonly rung: Rung[] = [];
  readonly wallets: WalletOpened[] = [];
  /** Requests whose answer nobody waits for, because the till died. */
  readonly unheard: Promise<unknown>[] = [];
  /** How often a server said `busy`, and how often `internal`. */
  busyCount = 0;
  internalCount = 0;

  /** Of the sales that were begun after the first `begun`, those that a server has answered. */
  answeredSince(begun: number): number {
    return this.rung.slice(begun).filter(({ saleIds }) => saleIds.size > 0).length;
  }

  ring(key: string, amount: string): Rung {
    const rung: Rung = { key, amount, saleIds: new Set(), scans: [], refunds: [] };
    this.rung.push(rung);
    return rung;
  }
}

export function scan(rung: Rung, payerCode: string): Scan {
  const key = `${rung.key}-p${rung.scans.length + 1}`;
  const made: Scan = { key, payerCode, paymentIds: new Set(), words: new Set() };
  rung.scans.push(made);
  return made;
}

export function askRefund(rung: Rung, paymentId: string, amount: string): RefundAsked {
  const key = `${rung.key}-r${rung.refunds.length + 1}`;
  const asked: RefundAsked = { key, paymentId, amount, refundIds: new Set(), exceeds: false };
  rung.refunds.push(asked);
  return asked;
}
