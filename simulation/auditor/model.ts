// What the auditor knows: one small record for each sale, charge, refund and trade, made from what was heard and from nothing else.
// Rules compare what is happening with what is known; only then is it learnt. A record is a few words long and stays until the
// world ends, because an approval may come at any time.

import type { PaymentAttemptId, SaleId } from '#foundation/id.ts';
import type { Instant } from '#foundation/instant.ts';
import type { Money } from '#foundation/money.ts';
import type { Charge, ChargePhase, Refund, RefundPhase } from '#payment/index.ts';
import type { SandboxEvent } from '#sandbox/index.ts';
import type { SaleNumber } from '../shop/happening.ts';

export type Word = 'paid' | 'not-paid';

/** What a written phase claims about the money, in the auditor's own words. */
export const claims = {
  authorizing: 'open',
  'awaiting-payer': 'open',
  unclear: 'open',
  approved: 'taken',
  declined: 'nothing-taken',
  reversing: 'being-undone',
  watching: 'being-undone',
  reversed: 'nothing-taken',
  returning: 'being-undone',
  returned: 'nothing-taken',
} as const satisfies Record<ChargePhase, string>;

export type SaleRecord = {
  readonly number: SaleNumber;
  readonly saleId: SaleId;
  /** Null while the sale itself was not heard of. */
  amountMinor: bigint | null;
  readonly charges: ChargeRecord[];
  /** When a till was first told that it is paid. */
  paidToldAt: Instant | null;
};

export type ChargeRecord = {
  readonly id: PaymentAttemptId;
  readonly sale: SaleRecord;
  readonly amount: Money;
  /** When it was first written: the deadline counts from here. */
  readonly openedAt: Instant;
  version: number;
  phase: ChargePhase;
  /** The final word as written. */
  word: Word | null;
  /** How often Alipay was asked about it. */
  queryCount: number;
  /** When it last left an ending without money: an answer on its way may still tell of that ending. */
  leftEndingAt: Instant | null;
  /** Every phase that it moved to, in order. */
  readonly moves: ChargePhase[];
  readonly refunds: RefundRecord[];
  /** The final word as a till first heard it. */
  told: { readonly word: Word; readonly at: Instant } | null;
};

export type RefundRecord = {
  readonly id: PaymentAttemptId;
  readonly sale: SaleRecord;
  readonly charge: ChargeRecord | null;
  readonly amount: Money;
  version: number;
  phase: RefundPhase;
  readonly moves: RefundPhase[];
  /** Its ending as a till first heard it. */
  told: { readonly status: 'refunded' | 'declined'; readonly at: Instant } | null;
};

export type TradeRecord = {
  readonly tradeNo: string;
  /** The merchant's number: the id of our charge. */
  readonly number: string;
  readonly amount: Money;
  readonly walletId: string | undefined;
  readonly openedAt: Instant;
  paidAt: Instant | null;
  isClosed: boolean;
  /** What went back, by refund number. */
  readonly givenBack: Map<string, bigint>;
};

/** What Alipay holds of a trade now, in minor units. */
export function heldMinor(trade: TradeRecord | undefined): bigint {
  if (trade === undefined || trade.paidAt === null) return 0n;
  return trade.amount.minor - wentBackMinor(trade);
}

/** Whether it holds money, or still waits for its payer and may hold some soon. */
export function mayHold(trade: TradeRecord): boolean {
  return trade.paidAt === null ? !trade.isClosed : heldMinor(trade) > 0n;
}

export function wentBackMinor(trade: TradeRecord): bigint {
  let minor = 0n;
  for (const part of trade.givenBack.values()) minor += part;
  return minor;
}

/**
 * So long after trouble of a server its consequences may show: a journal that was away for half a minute has heard no sign of life, and
 * what somebody held is taken up by others some seconds later.
 */
export const troubleLastsMs = 40_000;

export class Model {
  readonly sales = new Map<SaleId, SaleRecord>();
  /** The newest sale of each number. */
  readonly #saleIds = new Map<SaleNumber, SaleId>();
  readonly charges = new Map<string, ChargeRecord>();
  readonly refunds = new Map<string, RefundRecord>();
  readonly trades = new Map<string, TradeRecord>();
  /** Trades by the merchant's number. */
  readonly tradeOf = new Map<string, TradeRecord>();
  /** What each wallet should hold, by `wallet:<id>:<currency>`. */
  readonly wallets = new Map<string, bigint>();
  /** Sales of which a request to pay was delivered twice. */
  readonly doubled = new Set<SaleNumber>();
  /** When a server last was in trouble; null while none was. */
  troubleAt: Instant | null = null;

  /** Whether no server has been in trouble since. */
  isCalmSince(at: Instant): boolean {
    return this.troubleAt === null || this.troubleAt < at;
  }

  sale(saleId: SaleId, number: SaleNumber): SaleRecord {
    const known = this.sales.get(saleId);
    if (known !== undefined) return known;
    const sale: SaleRecord = { number, saleId, amountMinor: null, charges: [], paidToldAt: null };
    this.sales.set(saleId, sale);
    this.#saleIds.set(number, saleId);
    return sale;
  }

  learnCharge({ identity, state, version }: Charge, number: SaleNumber, at: Instant): void {
    const known = this.charges.get(identity.id);
    const { phase, finalWord: word } = state;
    if (known === undefined) {
      const sale = this.sale(identity.saleId, number);
      const { id, amount } = identity;
      const fresh = { version, phase, word, queryCount: 0, leftEndingAt: null, moves: [], refunds: [], told: null };
      const charge: ChargeRecord = { id, sale, amount, openedAt: at, ...fresh };
      this.charges.set(id, charge);
      sale.charges.push(charge);
      return;
    }
    if (known.phase !== phase) {
      if (claims[known.phase] === 'nothing-taken') known.leftEndingAt = at;
      known.moves.push(phase);
    }
    known.version = version;
    known.phase = phase;
    known.word = word;
  }

  /** A query about the sale's first, second … charge has left. */
  learnQuery(number: SaleNumber, ordinal: number): void {
    const saleId = this.#saleIds.get(number);
    const charge = saleId === undefined ? undefined : this.sales.get(saleId)?.charges[ordinal - 1];
    if (charge !== undefined) charge.queryCount += 1;
  }

  learnRefund({ identity, state, version, charge }: Refund, number: SaleNumber): void {
    const known = this.refunds.get(identity.id);
    const { phase } = state;
    if (known === undefined) {
      const of = this.charges.get(charge.id) ?? null;
      const { id, amount } = identity;
      const sale = this.sale(identity.saleId, number);
      const refund: RefundRecord = { id, sale, charge: of, amount, version, phase, moves: [], told: null };
      this.refunds.set(id, refund);
      of?.refunds.push(refund);
      return;
    }
    if (known.phase !== phase) known.moves.push(phase);
    known.version = version;
    known.phase = phase;
  }

  learnBooking(event: SandboxEvent, at: Instant): void {
    switch (event.type) {
      case 'wallet-funded':
        this.#moveWallet(event.walletId, event.amount, event.amount.minor);
        return;
      case 'trade-opened': {
        const { tradeNo, outTradeNo: number, amount, walletId } = event.trade;
        const fresh = { openedAt: at, paidAt: null, isClosed: false, givenBack: new Map<string, bigint>() };
        const trade: TradeRecord = { tradeNo, number, amount, walletId, ...fresh };
        this.trades.set(tradeNo, trade);
        this.tradeOf.set(number, trade);
        return;
      }
      case 'trade-paid': {
        const trade = this.trades.get(event.tradeNo);
        if (trade === undefined) return;
        trade.paidAt = at;
        this.#moveWallet(trade.walletId, trade.amount, -trade.amount.minor);
        return;
      }
      case 'trade-closed': {
        const trade = this.trades.get(event.tradeNo);
        if (trade !== undefined) trade.isClosed = true;
        return;
      }
      case 'trade-refunded': {
        const trade = this.trades.get(event.tradeNo);
        if (trade === undefined) return;
        const { requestNo, amount } = event.refund;
        trade.givenBack.set(requestNo, (trade.givenBack.get(requestNo) ?? 0n) + amount.minor);
        this.#moveWallet(trade.walletId, amount, amount.minor);
        return;
      }
      default:
        return;
    }
  }

  #moveWallet(walletId: string | undefined, { currency }: Money, minor: bigint): void {
    const account = `wallet:${walletId}:${currency}`;
    this.wallets.set(account, (this.wallets.get(account) ?? 0n) + minor);
  }
}
