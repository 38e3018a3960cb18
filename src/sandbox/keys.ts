// The key pairs of the sandbox: Alipay's own, and one merchant app for each protocol. Made once and kept as PEM files that
// only their owner may read; made anew in memory when there is no folder.

import { generateKeyPair } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** PKCS#1 private and X.509 public key, both PEM: the form that Alipay's npm client takes without an option. */
export type KeyPair = { readonly privateKey: string; readonly publicKey: string };

export type SandboxKeys = {
  readonly alipay: KeyPair;
  readonly openapi: KeyPair & { readonly appId: string };
  readonly global: KeyPair & { readonly clientId: string };
};

/** What a merchant needs to talk to the sandbox. The private keys are the merchant's, made here because nobody else would. */
export type SandboxCredentials = {
  readonly openapi: { readonly appId: string; readonly appPrivateKey: string; readonly alipayPublicKey: string };
  readonly global: { readonly clientId: string; readonly privateKey: string; readonly alipayPublicKey: string };
};

export const openapiAppId = '2021000000000001';
export const globalClientId = 'SANDBOX_000000000000000001';

const names = ['alipay', 'openapi', 'global'] as const;
const makePair = promisify(generateKeyPair);

export async function makeKeyPair(): Promise<KeyPair> {
  return makePair('rsa', {
    modulusLength: 2048,
    privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
    publicKeyEncoding: { type: 'spki', format: 'pem' },
  });
}

/** Reads the key pairs of a folder; makes and writes the ones that are missing. Without a folder all are made in memory. */
export async function loadSandboxKeys(folder: string | undefined): Promise<SandboxKeys> {
  if (folder !== undefined) await mkdir(folder, { recursive: true, mode: 0o700 });
  const [alipay, openapi, global] = await Promise.all(names.map((name) => loadPair(folder, name)));
  if (alipay === undefined || openapi === undefined || global === undefined) throw new Error('a key pair is missing');
  return { alipay, openapi: { ...openapi, appId: openapiAppId }, global: { ...global, clientId: globalClientId } };
}

export function credentialsOf(keys: SandboxKeys): SandboxCredentials {
  const alipayPublicKey = keys.alipay.publicKey;
  return {
    openapi: { appId: keys.openapi.appId, appPrivateKey: keys.openapi.privateKey, alipayPublicKey },
    global: { clientId: keys.global.clientId, privateKey: keys.global.privateKey, alipayPublicKey },
  };
}

async function loadPair(folder: string | undefined, name: string): Promise<KeyPair> {
  if (folder === undefined) return makeKeyPair();
  const privateFile = join(folder, `${name}-private.pem`);
  const publicFile = join(folder, `${name}-public.pem`);
  try {
    return { privateKey: await readFile(privateFile, 'utf8'), publicKey: await readFile(publicFile, 'utf8') };
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
  const pair = await makeKeyPair();
  await writeFile(privateFile, pair.privateKey, { mode: 0o600 });
  await writeFile(publicFile, pair.publicKey, { mode: 0o600 });
  return pair;
}
