// The way from a till to the store's servers: one address, behind which any server answers. Requests and answers are lost, late or
// doubled on it; a till that hears nothing for four seconds gives up waiting.

import { durationMs } from '#foundation/instant.ts';
import type { AnswerFate, RequestFate } from '../faults/weather.ts';
import type { Ground } from '../shop/ground.ts';
import type { SaleNumber } from '../shop/happening.ts';
import type { StoreLine, TillReply, TillRequest } from '../shop/store-line.ts';
import type { StoreServer } from '../shop/store-server.ts';

const tillTimeoutMs = durationMs(4_000);

export type LineParts = {
  readonly ground: Ground;
  /** The server that a till's request reaches now; undefined when none does. */
  serverFor(till: number): StoreServer | undefined;
};

export function tillLine(parts: LineParts, sale: SaleNumber, till: number): StoreLine {
  return {
    async ask(request) {
      const { ground } = parts;
      const askedAt = ground.time.now;
      ground.tell({ type: 'till-asked', sale, till, request });
      const reply = await answered(parts, sale, till, request);
      ground.tell({ type: 'till-told', sale, till, request, reply, askedAt });
      return reply;
    },
  };
}

function answered(parts: LineParts, sale: SaleNumber, till: number, request: TillRequest): Promise<TillReply> {
  const { ground } = parts;
  return new Promise((resolve) => {
    const callOff = ground.time.after(tillTimeoutMs, () => resolve({ kind: 'no-answer' }));
    const end = (reply: TillReply): void => {
      callOff();
      resolve(reply);
    };
    void carry(parts, sale, till, request, end);
  });
}

async function carry(
  parts: LineParts,
  sale: SaleNumber,
  till: number,
  request: TillRequest,
  end: (reply: TillReply) => void,
): Promise<void> {
  const { ground } = parts;
  const what = ground.numbered(`${request.kind} of sale ${sale}`);
  const fate = ground.fates.of<RequestFate>(`till request ${what}`, ground.weather.till.request);
  if (fate === 'lost') return tell(parts, sale, what, 'request', fate);
  if (fate === 'doubled') void there(parts, sale, till, request, `${what} again`, 'late');
  const reply = await there(parts, sale, till, request, what, fate);
  if (reply !== undefined) end(reply);
}

async function there(
  parts: LineParts,
  sale: SaleNumber,
  till: number,
  request: TillRequest,
  what: string,
  fate: RequestFate | null,
): Promise<TillReply | undefined> {
  const { ground } = parts;
  if (fate !== null) tell(parts, sale, what, 'request', fate);
  await ground.travel(spanOf(ground, `way there of till's ${what}`, fate === 'late'));
  const server = parts.serverFor(till);
  if (server === undefined) return { kind: 'no-answer' };
  const reply = await server.serve(request, till, sale);
  const back = ground.fates.of<AnswerFate>(`till answer ${what}`, ground.weather.till.answer);
  if (back !== null) tell(parts, sale, what, 'answer', back === 'late' ? 'late' : 'lost');
  if (back !== null && back !== 'late') return undefined;
  await ground.travel(spanOf(ground, `way back of till's ${what}`, back === 'late'));
  return reply;
}

function tell(parts: LineParts, sale: SaleNumber, what: string, way: string, fate: RequestFate | 'garbled'): void {
  const [from, to] = way === 'request' ? ['a till', 'the store'] : ['the store', 'a till'];
  parts.ground.tell({ type: 'message', sale, from, to, what: `${way} ${what}`, fate });
}

function spanOf(ground: Ground, name: string, isLate: boolean): number {
  const draw = ground.fates.draw(name);
  return isLate ? 500 + draw * 8_000 : 1 + draw * 9;
}
