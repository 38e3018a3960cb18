// A till as another company would write one: it knows the ECR API and nothing else. It never decides whether money moved; it
// shows what it is told.

import type { z } from 'zod';
import {
  type PaymentView,
  paymentSchema,
  type RefundView,
  refundSchema,
  type SaleView,
  salePageSchema,
  saleSchema,
} from '#server/contract/ecr.ts';
import { type Problem, problemSchema } from '#server/contract/problem.ts';

export type Answer<View> =
  | { readonly ok: true; readonly status: number; readonly view: View }
  | { readonly ok: false; readonly problem: Problem };

/** What a till saw of one payment from its first look to the end of the stream. */
export type Followed = {
  /** The first final word. */
  readonly word: 'paid' | 'not-paid';
  /** When the till had it, in milliseconds since 1970. */
  readonly wordAtMs: number;
  /** The last look: nothing can change any more. */
  readonly last: PaymentView;
};

export class Till {
  readonly #url: string;
  readonly #apiKey: string;

  constructor(storeUrl: string, apiKey: string) {
    this.#url = `${storeUrl}/api/v1`;
    this.#apiKey = apiKey;
  }

  async openSale(amount: string, key?: string): Promise<SaleView> {
    return viewOf(await this.tryOpenSale(amount, key));
  }

  async tryOpenSale(amount: string, key?: string): Promise<Answer<SaleView>> {
    return await this.#post('/sales', { amount, currency: 'CNY' }, key, saleSchema);
  }

  async pay(saleId: string, payerCode: string, key: string): Promise<Answer<PaymentView>> {
    return await this.#post(`/sales/${saleId}/payments`, { payerCode }, key, paymentSchema);
  }

  async refund(paymentId: string, amount: string, key: string): Promise<Answer<RefundView>> {
    return await this.#post(`/payments/${paymentId}/refunds`, { amount }, key, refundSchema);
  }

  async abandon(paymentId: string): Promise<Answer<PaymentView>> {
    return await this.#post(`/payments/${paymentId}/abandon`, {}, undefined, paymentSchema);
  }

  async sale(saleId: string): Promise<SaleView> {
    return viewOf(await this.#ask('GET', `/sales/${saleId}`, saleSchema));
  }

  async payment(paymentId: string): Promise<Answer<PaymentView>> {
    return await this.#ask('GET', `/payments/${paymentId}`, paymentSchema);
  }

  async refundOf(refundId: string): Promise<RefundView> {
    return viewOf(await this.#ask('GET', `/refunds/${refundId}`, refundSchema));
  }

  /** Every sale of the store, newest first, also those whose answer never reached a till. */
  async allSales(): Promise<readonly SaleView[]> {
    const sales: SaleView[] = [];
    for (let before = ''; ; ) {
      const page = viewOf(await this.#ask('GET', `/sales?limit=200${before}`, salePageSchema));
      sales.push(...page.sales);
      if (page.next === null) return sales;
      before = `&before=${page.next}`;
    }
  }

  /**
   * Follows a payment by server-sent events until the server ends the stream. Fails when the stream breaks off without a final
   * word, or when a word that was given changes.
   */
  async follow(paymentId: string): Promise<Followed> {
    const path = `${this.#url}/payments/${paymentId}/events`;
    const response = await fetch(path, { headers: this.#headers() });
    if (!response.ok || response.body === null) throw new Error(`${path} answered ${response.status}`);
    let word: Followed['word'] | undefined;
    let wordAtMs = 0;
    let last: PaymentView | undefined;
    for await (const data of eventsIn(response.body)) {
      last = paymentSchema.parse(JSON.parse(data));
      if (last.status !== 'paid' && last.status !== 'not-paid') continue;
      if (word !== undefined && word !== last.status) throw new Error(`${paymentId} was ${word} and is ${last.status}`);
      if (word === undefined) wordAtMs = Date.now();
      word = last.status;
    }
    if (last === undefined || word === undefined) throw new Error(`The stream of ${paymentId} ended without a word`);
    return { word, wordAtMs, last };
  }

  async #post<View>(
    path: string,
    body: object,
    key: string | undefined,
    schema: z.ZodType<View>,
  ): Promise<Answer<View>> {
    return await this.#ask('POST', path, schema, { body, ...(key === undefined ? {} : { key }) });
  }

  async #ask<View>(
    method: string,
    path: string,
    schema: z.ZodType<View>,
    send?: { readonly body: object; readonly key?: string },
  ): Promise<Answer<View>> {
    const headers = {
      ...this.#headers(),
      ...(send === undefined ? {} : { 'content-type': 'application/json' }),
      ...(send?.key === undefined ? {} : { 'idempotency-key': send.key }),
    };
    const body = send === undefined ? null : JSON.stringify(send.body);
    const response = await fetch(`${this.#url}${path}`, { method, headers, body });
    const value: unknown = await response.json();
    if (response.ok) return { ok: true, status: response.status, view: schema.parse(value) };
    return { ok: false, problem: problemSchema.parse(value) };
  }

  #headers(): Record<string, string> {
    return { authorization: `Bearer ${this.#apiKey}` };
  }
}

/** The view of an answer that must not be a problem. */
export function viewOf<View>(answer: Answer<View>): View {
  if (answer.ok) return answer.view;
  throw new Error(`${answer.problem.status} ${answer.problem.code}: ${answer.problem.detail}`);
}

// The data of each event; comments and ids are passed over.
async function* eventsIn(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const piece of body) {
    text += decoder.decode(piece, { stream: true });
    for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
      const data = /^data: (.*)$/m.exec(text.slice(0, end))?.[1];
      text = text.slice(end + 2);
      if (data !== undefined) yield data;
    }
  }
}
