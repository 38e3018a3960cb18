// PINs as hashes: keyed, salted, and no quicker for somebody who does not exist.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { redact } from '#foundation/redacted.ts';
import { PinKeeper } from './pin-keeper.ts';

const keyOf = (byte: number) => redact(new Uint8Array(32).fill(byte));
const keeper = new PinKeeper(keyOf(1));

test('a PIN is known again and no other is taken for it', async () => {
  const known = await keeper.hash(redact('4071'));
  assert.match(known.reveal(), /^\$argon2id\$v=19\$m=32768,t=3,p=1\$[\w+/]+\$[\w+/]+$/);
  assert.equal(await keeper.verify(known, redact('4071')), true);
  for (const wrong of ['4072', '40711', '407', ''])
    assert.equal(await keeper.verify(known, redact(wrong)), false, wrong);
});

test('two hashes of one PIN differ, and both are known', async () => {
  const [first, second] = [await keeper.hash(redact('0000')), await keeper.hash(redact('0000'))];
  assert.notEqual(first.reveal(), second.reveal());
  assert.deepEqual(
    [await keeper.verify(first, redact('0000')), await keeper.verify(second, redact('0000'))],
    [true, true],
  );
});

test('whoever has the hash without the key of the home cannot try PINs against it', async () => {
  const known = await keeper.hash(redact('4071'));
  assert.equal(await new PinKeeper(keyOf(2)).verify(known, redact('4071')), false);
});

test('nobody’s PIN is wrong whatever it is, also what stands behind it', async () => {
  for (const pin of ['4071', 'no PIN at all']) assert.equal(await keeper.verify(undefined, redact(pin)), false);
});

test('at most so many checks wait', async () => {
  const checks = Array.from({ length: 32 }, () => keeper.verify(undefined, redact('4071')));
  assert.equal(keeper.isFull, true);
  assert.deepEqual(new Set(await Promise.all(checks)), new Set([false]));
  assert.equal(keeper.isFull, false);
});
