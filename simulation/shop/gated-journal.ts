// The journal as one server reaches it: over a network that takes time and fails, behind the server's gate. A crash may come just before
// a write or just after it; an answer may be lost though the write is done, or though work was taken up in this server's name; and a
// write may stand still on its way and be carried out when everybody has long gone on without it.

import type { SaleJournal } from '#checkout/index.ts';
import type { SaleId } from '#foundation/id.ts';
import { fraction, type Random } from '#foundation/random.ts';
import type { Attempt, Charge, Opened, PaymentJournal, Refund } from '#payment/index.ts';
import type { Chances } from '../faults/fates.ts';
import type { ReadFate, WriteFate } from '../faults/weather.ts';
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

const cannotBeReached = 'the journal cannot be reached';
const connectionBroke = 'the connection to the journal broke';

/** What a journal that is out of reach is told by: the one trouble that a server may meet here without a defect in it. */
export class JournalGoneError extends Error {
  override readonly name = 'JournalGoneError';
}

/** Whether a text in a log is that of a `JournalGoneError`. */
export function tellsOfJournal(text: string): boolean {
  return text === cannotBeReached || text === connectionBroke;
}

/** One call: its name, from which its chances are drawn, and what goes wrong with it. */
type Trip = { readonly name: string; readonly fate: WriteFate | null };

const calmTrip: Trip = { name: '', fate: null };

async function call<Value>(
  road: JournalRoad,
  { name, fate }: Trip,
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
  if (fate === 'stalled') {
    void ground.travel(500 + ground.fates.draw(`way of ${name}`) * 20_000).then(work);
    await ground.travel(4_000 + ground.fates.draw(`patience of ${name}`) * 6_000);
    await gate.enter();
    throw new JournalGoneError(connectionBroke);
  }
  const swiftMs = fraction(road.random) * 3;
  await ground.travel(fate === 'slow' ? 900 : swiftMs);
  if (fate === 'fails' || road.isGone()) {
    await gate.enter();
    throw new JournalGoneError(cannotBeReached);
  }
  // The database carries out what it was asked, whatever became of who asked.
  const value = await work();
  if (fate === 'crash-after' && !gate.isDead) road.crash();
  await gate.enter();
  if (fate === 'unanswered') throw new JournalGoneError(connectionBroke);
  return value;
}

// The call is named by what it is about; in fair weather nothing goes wrong with it, and it needs no name.
function tripOf<Fate extends WriteFate>({ ground }: JournalRoad, what: string, chances: Chances<Fate>): Trip {
  if (Object.keys(chances).length === 0) return calmTrip;
  const name = ground.numbered(what);
  return { name, fate: ground.fates.of<Fate>(name, chances) };
}

function readBy<Value>(road: JournalRoad, what: string, work: () => Promise<Value>): Promise<Value> {
  return call(road, tripOf<ReadFate>(road, `read of ${what}`, road.ground.weather.read), work);
}

export function gatedPaymentJournal(journal: MemoryPaymentJournal, road: JournalRoad): PaymentJournal {
  const { ground, server } = road;
  const written = (attempt: Attempt): void => {
    ground.names.nameAttempt(attempt);
    const sale = ground.names.saleOfAttempt(attempt.identity.id) ?? -1;
    ground.tell({ type: 'written', sale, by: server, attempt });
  };
  const write = <Value>(what: string, work: () => Promise<Value>): Promise<Value> =>
    call(road, tripOf<WriteFate>(road, what, ground.weather.write), work);
  const nameOf = (saleId: SaleId): string => `sale ${ground.names.saleOf(saleId)}`;
  const openingOf = (kind: string, { identity }: Attempt): string =>
    `opening of a ${kind} of ${nameOf(identity.saleId)}`;
  const read = <Value>(what: string, work: () => Promise<Value>): Promise<Value> => readBy(road, what, work);
  const routine = <Value>(what: string, work: () => Promise<Value>): Promise<Value> =>
    call(road, tripOf<ReadFate>(road, `${what} of ${server}`, ground.weather.read), work, true);
  const opened = <Kind extends Charge | Refund, Refusal>(
    result: { readonly ok: true; readonly value: Opened<Kind> } | { readonly ok: false; readonly failure: Refusal },
  ): typeof result => {
    if (result.ok && result.value.kind === 'opened') written(result.value.attempt);
    return result;
  };
  return {
    openCharge: (opening) =>
      write(openingOf('charge', opening.charge), async () => opened(await journal.openCharge(opening))),
    openRefund: (opening) =>
      write(openingOf('refund', opening.refund), async () => opened(await journal.openRefund(opening))),
    advance: (attempt, next, facts) =>
      write(`write of ${ground.names.attempt(attempt.identity.id)}`, async () => {
        const moved = await journal.advance(attempt, next, facts);
        if (moved !== undefined) written(moved);
        return moved;
      }),
    find: (merchantId, id) => read(ground.names.attempt(id), () => journal.find(merchantId, id)),
    findByNumber: (id) => read(ground.names.attempt(id), () => journal.findByNumber(id)),
    listOfSale: (merchantId, saleId) => read(nameOf(saleId), () => journal.listOfSale(merchantId, saleId)),
    listOfSales: (merchantId, saleIds) => read('sales', () => journal.listOfSales(merchantId, saleIds)),
    findIntent: (merchantId, saleId) => read(nameOf(saleId), () => journal.findIntent(merchantId, saleId)),
    time: () => routine('time', () => journal.time()),
    beat: (owner, aliveUntil) => routine('sign of life', () => journal.beat(owner, aliveUntil)),
    retire: (owner) => call(road, calmTrip, () => journal.retire(owner)),
    takeUp: (owner, now, limit) => routine('taking up', () => journal.takeUp(owner, now, limit)),
    listCustody: (merchantId, limit) => read('custody', () => journal.listCustody(merchantId, limit)),
  };
}

/** The same for sales; `sale` is the number that the workload knows it by. */
export function gatedSaleJournal(journal: MemorySaleJournal, road: JournalRoad): { of(sale: SaleNumber): SaleJournal } {
  const { ground } = road;
  return {
    of: (number) => ({
      openSale: (sale, idempotency) => {
        return call(road, tripOf<WriteFate>(road, `opening of sale ${number}`, ground.weather.write), async () => {
          const result = await journal.openSale(sale, idempotency);
          if (result.ok && result.value.kind === 'opened') {
            ground.names.nameSale(sale.id, number);
            const amountMinor = sale.amount.minor;
            ground.tell({ type: 'sale-written', sale: number, saleId: sale.id, amountMinor });
          }
          return result;
        });
      },
      findSale: (merchantId, id) => readBy(road, `sale ${number}`, () => journal.findSale(merchantId, id)),
      listSales: (page) => readBy(road, 'sales', () => journal.listSales(page)),
    }),
  };
}
