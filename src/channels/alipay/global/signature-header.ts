// The signature of the global JSON API: `POST <path>\n<client id>.<time>.<body>`, SHA256withRSA, base64, then URL-encoded inside the
// `signature` header, because Alipay's own reader splits that header at `,` and `=`.
// @see https://docs.antom.com/ac/ams/api_fund

export type SignedMessage = {
  readonly path: string;
  readonly clientId: string;
  readonly time: string;
  readonly body: string;
};

/** The text that is signed, for requests, answers and notices alike; an answer is signed with its request's path. */
export function signContent({ path, clientId, time, body }: SignedMessage): string {
  return `POST ${path}\n${clientId}.${time}.${body}`;
}

/**
 * Whether a header's time can only be a time. It is signed next to the body with nothing but a dot between them, so a longer
 * one could take the beginning of the body with it.
 */
export function isWireTime(time: string | undefined): time is string {
  return time !== undefined && /^[0-9A-Za-z:.+ -]{1,40}$/.test(time);
}

export function toSignatureHeader(signature: string): string {
  return `algorithm=RSA256,keyVersion=1,signature=${encodeURIComponent(signature)}`;
}

/** The base64 signature inside the header; `undefined` when there is none of this algorithm. */
export function fromSignatureHeader(header: string | undefined): string | undefined {
  const parts = new Map<string, string>();
  for (const part of (header ?? '').split(',')) {
    const at = part.indexOf('=');
    if (at > 0) parts.set(part.slice(0, at).trim(), part.slice(at + 1).trim());
  }
  const signature = parts.get('signature');
  if (signature === undefined || (parts.get('algorithm') ?? 'RSA256').toUpperCase() !== 'RSA256') return undefined;
  try {
    return decodeURIComponent(signature);
  } catch {
    return undefined;
  }
}
