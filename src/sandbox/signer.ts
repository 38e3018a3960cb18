// RSA signatures, made and checked in the thread pool with key objects that are parsed once, and the port by which a simulation
// brings its own. Written for the sandbox alone: the channels have their own signer, and two that agree are worth more than
// one that is shared.

import { createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { failure, type Result, success } from '#foundation/result.ts';

/** RSA2 is SHA256withRSA, RSA is SHA1withRSA, both PKCS#1 v1.5. */
export const digestOf = { RSA2: 'sha256', RSA: 'sha1' } as const;
export type SignType = keyof typeof digestOf;

export function isSignType(text: string): text is SignType {
  return Object.hasOwn(digestOf, text);
}

/** Text stands for its UTF-8 bytes: the same content as text and as bytes has the same signature. */
export interface Signer {
  /** The signature of `content` in base64. */
  sign(signType: SignType, content: string | Uint8Array, key: KeyObject): Promise<string>;
  /** Whether `signature` (base64) is that of `content`. Anything that is not base64 of a signature is simply false. */
  verify(signType: SignType, content: string | Uint8Array, signature: string, key: KeyObject): Promise<boolean>;
}

/** The default: real RSA, computed beside the event loop. */
export const pooledSigner: Signer = {
  sign(signType, content, key) {
    return new Promise((resolve, reject) => {
      sign(digestOf[signType], bytesOf(content), key, (error, signature) => {
        if (error === null) resolve(signature.toString('base64'));
        else reject(error);
      });
    });
  },
  verify(signType, content, signature, key) {
    return new Promise((resolve) => {
      verify(digestOf[signType], bytesOf(content), key, Buffer.from(signature, 'base64'), (error, good) =>
        resolve(error === null && good),
      );
    });
  },
};

/** Reads a public key from PEM, or from the bare base64 that Alipay's pages show (X.509 or PKCS#1). */
export function parsePublicKey(text: string): Result<KeyObject, string> {
  const trimmed = text.trim();
  const tries = trimmed.startsWith('-----')
    ? [() => createPublicKey(trimmed)]
    : [
        () => createPublicKey({ key: Buffer.from(trimmed, 'base64'), format: 'der', type: 'spki' }),
        () => createPublicKey({ key: Buffer.from(trimmed, 'base64'), format: 'der', type: 'pkcs1' }),
      ];
  for (const attempt of tries) {
    try {
      const key = attempt();
      if (key.asymmetricKeyType !== 'rsa') return failure('the key is not an RSA key');
      return success(key);
    } catch {
      // The next form may fit; when none does the answer below says what was expected.
    }
  }
  return failure('not a public key: give PEM text, or the base64 of an RSA public key on one line');
}

export function parsePrivateKey(pem: string): KeyObject {
  return createPrivateKey(pem);
}

function bytesOf(content: string | Uint8Array): Uint8Array {
  return typeof content === 'string' ? Buffer.from(content, 'utf8') : content;
}
