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

type Candidate = { readonly kind: ReadKey['kind']; readonly format: KeyFormat };

const candidates: readonly Candidate[] = [
  { kind: 'private', format: 'pkcs8' },
  { kind: 'private', format: 'pkcs1' },
  { kind: 'public', format: 'spki' },
  { kind: 'public', format: 'pkcs1' },
];

const byLabel: Readonly<Record<string, Candidate>> = {
  'PRIVATE KEY': { kind: 'private', format: 'pkcs8' },
  'RSA PRIVATE KEY': { kind: 'private', format: 'pkcs1' },
  'PUBLIC KEY': { kind: 'public', format: 'spki' },
  'RSA PUBLIC KEY': { kind: 'public', format: 'pkcs1' },
};

const refusedLabels: Readonly<Record<string, string>> = {
  'ENCRYPTED PRIVATE KEY': 'is protected by a passphrase; take it off with: openssl pkey -in FILE -out PLAIN_FILE',
  CERTIFICATE: 'is a certificate; Tillway works with plain public keys, which the Alipay console also offers',
  'EC PRIVATE KEY': 'is an elliptic-curve key; Alipay signs with RSA',
  'OPENSSH PRIVATE KEY': 'is an OpenSSH key; make one for Alipay with: tillway keys make',
};

function fromDer(der: Buffer, candidate: Candidate): KeyObject | undefined {
  try {
    if (candidate.kind === 'public') {
      return createPublicKey({ key: der, format: 'der', type: candidate.format === 'spki' ? 'spki' : 'pkcs1' });
    }
    return createPrivateKey({ key: der, format: 'der', type: candidate.format === 'pkcs8' ? 'pkcs8' : 'pkcs1' });
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

function describe(candidate: Candidate, encoding: ReadKey['encoding'], key: KeyObject): Result<ReadKey, string> {
  const bits = key.asymmetricKeyDetails?.modulusLength;
  if (key.asymmetricKeyType !== 'rsa' || bits === undefined) return failure('is not an RSA key; Alipay signs with RSA');
  return success({ ...candidate, encoding, bits, fingerprint: fingerprintOf(key), key });
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
  const labelled = label === undefined ? undefined : byLabel[label];
  // The label is tried first; a body under the wrong label (a frequent slip) is still recognised for what it is.
  for (const candidate of labelled === undefined ? candidates : [labelled, ...candidates]) {
    const key = fromDer(der, candidate);
    if (key !== undefined) return describe(candidate, pem === null ? 'single-line' : 'pem', key);
  }
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
