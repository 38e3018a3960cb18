// The inner door: the real domestic channel against the sandbox in one process, on a clock moved by hand. Nothing here waits for
// a timer, a thread or a socket of the machine.

import { deepStrictEqual, ok, strictEqual, throws } from 'node:assert/strict';
import { describe, it } from 'node:test';
import { money } from '#foundation/money.ts';
import { loadSandboxKeys } from './keys.ts';
import { atOnce, promiseTurns } from './testing/hand-clock.fixture.ts';
import { askGlobal, type InnerShop, openInnerShop, waiting } from './testing/inner-shop.fixture.ts';
import { paymentBody } from './testing/merchant.fixture.ts';

const seed = Number(process.env['TILLWAY_SEED'] ?? 20_261_123);
const yuan = (amount: number) => money('CNY', BigInt(amount) * 100n);

// One sale is paid and refunded in part, one is confirmed late and cancelled, one answer is lost, and one sale nobody pays.
async function shortDay(shop: InnerShop): Promise<readonly string[]> {
  const { sandbox, channel, clock, newCharge, pay } = shop;
  const said: string[] = [];
  const say = async (act: Promise<{ ok: boolean; value?: { outcome: string } }>): Promise<void> => {
    said.push(String((await atOnce(act)).value?.outcome));
  };
  const { walletId } = sandbox.openWallet(yuan(1_000), { passwordAboveMinor: 10_000n });
  const code = () => sandbox.showCode(walletId).code;

  const first = newCharge(8_888n);
  said.push((await pay(first, code())).outcome);
  await clock.advance(20);
  await say(channel.inquire(first, waiting));
  await say(
    channel.refund({ charge: first, refundId: `${first.attemptId}_r1`, amount: money('CNY', 1_000n) }, waiting),
  );

  const second = newCharge(20_000n);
  said.push((await pay(second, code())).outcome);
  await clock.advance(5_000);
  sandbox.answer(walletId, true, second.attemptId);
  await say(channel.inquire(second, waiting));
  await say(channel.reverse(second, waiting));

  sandbox.addFault({ match: { method: 'pay', times: 1 }, effect: 'answer-lost' });
  const third = newCharge(5_000n);
  said.push((await pay(third, code())).outcome);
  await say(channel.inquire(third, waiting));
  await say(channel.reverse(third, waiting));

  said.push((await pay(newCharge(30_000n), code())).outcome);
  await clock.advance(3_600_000);
  return said;
}

describe('the inner door', () => {
  it(`tells the same run twice from the same seed, whatever the keys (seed ${seed})`, async () => {
    const [one, two, other] = await Promise.all([
      openInnerShop(seed),
      openInnerShop(seed, await loadSandboxKeys(undefined)),
      openInnerShop(seed + 1),
    ]);
    const said = await shortDay(one);
    deepStrictEqual(said, [
      ...['approved', 'approved', 'refunded'],
      ...['awaiting-payer', 'approved', 'reversed'],
      ...['outcome-unknown', 'approved', 'reversed'],
      'awaiting-payer',
    ]);
    deepStrictEqual(await shortDay(two), said);
    deepStrictEqual(await shortDay(other), said);
    ok(one.events.length > 20);
    deepStrictEqual(two.events, one.events);
    deepStrictEqual(two.told, one.told);
    ok(JSON.stringify(other.events, bigintText) !== JSON.stringify(one.events, bigintText));
    deepStrictEqual(
      one.told.map((line) => line.split(' ')[1]),
      ['approved', 'nothing', 'approved', 'approved'],
    );
    ok(one.sandbox.books().balanced);
    deepStrictEqual(
      one.sandbox.trades().map(({ state, closedBecause }) => closedBecause ?? state),
      ['paid', 'cancelled', 'cancelled', 'timeout'],
    );
  });

  it('shows a client what the wire would show it', async () => {
    const { sandbox, channel, newCharge, pay } = await openInnerShop(seed);
    const { walletId } = sandbox.openWallet(yuan(1_000));
    const shown: string[] = [];
    for (const effect of ['answer-lost', 'answer-cut', 'answer-garbled', 'answer-unsigned', 'http-error'] as const) {
      sandbox.addFault({ match: { method: 'pay' }, effect });
      const reply = await pay(newCharge(100n), sandbox.showCode(walletId).code);
      shown.push(`${effect}: ${'cause' in reply ? reply.cause : reply.outcome}`);
      strictEqual(sandbox.clearFaults(), 1);
    }
    deepStrictEqual(shown, [
      'answer-lost: connection-lost',
      'answer-cut: connection-lost',
      'answer-garbled: garbled',
      'answer-unsigned: bad-signature',
      'http-error: system-error',
    ]);
    const unknown = await atOnce(channel.inquire(newCharge(100n), waiting));
    ok(unknown.ok && unknown.value.outcome === 'never-received');
    const nowhere = await atOnce(sandbox.post({ path: '/v3/nothing', headers: {}, body: '' }));
    ok(nowhere.kind === 'answered' && nowhere.status === 404);
  });

  it('serves the global API too', async () => {
    const { sandbox } = await openInnerShop(seed);
    const { walletId } = sandbox.openWallet(yuan(10));
    const { code } = sandbox.showCode(walletId, 24);
    strictEqual(await askGlobal(sandbox, 'pay', paymentBody('G_1', code, '100')), 'SUCCESS');
    strictEqual(await askGlobal(sandbox, 'nothing', {}), 'NO_INTERFACE_DEF');
    strictEqual(sandbox.trades('G_1')[0]?.state, 'paid');
  });

  it('refuses a rule that cannot work, in words', async () => {
    const { sandbox } = await openInnerShop(seed);
    throws(() => sandbox.addFault({ match: { method: 'query' }, effect: 'cancel-retry' }), /match\.method/);
  });

  it('leaves nobody waiting and nothing to fire when it closes', async () => {
    const { sandbox, clock, newCharge, payInTime } = await openInnerShop(seed);
    const { walletId } = sandbox.openWallet(yuan(10));
    sandbox.addFault({ match: { method: 'pay' }, effect: { kind: 'delay', ms: 1_000 } });
    const paying = payInTime(newCharge(100n), sandbox.showCode(walletId).code);
    await promiseTurns();
    ok(clock.timerCount > 0);
    await sandbox.close();
    const reply = await paying;
    strictEqual('cause' in reply && reply.cause, 'connection-lost');
    strictEqual(clock.timerCount, 0);
    deepStrictEqual(await sandbox.post({ path: '/gateway.do', headers: {}, body: '' }), { kind: 'connection-lost' });
  });
});

function bigintText(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? value.toString() : value;
}
