// Sends notices over real sockets.

import { Agent, request } from 'undici';
import type { NoticeSender } from './notice-sender.port.ts';

const answerBytesMax = 65_536;

/** `close` ends what is still out. */
export function undiciNoticeSender(): NoticeSender & { close(): Promise<void> } {
  const agent = new Agent({ connections: 32, pipelining: 1 });
  return {
    async post({ url, headers, body }, timeoutMs) {
      const response = await request(url, {
        method: 'POST',
        headers,
        body,
        dispatcher: agent,
        headersTimeout: timeoutMs,
        bodyTimeout: timeoutMs,
      });
      return { status: response.statusCode, body: await readAnswer(response.body) };
    },
    close: () => agent.destroy(),
  };
}

async function readAnswer(body: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of body) {
    size += part.length;
    if (size > answerBytesMax) throw new Error('the answer is too long');
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}
