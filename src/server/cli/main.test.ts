// The command line as people meet it: what help teaches, what a slip is answered with, and the exit codes that scripts rely on.

import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { runCommandLine } from './main.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tillway-cli-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

async function run(line: string, env: Readonly<Record<string, string>> = {}) {
  const out: string[] = [];
  const notes: string[] = [];
  const code = await runCommandLine(line === '' ? [] : line.split(' '), {
    out: (text) => void out.push(text),
    note: (text) => void notes.push(text),
    env,
    folder,
  });
  return { code, out: out.join('\n'), notes: notes.join('\n') };
}

const commands = ['start', 'store', 'sandbox', 'pay', 'codes', 'status', 'config', 'keys'];

test('help names every command, shows a first payment and the exit codes', async () => {
  for (const line of ['', '--help', 'help']) {
    const { code, out } = await run(line);
    assert.equal(code, 0, line);
    for (const name of commands) assert.match(out, new RegExp(`^ {2}${name}\\b`, 'm'));
    assert.match(out, /tillway pay 12\.30 --code \$\(tillway codes\)/);
    assert.match(out, /Exit codes: 0 done, 1 could not be done, 2 not understood/);
  }
});

test('the help of each command has an example', async () => {
  for (const name of [...commands.filter((command) => command !== 'keys'), 'keys make', 'keys inspect', 'keys check']) {
    const { code, out } = await run(`${name} --help`);
    assert.equal(code, 0, name);
    assert.match(out, new RegExp(`^ {2}\\$ .*tillway ${name}`, 'm'), name);
  }
});

test('what is not understood is answered with a sentence, the way to help, and exit code 2', async () => {
  const slips: readonly (readonly [line: string, sentence: RegExp])[] = [
    ['strat', /unknown command 'strat'\n\(Did you mean start\?\)\nSee: tillway --help/],
    ['start --prot 1', /unknown option '--prot'\nSee: tillway start --help/],
    ['codes --digits 25', /option '--digits <n>' argument '25' is invalid\. It must be a whole number from 16 to 24\./],
    ['codes --balance ten', /It must be decimal text such as 12\.30\./],
    ['pay 12.30', /required option '--code <code>' not specified/],
    [
      'pay twelve --code 28',
      /value 'twelve' is invalid for argument 'amount'\. It must be decimal text such as 12\.30\./,
    ],
    ['keys make --format pem', /Allowed choices are pkcs1, pkcs8\./],
    ['keys inspect', /missing required argument 'file'/],
  ];
  for (const [line, sentence] of slips) {
    const { code, notes } = await run(line);
    assert.equal(code, 2, line);
    assert.match(notes, sentence);
  }
});

test('wrong settings are all told before anything is done, with exit code 2', async () => {
  const env = { TILLWAY_STORE_PORT: 'x', TILLWAY_STORE_LANGUAGE: 'fr' };
  for (const line of ['config', 'status', 'codes', 'start', 'pay 1 --code 28', 'sandbox', 'store']) {
    const { code, notes } = await run(line, env);
    assert.equal(code, 2, line);
    assert.match(
      notes,
      /^2 settings are wrong:\n {2}TILLWAY_STORE_PORT must be .+\n {2}TILLWAY_STORE_LANGUAGE must be en or zh-CN/,
    );
  }
  assert.deepEqual(readdirSync(folder), []);
});

test('config shows each setting with its value and origin, and no secret', async () => {
  writeFileSync(join(folder, 'tillway.config.json'), '{"store": {"name": "Corner Shop"}}');
  const { code, out } = await run('config', { DATABASE_URL: 'postgresql://till:hunter2@db/till' });
  assert.equal(code, 0);
  assert.match(out, /^store\.port +8080 +default$/m);
  assert.match(out, /^store\.name +Corner Shop +.+tillway\.config\.json$/m);
  assert.match(out, /^databaseUrl +set +DATABASE_URL$/m);
  assert.doesNotMatch(out, /hunter2/);
});

test('without anything running status, codes and pay say how to start', async () => {
  for (const line of ['status', 'codes', 'pay 1.00 --code 281234567890123456']) {
    const { code, notes } = await run(line);
    assert.equal(code, 1, line);
    assert.match(notes, /^Nothing runs in .+ Start it with: tillway start$/);
  }
});

test('the store alone without a gateway says what it needs', async () => {
  const { code, notes } = await run('store');
  assert.equal(code, 1);
  assert.match(notes, /^No Alipay gateway is configured/);
});

test('a made key pair is for its owner only, is never written over, and inspect knows it', async () => {
  const made = await run('keys make --out keys --format pkcs1');
  assert.equal(made.code, 0);
  const [privatePath = '', publicPath = ''] = made.out.split('\n');
  assert.equal(statSync(privatePath).mode & 0o777, 0o600);
  const pem = readFileSync(privatePath, 'utf8');
  assert.match(pem, /^-----BEGIN RSA PRIVATE KEY-----/);

  const again = await run('keys make --out keys');
  assert.equal(again.code, 1);
  assert.match(again.notes, /already exists and is not written over/);
  assert.equal(readFileSync(privatePath, 'utf8'), pem);

  const own = await run(`keys inspect ${privatePath}`);
  const half = await run(`keys inspect ${publicPath}`);
  assert.match(own.out, /^kind {9}private key \(RSA\)\nbits {9}2048\nformat {7}PKCS#1, PEM\nfingerprint {2}SHA256:/);
  assert.match(half.out, /^kind {9}public key/);
  assert.equal(own.out.split('\n')[3], half.out.split('\n')[3]);
  // The first half of a private key is the modulus, which the public key holds too; the second half is the secret.
  for (const line of pem.trim().split('\n').slice(13, -1)) {
    assert.equal((made.out + made.notes + own.out + own.notes).includes(line), false);
  }
});

test('a key below 2048 bits is made with a warning', async () => {
  const { code, notes } = await run('keys make --bits 1024');
  assert.equal(code, 0);
  assert.match(notes, /Warning: 1024 bits are too few/);
});

test('inspect says what is wrong with a file that is no key', async () => {
  writeFileSync(join(folder, 'note.txt'), 'not, a key');
  assert.match((await run('keys inspect note.txt')).notes, /note\.txt is not a key: neither PEM nor base64\.$/);
  assert.match((await run('keys inspect nowhere.pem')).notes, /nowhere\.pem does not exist\.$/);
});
