import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { roles } from '#checkout/index.ts';
import { openSecrets } from './secrets.ts';

test('secrets are made once, are long enough, and only their owner may read them', () => {
  const home = mkdtempSync(join(tmpdir(), 'tillway-secrets-'));
  try {
    const first = openSecrets(home);
    const second = openSecrets(home);
    assert.equal(first.demoApiKey.reveal(), second.demoApiKey.reveal());
    assert.deepEqual(first.fingerprintKey.reveal(), second.fingerprintKey.reveal());
    assert.equal(first.fingerprintKey.reveal().length, 32);
    assert.equal(String(first.demoApiKey), '<redacted>');
    for (const role of roles) {
      assert.match(first.demoPins[role].reveal(), /^[0-9]{4}$/);
      assert.equal(first.demoPins[role].reveal(), second.demoPins[role].reveal());
    }
    const folder = join(home, 'secrets');
    assert.equal(statSync(folder).mode & 0o777, 0o700);
    assert.deepEqual(readdirSync(folder).sort(), ['demo-api-key', 'demo-pins', 'fingerprint-key']);
    for (const name of readdirSync(folder)) assert.equal(statSync(join(folder, name)).mode & 0o777, 0o600);
  } finally {
    rmSync(home, { recursive: true });
  }
});
