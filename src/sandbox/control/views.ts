// What the control API shows of wallets, trades and notices. Amounts are decimal text beside their currency, times ISO 8601.

import { formatInstant, type Instant } from '#foundation/instant.ts';
import { formatDecimal, money } from '#foundation/money.ts';
import { cancellableUntil } from '../engine/closing-time.ts';
import { refundedOf, type Trade } from '../engine/trade.ts';
import type { Wallet } from '../engine/wallet.ts';
import type { NoticeRecord } from '../notices/notice.ts';
import { keptOf } from '../openapi/trade-node.ts';
import type { Sandbox } from '../sandbox.ts';

const historyMax = 50;

export function walletView(sandbox: Sandbox, wallet: Wallet): object {
  const { state, engine, clock } = sandbox;
  const now = clock.now();
  const owner = { kind: 'wallet', walletId: wallet.walletId } as const;
  const currency = state.books.currenciesOf(owner)[0] ?? 'CNY';
  const balances = Object.fromEntries(
    state.books.currenciesOf(owner).map((each) => [each, formatDecimal(state.books.balance(owner, each))]),
  );
  return {
    walletId: wallet.walletId,
    logonId: wallet.logonId,
    currency,
    balance: formatDecimal(state.books.balance(owner, currency)),
    balances,
    passwordAbove: formatDecimal(money(currency, wallet.passwordAboveMinor)),
    autoConfirmMs: wallet.autoConfirmMs ?? null,
    code: codeView(sandbox, wallet.walletId, now),
    pending: engine.waitingOf(wallet.walletId, now).map((trade) => ({
      outTradeNo: trade.outTradeNo,
      tradeNo: trade.tradeNo,
      protocol: trade.protocol,
      amount: formatDecimal(trade.amount),
      currency: trade.amount.currency,
      subject: trade.subject,
      since: formatInstant(trade.createdAt),
      closesAt: formatInstant(trade.closesAt),
    })),
    history: newest(state.tradesOfWallet.get(wallet.walletId) ?? [], historyMax).map((tradeNo) => {
      const trade = state.trade(tradeNo);
      return {
        outTradeNo: trade.outTradeNo,
        tradeNo,
        amount: formatDecimal(trade.amount),
        refunded: formatDecimal(refundedOf(trade)),
        currency: trade.amount.currency,
        subject: trade.subject,
        state: trade.state,
        closedBecause: trade.closedBecause ?? null,
        at: formatInstant(trade.paidAt ?? trade.createdAt),
      };
    }),
  };
}

/** For a list: what fits on one line. */
export function walletLine(sandbox: Sandbox, wallet: Wallet): object {
  const owner = { kind: 'wallet', walletId: wallet.walletId } as const;
  const { books } = sandbox.state;
  const currency = books.currenciesOf(owner)[0] ?? 'CNY';
  return {
    walletId: wallet.walletId,
    logonId: wallet.logonId,
    currency,
    balance: formatDecimal(books.balance(owner, currency)),
    pending: sandbox.engine.waitingOf(wallet.walletId, sandbox.clock.now()).length,
  };
}

export function tradeView(sandbox: Sandbox, trade: Trade): object {
  return {
    tradeNo: trade.tradeNo,
    outTradeNo: trade.outTradeNo,
    protocol: trade.protocol,
    merchantId: trade.merchantId,
    walletId: trade.walletId ?? null,
    state: trade.state,
    closedBecause: trade.closedBecause ?? null,
    amount: formatDecimal(trade.amount),
    refunded: formatDecimal(refundedOf(trade)),
    kept: keptOf(trade),
    currency: trade.amount.currency,
    subject: trade.subject,
    createdAt: formatInstant(trade.createdAt),
    closesAt: formatInstant(trade.closesAt),
    paidAt: textOrNull(trade.paidAt),
    closedAt: textOrNull(trade.closedAt),
    cancellableUntil: formatInstant(cancellableUntil(trade, sandbox.settings.times)),
    notifyUrl: trade.notifyUrl ?? null,
    qrCode: trade.qrCode ?? null,
    refunds: trade.refunds.map((refund) => ({
      requestNo: refund.requestNo,
      refundId: refund.refundId,
      amount: formatDecimal(refund.amount),
      cause: refund.cause,
      reason: refund.reason ?? null,
      at: formatInstant(refund.at),
    })),
    calls: callsView(sandbox, trade.outTradeNo, trade.merchantId),
  };
}

/** The calls about one order, also of one that never became a trade. */
export function callsView(sandbox: Sandbox, outTradeNo: string, merchantId?: string): readonly object[] {
  return sandbox.calls.of(outTradeNo, merchantId).map(({ at, protocol, method, answer, fault, firedBy }) => ({
    at: formatInstant(at),
    protocol,
    method,
    answer,
    fault: fault ?? null,
    firedBy,
  }));
}

export function noticeView({ notice, sends, status, nextAt }: NoticeRecord): object {
  return {
    noticeId: notice.noticeId,
    protocol: notice.protocol,
    about: notice.about,
    outTradeNo: notice.outTradeNo,
    tradeNo: notice.tradeNo,
    url: notice.url,
    status,
    queuedAt: formatInstant(notice.queuedAt),
    nextAt: status === 'waiting' ? textOrNull(nextAt) : null,
    content: 'form' in notice.content ? notice.content.form : notice.content.json,
    sends: sends.map((send) => ({ ...send, at: formatInstant(send.at) })),
  };
}

/** The last `count` of a collection that keeps its order, newest first. */
export function newest<Item>(items: Iterable<Item>, count: number): readonly Item[] {
  return [...items].slice(-count).reverse();
}

function codeView(sandbox: Sandbox, walletId: string, now: Instant): object | null {
  const shown = sandbox.state.currentCode.get(walletId);
  const code = shown === undefined ? undefined : sandbox.state.codes.get(shown);
  if (code === undefined || code.usedBy !== undefined || code.expiresAt <= now) return null;
  return { code: code.code, expiresAt: formatInstant(code.expiresAt) };
}

function textOrNull(at: Instant | undefined): string | null {
  return at === undefined ? null : formatInstant(at);
}
