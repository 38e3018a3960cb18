// Wallets by hand or by script: open one, show a code, put money in, confirm or refuse, scan an order code.

import type { FastifyInstance } from 'fastify';
import { formatInstant } from '#foundation/instant.ts';
import { formatDecimal } from '#foundation/money.ts';
import type { AnswerOutcome, ScanOutcome } from '../engine/outcome.ts';
import { codeDigitsDefault, codeDigitsMax, codeDigitsMin, type Wallet } from '../engine/wallet.ts';
import { Fields } from '../field-reader.ts';
import type { Sandbox } from '../sandbox.ts';
import { Problem } from './problem.ts';
import { walletLine, walletView } from './views.ts';

type ById = { Params: { walletId: string } };

const walletsMax = 10_000;
const listMax = 200;
const codeLifeMsMax = 3_600_000;

export function serveWallets(scope: FastifyInstance, sandbox: Sandbox): void {
  scope.post('/wallets', async (request, reply) => reply.code(201).send(openWallet(sandbox, request.body)));
  scope.get('/wallets', async () => ({
    wallets: [...sandbox.state.wallets.values()]
      .slice(-listMax)
      .reverse()
      .map((wallet) => walletLine(sandbox, wallet)),
  }));
  scope.get<ById>('/wallets/:walletId', async ({ params }) => walletView(sandbox, walletOf(sandbox, params.walletId)));
  scope.post<ById>('/wallets/:walletId/codes', async ({ params, body }, reply) =>
    reply.code(201).send(issueCode(sandbox, walletOf(sandbox, params.walletId), body)),
  );
  scope.post<ById>('/wallets/:walletId/topup', async ({ params, body }) =>
    topUp(sandbox, walletOf(sandbox, params.walletId), body),
  );
  scope.post<ById>('/wallets/:walletId/answer', async ({ params, body }) =>
    answer(sandbox, walletOf(sandbox, params.walletId), body),
  );
  scope.post<ById>('/wallets/:walletId/scan', async ({ params, body }) =>
    scan(sandbox, walletOf(sandbox, params.walletId), body),
  );
}

function openWallet(sandbox: Sandbox, body: unknown): object {
  const fields = new Fields(body ?? {});
  fields.only(['balance', 'currency', 'passwordAbove', 'autoConfirmMs']);
  const currency = fields.currency('currency', 'CNY');
  const balance = fields.money('balance', currency);
  if (balance.minor < 0n) throw fields.problem('balance', 'must not be below zero');
  const above = fields.has('passwordAbove') ? fields.money('passwordAbove', currency).minor : undefined;
  if (above !== undefined && above < 0n) throw fields.problem('passwordAbove', 'must not be below zero');
  const autoConfirmMs = fields.optionalWhole('autoConfirmMs', 0, codeLifeMsMax);
  if (sandbox.state.wallets.size >= walletsMax)
    throw new Problem(409, 'too-many-wallets', `The sandbox keeps at most ${walletsMax} wallets.`);
  const manner = { passwordAboveMinor: above ?? sandbox.settings.passwordAboveMinor, autoConfirmMs };
  const wallet = sandbox.wallets.open(balance, manner, sandbox.clock.now());
  return { walletId: wallet.walletId, balance: formatDecimal(balance), currency };
}

function issueCode(sandbox: Sandbox, wallet: Wallet, body: unknown): object {
  const fields = new Fields(body ?? {});
  fields.only(['digits', 'lifeMs']);
  const digits = fields.optionalWhole('digits', codeDigitsMin, codeDigitsMax) ?? codeDigitsDefault;
  const lifeMs = fields.optionalWhole('lifeMs', 0, codeLifeMsMax) ?? sandbox.settings.times.codeLifeMs;
  const code = sandbox.wallets.issueCode(wallet.walletId, digits, lifeMs, sandbox.clock.now());
  return { code: code.code, expiresAt: formatInstant(code.expiresAt) };
}

function topUp(sandbox: Sandbox, wallet: Wallet, body: unknown): object {
  const fields = new Fields(body ?? {});
  fields.only(['amount', 'currency']);
  const held = sandbox.state.books.currenciesOf({ kind: 'wallet', walletId: wallet.walletId })[0] ?? 'CNY';
  const amount = fields.money('amount', fields.currency('currency', held));
  if (amount.minor <= 0n) throw fields.problem('amount', 'must be above zero');
  sandbox.wallets.topUp(wallet.walletId, amount, sandbox.clock.now());
  return walletView(sandbox, wallet);
}

function answer(sandbox: Sandbox, wallet: Wallet, body: unknown): object {
  const fields = new Fields(body ?? {});
  fields.only(['accept', 'outTradeNo']);
  const accept = fields.flag('accept');
  const outTradeNo = fields.optionalText('outTradeNo', { max: 64 });
  const outcome = sandbox.engine.answer(wallet.walletId, accept, outTradeNo, sandbox.clock.now());
  if (outcome.outcome === 'refused') throw answerProblem(outcome.reason);
  const { trade } = outcome;
  return { outcome: outcome.outcome, outTradeNo: trade.outTradeNo, tradeNo: trade.tradeNo, state: trade.state };
}

function scan(sandbox: Sandbox, wallet: Wallet, body: unknown): object {
  const fields = new Fields(body ?? {});
  fields.only(['qrCode', 'accept']);
  const qrCode = fields.text('qrCode', { max: 256 });
  const accept = fields.optionalFlag('accept');
  const outcome = sandbox.engine.scan(wallet.walletId, qrCode, sandbox.clock.now());
  if (outcome.outcome === 'refused') throw scanProblem(outcome.reason);
  const { outTradeNo, tradeNo, amount } = outcome.trade;
  if (accept !== undefined) return answer(sandbox, wallet, { accept, outTradeNo });
  return { outcome: 'waiting', outTradeNo, tradeNo, amount: formatDecimal(amount), currency: amount.currency };
}

function walletOf(sandbox: Sandbox, walletId: string): Wallet {
  const wallet = sandbox.state.wallets.get(walletId);
  if (wallet !== undefined) return wallet;
  throw new Problem(404, 'wallet-not-found', 'No wallet has this id. GET /control/v1/wallets lists them.');
}

function answerProblem(reason: Extract<AnswerOutcome, { outcome: 'refused' }>['reason']): Problem {
  if (reason === 'balance-not-enough')
    return new Problem(409, reason, 'The wallet has less than the amount. Top it up and confirm again, or refuse.');
  return new Problem(
    409,
    reason,
    'No payment waits for this buyer. It may have been answered, cancelled or closed by time.',
  );
}

function scanProblem(reason: Extract<ScanOutcome, { outcome: 'refused' }>['reason']): Problem {
  const says = {
    'unknown-wallet': 'No wallet has this id.',
    'unknown-qr-code': 'No order has this code. Give the qr_code that alipay.trade.precreate answered.',
    'used-qr-code': 'Another scan took this order. Each order code pays once.',
    'expired-qr-code': 'The order code is closed or too old. Precreate a new order.',
    'balance-not-enough': 'The wallet has less than the amount. Top it up and scan again.',
  } as const;
  return new Problem(reason === 'unknown-qr-code' ? 404 : 409, reason, says[reason]);
}
