// Reads the keys of a merchant's app. Alipay's pages, tools and SDKs hand them out as PEM (PKCS#1 or PKCS#8), and as the
// same text on a single line without its first and last line; all are taken. They become KeyObjects once, when the channel
// is made: parsing a PEM for every call costs more than some of the calls.

import { createPrivateKey, createPublicKey, KeyObject } from 'node:crypto';
import type { Redacted } from '#foundation/redacted.ts';
import { failure, type Result, success } from '#foundation/result.ts';

export type PrivateKeySource = KeyObject | Redacted<string>;
export type PublicKeySource = KeyObject | string;

/** RSA2 is defined from 2048 bits up. */
const modulusBitsMin = 2048;

/** The app's private key. The failure is a sentence for the person who set it; it never repeats the key. */
export function readPrivateKey(source: PrivateKeySource): Result<KeyObject, string> {
  if (source instanceof KeyObject) {
    return source.type === 'private' ? checkRsa(source, 'private') : failure('The app key must be a private key.');
  }
  const text = tidy(source.reveal());
  if (text === '') return failure('The app private key is empty.');
  if (/ENCRYPTED/.test(text)) return failure('The app private key is protected by a passphrase; store it without one.');
  const key = privateKeyIn(text);
  if (key === undefined) {
    return publicKeyIn(text) === undefined
      ? failure('The app private key is not a key: PEM or its base64 text, PKCS#1 or PKCS#8.')
      : failure('The app private key setting holds a public key or certificate.');
  }
  return checkRsa(key, 'private');
}

/** Alipay's public key (not the app's own), as PEM, certificate, or single-line base64. */
export function readPublicKey(source: PublicKeySource): Result<KeyObject, string> {
  if (source instanceof KeyObject) {
    return source.type === 'public' ? checkRsa(source, 'public') : failure('The Alipay key must be a public key.');
  }
  const text = tidy(source);
  if (text === '') return failure('The Alipay public key is empty.');
  // createPublicKey would quietly derive a public key from a private one, in PEM and in base64 alike.
  if (/PRIVATE KEY/.test(text) || privateKeyIn(text) !== undefined) {
    return failure('The Alipay public key setting holds a private key.');
  }
  const key = publicKeyIn(text);
  if (key === undefined) return failure('The Alipay public key is not a key: PEM or its base64 text.');
  return checkRsa(key, 'public');
}

/** Both keys of an app, for a channel. Throws with the sentence that says which one is wrong: a channel needs its keys. */
export function requireKeys(settings: {
  readonly privateKey: PrivateKeySource;
  readonly alipayPublicKey: PublicKeySource;
}): { readonly privateKey: KeyObject; readonly alipayPublicKey: KeyObject } {
  const privateKey = readPrivateKey(settings.privateKey);
  if (!privateKey.ok) throw new Error(privateKey.failure);
  const alipayPublicKey = requirePublicKey(settings.alipayPublicKey);
  // The commonest mistake when an app is set up, and one that would make every answer look forged.
  if (createPublicKey(privateKey.value).equals(alipayPublicKey)) {
    throw new Error("The Alipay public key setting holds the app's own public key; copy Alipay's from the app's page.");
  }
  return { privateKey: privateKey.value, alipayPublicKey };
}

export function requirePublicKey(source: PublicKeySource): KeyObject {
  const key = readPublicKey(source);
  if (!key.ok) throw new Error(key.failure);
  return key.value;
}

function checkRsa(key: KeyObject, role: 'private' | 'public'): Result<KeyObject, string> {
  const name = role === 'private' ? 'The app private key' : 'The Alipay public key';
  if (key.asymmetricKeyType !== 'rsa') return failure(`${name} is not an RSA key.`);
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  if (bits < modulusBitsMin) return failure(`${name} has ${bits} bits; RSA2 needs at least ${modulusBitsMin}.`);
  return success(key);
}

// Settings that passed through an environment variable often carry their line breaks as the two characters `\n`.
function tidy(text: string): string {
  return text.replaceAll('\\n', '\n').trim();
}

function privateKeyIn(text: string): KeyObject | undefined {
  return firstReadable([
    () => createPrivateKey(text),
    () => createPrivateKey({ key: der(text), format: 'der', type: 'pkcs8' }),
    () => createPrivateKey({ key: der(text), format: 'der', type: 'pkcs1' }),
  ]);
}

function publicKeyIn(text: string): KeyObject | undefined {
  return firstReadable([
    () => createPublicKey(text),
    () => createPublicKey({ key: der(text), format: 'der', type: 'spki' }),
    () => createPublicKey({ key: der(text), format: 'der', type: 'pkcs1' }),
  ]);
}

// The base64 inside, with or without a PEM's first and last line: a PEM whose line breaks became blanks is not one any more.
function der(text: string): Buffer {
  const compact = text.replaceAll(/-----(BEGIN|END) [A-Z ]+-----/g, '').replaceAll(/\s/g, '');
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(compact)) throw new Error('not base64');
  return Buffer.from(compact, 'base64');
}

function firstReadable(attempts: readonly (() => KeyObject)[]): KeyObject | undefined {
  for (const attempt of attempts) {
    try {
      return attempt();
    } catch {
      // The next form is tried; what the key is not, does not matter.
    }
  }
  return undefined;
}
