// Plants breaches of the import map in a copy of the tree and sees each of them reported; the same copy without them is clean.

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { complaints, type ImportMap, mapImports } from './import-map.ts';

const here = fileURLToPath(new URL('..', import.meta.url));

const lawful: Readonly<Record<string, string>> = {
  'package.json': JSON.stringify({
    type: 'module',
    imports: { '#*': './src/*' },
    dependencies: { zod: '*', pg: '*', react: '*' },
    devDependencies: { 'fast-check': '*' },
  }),
  'src/foundation/money.ts': 'export const money = 1;',
  'src/payment/index.ts': "export { intent } from './intent.ts';",
  'src/payment/intent.ts': "import { money } from '#foundation/money.ts';\nexport const intent = money;",
  'src/payment/intent.test.ts': "import 'node:test';\nimport 'fast-check';\nimport './intent.ts';",
  'src/payment/journal.contract.ts': "import 'node:assert';\nexport const contract = 1;",
  'src/ledger/index.ts': 'export const ledger = 1;',
  'src/catalog/index.ts': 'export const catalog = 1;',
  'src/checkout/index.ts': "export { intent } from '#payment/index.ts';",
  'src/journal/index.ts':
    "import pg from 'pg';\nimport { intent } from '#payment/index.ts';\nexport const journal = [pg, intent];",
  'src/journal/payment.test.ts': "import '../payment/journal.contract.ts';\nimport './index.ts';",
  'src/channels/alipay/index.ts': "export { intent } from '#payment/index.ts';",
  'src/sandbox/index.ts': "import 'node:http';\nexport { money } from '#foundation/money.ts';",
  'src/server/contract/ecr.ts': "import { z } from 'zod';\nexport const ecr = z;",
  'src/server/main.ts': "import '#journal/index.ts';\nimport '#channels/alipay/index.ts';\nimport '#sandbox/index.ts';",
  'src/screens/style/button.tsx': "import 'react';\nexport const Button = () => <b />;",
  'src/screens/till/main.tsx':
    "import { Button } from '../style/button.tsx';\nimport '#server/contract/ecr.ts';\nimport '#checkout/index.ts';\nexport const Till = () => <Button />;",
  'src/screens/wallet/main.tsx': "import '../style/button.tsx';\nexport const wallet = 1;",
  'simulation/shop.ts':
    "import '#payment/index.ts';\nimport '../src/payment/journal.contract.ts';\nexport const shop = 1;",
};

/** A file, what it wrongly imports, and the rule that must say so. */
const breaches: readonly (readonly [file: string, imported: string, rule: string])[] = [
  ['src/foundation/bad.ts', '#payment/index.ts', 'foundation-imports-nothing'],
  ['src/foundation/bad-package.ts', 'zod', 'foundation-imports-nothing'],
  ['src/ledger/bad.ts', '#payment/index.ts', 'ledger-sees-only-its-own'],
  ['src/payment/bad.ts', '#catalog/index.ts', 'payment-sees-only-its-own'],
  ['src/catalog/bad.ts', '#payment/index.ts', 'catalog-sees-only-its-own'],
  ['src/checkout/bad.ts', '#journal/index.ts', 'checkout-sees-only-its-own'],
  ['src/channels/alipay/bad.ts', '#sandbox/index.ts', 'channels-sees-only-its-own'],
  ['src/sandbox/bad.ts', '#channels/alipay/index.ts', 'sandbox-sees-only-its-own'],
  ['src/journal/bad.ts', '#channels/alipay/index.ts', 'journal-sees-only-its-own'],
  ['src/journal/bad-inside.ts', '#payment/intent.ts', 'by-the-door'],
  ['src/server/bad-inside.ts', '../payment/intent.ts', 'by-the-door'],
  ['simulation/bad-inside.ts', '#payment/intent.ts', 'by-the-door-from-outside'],
  ['src/journal/bad.test.ts', '#payment/intent.ts', 'tests-by-the-door'],
  ['src/payment/bad-server.ts', '#server/contract/ecr.ts', 'payment-sees-only-its-own'],
  ['src/sandbox/bad-server.ts', '#server/main.ts', 'nothing-imports-server'],
  ['src/payment/bad-core.ts', 'node:fs', 'domain-without-node'],
  ['src/checkout/bad-package.ts', 'zod', 'domain-without-packages'],
  ['src/screens/till/bad.ts', '#journal/index.ts', 'screens-see-only-the-contract'],
  ['src/screens/till/bad-other.ts', '../wallet/main.tsx', 'a-screen-does-not-see-another'],
  ['src/screens/till/bad-core.ts', 'node:fs', 'screens-without-node'],
  ['src/server/contract/bad.ts', 'pg', 'contract-has-schemas-only'],
  ['src/server/contract/bad-room.ts', '#payment/index.ts', 'contract-stands-alone'],
  ['src/server/bad-outside.ts', '../../simulation/shop.ts', 'nothing-imports-the-outside'],
  ['src/payment/bad-test.ts', './intent.test.ts', 'no-test-in-production'],
  ['src/server/bad-development.ts', 'fast-check', 'no-development-package-in-production'],
  ['src/server/bad-missing.ts', './nowhere.ts', 'no-unresolvable'],
  ['src/server/utils/bad.ts', '#journal/index.ts', 'no-nameless-folder'],
];

let clean = '';
let planted: ImportMap;

function makeTree(files: Readonly<Record<string, string>>): string {
  const root = mkdtempSync(join(tmpdir(), 'tillway-map-'));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  symlinkSync(join(here, 'node_modules'), join(root, 'node_modules'), 'junction');
  return root;
}

let dirty = '';
before(async () => {
  clean = makeTree(lawful);
  const bad = Object.fromEntries(breaches.map(([file, imported]) => [file, `import '${imported}';\nexport {};`]));
  const cycle = { 'src/server/ring-a.ts': "import './ring-b.ts';", 'src/server/ring-b.ts': "import './ring-a.ts';" };
  // A folder without a name is told by what imports from it.
  const use = { 'src/server/use.ts': "import './utils/bad.ts';" };
  dirty = makeTree({ ...lawful, ...bad, ...cycle, ...use });
  planted = await mapImports(dirty);
});
after(() => {
  rmSync(clean, { recursive: true, force: true });
  rmSync(dirty, { recursive: true, force: true });
});

test('lawful imports are clean, and every module is read', async () => {
  const map = await mapImports(clean);
  assert.deepEqual(complaints(map), []);
  assert.equal(map.moduleCount, Object.keys(lawful).length - 1);
});

for (const [file, imported, rule] of breaches) {
  test(`${file} may not import ${imported}`, () => {
    const told = planted.breaches.filter((breach) => breach.from === file || breach.to === file);
    assert.ok(
      told.some((breach) => breach.rule === rule),
      `${rule} is not among: ${told.map((breach) => breach.rule).join(', ') || 'nothing'}`,
    );
  });
}

test('a cycle is told', () => {
  assert.ok(planted.breaches.some(({ rule, from }) => rule === 'no-cycle' && from === 'src/server/ring-a.ts'));
});

test('every breach comes with its reason and its remedy', () => {
  for (const { rule, comment } of planted.breaches) assert.match(comment, /Remedy: /, rule);
});

test('a map that read nothing is a failure', () => {
  assert.match(complaints({ moduleCount: 0, unread: [], breaches: [] }).join(), /No module was read/);
});
