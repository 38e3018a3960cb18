// Golden texts in fixtures/receipts. `ACCEPT_GOLDEN=1 node --test <file>` writes them anew; a person reads the difference.

import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';

export function assertGolden(name: string, text: string): void {
  const file = new URL(`../../../../fixtures/receipts/${name}`, import.meta.url);
  if (process.env['ACCEPT_GOLDEN'] === '1') writeFileSync(file, text);
  assert.equal(text, readFileSync(file, 'utf8'));
}
