// Plays many tills against a back end: makes sales and codes beforehand, then pays them, in a closed loop (each till pays its next
// sale when the last is paid) or an open one (so many a second, whatever the answers take).

import { Pool } from 'undici';

export type Shop = {
  readonly backend: Pool;
  readonly sandbox: Pool;
  readonly apiKey: string;
  readonly walletId: string;
};
export type Prepared = { readonly saleId: string; readonly payerCode: string };
export type Paid = { readonly paymentId: string; readonly tookMs: number };

export async function openShop(backendUrl: string, sandboxUrl: string, apiKey: string): Promise<Shop> {
  const sandbox = new Pool(sandboxUrl, { connections: 32 });
  const wallet = await ask(sandbox, '/control/v1/wallets', { balance: '90000000.00', currency: 'CNY' }, {});
  return { backend: new Pool(backendUrl, { connections: 128 }), sandbox, apiKey, walletId: String(wallet['walletId']) };
}

export async function closeShop(shop: Shop): Promise<void> {
  await Promise.all([shop.backend.close(), shop.sandbox.close()]);
}

export async function prepare(shop: Shop, count: number, amount: string): Promise<readonly Prepared[]> {
  const prepared: Prepared[] = [];
  await inParallel(32, count, async () => {
    const code = await ask(shop.sandbox, `/control/v1/wallets/${shop.walletId}/codes`, {}, {});
    const sale = await ask(shop.backend, '/api/v1/sales', { amount, currency: 'CNY' }, authorization(shop));
    prepared.push({ saleId: String(sale['saleId']), payerCode: String(code['code']) });
  });
  return prepared;
}

/** Pays one prepared sale; anything but `expected` ends the bench. */
export async function pay(shop: Shop, { saleId, payerCode }: Prepared, expected: string): Promise<Paid> {
  const start = performance.now();
  const headers = { ...authorization(shop), 'idempotency-key': saleId };
  let answer = await ask(shop.backend, `/api/v1/sales/${saleId}/payments`, { payerCode }, headers);
  // Our server answers after two seconds even when Alipay has not; the till then asks on, and so does the bench.
  while (answer['status'] === 'processing') {
    await new Promise((resolve) => setTimeout(resolve, 20));
    answer = await look(shop, String(answer['paymentId']));
  }
  const tookMs = performance.now() - start;
  if (answer['status'] !== expected) throw new Error(`expected ${expected}: ${JSON.stringify(answer)}`);
  return { paymentId: String(answer['paymentId']), tookMs };
}

/** `tills` tills that pay without a pause; answers each payment's time and the whole. */
export async function closedLoop(
  shop: Shop,
  prepared: readonly Prepared[],
  tills: number,
): Promise<{ readonly perSecond: number; readonly tookMs: readonly number[] }> {
  const tookMs: number[] = [];
  const start = performance.now();
  await inParallel(tills, prepared.length, async (index) => {
    const next = prepared[index];
    if (next !== undefined) tookMs.push((await pay(shop, next, 'paid')).tookMs);
  });
  return { perSecond: prepared.length / ((performance.now() - start) / 1_000), tookMs };
}

/** `perSecond` payments a second, evenly spread, whatever the answers take. */
export async function openLoop(
  shop: Shop,
  prepared: readonly Prepared[],
  perSecond: number,
  expected = 'paid',
): Promise<readonly Paid[]> {
  const start = performance.now();
  const payments = prepared.map(async (next, index) => {
    const dueMs = (index * 1_000) / perSecond - (performance.now() - start);
    await new Promise((resolve) => setTimeout(resolve, Math.max(0, dueMs)));
    return await pay(shop, next, expected);
  });
  return await Promise.all(payments);
}

function authorization(shop: Shop): Record<string, string> {
  return { authorization: `Bearer ${shop.apiKey}` };
}

async function inParallel(width: number, count: number, act: (index: number) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < count) {
      const index = next;
      next += 1;
      await act(index);
    }
  };
  await Promise.all(Array.from({ length: width }, worker));
}

async function look(shop: Shop, paymentId: string): Promise<Record<string, unknown>> {
  const path = `/api/v1/payments/${paymentId}`;
  const response = await shop.backend.request({ method: 'GET', path, headers: authorization(shop) });
  return (await response.body.json()) as Record<string, unknown>;
}

async function ask(
  pool: Pool,
  path: string,
  body: object,
  headers: Record<string, string>,
): Promise<Record<string, unknown>> {
  const response = await pool.request({
    method: 'POST',
    path,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  const text = await response.body.text();
  if (response.statusCode >= 300) throw new Error(`${path} answered ${response.statusCode}: ${text}`);
  return JSON.parse(text) as Record<string, unknown>;
}
