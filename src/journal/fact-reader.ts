// Reads the outbox in an order that misses nothing. A row's number is drawn before its transaction commits, so numbers appear
// out of order: a reader that has seen 7 may find a 5 later, or never look for it. Here a reader goes by (writing transaction,
// number) and stops below pg_snapshot_xmin: every transaction under it has ended, so nothing can appear there any more. What
// a slow transaction holds back is delayed for readers and never skipped.
//
// A database that was restored from a dump into another cluster counts its transactions anew: readers then begin from the
// start and drop what they know by `seq`.

import type { MerchantId } from '#foundation/id.ts';
import { type Instant, instant } from '#foundation/instant.ts';
import type { Fact } from '#payment/index.ts';
import type { Database, Row, Statement } from './database.ts';

/** Where a reader stands: behind this fact. Both are whole decimal numbers. */
export type FactPosition = { readonly writer: string; readonly seq: string };

export type StoredFact = Fact & {
  readonly position: FactPosition;
  readonly merchantId: MerchantId;
  readonly writtenAt: Instant;
};

export type FactQuery = {
  /** `null` reads from the beginning. */
  readonly after: FactPosition | null;
  readonly limit: number;
};

export interface FactReader {
  /** The next facts, in order. Fewer than `limit` means that no more are settled yet. */
  readFacts(query: FactQuery): Promise<readonly StoredFact[]>;
}

const read: Statement = {
  name: 'read-facts',
  text: `
SELECT writer, seq, merchant_id, type, data, written_at FROM outbox
WHERE (writer, seq) > ($1::xid8, $2::bigint) AND writer < pg_snapshot_xmin(pg_current_snapshot())
ORDER BY writer, seq LIMIT $3`,
};

interface FactRow extends Row {
  readonly writer: string;
  readonly seq: string;
  readonly merchant_id: MerchantId;
  readonly type: string;
  readonly data: Fact['data'];
  readonly written_at: Date;
}

export function makeFactReader(database: Database): FactReader {
  return {
    async readFacts({ after, limit }) {
      const rows = await database.repeatable<FactRow>(read, [after?.writer ?? '0', after?.seq ?? '0', limit]);
      return rows.map((row) => ({
        position: { writer: row.writer, seq: row.seq },
        merchantId: row.merchant_id,
        type: row.type,
        data: row.data,
        writtenAt: instant(row.written_at.getTime()),
      }));
    },
  };
}
