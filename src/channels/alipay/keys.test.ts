// Every form in which a key is handed out, and every mistake that people make with them: each has its own sentence, and no sentence
// repeats a key.

import assert from 'node:assert/strict';
import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { describe, it } from 'node:test';
import { redact } from '#foundation/redacted.ts';
import { readPrivateKey, readPublicKey, requireKeys } from './keys.ts';
import {
  alipayKeys,
  merchantKeys,
  mustText,
  openapiChannel,
  transportOf,
  vectorsOf,
} from './testing/alipay-side.fixture.ts';

function pem(key: KeyObject, type: 'pkcs1' | 'pkcs8' | 'spki'): string {
  return String(key.export({ type, format: 'pem' }));
}

function singleLine(text: string): string {
  return text.replaceAll(/-----.*-----|\s/g, '');
}

const spellings: readonly (readonly [string, (text: string) => string])[] = [
  ['as PEM', (text) => text],
  ['as PEM with CRLF', (text) => text.replaceAll('\n', '\r\n')],
  ['as PEM whose line breaks are the two characters \\n', (text) => text.replaceAll('\n', '\\n')],
  ['as PEM whose line breaks became blanks', (text) => text.replaceAll('\n', ' ')],
  ['on a single line', singleLine],
  ['on a single line with blanks around', (text) => `  ${singleLine(text)}\n`],
  ['in lines without the first and last', (text) => text.replaceAll(/-----.*-----\n/g, '')],
];

const small = generateKeyPairSync('rsa', { modulusLength: 1024 });
const curve = generateKeyPairSync('ec', { namedCurve: 'prime256v1' });
const locked = merchantKeys.privateKey.export({ type: 'pkcs8', format: 'pem', cipher: 'aes-128-cbc', passphrase: 'x' });
const certificate = mustText(vectorsOf('cert-sn')[0], 'certificate_pem');

describe('the app’s private key', () => {
  for (const [how, spell] of spellings) {
    for (const type of ['pkcs1', 'pkcs8'] as const) {
      it(`is read from ${type} ${how}`, () => {
        const read = readPrivateKey(redact(spell(pem(merchantKeys.privateKey, type))));
        assert.ok(read.ok && read.value.equals(merchantKeys.privateKey));
      });
    }
  }

  it('is read from a key object', () => {
    assert.ok(readPrivateKey(merchantKeys.privateKey).ok);
  });

  const publicKey = 'The app private key setting holds a public key or certificate.';
  const none = 'The app private key is not a key: PEM or its base64 text, PKCS#1 or PKCS#8.';
  for (const [what, text, sentence] of [
    ['is empty', ' \n', 'The app private key is empty.'],
    ['is a word', 'secret', none],
    ['is base64 of nothing', 'AAAA', none],
    ['has lost its end', pem(merchantKeys.privateKey, 'pkcs8').slice(0, 900), none],
    ['is locked', String(locked), 'The app private key is protected by a passphrase; store it without one.'],
    ['is a public key', pem(merchantKeys.publicKey, 'spki'), publicKey],
    ['is a public key in PKCS#1', pem(merchantKeys.publicKey, 'pkcs1'), publicKey],
    ['is a public key on a single line', singleLine(pem(merchantKeys.publicKey, 'spki')), publicKey],
    ['is a certificate', certificate, publicKey],
    ['is on a curve', pem(curve.privateKey, 'pkcs8'), 'The app private key is not an RSA key.'],
    ['is short', pem(small.privateKey, 'pkcs8'), 'The app private key has 1024 bits; RSA2 needs at least 2048.'],
  ] as const) {
    it(`is refused when it ${what}`, () => {
      assert.deepEqual(readPrivateKey(redact(text)), { ok: false, failure: sentence });
    });
  }

  it('is refused when the object is a public key', () => {
    const refused = { ok: false, failure: 'The app key must be a private key.' };
    assert.deepEqual(readPrivateKey(merchantKeys.publicKey), refused);
  });
});

describe('Alipay’s public key', () => {
  for (const [how, spell] of spellings) {
    for (const type of ['pkcs1', 'spki'] as const) {
      it(`is read from ${type} ${how}`, () => {
        const read = readPublicKey(spell(pem(alipayKeys.publicKey, type)));
        assert.ok(read.ok && read.value.equals(alipayKeys.publicKey));
      });
    }
  }

  const secret = 'The Alipay public key setting holds a private key.';
  const none = 'The Alipay public key is not a key: PEM or its base64 text.';
  for (const [what, text, sentence] of [
    ['is empty', '', 'The Alipay public key is empty.'],
    ['is a word', 'public', none],
    ['is a private key', pem(alipayKeys.privateKey, 'pkcs8'), secret],
    ['is a private key in PKCS#1', pem(alipayKeys.privateKey, 'pkcs1'), secret],
    ['is a private key on a single line', singleLine(pem(alipayKeys.privateKey, 'pkcs8')), secret],
    ['is a private key in PKCS#1 on a single line', singleLine(pem(alipayKeys.privateKey, 'pkcs1')), secret],
    ['is a locked private key', String(locked), secret],
    ['is on a curve', pem(curve.publicKey, 'spki'), 'The Alipay public key is not an RSA key.'],
    ['is short', pem(small.publicKey, 'spki'), 'The Alipay public key has 1024 bits; RSA2 needs at least 2048.'],
    ['is a short certificate', certificate, 'The Alipay public key has 1024 bits; RSA2 needs at least 2048.'],
  ] as const) {
    it(`is refused when it ${what}`, () => {
      assert.deepEqual(readPublicKey(text), { ok: false, failure: sentence });
    });
  }

  it('is refused when the object is a private key', () => {
    const refused = { ok: false, failure: 'The Alipay key must be a public key.' };
    assert.deepEqual(readPublicKey(alipayKeys.privateKey), refused);
  });
});

describe('both keys of a channel', () => {
  it('are refused when Alipay’s is the app’s own', () => {
    const own = { privateKey: merchantKeys.privateKey, alipayPublicKey: pem(merchantKeys.publicKey, 'spki') };
    const sentence = "The Alipay public key setting holds the app's own public key; copy Alipay's from the app's page.";
    assert.throws(() => requireKeys(own), { message: sentence });
  });

  it('stop the channel from being made, with the sentence', () => {
    const message = 'The app private key is empty.';
    assert.throws(() => openapiChannel(transportOf({ kind: 'lost', cause: 'timeout' }), { privateKey: redact('') }), {
      message,
    });
  });
});
