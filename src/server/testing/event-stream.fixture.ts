// Reads a payment's event stream as an EventSource would, and can leave it at any moment.

import { type IncomingMessage, request } from 'node:http';
import type { PaymentView } from '../contract/ecr.ts';
import { paymentSchema } from '../contract/ecr.ts';

export type EventStream = {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  /** What has come so far, in its order. */
  readonly views: readonly PaymentView[];
  readonly ids: readonly string[];
  /** Comments that keep the connection alive. */
  readonly comments: readonly string[];
  /** The body as it came, for refusals. */
  text(): string;
  /** Resolves when the server has ended the stream. */
  readonly ended: Promise<void>;
  /** Goes away without a word. */
  leave(): void;
};

export async function openEventStream(
  url: string,
  paymentId: string,
  key: string,
  lastEventId?: string,
): Promise<EventStream> {
  const headers = {
    authorization: `Bearer ${key}`,
    ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }),
  };
  const asked = request(`${url}/api/v1/payments/${paymentId}/events`, { headers, agent: false });
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    asked.once('response', resolve).once('error', reject).end();
  });
  // Leaving breaks the connection, which is told as an error as well.
  asked.on('error', () => {});
  const views: PaymentView[] = [];
  const ids: string[] = [];
  const comments: string[] = [];
  let text = '';
  let read = 0;
  answer.setEncoding('utf8').on('data', (piece: string) => {
    text += piece;
    for (let end = text.indexOf('\n\n', read); end >= 0; end = text.indexOf('\n\n', read)) {
      const block = text.slice(read, end);
      read = end + 2;
      if (block.startsWith(':')) comments.push(block.slice(1).trim());
      const data = /^data: (.*)$/m.exec(block)?.[1];
      if (data === undefined) continue;
      views.push(paymentSchema.strict().parse(JSON.parse(data)));
      ids.push(/^id: (.*)$/m.exec(block)?.[1] ?? '');
    }
  });
  const ended = new Promise<void>((resolve) => {
    answer.once('close', resolve);
    answer.on('error', () => {});
  });
  return {
    ...{ status: answer.statusCode ?? 0, headers: answer.headers, views, ids, comments, ended },
    text: () => text,
    leave: () => asked.destroy(),
  };
}
