// SHA256withRSA (PKCS#1 v1.5) over UTF-8 text: RSA2 of the domestic gateway and RSA256 of the global one are the same thing.
// Both go through libuv's pool, so that a store server's one thread keeps serving while a signature is computed.

import { type KeyObject, sign, verify } from 'node:crypto';

/** The signature in base64. Rejects only when the key cannot sign. */
export function signText(content: string, key: KeyObject): Promise<string> {
  return new Promise((resolve, reject) => {
    sign('RSA-SHA256', Buffer.from(content), key, (error, signature) => {
      if (error === null) resolve(signature.toString('base64'));
      else reject(error);
    });
  });
}

/**
 * Whether `signature` (base64) is the key's over exactly this text. Base64 must be in its one canonical spelling: a decoder
 * that forgives would let two different answers pass as the same signed one.
 */
export function verifyText(content: string, signature: string, key: KeyObject): Promise<boolean> {
  const bytes = Buffer.from(signature, 'base64');
  if (bytes.length === 0 || bytes.toString('base64') !== signature) return Promise.resolve(false);
  return new Promise((resolve) => {
    verify('RSA-SHA256', Buffer.from(content), key, bytes, (error, valid) => resolve(error === null && valid));
  });
}
