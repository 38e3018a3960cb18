// Secrets stay where they belong. A shop is run through everything that happens to payments, and whatever it says or keeps is then
// searched: the log as a process writes it, every answer, the metrics, and every row of the database.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import pg from 'pg';
import { control, getJson, listOf, openWallet, postJson, showCode } from '#sandbox/testing/sandbox.fixture.ts';
import { salePageSchema } from '../contract/ecr.ts';
import { createLog } from '../log.ts';
import { type Answer, type Call, openShop, type Shop } from '../testing/shop.fixture.ts';
import { until } from '../testing/until.ts';

let shop: Shop;
/** What the process wrote to its two streams. */
let written = '';
const answers: string[] = [];
const payerCodes: string[] = [];
const restore: (() => void)[] = [];

before(async () => {
  for (const stream of [process.stdout, process.stderr]) {
    const { write } = stream;
    // The runner's own reports go this way too, so what is caught is passed on.
    stream.write = (chunk: string | Uint8Array, ...rest: never[]) => {
      written += typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('latin1');
      return write.call(stream, chunk, ...rest);
    };
    restore.push(() => {
      stream.write = write;
    });
  }
  shop = await openShop();
});
after(async () => {
  await shop.close();
  for (const undo of restore) undo();
});

async function ask(method: string, path: string, call: Call = {}): Promise<Answer> {
  const answer = await shop.call(method, path, call);
  answers.push(`${answer.text}\n${JSON.stringify([...answer.headers])}`);
  return answer;
}
async function pay(amount: string, payerCode: string): Promise<Answer> {
  payerCodes.push(payerCode);
  const sale = await ask('POST', '/api/v1/sales', { body: { amount, currency: 'CNY' } });
  const path = `/api/v1/sales/${String(sale.json['saleId'])}/payments`;
  return await ask('POST', path, { idempotencyKey: `key-${payerCodes.length}`, body: { payerCode } });
}
const show = async (wallet: string) => (await showCode(shop.sandbox, wallet)).code;
const fault = (effect: unknown, amount: string) =>
  postJson(shop.sandbox, 'faults', { effect, match: { amount, method: 'pay' } });

/** Paid, refused, waiting, unclear, spoilt, refunded, mistaken and forged: everything that a payment may meet. */
async function liveThroughADay(): Promise<void> {
  const wallet = await openWallet(shop.sandbox, '2000.00');
  const paid = await pay('10.00', await show(wallet));
  assert.equal(paid.json['status'], 'paid');
  const path = `/api/v1/payments/${String(paid.json['paymentId'])}/refunds`;
  await ask('POST', path, { idempotencyKey: 'refund', body: { amount: '3.00' } });
  assert.equal((await pay('1.00', '289876543210987654')).json['status'], 'not-paid');
  assert.equal((await pay('9000.00', await show(await openWallet(shop.sandbox, '1.00')))).json['status'], 'not-paid');
  const asked = await pay('1500.00', await show(wallet));
  assert.equal(asked.json['status'], 'awaiting-payer');
  await control(shop.sandbox, 'POST', `wallets/${wallet}/answer`, { accept: false });
  const spoilt = [
    'answer-cut',
    'answer-garbled',
    'answer-unsigned',
    'answer-wrongly-signed',
    'system-error',
    'unknown',
  ];
  for (const [index, kind] of spoilt.entries()) {
    const amount = `20.0${index}`;
    await fault({ kind }, amount);
    const answer = await pay(amount, await show(wallet));
    await ask('POST', `/api/v1/payments/${String(answer.json['paymentId'])}/abandon`);
  }
  for (const wrong of [
    '134567890123456789',
    '6212345678901234567',
    '28 1234 5678 9012 34 5x',
    '2812345678901234567890123456',
  ]) {
    await pay('1.00', wrong);
  }
  const code = await show(wallet);
  payerCodes.push(code);
  await ask('POST', '/api/v1/sales', { raw: `{"amount":"1.00","payerCode":"${code}"` });
  await ask('POST', `/api/v1/sales/${code}/payments`, { idempotencyKey: 'odd', body: { payerCode: code } });
  await ask('GET', '/api/v1/store', { key: shop.apiKey.slice(0, -1) });
  const forged = new URLSearchParams({
    out_trade_no: String(paid.json['paymentId']),
    auth_code: code,
    sign: 'Zm9yZ2Vk',
    sign_type: 'RSA2',
  });
  const form = { 'content-type': 'application/x-www-form-urlencoded' };
  await ask('POST', '/notify/alipay', { key: null, raw: forged.toString(), headers: form });
  for (const path of ['/metrics', '/readyz', '/healthz', '/docs/openapi.json', '/api/v1/sales']) await ask('GET', path);
}

async function everyRow(): Promise<string> {
  const client = new pg.Client({ connectionString: shop.databaseUrl });
  await client.connect();
  try {
    const tables = await client.query<{ name: string }>(
      `SELECT quote_ident(table_schema) || '.' || quote_ident(table_name) AS name FROM information_schema.tables
       WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')`,
    );
    assert.ok(tables.rows.length >= 8);
    const rows: string[] = [];
    for (const { name } of tables.rows) {
      const found = await client.query<{ row: string }>(`SELECT row_to_json(t)::text AS row FROM ${name} t`);
      rows.push(...found.rows.map(({ row }) => row));
    }
    return rows.join('\n');
  } finally {
    await client.end();
  }
}

/** What may be nowhere: whole payer codes, keys, and signatures of either side. */
function secrets(): ReadonlyMap<string, string> {
  const { openapi, global } = shop.sandbox.credentials;
  const found = new Map<string, string>();
  for (const code of payerCodes) found.set(`payer code ${code}`, code);
  const wallets = payerCodes.map((code) => code.replaceAll(' ', ''));
  for (const code of wallets) found.set(`payer code without gaps ${code}`, code);
  found.set('API key', shop.apiKey);
  for (const [name, key] of [
    ['OpenAPI', openapi.appPrivateKey],
    ['global', global.privateKey],
  ] as const) {
    // A line from the middle of the key: its head is the same for all keys.
    for (const line of key
      .split('\n')
      .filter((text) => /^[0-9A-Za-z+/=]{40,}$/.test(text))
      .slice(2))
      found.set(`${name} key ${line}`, line);
  }
  found.set('database password', new URL(shop.databaseUrl).password);
  return found;
}

test('no secret is in the log, an answer, the metrics or the database', async () => {
  await liveThroughADay();
  const pageSchema = salePageSchema.pick({ sales: true });
  await until('every payment has its word', async () => {
    const { sales } = pageSchema.parse((await shop.call('GET', '/api/v1/sales?limit=200')).json);
    return sales.every((sale) => sale.payments.every(({ status }) => status === 'paid' || status === 'not-paid'));
  });
  // The same events as a process of its own writes them.
  const logged: string[] = [];
  const log = createLog('store', { write: (line: string) => void logged.push(line) });
  for (const line of shop.lines) {
    const { event, ...fields } = JSON.parse(line);
    log.event(event, fields);
  }
  const places = { log: logged.join(''), streams: written, answers: answers.join('\n'), database: await everyRow() };
  // Enough was said and kept for the search to mean something.
  assert.ok(shop.lines.length >= 20, `${shop.lines.length} events`);
  assert.ok(answers.length >= 40, `${answers.length} answers`);
  assert.ok(places.database.length >= 10_000, `${places.database.length} characters of rows`);
  for (const [place, text] of Object.entries(places)) {
    for (const [name, secret] of secrets()) {
      assert.ok(secret.length >= 10 && !text.includes(secret), `${name} is in the ${place}`);
    }
    // A signature is 256 bytes in base64: nothing of that look may stand anywhere.
    const signature = place === 'streams' ? null : /[0-9A-Za-z+/]{300,}/.exec(text);
    assert.equal(signature?.[0] ?? null, null, place);
  }
  assert.match(places.log, /payment\.notice\.refused/);
  assert.match(places.log, /payment\.charge\.(approved|declined|reversed)/);
});

test('what the sandbox was sent did hold the codes: the search above looks for the right thing', async () => {
  const trades = listOf((await getJson(shop.sandbox, 'trades'))['trades']);
  assert.ok(trades.length >= 3);
  assert.ok(payerCodes.every((code) => code.length >= 18));
});
