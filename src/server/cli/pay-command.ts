// `tillway pay`: what a till does, from the terminal: opens a sale, presents a code, and tells the course until the end.

import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { z } from 'zod';
import { type PaymentView, paymentSchema, storeSchema } from '../contract/ecr.ts';
import { readRunFile } from '../start/run-file.ts';
import { callJson, type JsonCall } from './json-client.ts';
import { readSettings } from './read-settings.ts';
import { type ExitCode, exitCode, type Terminal } from './terminal.ts';

export type Pay = { readonly amount: string; readonly code: string };

const saleSchema = z.object({ saleId: z.string() });
const pollMs = 250;
// The store gives its final word within its own deadline; this only ends a wait for a store that is gone.
const graceMs = 10_000;

export async function pay(options: Pay, terminal: Terminal): Promise<ExitCode> {
  const reading = readSettings(terminal);
  if (reading === null) return exitCode.usage;
  const run = readRunFile(reading.config.home);
  const store = run.ok ? run.value.store : undefined;
  if (store === undefined)
    return tell(terminal, run.ok ? `No store server runs in ${reading.config.home}.` : run.failure);
  const base = `${store.url.replace(/\/$/, '')}/api/v1`;
  const call = <T>(method: JsonCall['method'], path: string, schema: z.ZodType<T>, extra: Partial<JsonCall> = {}) =>
    callJson({ method, url: `${base}${path}`, apiKey: store.apiKey, ...extra }, schema);

  const about = await call('GET', '/store', storeSchema.pick({ currency: true, finalWordMs: true }));
  if (!about.ok) return tell(terminal, about.failure);
  const { currency, finalWordMs } = about.value;
  const sale = await call('POST', '/sales', saleSchema, { body: { amount: options.amount, currency } });
  if (!sale.ok) return tell(terminal, sale.failure);
  terminal.note(`Sale ${sale.value.saleId}: ${options.amount} ${currency}`);

  // Made before the first send: a repeat of this request could never be a second payment.
  const idempotencyKey = randomUUID();
  const begin = performance.now();
  const path = `/sales/${sale.value.saleId}/payments`;
  const startedSchema = paymentSchema.pick({ paymentId: true });
  const started = await call('POST', path, startedSchema, { idempotencyKey, body: { payerCode: options.code } });
  if (!started.ok) return tell(terminal, started.failure);
  const { paymentId } = started.value;
  terminal.note(`Payment ${paymentId}`);
  const follow = () => call('GET', `/payments/${paymentId}`, paymentSchema);
  return followToEnd(follow, begin, finalWordMs + graceMs, terminal);
}

async function followToEnd(
  follow: () => ReturnType<typeof callJson<PaymentView>>,
  begin: number,
  withinMs: number,
  terminal: Terminal,
): Promise<ExitCode> {
  let shown = '';
  let trouble = '';
  while (performance.now() - begin < withinMs) {
    const seen = await follow();
    if (seen.ok) {
      const seconds = ((performance.now() - begin) / 1000).toFixed(1);
      if (seen.value.status !== shown) terminal.note(`  ${seconds.padStart(5)} s  ${seen.value.status}`);
      shown = seen.value.status;
      if (shown === 'paid' || shown === 'not-paid') return end(seen.value, terminal);
    } else if (seen.failure !== trouble) {
      trouble = seen.failure;
      terminal.note(trouble);
    }
    await wait(pollMs);
  }
  return tell(terminal, 'The store server has not given its final word. It ends the payment by itself: tillway status');
}

function end(payment: PaymentView, terminal: Terminal): ExitCode {
  if (payment.status === 'paid') {
    terminal.out(
      `paid ${payment.amount} ${payment.currency} ${payment.paymentId} ${payment.channelReference ?? ''}`.trim(),
    );
    return exitCode.done;
  }
  terminal.out(`not-paid ${payment.reason ?? 'other'} ${payment.paymentId}`);
  if (payment.custody) {
    terminal.note('If the customer sees a charge it is being returned by itself; nobody has to do anything.');
  }
  return exitCode.notPaid;
}

function tell(terminal: Terminal, sentence: string): ExitCode {
  terminal.note(sentence);
  return exitCode.trouble;
}
