// The sandbox's side of a test: wallets, codes, faults, and what its own books say. It is the independent witness: what the
// store claims is held against this and nothing else.

import { z } from 'zod';

const walletSchema = z.object({ walletId: z.string() });
const walletBooksSchema = z.object({
  walletId: z.string(),
  balance: z.string().transform((text) => minorOf(text)),
  history: z.array(z.object({ outTradeNo: z.string() })),
});
const codeSchema = z.object({ code: z.string() });
const faultSchema = z.object({ faultId: z.string() });
const faultsSchema = z.object({ faults: z.array(z.object({ faultId: z.string(), fired: z.number() })) });
const amountSchema = z.string().transform((text) => minorOf(text));

const callSchema = z.object({ method: z.string(), answer: z.string(), fault: z.string().nullable(), at: z.string() });
const tradeSchema = z.object({
  tradeNo: z.string(),
  outTradeNo: z.string(),
  state: z.string(),
  closedBecause: z.string().nullable(),
  amount: amountSchema,
  refunded: amountSchema,
  kept: amountSchema,
  refunds: z.array(z.object({ requestNo: z.string(), amount: amountSchema, cause: z.string() })),
});
const tradesSchema = z.object({ trades: z.array(tradeSchema), calls: z.array(callSchema) });
const booksSchema = z.object({
  balanced: z.boolean(),
  accounts: z.array(z.object({ account: z.string(), kind: z.string(), balance: amountSchema })),
});
const noticesSchema = z.object({
  notices: z.array(
    z.object({ about: z.string(), status: z.string(), sends: z.array(z.object({ outcome: z.string() })) }),
  ),
});

export type TradeRecord = z.infer<typeof tradesSchema>;
export type Books = z.infer<typeof booksSchema>;
export type WalletBooks = z.infer<typeof walletBooksSchema>;
export type NoticeLine = z.infer<typeof noticesSchema>['notices'][number];

/** A fault rule in the words of the control API. */
export type FaultRule = { readonly match: Readonly<Record<string, unknown>>; readonly effect: FaultEffect };
export type FaultEffect = { readonly kind: string } & Readonly<Record<string, unknown>>;

export class SandboxControl {
  readonly #url: string;

  constructor(sandboxUrl: string) {
    this.#url = `${sandboxUrl}/control/v1`;
  }

  async openWallet(balance = '100000.00'): Promise<string> {
    return walletSchema.parse(await this.#post('/wallets', { balance, currency: 'CNY' })).walletId;
  }

  /** What is in the wallet, and the last fifty trades that took from it. */
  async walletBooks(walletId: string): Promise<WalletBooks> {
    return walletBooksSchema.parse(await this.#ask('GET', `/wallets/${walletId}`));
  }

  /** A fresh code that the wallet shows. */
  async showCode(walletId: string): Promise<string> {
    return codeSchema.parse(await this.#post(`/wallets/${walletId}/codes`, {})).code;
  }

  /** The buyer confirms or refuses what waits. */
  async answer(walletId: string, accept: boolean): Promise<void> {
    await this.#post(`/wallets/${walletId}/answer`, { accept });
  }

  async addFault(rule: FaultRule): Promise<string> {
    return faultSchema.parse(await this.#post('/faults', rule)).faultId;
  }

  /** Those of the rules that have not met a call yet. */
  async unfired(faultIds: readonly string[]): Promise<readonly string[]> {
    const { faults } = faultsSchema.parse(await this.#ask('GET', '/faults'));
    const fired = new Set(faults.filter((rule) => rule.fired > 0).map(({ faultId }) => faultId));
    return faultIds.filter((faultId) => !fired.has(faultId));
  }

  async removeFault(faultId: string): Promise<void> {
    await this.#ask('DELETE', `/faults/${faultId}`);
  }

  async clearFaults(): Promise<void> {
    await this.#ask('DELETE', '/faults');
  }

  /** What is booked under our number, and every call that was made about it. */
  async tradesOf(outTradeNo: string): Promise<TradeRecord> {
    return tradesSchema.parse(await this.#ask('GET', `/trades?outTradeNo=${encodeURIComponent(outTradeNo)}`));
  }

  async noticesOf(outTradeNo: string): Promise<readonly NoticeLine[]> {
    const answer = await this.#ask('GET', `/notices?outTradeNo=${encodeURIComponent(outTradeNo)}`);
    return noticesSchema.parse(answer).notices;
  }

  async books(): Promise<Books> {
    return booksSchema.parse(await this.#ask('GET', '/books'));
  }

  async #post(path: string, body: object): Promise<unknown> {
    return await this.#ask('POST', path, body);
  }

  async #ask(method: string, path: string, body?: object): Promise<unknown> {
    const response = await fetch(`${this.#url}${path}`, {
      method,
      ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} at the sandbox answered ${response.status}: ${text}`);
    return JSON.parse(text);
  }
}

/** Decimal text with two decimals as minor units. Written here again, so that the witness shares no code with the store. */
export function minorOf(text: string): bigint {
  if (!/^-?\d+\.\d\d$/.test(text)) throw new Error(`"${text}" is not an amount with two decimals`);
  return BigInt(text.replace('.', ''));
}
