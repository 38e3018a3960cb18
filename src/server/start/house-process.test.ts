// The supervisor as a process: what signals do to it, and what is left when it is killed.

import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type FakeHouse, fakeHouse } from './testing/house.fixture.ts';

const program = fileURLToPath(new URL('./testing/house-process.ts', import.meta.url));

type Running = {
  readonly process: ChildProcess;
  readonly urls: readonly string[];
  ended: Promise<number | null>;
  text(): string;
};

async function startProcess(fake: FakeHouse): Promise<Running> {
  const child = spawn(process.execPath, [program, fake.config.home], { stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (piece: string) => {
      text += piece;
    });
  }
  const ended = new Promise<number | null>((done) => child.once('exit', (code) => done(code)));
  for (let tries = 0; tries < 400 && !text.includes('Stop with Ctrl+C'); tries += 1) await wait(25);
  assert.match(text, /Tillway is ready/);
  const run = JSON.parse(readFileSync(join(fake.config.home, 'run.json'), 'utf8'));
  return { process: child, urls: [run.store.url, run.sandbox.url], ended, text: () => text };
}

async function isGone(url: string): Promise<boolean> {
  for (let tries = 0; tries < 200; tries += 1) {
    const answered = await fetch(url).then(
      () => true,
      () => false,
    );
    if (!answered) return true;
    await wait(25);
  }
  return false;
}

test('SIGTERM stops everything in order and ends with 0', async () => {
  const fake = fakeHouse();
  try {
    const running = await startProcess(fake);
    running.process.kill('SIGTERM');
    assert.equal(await running.ended, 0);
    assert.deepEqual(fake.course().slice(-2), ['store stopped', 'sandbox stopped']);
    assert.equal(existsSync(join(fake.config.home, 'run.json')), false);
    assert.match(running.text(), /SIGTERM: stopping\..+\nStopped\.\n$/);
  } finally {
    fake.remove();
  }
});

test('a start by npm stops when npm is gone, although no signal reaches it', async () => {
  const fake = fakeHouse();
  try {
    // In npm's place: a shell that dies of the signal and tells nobody; the supervisor is its child.
    const command = `"${process.execPath}" "${program}" "${fake.config.home}" & wait`;
    const env = { ...process.env, npm_lifecycle_event: 'start' };
    const shell = spawn('/bin/sh', ['-c', command], { stdio: 'ignore', env });
    const runFile = join(fake.config.home, 'run.json');
    for (let tries = 0; tries < 400 && !existsSync(runFile); tries += 1) await wait(25);
    const url = JSON.parse(readFileSync(runFile, 'utf8')).store.url;
    shell.kill('SIGTERM');
    assert.equal(await isGone(url), true);
    for (let tries = 0; tries < 200 && !fake.course().includes('sandbox stopped'); tries += 1) await wait(25);
    assert.deepEqual(fake.course().slice(-2), ['store stopped', 'sandbox stopped']);
  } finally {
    fake.remove();
  }
});

test('a supervisor that is killed takes its processes with it, and the next start takes over', async () => {
  const fake = fakeHouse();
  try {
    const first = await startProcess(fake);
    first.process.kill('SIGKILL');
    await first.ended;
    for (const url of first.urls) assert.equal(await isGone(url), true, `${url} still answers`);
    assert.equal(existsSync(join(fake.config.home, 'run.json')), true);
    const second = await startProcess(fake);
    assert.match(second.text(), /ended without a goodbye; taking over/);
    second.process.kill('SIGINT');
    assert.equal(await second.ended, 0);
  } finally {
    fake.remove();
  }
});
