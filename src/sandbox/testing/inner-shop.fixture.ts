// A merchant inside the sandbox's own process: the real domestic channel, whose requests go through the inner door, with a
// signature that costs nothing and knows no keys.

import { ok } from 'node:assert/strict';
import { createHash } from 'node:crypto';
import {
  createOpenapiChannel,
  type HttpTransport,
  openapiNoticeReceipt,
  readPublicKey,
  type Signing,
  verifyOpenapiNotice,
} from '#channels/alipay/index.ts';
import { makeId, type PaymentAttemptId } from '#foundation/id.ts';
import { type Money, money } from '#foundation/money.ts';
import { type Random, seededRandom } from '#foundation/random.ts';
import { redact } from '#foundation/redacted.ts';
import type { AuthorizeReply, Channel, ChargeReference } from '#payment/index.ts';
import { type InnerSandbox, openInnerSandbox } from '../inner-sandbox.ts';
import type { SandboxKeys } from '../keys.ts';
import type { NoticeSender } from '../notices/notice-sender.port.ts';
import type { SandboxEvent } from '../sandbox.ts';
import type { Signer } from '../signer.ts';
import { atOnce, HandClock } from './hand-clock.fixture.ts';
import { asJson, type Json, testKeys } from './sandbox.fixture.ts';

const seal = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('base64');

export const instantSigner: Signer = {
  sign: (_signType, content) => Promise.resolve(seal(content)),
  verify: (_signType, content, signature) => Promise.resolve(signature === seal(content)),
};

const instantSigning: Signing = {
  sign: (content) => Promise.resolve(seal(content)),
  verify: (content, signature) => Promise.resolve(signature === seal(content)),
};

export const waiting = new AbortController().signal;

export type InnerShop = {
  readonly clock: HandClock;
  readonly sandbox: InnerSandbox;
  readonly channel: Channel;
  readonly events: readonly SandboxEvent[];
  /** What the notices said, in the order in which they came. */
  readonly told: readonly string[];
  newCharge(minor: bigint): ChargeReference;
  /** Ends at once, or fails the test. */
  pay(charge: ChargeReference, code: string): Promise<AuthorizeReply>;
  /** May end when the clock moves. */
  payInTime(charge: ChargeReference, code: string): Promise<AuthorizeReply>;
};

export async function openInnerShop(seed: number, ownKeys?: SandboxKeys): Promise<InnerShop> {
  const clock = new HandClock();
  const random = seededRandom(seed);
  const keys = ownKeys ?? (await testKeys());
  const events: SandboxEvent[] = [];
  const told: string[] = [];
  const alipayPublicKey = readPublicKey(keys.alipay.publicKey);
  if (!alipayPublicKey.ok) throw new Error(alipayPublicKey.failure);
  const own = { appId: keys.openapi.appId, alipayPublicKey: alipayPublicKey.value, signing: instantSigning };
  const noticeSender: NoticeSender = {
    async post({ body }) {
      const notice = await verifyOpenapiNotice(body, own);
      told.push(
        notice.ok ? `${notice.value.attemptNumber} ${notice.value.reply?.outcome ?? 'nothing'}` : notice.failure,
      );
      return notice.ok ? { status: 200, body: openapiNoticeReceipt } : { status: 400, body: notice.failure };
    },
  };
  const onEvent = (event: SandboxEvent) => events.push(event);
  const sandbox = openInnerSandbox({ keys, clock, random, signer: instantSigner, noticeSender, onEvent });
  const { appPrivateKey, ...openapi } = sandbox.credentials.openapi;
  const channel = createOpenapiChannel(
    { ...openapi, privateKey: redact(appPrivateKey), gatewayUrl: '/gateway.do', notifyUrl: 'https://shop.test/notify' },
    { transport: transportTo(sandbox), clock, signing: instantSigning },
  );
  return { clock, sandbox, channel, events, told, ...chargesOf(channel, clock, random) };
}

/** One call of the global API, and the code of its result. */
export async function askGlobal(sandbox: InnerSandbox, name: string, message: Json): Promise<unknown> {
  const path = `/ams/sandbox/api/v1/payments/${name}`;
  const { clientId } = sandbox.credentials.global;
  const [time, body] = ['2026-11-23T10:00:00+08:00', JSON.stringify(message)];
  const signature = encodeURIComponent(seal(`POST ${path}\n${clientId}.${time}.${body}`));
  const headers = {
    'client-id': clientId,
    'request-time': time,
    signature: `algorithm=RSA256,keyVersion=1,signature=${signature}`,
  };
  const answer = await atOnce(sandbox.post({ path, headers, body }));
  if (answer.kind !== 'answered') return answer.kind;
  const proven = `POST ${path}\n${clientId}.${answer.headers['response-time']}.${answer.body}`;
  ok(answer.headers['signature']?.endsWith(encodeURIComponent(seal(proven))), 'the answer is signed');
  return asJson(asJson(JSON.parse(answer.body))['result'])['resultCode'];
}

function transportTo(sandbox: InnerSandbox): HttpTransport {
  return {
    async post({ url, headers, body }) {
      const answer = await sandbox.post({ path: url, headers, body });
      return answer.kind === 'answered' ? answer : { kind: 'lost', cause: 'connection-lost' };
    },
  };
}

function chargesOf(
  channel: Channel,
  clock: HandClock,
  random: Random,
): Pick<InnerShop, 'newCharge' | 'pay' | 'payInTime'> {
  const attemptId = (): PaymentAttemptId => makeId('attempt', clock.now(), random);
  const ids = {
    merchantId: makeId('merchant', clock.now(), random),
    storeId: makeId('store', clock.now(), random),
    deviceId: makeId('device', clock.now(), random),
  };
  const amount = (minor: bigint): Money => money('CNY', minor);
  const payInTime = async (charge: ChargeReference, code: string): Promise<AuthorizeReply> => {
    const request = { ...charge, ...ids, payerCode: redact(code), description: 'Groceries', at: clock.now() };
    const reply = await channel.authorize(request, waiting);
    if (!reply.ok) throw new Error(reply.failure.detail);
    return reply.value;
  };
  return {
    newCharge: (minor) => ({ attemptId: attemptId(), amount: amount(minor), channelReference: null }),
    pay: (charge, code) => atOnce(payInTime(charge, code)),
    payInTime,
  };
}
