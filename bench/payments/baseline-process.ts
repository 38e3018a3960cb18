// The straightforward back end that one would write in an afternoon: an HTTP handler, Alipay's official client and `pg`. It does
// the least that is safe: it checks the caller, writes the payment before it is sent and its result after, each durably, with the
// client's signature check on, and it hears Alipay's notices. No retries, no queries, no custody.

import { createHash, randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AlipaySdk } from 'alipay-sdk';
import pg from 'pg';
import { runChild } from './child.ts';

async function bodyOf(request: IncomingMessage): Promise<Record<string, string>> {
  let text = '';
  for await (const chunk of request) text += chunk;
  return JSON.parse(text) as Record<string, string>;
}

runChild(async (order) => {
  const pool = new pg.Pool({ connectionString: order['databaseUrl'], max: 20 });
  await pool.query(
    `CREATE TABLE IF NOT EXISTS naive_sale (id text PRIMARY KEY, amount text NOT NULL, currency text NOT NULL)`,
  );
  await pool.query(`CREATE TABLE IF NOT EXISTS naive_payment (
    id text PRIMARY KEY, sale_id text NOT NULL REFERENCES naive_sale, idempotency_key text UNIQUE, status text NOT NULL,
    trade_no text, created_at timestamptz NOT NULL DEFAULT now(), updated_at timestamptz)`);
  const sdk = new AlipaySdk({
    appId: order['appId'] ?? '',
    privateKey: order['appPrivateKey'] ?? '',
    keyType: order['appPrivateKey']?.includes('BEGIN RSA') ? 'PKCS1' : 'PKCS8',
    alipayPublicKey: order['alipayPublicKey'] ?? '',
    gateway: `${order['sandboxUrl']}/gateway.do`,
    timeout: 6_000,
  });
  const keyHash = createHash('sha256')
    .update(order['apiKey'] ?? '')
    .digest('hex');

  async function createSale(request: IncomingMessage): Promise<object> {
    const { amount, currency } = await bodyOf(request);
    const id = `sale_${randomUUID().replaceAll('-', '')}`;
    await pool.query('INSERT INTO naive_sale (id, amount, currency) VALUES ($1, $2, $3)', [id, amount, currency]);
    return { saleId: id };
  }

  async function pay(request: IncomingMessage, saleId: string): Promise<object> {
    const { payerCode } = await bodyOf(request);
    const sale = (await pool.query('SELECT amount FROM naive_sale WHERE id = $1', [saleId])).rows[0];
    const id = `pa_${randomUUID().replaceAll('-', '')}`;
    await pool.query(
      `INSERT INTO naive_payment (id, sale_id, idempotency_key, status) VALUES ($1, $2, $3, 'processing')`,
      [id, saleId, request.headers['idempotency-key']],
    );
    const result = await sdk.exec(
      'alipay.trade.pay',
      {
        notify_url: `${url}/notify`,
        bizContent: {
          out_trade_no: id,
          total_amount: sale.amount,
          subject: 'Bench',
          auth_code: payerCode,
          scene: 'bar_code',
        },
      },
      { validateSign: true },
    );
    const status = result.code === '10000' ? 'paid' : result.code === '10003' ? 'awaiting-payer' : 'not-paid';
    await pool.query('UPDATE naive_payment SET status = $2, trade_no = $3, updated_at = now() WHERE id = $1', [
      id,
      status,
      result['tradeNo'],
    ]);
    return { paymentId: id, status };
  }

  async function hear(request: IncomingMessage): Promise<string> {
    let form = '';
    for await (const chunk of request) form += chunk;
    const notice = Object.fromEntries(new URLSearchParams(form));
    if (!sdk.checkNotifySignV2(notice)) return 'fail';
    await pool.query(
      `UPDATE naive_payment SET status = 'paid', updated_at = now() WHERE id = $1 AND status <> 'paid'`,
      [notice['out_trade_no']],
    );
    return 'success';
  }

  let url = '';
  const server = createServer((request, response) => {
    if (request.url === '/notify') {
      hear(request).then(
        (answer) => response.end(answer),
        () => response.writeHead(500).end(),
      );
      return;
    }
    const bearer = (request.headers.authorization ?? '').replace('Bearer ', '');
    const known = createHash('sha256').update(bearer).digest('hex') === keyHash;
    const sale = /^\/api\/v1\/sales\/(\w+)\/payments$/.exec(request.url ?? '')?.[1];
    const work = !known
      ? Promise.reject(new Error('who?'))
      : sale === undefined
        ? createSale(request)
        : pay(request, sale);
    work.then(
      (answer) => response.writeHead(201, { 'content-type': 'application/json' }).end(JSON.stringify(answer)),
      (trouble: Error) => response.writeHead(500).end(trouble.message),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url };
});
