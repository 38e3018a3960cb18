// The way of Alipay's notices to the store: lost, late, doubled, garbled. A garbled notice arrives with a signature that does not fit.

import type { NoticeFate } from '../faults/weather.ts';
import type { Ground } from '../shop/ground.ts';
import type { SimulatedNotice, StoreServer } from '../shop/store-server.ts';

export type NoticeParts = {
  readonly ground: Ground;
  anyServer(): StoreServer | undefined;
};

type Receipt = { readonly status: number; readonly body: string };

/** Carries one notice; rejects when nobody answered it. */
export async function deliverNotice(parts: NoticeParts, notice: SimulatedNotice): Promise<Receipt> {
  const { ground } = parts;
  const id = ground.names.attemptIn(notice.body);
  const name = ground.numbered(`notice of ${id === null ? 'something' : ground.names.attempt(id)}`);
  const sale = id === null ? null : ground.names.saleOfAttempt(id);
  const fate = ground.fates.of<NoticeFate>(name, ground.weather.notice);
  ground.tell({ type: 'message', sale, from: 'Alipay', to: 'the store', what: name, fate: fate ?? 'sent' });
  if (fate === 'lost') throw new Error('the notice was lost');
  const draw = ground.fates.draw(`way of ${name}`);
  await ground.travel(fate === 'late' ? 5_000 + draw * draw * 600_000 : 20 + draw * 100);
  const body = fate === 'garbled' ? notice.body.replace(/[0-9]/, 'x') : notice.body;
  if (fate === 'doubled') void handOver(parts, { ...notice, body }).catch(() => undefined);
  return await handOver(parts, { ...notice, body });
}

/** Hands a notice to whichever server is there, as it came. */
export async function handOver(parts: NoticeParts, notice: SimulatedNotice): Promise<Receipt> {
  const server = parts.anyServer();
  if (server === undefined) throw new Error('no server is there');
  return await server.hear(notice);
}
