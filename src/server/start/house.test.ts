// The supervisor over real processes, real ports and a real lock; only what the processes do is made up.

import assert from 'node:assert/strict';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { openHouse } from './house.ts';
import { StartTrouble } from './start-trouble.ts';
import { type FakeHouse, fakeHouse } from './testing/house.fixture.ts';

const never = new AbortController().signal;

async function withHouse(work: (fake: FakeHouse) => Promise<void>, env: Record<string, string> = {}): Promise<void> {
  const fake = fakeHouse(env);
  try {
    await work(fake);
  } finally {
    fake.remove();
  }
}

async function until(holds: () => boolean | Promise<boolean>, what: string): Promise<void> {
  for (let tries = 0; tries < 400; tries += 1) {
    if (await holds()) return;
    await wait(25);
  }
  assert.fail(`waited 10 s in vain: ${what}`);
}

async function troubleOf(start: Promise<unknown>): Promise<string> {
  const error = await start.then(
    () => assert.fail('it started'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof StartTrouble, String(error));
  return error.message;
}

const pidAt = async (url: string) => (await fetch(url)).text();

test('parts start in order, stop in the opposite one, and run.json is there in between', () =>
  withHouse(async (fake) => {
    const house = await openHouse(fake.config, fake.tools, never);
    const path = join(fake.config.home, 'run.json');
    assert.equal(statSync(path).mode & 0o777, 0o600);
    const run = JSON.parse(readFileSync(path, 'utf8'));
    assert.deepEqual(Object.keys(run), ['store', 'sandbox']);
    assert.match(run.store.url, /^http:\/\/127\.0\.0\.1:\d+$/);
    assert.match(run.store.apiKey, /^tw_demo_[\w-]{43}$/);
    const people = run.store.people.map((one: { role: string; pin: string }) => [one.role, /^[0-9]{4}$/.test(one.pin)]);
    assert.deepEqual(people, [
      ['cashier', true],
      ['supervisor', true],
      ['manager', true],
    ]);
    assert.equal(run.sandbox.openapi.appId, '2021000000000001');
    assert.deepEqual(await house.close(), []);
    assert.equal(existsSync(path), false);
    assert.deepEqual(fake.course(), [
      'database started',
      'sandbox started',
      'store started',
      'store stopped',
      'sandbox stopped',
      'database stopped',
    ]);
  }));

test('a process that crashes is started again on its port, and one clear line tells of it', () =>
  withHouse(async (fake) => {
    const house = await openHouse(fake.config, fake.tools, never);
    const url = house.run.store?.url ?? '';
    const before = await pidAt(url);
    await fetch(`${url}/crash`).catch(() => null);
    await until(() => fake.said.includes('The store is back.'), 'the restart');
    assert.notEqual(await pidAt(url), before);
    const told = fake.said.filter((line) => line.includes('ended unexpectedly'));
    assert.equal(told.length, 1);
    assert.match(
      told[0] ?? '',
      /^The store ended unexpectedly \(code 3\) after \d+\.\d s; starting it again in 0\.02 s\./,
    );
    await house.close();
  }));

test('a killed process is told by its signal', () =>
  withHouse(async (fake) => {
    const house = await openHouse(fake.config, fake.tools, never);
    process.kill(Number(await pidAt(house.run.sandbox?.url ?? '')), 'SIGKILL');
    await until(() => fake.said.includes('The sandbox is back.'), 'the restart');
    assert.ok(fake.said.some((line) => line.startsWith('The sandbox ended unexpectedly (signal SIGKILL)')));
    await house.close();
  }));

test('a process that only crashes is given up, with what to do', () =>
  withHouse(async (fake) => {
    fake.behave({ store: { crashAfterMs: 60 } });
    const house = await openHouse(fake.config, fake.tools, never);
    const text = await house.givenUp;
    assert.match(text, /; that makes 3 quick crashes in a row, and it is not started again\.\n/);
    assert.match(text, /Mend that, then start Tillway again\./);
    await house.close();
    assert.equal(fake.course().filter((line) => line === 'store started').length, 3);
  }));

test('a process that says why it cannot start ends the start with that sentence', () =>
  withHouse(async (fake) => {
    fake.behave({ store: { refuse: 'The database says no.' } });
    assert.equal(await troubleOf(openHouse(fake.config, fake.tools, never)), 'The database says no.');
    assert.deepEqual(fake.course().slice(-2), ['sandbox stopped', 'database stopped']);
  }));

test('a process that ends before it is ready shows the end of its log', () =>
  withHouse(async (fake) => {
    fake.behave({ sandbox: { dieAtOnce: true } });
    const sentence = await troubleOf(openHouse(fake.config, fake.tools, never));
    assert.match(sentence, /^The sandbox ended \(code 7\) before it was ready\./);
    assert.match(sentence, /\| the fake child was told to die$/);
  }));

test('a taken port is named before anything starts, with the setting that changes it', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await new Promise((listening) => other.once('listening', listening));
  const address = other.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  try {
    await withHouse(
      async (fake) => {
        assert.equal(
          await troubleOf(openHouse(fake.config, fake.tools, never)),
          `Port ${port} is taken by another program, so the store server cannot listen there. ` +
            'Choose another with TILLWAY_STORE_PORT (0 = any free port).',
        );
        assert.equal(existsSync(join(fake.config.home, 'course.txt')), false);
      },
      { TILLWAY_STORE_PORT: String(port) },
    );
  } finally {
    other.close();
  }
});

test('a second start in the same home is refused and told who has it', () =>
  withHouse(async (fake) => {
    const house = await openHouse(fake.config, fake.tools, never);
    const sentence = await troubleOf(openHouse(fake.config, fake.tools, never));
    assert.match(sentence, new RegExp(`^Tillway already runs in .+ \\(process ${process.pid}, since 20`));
    assert.equal(existsSync(join(fake.config.home, 'run.json')), true);
    await house.close();
    const again = await openHouse(fake.config, fake.tools, never);
    await again.close();
  }));

test('a start that is broken off stops what had been started', () =>
  withHouse(async (fake) => {
    const breakOff = new AbortController();
    const start = openHouse(fake.config, fake.tools, breakOff.signal);
    await until(() => fake.said.includes('Starting the Alipay sandbox …'), 'the sandbox');
    breakOff.abort();
    await troubleOf(start);
    assert.equal(fake.course().at(-1), 'database stopped');
    assert.equal(existsSync(join(fake.config.home, 'run.json')), false);
  }));

test('the same home keeps its secrets over a restart', () =>
  withHouse(async (fake) => {
    const first = await openHouse(fake.config, fake.tools, never);
    await first.close();
    const second = await openHouse(fake.config, fake.tools, never);
    assert.equal(second.run.store?.apiKey, first.run.store?.apiKey);
    await second.close();
    assert.equal(statSync(join(fake.config.home, 'secrets', 'demo-api-key')).mode & 0o777, 0o600);
  }));
