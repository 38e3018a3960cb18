// `tillway keys make` and `tillway keys inspect`: RSA key pairs in the forms that Alipay's console and clients want. A private
// key is written to a file and shown nowhere.

import { generateKeyPair } from 'node:crypto';
import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { fingerprintOf, readKeyFile } from '../config/key-file.ts';
import { type ExitCode, exitCode, type Terminal } from './terminal.ts';

export type MakeKeys = { readonly out: string; readonly format: 'pkcs1' | 'pkcs8'; readonly bits: number };

/** Alipay's RSA2 asks for keys of this size or more. */
const bitsMin = 2048;

const generate = promisify(generateKeyPair);

/** Makes a key pair as two files, readable by their owner only; never writes over a file. */
export async function makeKeys(options: MakeKeys, terminal: Terminal): Promise<ExitCode> {
  const folder = resolve(terminal.folder, options.out);
  const privatePath = join(folder, 'merchant-private-key.pem');
  const publicPath = join(folder, 'merchant-public-key.pem');
  const standing = [privatePath, publicPath].filter((path) => existsSync(path));
  if (standing.length > 0) {
    terminal.note(
      `${standing.join(' and ')} already exists and is not written over. Choose another folder with --out.`,
    );
    return exitCode.trouble;
  }
  const { privateKey, publicKey } = await generate('rsa', { modulusLength: options.bits });
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const pem = privateKey.export({ type: options.format, format: 'pem' });
    writeFileSync(privatePath, pem, { mode: 0o600, flag: 'wx' });
    writeFileSync(publicPath, publicKey.export({ type: 'spki', format: 'pem' }), { mode: 0o600, flag: 'wx' });
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown reason';
    terminal.note(`The key files cannot be written in ${folder} (${code}). Choose another folder with --out.`);
    return exitCode.trouble;
  }
  terminal.out(privatePath);
  terminal.out(publicPath);
  terminal.note('');
  terminal.note(`Made an RSA pair of ${options.bits} bits, private key as ${options.format.toUpperCase()}.`);
  terminal.note(`Fingerprint ${fingerprintOf(publicKey)}`);
  terminal.note('');
  terminal.note('Next: upload the public key to your app in the Alipay console. The console takes it as one line:');
  terminal.note(publicKey.export({ type: 'spki', format: 'der' }).toString('base64'));
  terminal.note('Then set alipay.privateKeyFile to the private key, and alipay.alipayPublicKeyFile to the key that');
  terminal.note("the console shows as Alipay's. Try the pair with: tillway keys check");
  if (options.bits < bitsMin) terminal.note(tooShort(options.bits));
  return exitCode.done;
}

function tooShort(bits: number): string {
  return `Warning: ${bits} bits are too few. Alipay's RSA2 asks for ${bitsMin}; use such a key for trials only.`;
}

/** Says what a key file holds, without showing the key. */
export function inspectKey(file: string, terminal: Terminal): ExitCode {
  const path = resolve(terminal.folder, file);
  const read = readKeyFile(path);
  if (!read.ok) {
    terminal.note(read.failure);
    return exitCode.trouble;
  }
  const { kind, format, encoding, bits, fingerprint } = read.value;
  const formats = { pkcs1: 'PKCS#1', pkcs8: 'PKCS#8', spki: 'X.509 SubjectPublicKeyInfo' };
  terminal.out(`kind         ${kind} key (RSA)`);
  terminal.out(`bits         ${bits}`);
  terminal.out(`format       ${formats[format]}, ${encoding === 'pem' ? 'PEM' : 'single-line base64'}`);
  terminal.out(`fingerprint  ${fingerprint}`);
  terminal.note('The fingerprint is that of the public half: both keys of a pair have the same.');
  if (bits < bitsMin) terminal.note(tooShort(bits));
  const mode = statSync(path).mode;
  if (kind === 'private' && process.platform !== 'win32' && (mode & 0o077) !== 0) {
    terminal.note(`Warning: other users of this machine may read the file. Close it with: chmod 600 ${file}`);
  }
  return exitCode.done;
}
