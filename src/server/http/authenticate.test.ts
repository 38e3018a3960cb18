// How long a key is remembered, and what unknown keys cost.

import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import type { DeviceId, MerchantId, StoreId } from '#foundation/id.ts';
import { ManualClock } from '#payment/testing/manual-clock.ts';
import { type Device, hashApiKey, rememberDevices } from './authenticate.ts';
import { ProblemError } from './problem-reply.ts';

const till: Device = {
  ...{ merchantId: 'mer_1' as MerchantId, storeId: 'sto_1' as StoreId, deviceId: 'dev_1' as DeviceId },
  ...{ name: 'Till 1', storeName: 'Corner shop', currency: 'CNY', timeZone: 'Asia/Shanghai' },
};

let clock: ManualClock;
let known: Map<string, Device>;
let asked: string[];
let answering: Promise<void>;
let identify: ReturnType<typeof rememberDevices>;
beforeEach(() => {
  clock = new ManualClock();
  known = new Map([[hashApiKey('key'), till]]);
  asked = [];
  answering = Promise.resolve();
  identify = rememberDevices(async (hash) => {
    asked.push(hash);
    await answering;
    return known.get(hash);
  }, clock);
});

test('a key is looked up by its hash, once in five seconds', async () => {
  for (let count = 0; count < 10; count += 1) assert.equal(await identify('key'), till);
  assert.deepEqual(asked, [hashApiKey('key')]);
  await clock.advance(5_000);
  await identify('key');
  assert.equal(asked.length, 2);
});

test('a revoked key is refused after five seconds at the latest', async () => {
  await identify('key');
  known.clear();
  await clock.advance(4_999);
  assert.equal(await identify('key'), till);
  await clock.advance(1);
  assert.equal(await identify('key'), undefined);
});

test('a new key is known at once, also when it was asked for before it was', async () => {
  assert.equal(await identify('new'), undefined);
  known.set(hashApiKey('new'), till);
  assert.equal(await identify('new'), till);
});

test('a hundred calls of one key at once are one look-up', async () => {
  const found = await Promise.all(Array.from({ length: 100 }, () => identify('key')));
  assert.deepEqual([new Set(found).size, asked.length], [1, 1]);
});

test('a flood of keys that nobody has is bounded, and harms no till that is known', async () => {
  await identify('key');
  const { promise, resolve } = Promise.withResolvers<void>();
  answering = promise;
  const flood = Array.from({ length: 1_000 }, (_, index) =>
    identify(`wrong-${index}`).catch((trouble: unknown) => trouble),
  );
  assert.equal(await identify('key'), till);
  resolve();
  const answers = await Promise.all(flood);
  const busy = answers.filter((answer) => answer instanceof ProblemError && answer.code === 'busy');
  assert.deepEqual([busy.length, answers.length - busy.length, asked.length], [936, 64, 65]);
  assert.equal(await identify('wrong-1000'), undefined);
});

test('a directory that cannot be asked is no refusal, and is asked again', async () => {
  answering = Promise.reject(new Error('no database'));
  await assert.rejects(identify('key'), /no database/);
  answering = Promise.resolve();
  assert.equal(await identify('key'), till);
});
