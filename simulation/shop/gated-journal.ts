// The journal as one server reaches it: over a network that takes time and fails, behind the server's gate. A crash may come just before
// a write or just after it; an answer may be lost though the write is done.

import type { SaleJournal } from '#checkout/index.ts';
import { fraction, type Random } from '#foundation/random.ts';
import type { Attempt, Charge, Opened, PaymentJournal, Refund } from '#payment/index.ts';
import type { WriteFate } from '../faults/weather.ts';
import type { MemoryPaymentJournal, MemorySaleJournal } from '../storage/index.ts';
import { type Gate, never } from './gate.ts';
import type { Ground } from './ground.ts';
import type { SaleNumber } from './happening.ts';

export type JournalRoad = {
  readonly ground: Ground;
  readonly gate: Gate;
  readonly server: string;
  /** Draws how long each call takes. */
  readonly random: Random;
  crash(): void;
  /** Whether nobody reaches the journal now. */
  isGone(): boolean;
};

class JournalGoneError extends Error {
  override readonly name = 'JournalGoneError';
}

async function call<Value>(
  road: JournalRoad,
  fate: WriteFate | null,
  work: () => Promise<Value>,
  isRoutine = false,
): Promise<Value> {
  const { ground, gate } = road;
  if (fate === 'crash-before') {
    road.crash();
    return await never();
  }
  // In calm time a server that only says that it lives, and looks for work, does so at once: days of it cost hardly anything then.
  if (isRoutine && ground.fates.areStopped) {
    await gate.enter();
    return await work();
  }
  const swiftMs = fraction(road.random) * 3;
  await ground.travel(fate === 'slow' ? 900 : swiftMs);
  if (fate === 'fails' || road.isGone()) {
    await gate.enter();
    throw new JournalGoneError('the journal cannot be reached');
  }
  // The database carries out what it was asked, whatever became of who asked.
  const value = await work();
  if (fate === 'crash-after' && !gate.isDead) road.crash();
  await gate.enter();
  if (fate === 'unanswered') throw new JournalGoneError('the connection to the journal broke');
  return value;
}

export function gatedPaymentJournal(journal: MemoryPaymentJournal, road: JournalRoad): PaymentJournal {
  const { ground, server } = road;
  const written = (attempt: Attempt): void => {
    ground.names.nameAttempt(attempt);
    const sale = ground.names.saleOfAttempt(attempt.identity.id) ?? -1;
    ground.tell({ type: 'written', sale, by: server, attempt });
  };
  const fateOf = (name: string): WriteFate | null => ground.fates.of<WriteFate>(name, ground.weather.write);
  const fateOfOpening = (kind: string, attempt: Attempt): WriteFate | null =>
    fateOf(ground.numbered(`opening of a ${kind} of sale ${ground.names.saleOf(attempt.identity.saleId)}`));
  const read = <Value>(work: () => Promise<Value>): Promise<Value> => call(road, null, work);
  const routine = <Value>(work: () => Promise<Value>): Promise<Value> => call(road, null, work, true);
  const opened = <Kind extends Charge | Refund, Refusal>(
    result: { readonly ok: true; readonly value: Opened<Kind> } | { readonly ok: false; readonly failure: Refusal },
  ): typeof result => {
    if (result.ok && result.value.kind === 'opened') written(result.value.attempt);
    return result;
  };
  return {
    openCharge: (opening) =>
      call(road, fateOfOpening('charge', opening.charge), async () => opened(await journal.openCharge(opening))),
    openRefund: (opening) =>
      call(road, fateOfOpening('refund', opening.refund), async () => opened(await journal.openRefund(opening))),
    advance: (attempt, next, facts) =>
      call(road, fateOf(ground.numbered(`write of ${ground.names.attempt(attempt.identity.id)}`)), async () => {
        const moved = await journal.advance(attempt, next, facts);
        if (moved !== undefined) written(moved);
        return moved;
      }),
    find: (merchantId, id) => read(() => journal.find(merchantId, id)),
    findByNumber: (id) => read(() => journal.findByNumber(id)),
    listOfSale: (merchantId, saleId) => read(() => journal.listOfSale(merchantId, saleId)),
    listOfSales: (merchantId, saleIds) => read(() => journal.listOfSales(merchantId, saleIds)),
    findIntent: (merchantId, saleId) => read(() => journal.findIntent(merchantId, saleId)),
    time: () => routine(() => journal.time()),
    beat: (owner, aliveUntil) => routine(() => journal.beat(owner, aliveUntil)),
    retire: (owner) => read(() => journal.retire(owner)),
    takeUp: (owner, now, limit) => routine(() => journal.takeUp(owner, now, limit)),
    listCustody: (merchantId, limit) => read(() => journal.listCustody(merchantId, limit)),
  };
}

/** The same for sales; `sale` is the number that the workload knows it by. */
export function gatedSaleJournal(journal: MemorySaleJournal, road: JournalRoad): { of(sale: SaleNumber): SaleJournal } {
  const { ground } = road;
  const read = <Value>(work: () => Promise<Value>): Promise<Value> => call(road, null, work);
  return {
    of: (number) => ({
      openSale: (sale, idempotency) => {
        const name = ground.numbered(`opening of sale ${number}`);
        return call(road, ground.fates.of<WriteFate>(name, ground.weather.write), async () => {
          const result = await journal.openSale(sale, idempotency);
          if (result.ok && result.value.kind === 'opened') {
            ground.names.nameSale(sale.id, number);
            const amountMinor = sale.amount.minor;
            ground.tell({ type: 'sale-written', sale: number, saleId: sale.id, amountMinor });
          }
          return result;
        });
      },
      findSale: (merchantId, id) => read(() => journal.findSale(merchantId, id)),
      listSales: (page) => read(() => journal.listSales(page)),
    }),
  };
}
