import assert from 'node:assert/strict';
import { test } from 'node:test';
import { durationMs, instant } from '#foundation/instant.ts';
import { Gate, MachineClock } from './gate.ts';
import { Ground } from './ground.ts';

function machine(offsetMs = 0, driftPpm = 0): { ground: Ground; gate: Gate } {
  const ground = new Ground(1, instant(1_000_000), null, []);
  return { ground, gate: new Gate(ground, new MachineClock(ground, offsetMs, driftPpm)) };
}

test('behind the gate of a dead process no timer fires and no promise goes on', async () => {
  const { ground, gate } = machine();
  const course: string[] = [];
  gate.timers().after(durationMs(10), () => course.push('timer'));
  void ground.time
    .rest(durationMs(10))
    .then(() => gate.enter())
    .then(() => course.push('answer'));
  ground.time.after(durationMs(5), () => gate.kill());
  await ground.time.run(() => false);
  assert.deepEqual(course, []);
});

test('behind the gate of a paused process everything comes when the pause is over', async () => {
  const { ground, gate } = machine();
  const course: [string, number][] = [];
  gate.timers().after(durationMs(10), () => course.push(['timer', ground.time.now - ground.start]));
  void ground.time
    .rest(durationMs(20))
    .then(() => gate.enter())
    .then(() => course.push(['answer', ground.time.now - ground.start]));
  ground.time.after(durationMs(5), () => gate.pause(durationMs(100)));
  await ground.time.run(() => false);
  assert.deepEqual(course, [
    ['timer', 105],
    ['answer', 105],
  ]);
});

test('a timer that is called off in a pause does not fire after it', async () => {
  const { ground, gate } = machine();
  const course: string[] = [];
  const callOff = gate.timers().after(durationMs(10), () => course.push('timer'));
  ground.time.after(durationMs(5), () => gate.pause(durationMs(100)));
  ground.time.after(durationMs(50), () => callOff());
  await ground.time.run(() => false);
  assert.deepEqual(course, []);
});

test('a wall clock is wrong and jumps; the monotonic one only runs a little too quick', async () => {
  const { ground, gate } = machine(5_000, 200);
  const clock = gate.timers();
  ground.time.after(durationMs(10_000), () => undefined);
  await ground.time.run(() => false);
  assert.equal(clock.monotonicMs(), 10_002);
  assert.equal(clock.now(), ground.start + 15_002);
  gate.clock.jump(-60_000);
  assert.equal(clock.now(), ground.start - 44_998);
  assert.equal(clock.monotonicMs(), 10_002);
});
