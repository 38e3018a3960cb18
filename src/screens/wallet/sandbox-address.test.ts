import assert from 'node:assert/strict';
import { it } from 'node:test';
import { readAddress, readLoopbackAddress } from './sandbox-address.ts';

it('takes an address of this machine from the address bar, and keeps only its origin', () => {
  assert.equal(readLoopbackAddress('http://127.0.0.1:8090/control/v1?x=1'), 'http://127.0.0.1:8090');
  assert.equal(readLoopbackAddress('http://localhost:8090'), 'http://localhost:8090');
  assert.equal(readLoopbackAddress('http://[::1]:8090'), 'http://[::1]:8090');
});

it('refuses other machines, names that look like this one, and what is no web address', () => {
  for (const text of [
    'http://example.com',
    'http://127.0.0.1.example.com',
    'http://localhost.example.com',
    'http://user@example.com#127.0.0.1',
    'javascript:alert(1)',
    'file:///etc/passwd',
    '127.0.0.1:8090',
    '',
  ]) {
    assert.equal(readLoopbackAddress(text), undefined, text);
  }
});

it("takes any web address from the store's own page", () => {
  assert.equal(readAddress('https://sandbox.store.example/x'), 'https://sandbox.store.example');
  assert.equal(readAddress('ws://sandbox.store.example'), undefined);
});
