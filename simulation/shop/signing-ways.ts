// How signatures are made in a world. The digest costs nothing, where an RSA signature would cost more than all the rest of a sale: it is
// over the text and the name of the key's public half, so another text or another key gives another. Whoever knows the public key
// could forge it, and nobody in a world does; everything that checks a signature checks it as it would the real one.

import { createHash, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import type { Signing } from '#channels/alipay/index.ts';
import type { Signer } from '#sandbox/index.ts';

const names = new WeakMap<KeyObject, string>();

function nameOf(key: KeyObject): string {
  const known = names.get(key);
  if (known !== undefined) return known;
  const half = key.type === 'private' ? createPublicKey(key) : key;
  const name = half.export({ type: 'spki', format: 'der' }).toString('base64');
  names.set(key, name);
  return name;
}

function digestOf(content: string | Uint8Array, key: KeyObject): string {
  return createHash('sha256').update(nameOf(key)).update(content).digest('base64');
}

/** One way of signing for both sides of the wire; each still calls its own code, and only the arithmetic is here. */
export type SigningWay = { readonly store: Signing; readonly alipay: Signer };

export const digestWay: SigningWay = {
  store: {
    sign: (content, key) => Promise.resolve(digestOf(content, key)),
    verify: (content, signature, key) => Promise.resolve(signature === digestOf(content, key)),
  },
  alipay: {
    sign: (_type, content, key) => Promise.resolve(digestOf(content, key)),
    verify: (_type, content, signature, key) => Promise.resolve(signature === digestOf(content, key)),
  },
};

/** Real RSA, computed in the world's own turn: the machine's thread pool would end it in an order of its own. */
export const rsaWay: SigningWay = {
  store: {
    sign: (content, key) => Promise.resolve(sign('RSA-SHA256', Buffer.from(content), key).toString('base64')),
    verify: (content, signature, key) => Promise.resolve(isRsa('RSA-SHA256', content, signature, key)),
  },
  alipay: {
    sign: (type, content, key) => Promise.resolve(sign(rsaDigests[type], Buffer.from(content), key).toString('base64')),
    verify: (type, content, signature, key) => Promise.resolve(isRsa(rsaDigests[type], content, signature, key)),
  },
};

const rsaDigests = { RSA2: 'RSA-SHA256', RSA: 'RSA-SHA1' } as const;

function isRsa(digest: string, content: string | Uint8Array, signature: string, key: KeyObject): boolean {
  const bytes = Buffer.from(signature, 'base64');
  const isCanonical = bytes.length > 0 && bytes.toString('base64') === signature;
  return isCanonical && verify(digest, Buffer.from(content), key, bytes);
}
