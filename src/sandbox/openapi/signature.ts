// What an OpenAPI v2 signature covers. Requests sign every parameter but `sign`; notices leave out `sign_type` too.
// @see facts A.3, A.11

import type { KeyObject } from 'node:crypto';
import type { Signer, SignType } from '../signer.ts';

export type Parameters = Readonly<Record<string, string>>;

/** `name=value` pairs in byte order of the names, joined by `&`; without `sign`, and without empty values unless kept. */
export function contentOf(parameters: Parameters, emptyValues: 'dropped' | 'kept' = 'dropped'): string {
  const names = Object.keys(parameters).filter((name) => name !== 'sign');
  let content = '';
  for (const name of names.sort()) {
    const value = parameters[name] ?? '';
    if (value === '' && emptyValues === 'dropped') continue;
    content += content === '' ? `${name}=${value}` : `&${name}=${value}`;
  }
  return content;
}

/** Checks a request. Alipay's npm client keeps empty values in what it signs, so that reading is tried second. */
export async function verifyParameters(
  signer: Signer,
  parameters: Parameters,
  signType: SignType,
  key: KeyObject,
): Promise<boolean> {
  const sign = parameters['sign'] ?? '';
  const content = contentOf(parameters);
  if (await signer.verify(signType, content, sign, key)) return true;
  const kept = contentOf(parameters, 'kept');
  return kept !== content && (await signer.verify(signType, kept, sign, key));
}
