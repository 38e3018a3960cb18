// RSA keys as people have them: PEM of PKCS#1 or PKCS#8, and the single line of base64 that Alipay's tools hand out. One reader
// for the settings and for `tillway keys`. A key's inside is in no message.

import { createHash, createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { failure, type Result, success } from '#foundation/result.ts';

export type KeyFormat = 'pkcs1' | 'pkcs8' | 'spki';

export type ReadKey = {
  readonly kind: 'private' | 'public';
  readonly format: KeyFormat;
  readonly encoding: 'pem' | 'single-line';
  readonly bits: number;
  /** SHA-256 of the public half, the same for both keys of a pair. */
  readonly fingerprint: string;
  readonly key: KeyObject;
};

type KeyForm = { readonly kind: ReadKey['kind']; readonly format: KeyFormat };

// OpenSSL reads one form where another was said, so the form is told from the bytes themselves (RFC 8017, RFC 5208, RFC 5280): a
// sequence that begins with a sequence (SPKI), with the version 0 and a sequence (PKCS#8), with the version 0 and the modulus
// (PKCS#1, private), or with the modulus (PKCS#1, public).
function formOf(der: Buffer): KeyForm | undefined {
  const sequence = 0x30;
  const integer = 0x02;
  if (der[0] !== sequence) return undefined;
  const lengthByte = der[1] ?? 0;
  const start = lengthByte < 0x80 ? 2 : 2 + (lengthByte & 0x7f);
  if (der[start] === sequence) return { kind: 'public', format: 'spki' };
  if (der[start] !== integer) return undefined;
  const isVersion = der[start + 1] === 1 && der[start + 2] === 0;
  if (!isVersion) return { kind: 'public', format: 'pkcs1' };
  return { kind: 'private', format: der[start + 3] === sequence ? 'pkcs8' : 'pkcs1' };
}

const refusedLabels: Readonly<Record<string, string>> = {
  'ENCRYPTED PRIVATE KEY': 'is protected by a passphrase; take it off with: openssl pkey -in FILE -out PLAIN_FILE',
  CERTIFICATE: 'is a certificate; Tillway works with plain public keys, which the Alipay console also offers',
  'EC PRIVATE KEY': 'is an elliptic-curve key; Alipay signs with RSA',
  'OPENSSH PRIVATE KEY': 'is an OpenSSH key; make one for Alipay with: tillway keys make',
};

function fromDer(der: Buffer, form: KeyForm): KeyObject | undefined {
  try {
    if (form.kind === 'public') {
      return createPublicKey({ key: der, format: 'der', type: form.format === 'spki' ? 'spki' : 'pkcs1' });
    }
    return createPrivateKey({ key: der, format: 'der', type: form.format === 'pkcs8' ? 'pkcs8' : 'pkcs1' });
  } catch {
    return undefined;
  }
}

/** SHA-256 of the public half as base64, such as OpenSSH prints it. */
export function fingerprintOf(key: KeyObject): string {
  const publicHalf = key.type === 'private' ? createPublicKey(key) : key;
  return `SHA256:${createHash('sha256')
    .update(publicHalf.export({ type: 'spki', format: 'der' }))
    .digest('base64')}`;
}

function describe(form: KeyForm, encoding: ReadKey['encoding'], key: KeyObject): Result<ReadKey, string> {
  const bits = key.asymmetricKeyDetails?.modulusLength;
  if (key.asymmetricKeyType !== 'rsa' || bits === undefined) return failure('is not an RSA key; Alipay signs with RSA');
  return success({ ...form, encoding, bits, fingerprint: fingerprintOf(key), key });
}

/** Reads key text. The failure is the rest of a sentence that begins with the file's name, and says what to do. */
export function parseKey(text: string): Result<ReadKey, string> {
  const trimmed = text.trim();
  if (trimmed === '') return failure('is empty');
  const pem = /^-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\s]*)-----END \1-----$/.exec(trimmed);
  if (pem === null && trimmed.includes('-----BEGIN')) {
    return failure('is damaged, or holds more than one key: one PEM block from BEGIN to END is expected');
  }
  const label = pem?.[1];
  if (label !== undefined && refusedLabels[label] !== undefined) return failure(refusedLabels[label]);
  const body = (pem?.[2] ?? trimmed).replaceAll(/\s/g, '');
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(body)) return failure('is not a key: neither PEM nor base64');
  const der = Buffer.from(body, 'base64');
  // The bytes decide and not the label: a body under the wrong one is a frequent slip.
  const form = formOf(der);
  const key = form === undefined ? undefined : fromDer(der, form);
  if (form !== undefined && key !== undefined) return describe(form, pem === null ? 'single-line' : 'pem', key);
  return failure('is not a key that can be read: expected an RSA key as PKCS#1, PKCS#8 or SPKI');
}

/** Reads a key file. The failure is a whole sentence. */
export function readKeyFile(path: string): Result<ReadKey, string> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason';
    if (code === 'ENOENT') return failure(`${path} does not exist.`);
    if (code === 'EISDIR') return failure(`${path} is a folder, not a key file.`);
    return failure(`${path} cannot be read (${code}).`);
  }
  const read = parseKey(text);
  return read.ok ? read : failure(`${path} ${read.failure}.`);
}
