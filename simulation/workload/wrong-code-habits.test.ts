import assert from 'node:assert/strict';
import { test } from 'node:test';
import { play } from './testing/toy-stage.ts';

const seeds = [1, 2, 3, 4, 5, 6];

test('a spent code is scanned again within its minute, with a new key, after its payment has ended', async () => {
  for (const seed of seeds) {
    const { pays } = await play({ habit: 'scans a spent code', mood: 'asks', isTiresome: true, seed });
    const [first, second] = pays;
    assert.equal(first?.request.payerCode, second?.request.payerCode);
    assert.notEqual(first?.request.key, second?.request.key);
    assert.ok((second?.at ?? 0) - (first?.at ?? 0) < 60_000);
  }
});

test('an expired code is older than a minute when it is scanned', async () => {
  for (const seed of seeds) {
    const { pays, asked } = await play({ habit: 'scans an expired code', seed });
    const waited = (pays[0]?.at ?? 0) - (asked[0]?.at ?? 0);
    assert.ok(waited > 61_000 && waited < 121_000, `${waited} ms`);
  }
});

test("an unknown code has the shape of Alipay's and no wallet; a good one may follow", async () => {
  let followed = 0;
  for (const seed of seeds) {
    const { pays, stage } = await play({ habit: 'scans an unknown code', mood: 'not-paid', seed });
    const [wrong, good] = pays.map(({ request }) => request.payerCode);
    assert.match(wrong ?? '', /^28\d{16}$/);
    assert.equal(stage.walletOfCode.has(wrong ?? ''), false);
    if (good === undefined) continue;
    followed += 1;
    assert.ok(stage.walletOfCode.has(good));
  }
  assert.ok(followed > 0);
});

test('a product is refused as no payment code, and nothing waits for it', async () => {
  const { pays, left } = await play({ habit: 'scans a product' });
  assert.equal(pays[0]?.request.payerCode, '6901234567892');
  assert.deepEqual(left, []);
});

test('another amount and another code are sent under a key that was used', async () => {
  const opened = await play({ habit: 'opens another under the same key' });
  const [first, second] = opened.asked.map(({ request }) => request);
  assert.ok(first?.kind === 'open-sale' && second?.kind === 'open-sale');
  assert.equal(first.key, second.key);
  assert.equal(second.amountMinor, first.amountMinor + 1n);
  const { pays } = await play({ habit: 'pays another under the same key' });
  assert.equal(new Set(pays.map(({ request }) => request.key)).size, 1);
  assert.equal(new Set(pays.map(({ request }) => request.payerCode)).size, 2);
});
