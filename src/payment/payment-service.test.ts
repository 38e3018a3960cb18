// The runner and its service, played on a journal in memory, a small Alipay and a clock moved by hand: what is written before what is
// done, what a listener sees, and how two processes share an attempt.

import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import { durationMs, plus } from '#foundation/instant.ts';
import type { PaymentService } from './payment-service.ts';
import { settle } from './testing/manual-clock.ts';
import { PaymentStage, patience, payerCode } from './testing/payment-stage.ts';
import type { Authorization } from './testing/small-alipay.ts';

let stage: PaymentStage;
let service: PaymentService;
beforeEach(async () => {
  stage = new PaymentStage();
  service = stage.service('process-1');
  await service.start();
});

/** Pays a sale; the clock moves on while the answer is awaited. */
async function pay(authorization: Authorization) {
  stage.alipay.authorization = authorization;
  const saleId = await stage.sale();
  const started = stage.pay(service, saleId);
  await stage.clock.advance(2_000);
  const opened = await started;
  assert.ok(opened.ok);
  return { saleId, charge: opened.value.attempt, id: opened.value.attempt.identity.id };
}

/** Every call has its own intention written right before it: the n-th call of an act after the n-th writing of it. */
function assertIntentBeforeEffect(course: readonly string[]): void {
  const intended = new Map<string, number>();
  const made = new Map<string, number>();
  for (const entry of course) {
    const act = /^write .* to (.+)$/.exec(entry)?.[1];
    const called = /^call (.+)$/.exec(entry)?.[1];
    if (act !== undefined) intended.set(act, (intended.get(act) ?? 0) + 1);
    // An inquiry moves nothing, so the till's looks are not written beforehand.
    if (called === undefined || called === 'inquire') continue;
    made.set(called, (made.get(called) ?? 0) + 1);
    assert.ok(
      (made.get(called) ?? 0) <= (intended.get(called) ?? 0),
      `${called} before its intention:\n${course.join('\n')}`,
    );
  }
}

describe('intent before effect', () => {
  test('a payment that is approved at once is two writes around one call', async () => {
    const { charge } = await pay('approve');
    assert.equal(charge.state.finalWord, 'paid');
    assert.deepEqual(stage.course, ['write authorizing to authorize', 'call authorize', 'write approved']);
  });

  test('an answer that is lost is asked for', async () => {
    const { saleId } = await pay('lose-answer');
    await stage.untilAtRest(saleId);
    assert.deepEqual(stage.course, [
      'write authorizing to authorize',
      'call authorize',
      'write unclear',
      'call inquire',
      'write approved',
    ]);
  });

  test('every act with an effect is written before it is done, in every course', async () => {
    const seen = new Set<string>();
    for (const authorization of ['approve', 'refuse', 'ask-payer', 'lose-request', 'lose-answer'] as const) {
      for (const lost of [[], ['inquire'], ['inquire', 'reverse'], ['inquire', 'refund']] as const) {
        stage = new PaymentStage();
        service = stage.service('process-1');
        await service.start();
        for (const act of lost) stage.alipay.loseAnswersOf.add(act);
        stage.alipay.isTooLate = lost.length === 2;
        const { saleId, id } = await pay(authorization);
        await stage.clock.advance(60_000);
        stage.alipay.loseAnswersOf.delete('inquire');
        await stage.clock.advance(60_000);
        stage.alipay.loseAnswersOf.clear();
        await stage.untilAtRest(saleId);
        assertIntentBeforeEffect(stage.course);
        for (const entry of stage.course) if (entry.startsWith('call')) seen.add(entry);
        const { phase } = (await stage.charge(saleId)).state;
        assert.equal(
          stage.alipay.kept(id),
          phase === 'approved' ? 1_000n : 0n,
          `${authorization}, lost ${lost.join()}: ${phase}`,
        );
      }
    }
    assert.deepEqual([...seen].sort(), [
      'call authorize',
      'call inquire',
      'call inquire-refund',
      'call refund',
      'call reverse',
    ]);
  });

  test('the payer code is in no record', async () => {
    for (const authorization of ['approve', 'ask-payer', 'lose-request'] as const) await pay(authorization);
    const records = JSON.stringify([stage.journal.attempts, stage.journal.facts], (_key, value) =>
      typeof value === 'bigint' ? `${value}` : value,
    );
    assert.match(records, /28\*{12}3456/);
    assert.ok(!records.includes(payerCode));
  });
});

describe('a start', () => {
  test('answers when Alipay did, and not later', async () => {
    const saleId = await stage.sale();
    const started = await stage.pay(service, saleId);
    assert.ok(started.ok);
    assert.equal(started.value.attempt.state.phase, 'approved');
    assert.equal(stage.clock.monotonicMs(), 0);
  });

  test('answers after its patience when Alipay is silent, and the payment goes on', async () => {
    const answer = Promise.withResolvers<void>();
    stage.alipay.onCall = () => answer.promise;
    const { saleId, charge } = await pay('approve');
    assert.equal(charge.state.phase, 'authorizing');
    answer.resolve();
    await settle();
    assert.equal((await stage.charge(saleId)).state.phase, 'approved');
  });

  test('under the same key sends nothing again', async () => {
    const { saleId, id } = await pay('approve');
    const again = await stage.pay(service, saleId);
    assert.ok(again.ok);
    assert.deepEqual([again.value.kind, again.value.attempt.identity.id], ['repeated', id]);
    assert.equal(stage.course.filter((entry) => entry === 'call authorize').length, 1);
  });

  test('of one sale twenty times at once under keys of their own is one payment', async () => {
    const saleId = await stage.sale();
    const started = await Promise.all(
      Array.from({ length: 20 }, (_, index) => stage.pay(service, saleId, `key-${index}`)),
    );
    assert.equal(started.filter((each) => each.ok).length, 1);
    assert.equal(stage.course.filter((entry) => entry === 'call authorize').length, 1);
  });
});

describe('a journal', () => {
  test('whose clock is set back by ten minutes while the payer is waited for moves no deadline', async () => {
    const { saleId } = await pay('ask-payer');
    stage.clock.setBack(600_000);
    await stage.clock.advance(25_000);
    const { state } = await stage.charge(saleId);
    assert.equal(state.finalWord, 'not-paid', stage.course.join('\n'));
    assert.ok(stage.course.filter((entry) => entry === 'call inquire').length > 5);
  });
});

describe('a listener', () => {
  test('hears every written move in its order, and none that is not written', async () => {
    stage.alipay.authorization = 'ask-payer';
    const saleId = await stage.sale();
    const heard: number[] = [];
    let written = 0;
    stage.alipay.onCall = async (act, id) => {
      if (act !== 'authorize') return;
      service.follow(id, (attempt) => {
        heard.push(attempt.version);
        written = stage.journal.attempts[0]?.version ?? 0;
        assert.equal(attempt.version, written);
      });
    };
    await stage.pay(service, saleId);
    await stage.untilAtRest(saleId);
    const charge = await stage.charge(saleId);
    assert.equal(charge.state.phase, 'reversed');
    assert.deepEqual(
      heard,
      Array.from({ length: charge.version - 1 }, (_, index) => index + 2),
    );
  });

  test('that has left hears nothing more', async () => {
    const { saleId, id } = await pay('ask-payer');
    let heard = 0;
    const leave = service.follow(id, () => {
      heard += 1;
    });
    leave();
    await stage.untilAtRest(saleId);
    assert.equal(heard, 0);
  });
});

describe('an abandoned payment', () => {
  test('while its request is out is still paid when Alipay proves it in time', async () => {
    const answer = Promise.withResolvers<void>();
    stage.alipay.onCall = (act) => (act === 'authorize' ? answer.promise : Promise.resolve());
    const { saleId, charge } = await pay('approve');
    await service.abandon(charge);
    answer.resolve();
    await stage.untilAtRest(saleId);
    const { phase, finalWord } = (await stage.charge(saleId)).state;
    assert.equal(stage.alipay.kept(charge.identity.id), phase === 'approved' ? 1_000n : 0n);
    assert.equal(finalWord, phase === 'approved' ? 'paid' : 'not-paid');
  });

  test('whose request is booked after its cancel is given back', async () => {
    const answer = Promise.withResolvers<void>();
    stage.alipay.onCall = (act) => (act === 'authorize' ? answer.promise : Promise.resolve());
    const { saleId, charge, id } = await pay('approve');
    await service.abandon(charge);
    await stage.clock.advance(8_000);
    assert.equal((await stage.charge(saleId)).state.finalWord, 'not-paid');
    answer.resolve();
    await settle();
    await stage.untilAtRest(saleId);
    assert.equal((await stage.charge(saleId)).state.phase, 'reversed');
    assert.ok(stage.alipay.knows(id));
    assert.equal(stage.alipay.kept(id), 0n);
  });

  test('that waits for its payer is reversed at once, and is abandoned once', async () => {
    const { saleId, charge } = await pay('ask-payer');
    await Promise.all([service.abandon(charge), service.abandon(charge), service.abandon(charge)]);
    await settle();
    const { state } = await stage.charge(saleId);
    assert.deepEqual([state.phase, state.finalWord], ['reversed', 'not-paid']);
    const after = stage.course.slice(stage.course.indexOf('write awaiting-payer') + 1);
    assert.deepEqual(after, [
      ...['write awaiting-payer to inquire', 'call inquire'],
      ...['write reversing to reverse', 'call reverse', 'write reversed'],
    ]);
  });
});

describe('two processes', () => {
  test('an orderly stop gives up what is held, and another goes on at once', async () => {
    const { saleId, id } = await pay('ask-payer');
    await service.stop();
    const calls = stage.course.length;
    const second = stage.service('process-2');
    await second.start();
    await stage.clock.advance(0);
    assert.equal(second.drives(id), true);
    assert.equal(stage.course[calls], 'call inquire');
    stage.alipay.confirm(id);
    await stage.untilAtRest(saleId);
    assert.equal((await stage.charge(saleId)).state.finalWord, 'paid');
  });

  test('what was taken up and never heard of, because the answer was lost, is found again', async () => {
    const { saleId } = await pay('ask-payer');
    await service.stop();
    const second = stage.service('process-2');
    stage.fate = (name) => (name === 'takeUp' ? 'fails-after' : 'works');
    await second.start();
    await stage.clock.advance(500);
    stage.fate = () => 'works';
    await stage.clock.advance(60_000);
    const { state } = await stage.charge(saleId);
    assert.deepEqual([state.phase, state.finalWord], ['reversed', 'not-paid'], stage.course.join('\n'));
  });

  test('after its stop a process does nothing more', async () => {
    const { id } = await pay('ask-payer');
    await service.stop();
    const course = [...stage.course];
    await stage.clock.advance(3_600_000);
    assert.deepEqual(stage.course, course);
    assert.deepEqual([stage.clock.timerCount, stage.alipay.kept(id)], [0, 0n]);
  });

  test('a sign of life that is on its way when a process stops does not outlive it', async () => {
    const slow = Promise.withResolvers<void>();
    const { beat } = stage.journal;
    stage.journal.beat = async (owner, until) => {
      if (owner === 'process-1') await slow.promise;
      await beat.call(stage.journal, owner, until);
    };
    await stage.clock.advance(1_500);
    const { id } = await pay('ask-payer');
    const stopped = service.stop();
    await settle();
    slow.resolve();
    await stopped;
    const second = stage.service('process-2');
    await second.start();
    await stage.clock.advance(0);
    assert.equal(second.drives(id), true);
  });

  test('one that was only asleep loses its write to the one that took over, and what it learnt still counts', async () => {
    const answer = Promise.withResolvers<void>();
    stage.alipay.onCall = (act) => (act === 'authorize' ? answer.promise : Promise.resolve());
    // The first process cannot say that it lives; nothing else fails.
    stage.fate = (name) => (name === 'beat' ? 'fails-before' : 'works');
    const { saleId, id } = await pay('approve');
    await stage.clock.advance(4_000);
    stage.fate = () => 'works';
    const second = stage.service('process-2');
    await second.start();
    await stage.clock.advance(1);
    assert.equal(second.drives(id), true, stage.course.join('\n'));
    const before = await stage.charge(saleId);
    assert.equal(before.state.phase, 'unclear');
    answer.resolve();
    await settle();
    await stage.untilAtRest(saleId);
    assert.equal((await stage.charge(saleId)).state.finalWord, 'paid');
    assert.equal(stage.alipay.kept(id), 1_000n);
    assert.equal(stage.course.filter((entry) => entry === 'call authorize').length, 1);
  });
});

describe('a word', () => {
  test('is given by whoever is asked a second before the deadline, though the owner says that it lives and does nothing', async () => {
    const { saleId, charge } = await pay('ask-payer');
    const scannedAt = charge.identity.createdAt;
    await service.stop();
    await stage.journal.beat('process-asleep', plus(scannedAt, durationMs(3_600_000)));
    await stage.journal.takeUp('process-asleep', stage.clock.now(), 1);
    const second = stage.service('process-2');
    await second.start();
    await stage.clock.advance(28_999 - stage.clock.monotonicMs());
    const waiting = await stage.charge(saleId);
    assert.equal(await second.wordOf(waiting, patience), waiting);
    assert.equal(second.wordDueAt(waiting), plus(scannedAt, durationMs(29_000)));
    await stage.clock.advance(1);
    const asked = await Promise.all(Array.from({ length: 20 }, () => second.wordOf(waiting, patience)));
    for (const told of asked) assert.equal(told !== 'no-word' && told.state.finalWord, 'not-paid');
    const told = await stage.charge(saleId);
    assert.deepEqual([told.state.finalWordAt, second.wordDueAt(told)], [plus(scannedAt, durationMs(29_000)), null]);
    await stage.untilAtRest(saleId);
    assert.equal(stage.alipay.kept(charge.identity.id), 0n);
  });
});
