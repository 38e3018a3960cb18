// The till journal's way to the server: what it knows of this device's chains, and entries for it. The words of the wire stand here
// and nowhere else on the till.

import { z } from 'zod';
import type { ChainHead, TillEntry } from '#checkout/index.ts';
import { type Instant, instant } from '#foundation/instant.ts';
import { failure, type Result, success } from '#foundation/result.ts';
import type { Trouble } from '../store-client.ts';
import { parseJson, type Reply, type ServerCall } from './server-call.ts';

/** What the server says that it has of one chain. */
export type ServerChain = ChainHead & { readonly lastAt: Instant | null };

/** What came of a batch. `head`: up to where the server has the chain now. `trouble`: what stopped the rest. */
export type Taken = {
  readonly head: ChainHead;
  readonly trouble:
    | { readonly kind: 'gap'; readonly from: number; readonly to: number }
    | { readonly kind: 'fork' | 'broken'; readonly number: number }
    | null;
};

/** An answer, and how far this till's clock is ahead of the server's; `null` when the answer does not tell. */
export type Heard<Value> = { readonly value: Value; readonly aheadMs: number | null };

export interface JournalClient {
  known(): Promise<Result<Heard<readonly ServerChain[]>, Trouble>>;
  send(chainId: string, entries: readonly TillEntry[]): Promise<Result<Heard<Taken>, Trouble>>;
}

const hash = z.string().regex(/^[0-9a-f]{64}$/);
const number = z.number().int().nonnegative();
const head = z.object({ chainId: z.string(), lastNumber: number, lastHash: hash });

const knownSchema = z.object({
  chains: z.array(
    head.extend({
      lastAt: z
        .union([z.iso.datetime(), number])
        .nullish()
        .transform((at) => (typeof at === 'string' ? Date.parse(at) : (at ?? null))),
    }),
  ),
});

const takenSchema = z.object({
  head,
  trouble: z
    .discriminatedUnion('kind', [
      z.object({ kind: z.literal('gap'), from: number, to: number }),
      z.object({ kind: z.literal('fork'), number }),
      z.object({ kind: z.literal('broken'), number }),
    ])
    .nullish()
    .transform((trouble) => trouble ?? null),
});

const path = '/till/journal';
const askMs = 8_000;
const sendMs = 30_000;

export function makeJournalClient(call: ServerCall, nowMs: () => number): JournalClient {
  return {
    async known() {
      const reply = await call({ method: 'GET', path, body: null, timeoutMs: askMs });
      return readReply(reply, knownSchema, nowMs, ({ chains }) =>
        chains.map((chain) => ({ ...chain, lastAt: chain.lastAt === null ? null : instant(chain.lastAt) })),
      );
    },
    async send(chainId, entries) {
      const body = JSON.stringify({ chainId, entries });
      const reply = await call({ method: 'POST', path, body, timeoutMs: sendMs });
      return readReply(reply, takenSchema, nowMs, (taken) => taken);
    },
  };
}

function readReply<Schema extends z.ZodType, Value>(
  reply: Result<Reply, Trouble>,
  schema: Schema,
  nowMs: () => number,
  toValue: (read: z.infer<Schema>) => Value,
): Result<Heard<Value>, Trouble> {
  if (!reply.ok) return reply;
  const read = schema.safeParse(parseJson(reply.value.text));
  // Not our server's words: somebody else answered, so nothing is known.
  if (!read.success) return failure({ kind: 'unreachable', retryAfterMs: 0 });
  const { serverMs, tookMs } = reply.value;
  // The server's second began up to a second before it answered, and it answered within the call.
  const aheadMs = serverMs === null ? null : Math.round(nowMs() - serverMs - 500 - tookMs / 2);
  return success({ value: toValue(read.data), aheadMs });
}
