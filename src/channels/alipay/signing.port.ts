// What the Alipay channels need of RSA: to sign a text, and to be told whether a signature is a key's over exactly a text.
// SHA256withRSA (PKCS#1 v1.5) over UTF-8: RSA2 of the domestic gateway and RSA256 of the global one are the same thing.

import type { KeyObject } from 'node:crypto';

/** Every implementation keeps signing.contract.ts. Signatures are base64 in its one canonical spelling. */
export interface Signing {
  /** The signature of `content` with a private key; the same for the same two. Rejects only when the key cannot sign. */
  sign(content: string, key: KeyObject): Promise<string>;
  /**
   * Whether `signature` is the public key's over exactly `content`. Never rejects: whatever is not a signature is false. So is
   * base64 that only a forgiving decoder reads, which would let two different answers pass as the same signed one.
   */
  verify(content: string, signature: string, key: KeyObject): Promise<boolean>;
}
