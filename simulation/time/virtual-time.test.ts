import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { durationMs, instant } from '#foundation/instant.ts';
import { VirtualTime } from './virtual-time.ts';

const forever = (): boolean => false;

test('things are done by their time, and at one time in the order of asking', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(20), { maxLength: 60 }), async (waits) => {
      const time = new VirtualTime(instant(1_000));
      const done: { readonly wait: number; readonly order: number }[] = [];
      waits.forEach((wait, order) => {
        time.after(durationMs(wait), () => {
          assert.equal(time.now, 1_000 + wait);
          done.push({ wait, order });
        });
      });
      await time.run(forever);
      const expected = waits
        .map((wait, order) => ({ wait, order }))
        .sort((left, right) => left.wait - right.wait || left.order - right.order);
      assert.deepEqual(done, expected);
    }),
  );
});

test('whatever a promise chain still has to do is done before the next thing', async () => {
  const time = new VirtualTime(instant(0));
  const course: string[] = [];
  const chain = async (): Promise<void> => {
    for (let step = 1; step <= 200; step += 1) await Promise.resolve();
    course.push('the chain ends');
  };
  time.after(durationMs(1), () => void chain());
  time.after(durationMs(1), () => course.push('the next thing'));
  await time.run(forever);
  assert.deepEqual(course, ['the chain ends', 'the next thing']);
});

test('what is called off is not done, and what is asked for on the way is', async () => {
  const time = new VirtualTime(instant(0));
  const course: number[] = [];
  const callOff = time.after(durationMs(5), () => course.push(-1));
  time.after(durationMs(3), () => {
    callOff();
    time.after(durationMs(4), () => course.push(time.now));
  });
  await time.run(forever);
  assert.deepEqual(course, [7]);
  assert.equal(time.done, 2);
});

test('a run stops before the first thing at which it is over, and can be gone on with', async () => {
  const time = new VirtualTime(instant(0));
  const course: number[] = [];
  for (const wait of [1, 2, 3]) time.after(durationMs(wait), () => course.push(wait));
  await time.run((next) => next > 2);
  assert.deepEqual([course, time.now], [[1, 2], 2]);
  await time.run(forever);
  assert.deepEqual(course, [1, 2, 3]);
});
