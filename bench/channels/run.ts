// Measures what a call to Alipay costs us beside Alipay's own time: `authorize` of the domestic channel against `exec` of Alipay's
// official client with signature validation on, both given the same canned signed answer.
//   node bench/channels/run.ts [--calls 2000] [--rounds 5]
// Once without a network (a transport, and a dispatcher, that answer at once) and once over HTTP from another process. Rounds
// alternate, so that a noisy machine is noisy for both; the figures are medians. The limit is one RSA-2048 signature and one
// verification a call and nothing else, over the same thread pool.

import { fork } from 'node:child_process';
import { generateKeyPairSync, type KeyObject, sign, verify } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { parseArgs, promisify } from 'node:util';
import { AlipaySdk } from 'alipay-sdk';
import { Agent, type Dispatcher } from 'undici';
import { createOpenapiChannel, createUndiciTransport, type HttpTransport } from '#channels/alipay/index.ts';
import { makeId } from '#foundation/id.ts';
import { type Clock, instant } from '#foundation/instant.ts';
import { money } from '#foundation/money.ts';
import { seededRandom } from '#foundation/random.ts';
import { redact } from '#foundation/redacted.ts';
import { median } from '../payments/figures.ts';

const concurrency = 32;
const made = { at: instant(Date.now()), random: seededRandom(1) };
const attemptId = makeId('attempt', made.at, made.random);

type Call = () => Promise<unknown>;
type Contender = { readonly name: string; readonly call: Call; readonly rates: number[]; readonly cpuMs: number[] };

if (process.send === undefined) await compare();
else await serveCanned(String(process.argv[2]));

async function serveCanned(text: string): Promise<void> {
  const server = createServer((request, response) => {
    request.resume().on('end', () => response.setHeader('content-length', Buffer.byteLength(text)).end(text));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  process.send?.(server.address());
}

async function compare(): Promise<void> {
  const { values } = parseArgs({
    options: { calls: { type: 'string', default: '2000' }, rounds: { type: 'string', default: '5' } },
  });
  const merchant = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const alipay = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const text = cannedAnswer(alipay.privateKey);
  const child = fork(new URL(import.meta.url), [text]);
  const [address] = await once(child, 'message');
  const url = `http://127.0.0.1:${address.port}/gateway.do`;
  const transport = createUndiciTransport();
  const agent = new Agent();
  try {
    const parts = { privateKey: merchant.privateKey, alipayPublicKey: alipay.publicKey };
    const bare = contender('limit: sign + verify', limit(merchant.privateKey, alipay));
    const host = 'http://alipay.test/gateway.do';
    const pairs = [
      [
        contender('ours, no network', ours(parts, host, instantTransport(text))),
        contender('alipay-sdk, no network', sdk(parts, host, instantDispatcher(text))),
      ],
      [contender('ours, HTTP', ours(parts, url, transport)), contender('alipay-sdk, HTTP', sdk(parts, url, agent))],
    ] as const;
    const contenders = [bare, ...pairs.flat()];
    for (const each of contenders) await measure(each, 300);
    for (const each of contenders) each.rates.length = each.cpuMs.length = 0;
    for (let round = 0; round < Number(values.rounds); round += 1) {
      for (const each of contenders) await measure(each, Number(values.calls));
    }
    for (const { name, rates, cpuMs } of contenders) {
      console.log(
        `${name.padEnd(24)} ${median(rates).toFixed(0).padStart(6)} calls/s  ${median(cpuMs).toFixed(3)} ms CPU`,
      );
    }
    for (const [own, theirs] of pairs) {
      const ratios = own.rates.map((rate, round) => rate / (theirs.rates[round] ?? Number.NaN));
      console.log(`${own.name} is ${median(ratios).toFixed(2)} × ${theirs.name}`);
    }
  } finally {
    await Promise.all([transport.close(), agent.close()]);
    child.kill();
  }
}

function contender(name: string, call: Call): Contender {
  return { name, call, rates: [], cpuMs: [] };
}

async function measure({ call, rates, cpuMs }: Contender, calls: number): Promise<void> {
  const cpu = process.cpuUsage();
  const begin = performance.now();
  let left = calls;
  const worker = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      await call();
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  const { user, system } = process.cpuUsage(cpu);
  rates.push(calls / ((performance.now() - begin) / 1_000));
  cpuMs.push((user + system) / 1_000 / calls);
}

type Keys = { readonly privateKey: KeyObject; readonly alipayPublicKey: KeyObject };

function ours(keys: Keys, gatewayUrl: string, transport: HttpTransport): Call {
  const clock: Clock = {
    now: () => instant(Date.now()),
    monotonicMs: () => performance.now(),
    after: () => () => undefined,
  };
  const own = { gatewayUrl, appId: '2021000000000001', notifyUrl: 'https://shop.test/notify', ...keys };
  const channel = createOpenapiChannel(own, { transport, clock });
  const request = {
    attemptId,
    amount: money('CNY', 8_888n),
    payerCode: redact('28763443825664394'),
    description: 'Groceries',
    merchantId: makeId('merchant', made.at, made.random),
    storeId: makeId('store', made.at, made.random),
    deviceId: makeId('device', made.at, made.random),
    at: made.at,
  };
  return async () => {
    const reply = await channel.authorize(request, AbortSignal.timeout(5_000));
    if (!reply.ok || reply.value.outcome !== 'approved') throw new Error(`not approved: ${JSON.stringify(reply)}`);
  };
}

function sdk({ privateKey, alipayPublicKey }: Keys, gateway: string, dispatcher: Dispatcher): Call {
  const client = new AlipaySdk({
    appId: '2021000000000001',
    privateKey: String(privateKey.export({ type: 'pkcs1', format: 'pem' })),
    alipayPublicKey: String(alipayPublicKey.export({ type: 'spki', format: 'pem' })),
    gateway,
    camelcase: false,
    // Typed for its own copy of undici; any dispatcher works.
    ...{ proxyAgent: dispatcher },
  });
  const bizContent = {
    out_trade_no: attemptId,
    total_amount: '88.88',
    subject: 'Groceries',
    auth_code: '28763443825664394',
    scene: 'bar_code',
    product_code: 'FACE_TO_FACE_PAYMENT',
    timeout_express: '5m',
    store_id: 'sto_1',
    terminal_id: 'dev_1',
    query_options: ['fund_bill_list', 'voucher_detail_list'],
  };
  return async () => {
    const notify = { notify_url: 'https://shop.test/notify' };
    const reply = await client.exec('alipay.trade.pay', { ...notify, bizContent }, { validateSign: true });
    if (reply.code !== '10000') throw new Error(`not approved: ${reply.code}`);
  };
}

function limit(privateKey: KeyObject, alipay: { readonly privateKey: KeyObject; readonly publicKey: KeyObject }): Call {
  const content = Buffer.alloc(700, 'x');
  const signature = sign('RSA-SHA256', content, alipay.privateKey);
  const [signAsync, verifyAsync] = [promisify(sign), promisify(verify)];
  return async () => {
    await signAsync('RSA-SHA256', content, privateKey);
    await verifyAsync('RSA-SHA256', content, alipay.publicKey, signature);
  };
}

function instantTransport(body: string): HttpTransport {
  return { post: () => Promise.resolve({ kind: 'answered', status: 200, headers: {}, body }) };
}

function instantDispatcher(body: string): Dispatcher {
  const controller = { abort() {}, pause() {}, resume() {}, aborted: false, paused: false, reason: null };
  // The bottom of the composition: nothing reaches the agent below it.
  return new Agent().compose(() => (_options, handler) => {
    queueMicrotask(() => {
      handler.onRequestStart?.(controller, {});
      handler.onResponseStart?.(controller, 200, {}, 'OK');
      handler.onResponseData?.(controller, Buffer.from(body));
      handler.onResponseEnd?.(controller, {});
    });
    return true;
  });
}

function cannedAnswer(key: KeyObject): string {
  const node = JSON.stringify({
    code: '10000',
    msg: 'Success',
    buyer_logon_id: '159****5620',
    buyer_pay_amount: '88.88',
    buyer_user_id: '2088101117955611',
    fund_bill_list: [{ amount: '88.88', fund_channel: 'ALIPAYACCOUNT' }],
    gmt_payment: '2026-11-23 10:00:01',
    invoice_amount: '88.88',
    out_trade_no: attemptId,
    point_amount: '0.00',
    receipt_amount: '88.88',
    total_amount: '88.88',
    trade_no: '2026112322001455611400000001',
  });
  const signature = sign('RSA-SHA256', Buffer.from(node), key).toString('base64');
  return `{"alipay_trade_pay_response":${node},"sign":"${signature}"}`;
}
