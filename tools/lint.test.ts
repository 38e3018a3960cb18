// The lint is held to what it is there for: effects that must come in as parameters, and promises that nobody waits for.

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('..', import.meta.url));
let root = '';
let told: readonly string[] = [];

/** A file, its text, and the rule that must complain; null when none may. */
const samples: readonly (readonly [file: string, text: string, rule: string | null])[] = [
  ['src/payment/now.ts', 'export const at = Date.now();', 'no-restricted-properties'],
  ['src/payment/today.ts', 'export const at = new Date();', 'no-ambient-date'],
  ['src/payment/given.ts', 'export const at = new Date(0);', null],
  ['src/checkout/chance.ts', 'export const n = Math.random();', 'no-restricted-properties'],
  ['src/foundation/float.ts', "export const n = parseFloat('1.5');", 'no-restricted-globals'],
  ['src/server/float.ts', "export const n = Number.parseFloat('1.5');", 'no-restricted-properties'],
  ['src/channels/alipay/ask.ts', "export const answer = fetch('http://x');", 'no-restricted-globals'],
  ['src/sandbox/later.ts', 'setTimeout(() => {}, 5);\nexport {};', 'no-restricted-globals'],
  ['src/payment/say.ts', "console.log('x');\nexport {};", 'no-console'],
  ['src/journal/environment.ts', "export const home = process.env['HOME'];", null],
  ['src/payment/environment.ts', "export const home = process.env['HOME'];", 'no-restricted-globals'],
  ['src/server/clock.ts', 'export const at = [Date.now(), new Date()];', null],
  ['src/payment/now.test.ts', 'export const at = Date.now();', null],
  ['src/server/floating.ts', 'async function work() {}\nwork();\nexport {};', 'no-floating-promises'],
  [
    'src/server/misused.ts',
    'async function work() {}\n[1].forEach(work);\nif (work()) throw new Error();\nexport {};',
    'no-misused-promises',
  ],
  ['src/server/waits.ts', 'await (5 as number);\nexport {};', 'await-thenable'],
  [
    'src/server/choice.ts',
    "declare const kind: 'a' | 'b';\nswitch (kind) {\n  case 'a':\n    break;\n}\nexport {};",
    'switch-exhaustiveness-check',
  ],
  ['src/server/anything.ts', 'export const x: any = 1;', 'no-explicit-any'],
  ['src/server/types.ts', "import { Stats } from 'node:fs';\nexport type Own = Stats;", 'consistent-type-imports'],
];

before(() => {
  root = mkdtempSync(join(tmpdir(), 'tillway-lint-'));
  for (const name of ['.oxlintrc.json', 'tools/lint-ambient.mjs']) cpSync(join(here, name), join(root, name));
  const compilerOptions = {
    strict: true,
    target: 'es2024',
    lib: ['es2024', 'dom'],
    module: 'nodenext',
    types: ['node'],
  };
  writeFileSync(join(root, 'package.json'), '{"type":"module"}');
  writeFileSync(join(root, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['src'] }));
  symlinkSync(join(here, 'node_modules'), join(root, 'node_modules'), 'junction');
  for (const [file, text] of samples) {
    mkdirSync(dirname(join(root, file)), { recursive: true });
    writeFileSync(join(root, file), `${text}\n`);
  }
  const { stdout } = spawnSync(join(here, 'node_modules/.bin/oxlint'), ['--type-aware', '-f', 'unix', 'src'], {
    cwd: root,
    encoding: 'utf8',
  });
  told = stdout.split('\n');
});
after(() => rmSync(root, { recursive: true, force: true }));

for (const [file, , rule] of samples) {
  test(`${file}: ${rule ?? 'nothing to complain of'}`, () => {
    const lines = told.filter((line) => line.startsWith(`${file}:`));
    if (rule === null) assert.deepEqual(lines, []);
    else
      assert.ok(
        lines.some((line) => line.includes(`(${rule})`)),
        `${rule} is not in: ${lines.join('\n') || 'nothing'}`,
      );
  });
}
