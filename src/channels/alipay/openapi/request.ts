// Makes a signed OpenAPI v2 request: sorted `name=value` pairs, raw values, `sign_type` signed with the rest; percent-encoding
// only for the way. Everything but biz_content goes into the query, as Alipay's documentation has it.
// @see https://opendocs.alipay.com/common/057k53

import type { KeyObject } from 'node:crypto';
import type { Signing } from '../signing.port.ts';
import type { HttpRequest } from '../transport.port.ts';

/** The text that is signed: parameters by name in byte order, without `sign` and without empty values. */
export function signContent(params: Readonly<Record<string, string>>): string {
  return Object.keys(params)
    .filter((name) => name !== 'sign' && params[name] !== '')
    .sort()
    .map((name) => `${name}=${params[name]}`)
    .join('&');
}

/** A request of `params` (public parameters and biz_content), signed with the app's key. */
export async function signedRequest(
  gatewayUrl: string,
  params: Readonly<Record<string, string>>,
  privateKey: KeyObject,
  signing: Signing,
): Promise<HttpRequest> {
  const sign = await signing.sign(signContent(params), privateKey);
  const query = Object.entries({ ...params, sign })
    .filter(([name]) => name !== 'biz_content')
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join('&');
  return {
    url: `${gatewayUrl}${gatewayUrl.includes('?') ? '&' : '?'}${query}`,
    headers: {
      'content-type': 'application/x-www-form-urlencoded;charset=utf-8',
      accept: 'application/json',
      'user-agent': 'tillway',
    },
    body: `biz_content=${encodeURIComponent(params['biz_content'] ?? '')}`,
  };
}
