import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseKey } from './key-file.ts';

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pem = (type: 'pkcs1' | 'pkcs8') => privateKey.export({ type, format: 'pem' }).toString();
const oneLine = (text: string) => text.replaceAll(/-----[^-]+-----|\s/g, '');

function facts(text: string) {
  const read = parseKey(text);
  if (!read.ok) assert.fail(read.failure);
  const { kind, format, encoding, bits } = read.value;
  return { kind, format, encoding, bits };
}

function trouble(text: string): string {
  const read = parseKey(text);
  return read.ok ? 'it was read' : read.failure;
}

test('each form that Alipay and its tools hand out is read for what it is', () => {
  const isPrivate = { kind: 'private', bits: 2048 };
  const isPublic = { kind: 'public', bits: 2048 };
  const spki = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  const pkcs1Public = publicKey.export({ type: 'pkcs1', format: 'pem' }).toString();
  assert.deepEqual(facts(pem('pkcs1')), { ...isPrivate, format: 'pkcs1', encoding: 'pem' });
  assert.deepEqual(facts(pem('pkcs8')), { ...isPrivate, format: 'pkcs8', encoding: 'pem' });
  assert.deepEqual(facts(oneLine(pem('pkcs1'))), { ...isPrivate, format: 'pkcs1', encoding: 'single-line' });
  assert.deepEqual(facts(oneLine(pem('pkcs8'))), { ...isPrivate, format: 'pkcs8', encoding: 'single-line' });
  assert.deepEqual(facts(spki), { ...isPublic, format: 'spki', encoding: 'pem' });
  assert.deepEqual(facts(oneLine(spki)), { ...isPublic, format: 'spki', encoding: 'single-line' });
  assert.deepEqual(facts(pkcs1Public), { ...isPublic, format: 'pkcs1', encoding: 'pem' });
});

test('a key under the wrong label is still recognised', () => {
  const mislabelled = pem('pkcs8').replaceAll('PRIVATE KEY', 'RSA PRIVATE KEY');
  assert.deepEqual(facts(mislabelled), { kind: 'private', bits: 2048, format: 'pkcs8', encoding: 'pem' });
});

test('both halves of a pair have one fingerprint', () => {
  const own = parseKey(pem('pkcs1'));
  const half = parseKey(publicKey.export({ type: 'spki', format: 'pem' }).toString());
  assert.equal(own.ok && own.value.fingerprint, half.ok && half.value.fingerprint);
});

test('what cannot be used says why', () => {
  const curve = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const locked = privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' }).toString();
  assert.equal(trouble(''), 'is empty');
  assert.match(trouble('hello, there'), /^is not a key: neither PEM nor base64$/);
  assert.match(trouble('aGVsbG8='), /^is not a key that can be read/);
  assert.match(trouble(locked), /^is protected by a passphrase; take it off with/);
  assert.match(trouble(curve.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()), /^is not an RSA key/);
  assert.match(trouble('-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----'), /^is a certificate/);
  assert.match(trouble(pem('pkcs1') + pem('pkcs1')), /^is damaged, or holds more than one key/);
});

test('any text is read or refused, and never throws', () => {
  const seed = Date.now() % 2 ** 31;
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.base64String()), (text) => {
      parseKey(text);
    }),
    { seed, numRuns: 300 },
  );
});
