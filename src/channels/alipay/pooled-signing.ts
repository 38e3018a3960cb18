// The signing of production: RSA in libuv's pool, so that a store server's one thread keeps serving while a signature is computed.

import { sign, verify } from 'node:crypto';
import type { Signing } from './signing.port.ts';

export const pooledSigning: Signing = {
  sign(content, key) {
    return new Promise((resolve, reject) => {
      sign('RSA-SHA256', Buffer.from(content), key, (error, signature) => {
        if (error === null) resolve(signature.toString('base64'));
        else reject(error);
      });
    });
  },
  verify(content, signature, key) {
    const bytes = Buffer.from(signature, 'base64');
    if (bytes.length === 0 || bytes.toString('base64') !== signature) return Promise.resolve(false);
    return new Promise((resolve) => {
      verify('RSA-SHA256', Buffer.from(content), key, bytes, (error, valid) => resolve(error === null && valid));
    });
  },
};
