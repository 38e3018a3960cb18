// What everybody says once everything is at rest: the store's API, the journal's own rows, the sandbox's books, its wallets, and the
// cashiers. Only gathered here; auditor.ts holds one against the other.

import pg from 'pg';
import type { SaleView } from '#server/contract/ecr.ts';
import type { CashBook, Rung } from './cash-book.ts';
import { mapInLanes } from './lanes.ts';
import type { Books, SandboxControl, TradeRecord } from './sandbox-control.ts';
import type { Till } from './till.ts';

/** An attempt as the journal holds it. */
export type JournalRow = {
  readonly id: string;
  readonly kind: 'charge' | 'refund';
  readonly saleId: string;
  readonly phase: string;
  readonly inFlight: string | null;
  readonly owner: string | null;
};

/** One payer's side: what went in by hand, what is there now, and under which numbers money was ever asked of it. */
export type WalletRecord = {
  readonly walletId: string;
  readonly opened: bigint;
  readonly balance: bigint;
  readonly outTradeNos: readonly string[];
};

/** A fact of the outbox that says that money was taken or given back. */
export type MoneyFact = { readonly type: string; readonly attemptId: string };

export type Evidence = {
  readonly sales: readonly SaleView[];
  readonly rows: readonly JournalRow[];
  readonly facts: readonly MoneyFact[];
  /** By our number: of every charge in the journal, and of every trade that a wallet knows. */
  readonly records: ReadonlyMap<string, TradeRecord>;
  readonly wallets: readonly WalletRecord[];
  readonly books: Books;
  readonly rung: readonly Rung[];
};

export type Witnesses = {
  readonly control: SandboxControl;
  readonly till: Till;
  readonly databaseUrl: string;
  readonly book: CashBook;
};

export async function gatherEvidence({ control, till, databaseUrl, book }: Witnesses): Promise<Evidence> {
  const { rows, facts } = await readJournal(databaseUrl);
  const sales = await till.allSales();
  const wallets = await mapInLanes(book.wallets, async ({ walletId, balance: opened }): Promise<WalletRecord> => {
    const { balance, history } = await control.walletBooks(walletId);
    const outTradeNos = history.map(({ outTradeNo }) => outTradeNo);
    return { walletId, opened: BigInt(opened.replace('.', '')), balance, outTradeNos };
  });
  const numbers = new Set([
    ...rows.filter(({ kind }) => kind === 'charge').map(({ id }) => id),
    ...sales.flatMap(({ payments }) => payments.map(({ paymentId }) => paymentId)),
    ...wallets.flatMap(({ outTradeNos }) => outTradeNos),
  ]);
  const read = async (number: string): Promise<readonly [string, TradeRecord]> => [
    number,
    await control.tradesOf(number),
  ];
  const records = new Map(await mapInLanes([...numbers], read));
  return { sales, rows, facts, records, wallets, books: await control.books(), rung: book.rung };
}

/** The journal's own rows, oldest first, and the facts that tell of money. */
export async function readJournal(databaseUrl: string): Promise<Pick<Evidence, 'rows' | 'facts'>> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query<JournalRow>(
      `SELECT id, kind, sale_id AS "saleId", phase, in_flight_act AS "inFlight", owner FROM payment_attempt ORDER BY id`,
    );
    const { rows: facts } = await client.query<MoneyFact>(
      `SELECT type, data->>'attemptId' AS "attemptId" FROM outbox
        WHERE type IN ('payment.charge.approved', 'payment.refund.refunded') ORDER BY seq`,
    );
    return { rows, facts };
  } finally {
    await client.end();
  }
}
