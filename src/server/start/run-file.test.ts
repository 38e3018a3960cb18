import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { readRunFile, removeRunFile, runFilePath, writeRunFile } from './run-file.ts';

let home = '';
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'tillway-run-'));
});
afterEach(() => rmSync(home, { recursive: true }));

test('what is written is read back, and only its owner may read it, also over an older file', () => {
  writeFileSync(runFilePath(home), 'old', { mode: 0o644 });
  const run = { store: { url: 'http://127.0.0.1:1', apiKey: 'key' } };
  writeRunFile(home, run);
  assert.deepEqual(readRunFile(home), { ok: true, value: run });
  assert.equal(statSync(runFilePath(home)).mode & 0o777, 0o600);
  assert.equal(removeRunFile(home), true);
  assert.equal(removeRunFile(home), false);
});

test('a home where nothing runs is told with what to do', () => {
  const read = readRunFile(home);
  assert.equal(read.ok, false);
  assert.match(read.ok ? '' : read.failure, /^Nothing runs in .+ Start it with: tillway start$/);
});

test('a damaged file is told, without its inside', () => {
  writeFileSync(runFilePath(home), '{"store": "secret"');
  const read = readRunFile(home);
  assert.match(read.ok ? '' : read.failure, /cannot be read as a run file/);
  assert.doesNotMatch(read.ok ? '' : read.failure, /secret/);
});
