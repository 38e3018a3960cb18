// The wallet's way to the sandbox's control API. Answers are read by schemas; anything else is `away`.

import { config, z } from 'zod';
import { failure, type Result, success } from '#foundation/result.ts';

// The page's content security policy forbids code made from text, which zod would otherwise try.
config({ jitless: true });

const walletLine = z.object({ walletId: z.string(), logonId: z.string(), currency: z.string(), balance: z.string() });

const tradeStates = ['unscanned', 'waiting', 'paid', 'finished', 'closed'] as const;
const closedBecause = ['timeout', 'refused', 'cancelled', 'closed-by-merchant', 'refunded'] as const;

const codeView = z.object({ code: z.string(), expiresAt: z.string() });

const walletView = walletLine.extend({
  passwordAbove: z.string(),
  code: codeView.nullable(),
  pending: z.array(
    z.object({
      outTradeNo: z.string(),
      tradeNo: z.string(),
      amount: z.string(),
      currency: z.string(),
      subject: z.string(),
      closesAt: z.string(),
    }),
  ),
  history: z.array(
    z.object({
      tradeNo: z.string(),
      amount: z.string(),
      refunded: z.string(),
      currency: z.string(),
      subject: z.string(),
      state: z.enum(tradeStates),
      closedBecause: z.enum(closedBecause).nullable(),
      at: z.string(),
    }),
  ),
});

const walletList = z.object({ wallets: z.array(walletLine) });
const opened = z.object({ walletId: z.string() });
const answered = z.object({ outcome: z.string() });
const problem = z.object({ code: z.string() });

export type WalletLine = z.infer<typeof walletLine>;
export type WalletView = z.infer<typeof walletView>;
export type Pending = WalletView['pending'][number];
export type HistoryRow = WalletView['history'][number];
export type PaymentCode = z.infer<typeof codeView>;

export type SandboxTrouble = { readonly kind: 'away' } | { readonly kind: 'refused'; readonly code: string };
type Answer<Value> = Promise<Result<Value, SandboxTrouble>>;

export class SandboxClient {
  readonly address: string;

  constructor(address: string) {
    this.address = address;
  }

  wallets(): Answer<z.infer<typeof walletList>> {
    return this.#ask(walletList, '/wallets');
  }

  open(balance: string, currency: string): Answer<z.infer<typeof opened>> {
    return this.#ask(opened, '/wallets', { balance, currency });
  }

  wallet(walletId: string): Answer<WalletView> {
    return this.#ask(walletView, `/wallets/${encodeURIComponent(walletId)}`);
  }

  makeCode(walletId: string, digits: number): Answer<PaymentCode> {
    return this.#ask(codeView, `/wallets/${encodeURIComponent(walletId)}/codes`, { digits });
  }

  answer(walletId: string, accept: boolean, outTradeNo: string): Answer<z.infer<typeof answered>> {
    return this.#ask(answered, `/wallets/${encodeURIComponent(walletId)}/answer`, { accept, outTradeNo });
  }

  topUp(walletId: string, amount: string): Answer<WalletView> {
    return this.#ask(walletView, `/wallets/${encodeURIComponent(walletId)}/topup`, { amount });
  }

  async #ask<Schema extends z.ZodType>(schema: Schema, path: string, body?: object): Answer<z.infer<Schema>> {
    try {
      const response = await fetch(`${this.address}/control/v1${path}`, {
        method: body === undefined ? 'GET' : 'POST',
        ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
        cache: 'no-store',
        signal: AbortSignal.timeout(5_000),
      });
      const json: unknown = await response.json();
      if (!response.ok) {
        const refused = problem.safeParse(json);
        return failure(refused.success ? { kind: 'refused', code: refused.data.code } : { kind: 'away' });
      }
      const read = schema.safeParse(json);
      return read.success ? success(read.data) : failure({ kind: 'away' });
    } catch {
      return failure({ kind: 'away' });
    }
  }
}
