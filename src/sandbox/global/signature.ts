// Signatures of the global JSON API: over the method, the path, the client, the time and the raw body, URL-encoded in a header.
// @see facts B.2, B.3

const headerShape = /^\s*algorithm=RSA256\s*,\s*keyVersion=(\d+)\s*,\s*signature=([^,\s]+)\s*$/;

/** The header's value. The three parts stand in the order that Alipay's Java client needs. */
export function signatureHeader(base64: string): string {
  return `algorithm=RSA256,keyVersion=1,signature=${encodeURIComponent(base64)}`;
}

/** The signature in base64, or `undefined` when the header is not one. Accepts plain base64 as well. */
export function parseSignatureHeader(header: string): string | undefined {
  const encoded = headerShape.exec(header)?.[2];
  if (encoded === undefined) return undefined;
  try {
    return decodeURIComponent(encoded);
  } catch {
    return undefined;
  }
}

/** What a signature covers; the body goes in as it was sent. */
export function contentOf(path: string, clientId: string, time: string, body: Uint8Array | string): Buffer | string {
  const head = `POST ${path}\n${clientId}.${time}.`;
  return typeof body === 'string' ? head + body : Buffer.concat([Buffer.from(head, 'utf8'), body]);
}
