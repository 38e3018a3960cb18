// A journal that fails: at its n-th call for every n, before it wrote and after, once and for a while. Whatever it does, money ends
// right, no attempt is left to nobody, and a sale whose payment could not be begun can be paid.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { durationMs } from '#foundation/instant.ts';
import type { Attempt } from './attempt.ts';
import type { PaymentService } from './payment-service.ts';
import { settle } from './testing/manual-clock.ts';
import { type JournalFate, PaymentStage, patience } from './testing/payment-stage.ts';
import type { Authorization } from './testing/small-alipay.ts';

type Played = {
  readonly stage: PaymentStage;
  readonly service: PaymentService;
  /** What the caller was told; null when the journal's trouble was told. */
  readonly told: boolean | null;
  readonly attempts: readonly Attempt[];
};

const when = ['fails-before', 'fails-after'] as const;

/** Plays one payment to its end while the journal has this fate. */
async function play(authorization: Authorization, fate: JournalFate): Promise<Played> {
  const stage = new PaymentStage();
  const service = stage.service('process-1');
  await service.start();
  stage.journalCalls = 0;
  stage.fate = fate;
  stage.alipay.authorization = authorization;
  const saleId = await stage.sale();
  const started = stage.pay(service, saleId).then(
    (opened) => opened.ok,
    () => null,
  );
  await stage.clock.advance(30_000);
  await stage.untilAtRest(saleId);
  // What was not answered is looked for a while longer.
  await stage.clock.advance(20_000);
  await stage.untilAtRest(saleId);
  const played = { stage, service, told: await started, attempts: await stage.attempts(saleId) };
  audit(played);
  if (played.attempts.every((attempt) => attempt.state.phase !== 'approved')) {
    stage.fate = () => 'works';
    stage.alipay.authorization = 'approve';
    const again = await stage.pay(service, saleId, 'the next try');
    assert.equal(again.ok && again.value.attempt.state.phase, 'approved', 'the sale can be paid again');
  }
  return played;
}

/** Money is kept exactly when the journal says so, and the caller who was told of trouble has not paid without knowing. */
function audit({ stage, attempts, told }: Played): void {
  for (const { identity, state } of attempts) {
    const kept = stage.alipay.kept(identity.id);
    assert.equal(kept, state.phase === 'approved' ? 1_000n : 0n, `${state.phase}:\n${stage.course.join('\n')}`);
    if (told === null) assert.notEqual(state.phase, 'approved', 'trouble was told, and the money taken');
  }
  assert.ok(attempts.length <= 1);
}

describe('a journal that fails at its n-th call', () => {
  for (const authorization of ['approve', 'refuse', 'ask-payer', 'lose-request', 'lose-answer'] as const) {
    for (const failing of when) {
      test(`once, and ${failing === 'fails-before' ? 'wrote nothing' : 'had written'}: ${authorization}`, async () => {
        let calls = 1;
        for (let nth = 1; nth <= calls && nth < 60; nth += 1) {
          const played = await play(authorization, (_name, call) => (call === nth ? failing : 'works'));
          if (nth === 1) calls = played.stage.journalCalls;
        }
        assert.ok(calls > 2);
      });

      test(`and at every third call from then on, and ${failing}: ${authorization}`, async () => {
        for (let nth = 1; nth <= 12; nth += 1) {
          await play(authorization, (_name, call) => (call >= nth && (call - nth) % 3 === 0 ? failing : 'works'));
        }
      });
    }
  }
});

describe('an opening that the journal did not answer', () => {
  /** The opening fails; the journal is away for so many seconds after it. */
  async function openInTrouble(failing: (typeof when)[number], awaySeconds: number) {
    const stage = new PaymentStage();
    const service = stage.service('process-1');
    await service.start();
    let backAtMs: number | null = null;
    stage.fate = (name) => {
      if (backAtMs === null) {
        if (name !== 'openCharge') return 'works';
        backAtMs = stage.clock.monotonicMs() + awaySeconds * 1_000;
        return failing;
      }
      return stage.clock.monotonicMs() < backAtMs ? 'fails-before' : 'works';
    };
    const saleId = await stage.sale();
    await assert.rejects(stage.pay(service, saleId), /the journal failed/);
    return { stage, service, saleId };
  }

  for (const awaySeconds of [0, 3, 20, 300]) {
    test(`but wrote ends as not sent when the journal is back after ${awaySeconds} s`, async () => {
      const { stage, service, saleId } = await openInTrouble('fails-after', awaySeconds);
      await stage.clock.advance((awaySeconds + 6) * 1_000);
      await stage.untilAtRest(saleId);
      const { identity, state } = await stage.charge(saleId);
      assert.equal(state.finalWord, 'not-paid');
      assert.ok(!stage.course.includes('call authorize'), stage.course.join('\n'));
      assert.equal(stage.alipay.knows(identity.id), false);
      const repeated = await stage.pay(service, saleId);
      assert.deepEqual([repeated.ok && repeated.value.kind, service.heldCount], ['repeated', 0]);
    });
  }

  test('and did not write is forgotten after a while', async () => {
    const { stage, saleId } = await openInTrouble('fails-before', 0);
    await stage.clock.advance(30_000);
    const calls = stage.course.length;
    const { journalCalls } = stage;
    await stage.clock.advance(1_000);
    assert.deepEqual([await stage.attempts(saleId), stage.course.length], [[], calls]);
    // Only the signs of life, the looks at the journal's clock and those for what nobody holds go on.
    assert.ok(stage.journalCalls - journalCalls <= 4);
  });

  test('is nobody’s matter but the next owner’s once its process has stopped', async () => {
    const { stage, service, saleId } = await openInTrouble('fails-after', 0);
    await service.stop();
    const second = stage.service('process-2');
    await second.start();
    await stage.untilAtRest(saleId);
    assert.equal((await stage.charge(saleId)).state.finalWord, 'not-paid');
    assert.ok(!stage.course.includes('call authorize'));
  });

  test('of a refund carries the refund out, once', async () => {
    const stage = new PaymentStage();
    const service = stage.service('process-1');
    await service.start();
    const saleId = await stage.sale();
    await stage.pay(service, saleId);
    const { id } = (await stage.charge(saleId)).identity;
    stage.fate = (name) => (name === 'openRefund' ? 'fails-after' : 'works');
    await assert.rejects(stage.refund(service, id, 400n), /the journal failed/);
    stage.fate = () => 'works';
    await stage.clock.advance(2_000);
    const repeated = await stage.refund(service, id, 400n);
    assert.equal(repeated.ok && repeated.value.attempt.state.phase, 'refunded');
    assert.equal(stage.alipay.kept(id), 600n);
    assert.equal(stage.course.filter((entry) => entry === 'call refund').length, 1);
  });
});

describe('while the journal is away', () => {
  /** A payment that waits for its payer, and a journal that fails from now on at these calls. */
  async function waitInTrouble(...failing: readonly string[]) {
    const stage = new PaymentStage();
    const service = stage.service('process-1');
    await service.start();
    stage.alipay.authorization = 'ask-payer';
    const saleId = await stage.sale();
    await stage.pay(service, saleId);
    const charge = await stage.charge(saleId);
    stage.fate = (name) => (failing.includes(name) ? 'fails-before' : 'works');
    return { stage, service, saleId, charge };
  }

  test('a payment is not given up within the caller’s patience, and is once the journal is back', async () => {
    const { stage, service, saleId, charge } = await waitInTrouble('advance');
    const asked = service.abandon(charge, patience);
    await stage.clock.advance(patience);
    assert.equal(await asked, 'not-written');
    stage.fate = () => 'works';
    await stage.untilAtRest(saleId);
    assert.notEqual((await stage.charge(saleId)).state.abandonedAt, null);
    assert.equal(stage.clock.timerCount > 0 && service.heldCount, 0);
  });

  test('a notice is not taken, and is heard once the journal is back', async () => {
    const { stage, service, saleId, charge } = await waitInTrouble('advance');
    const { id: attemptId, amount } = charge.identity;
    const approval = stage.alipay.approval({ attemptId, amount, channelReference: null });
    stage.alipay.confirm(attemptId);
    const heard = service.hearNotice(attemptId, approval, patience);
    await stage.clock.advance(patience);
    assert.equal(await heard, 'not-written');
    stage.fate = () => 'works';
    await stage.until('it is paid', async () => (await stage.charge(saleId)).state.finalWord === 'paid', 3);
    assert.equal(await service.hearNotice(attemptId, approval, patience), 'heard');
  });

  test('a notice that this process can no longer write, because it stops, is not taken', async () => {
    const { stage, service, charge } = await waitInTrouble('advance');
    const { id: attemptId, amount } = charge.identity;
    const approval = stage.alipay.approval({ attemptId, amount, channelReference: null });
    const heard = service.hearNotice(attemptId, approval, durationMs(60_000));
    await settle();
    const stopped = service.stop();
    await stage.clock.advance(10_000);
    assert.equal(await heard, 'not-written');
    await stopped;
  });

  test('a reader has no word, and one that is written in time as soon as the journal is back', async () => {
    const { stage, service, saleId, charge } = await waitInTrouble('advance', 'takeUp');
    await stage.clock.advance(28_900);
    assert.equal(await service.wordOf(charge, patience), charge);
    await stage.clock.advance(100);
    const told = service.wordOf(charge, patience);
    await stage.clock.advance(patience);
    assert.equal(await told, 'no-word');
    stage.fate = () => 'works';
    await stage.until('the word', async () => (await stage.charge(saleId)).state.finalWord !== null, 3);
    const word = await service.wordOf(charge, patience);
    assert.equal(word !== 'no-word' && word.state.finalWord, 'not-paid');
  });
});
