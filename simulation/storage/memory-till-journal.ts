// What tills wrote, in memory, for simulation: the same contracts as PostgreSQL's. Each call reads and writes in one go, between two
// turns of the event loop, so every call is a transaction by itself.

import {
  attemptsOfInterest,
  type DocumentJournal,
  type DocumentPage,
  type EntryContent,
  type EntryMark,
  type Evidence,
  type ForkedEntry,
  factsOfEntry,
  isVisit,
  type Judgement,
  judgeEntry,
  judgeUnreadable,
  type KeptDocument,
  type KeptEntry,
  type KeptReport,
  type LateOutcome,
  noEvidence,
  type OfStore,
  type QuestionedEntry,
  type ReturnDocument,
  readEntryBody,
  type Till,
  type TillChain,
  type TillEntry,
  type TillJournal,
  type VisitContent,
  type VisitSum,
} from '#checkout/index.ts';
import type { DeviceId, MerchantId, PaymentIntentId, SaleId, StoreId } from '#foundation/id.ts';
import type { BusinessDate, Clock, Instant } from '#foundation/instant.ts';
import { add, type Currency, type Money, money } from '#foundation/money.ts';
import type { Attempt } from '#payment/index.ts';
import type { MerchantFact } from './memory-payment-journal.ts';

type KeptChain = Till & { readonly startedAt: Instant; readonly start: string; readonly rows: EntryRow[] };
/** `content` is null when the body could not be read; `counts` when it closed its visit or shift. */
type EntryRow = {
  readonly till: Till;
  readonly entry: TillEntry;
  readonly content: EntryContent | null;
  readonly problems: readonly string[];
  readonly receivedAt: Instant;
  judgement: Judgement;
  counts: boolean;
  reprintCount: number;
  isStockDue: boolean;
};
type DocumentRow = EntryRow & { readonly content: VisitContent };
type ForkRow = { readonly till: Till; readonly other: TillEntry; readonly receivedAt: Instant };

/** What the journal of payments knows. */
export type KnownAttempts = {
  ofSale(merchantId: MerchantId, saleId: SaleId): readonly Attempt[];
  ofIntent(merchantId: MerchantId, intentId: PaymentIntentId): readonly Attempt[];
};

export class MemoryTillJournal implements TillJournal, DocumentJournal {
  readonly #attempts: KnownAttempts;
  readonly #clock: Pick<Clock, 'now'>;
  readonly #chains = new Map<string, KeptChain>();
  readonly #visits = new Map<string, DocumentRow>();
  readonly #reports = new Map<string, EntryRow>();
  readonly #forks = new Map<string, ForkRow>();
  readonly #rows: EntryRow[] = [];
  #awaiting: EntryRow[] = [];
  readonly facts: MerchantFact[] = [];

  constructor(attempts: KnownAttempts, clock: Pick<Clock, 'now'>) {
    this.#attempts = attempts;
    this.#clock = clock;
  }

  async beginChain(till: Till, start: { readonly chainId: string; readonly lastHash: string }): Promise<TillChain> {
    const key = `${till.merchantId} ${start.chainId}`;
    const chain = this.#chains.get(key) ?? { ...till, startedAt: this.#clock.now(), start: start.lastHash, rows: [] };
    this.#chains.set(key, chain);
    return chainOf(start.chainId, chain);
  }

  async findChain(merchantId: MerchantId, chainId: string): Promise<TillChain | undefined> {
    const chain = this.#chains.get(`${merchantId} ${chainId}`);
    return chain === undefined ? undefined : chainOf(chainId, chain);
  }

  async chainsOf(merchantId: MerchantId, deviceId: DeviceId): Promise<readonly TillChain[]> {
    return [...this.#chains]
      .filter(([, chain]) => chain.merchantId === merchantId && chain.deviceId === deviceId)
      .map(([key, chain]) => chainOf(key.slice(merchantId.length + 1), chain))
      .toReversed();
  }

  async lastShiftNumber(merchantId: MerchantId, deviceId: DeviceId): Promise<number> {
    const numbers = this.#rows
      .filter(({ till, counts }) => counts && till.merchantId === merchantId && till.deviceId === deviceId)
      .map(({ content }) => shiftNumberOf(content));
    return Math.max(0, ...numbers);
  }

  async marksAt(merchantId: MerchantId, chainId: string, numbers: readonly number[]): Promise<readonly EntryMark[]> {
    const rows = this.#chains.get(`${merchantId} ${chainId}`)?.rows ?? [];
    const inOrder = [...new Set(numbers)].sort((left, right) => left - right);
    return inOrder
      .flatMap((number) => rows[number - 1] ?? [])
      .map(({ entry, judgement }) => ({ number: entry.number, hash: entry.hash, ...judgement }));
  }

  async entriesAfter(
    merchantId: MerchantId,
    chainId: string,
    after: number,
    limit: number,
  ): Promise<readonly KeptEntry[]> {
    const rows = this.#chains.get(`${merchantId} ${chainId}`)?.rows ?? [];
    return rows.slice(after, after + limit).map(keptOf);
  }

  async takeEntry(till: Till, entry: TillEntry): Promise<'taken' | 'moved-on'> {
    const chain = this.#chains.get(`${till.merchantId} ${entry.chainId}`);
    if (chain === undefined) return 'moved-on';
    const head = chainOf(entry.chainId, chain);
    if (head.lastNumber !== entry.number - 1 || head.lastHash !== entry.previousHash) return 'moved-on';
    const read = readEntryBody(entry.kind, entry.body);
    const row: EntryRow = {
      ...{ till, entry, receivedAt: this.#clock.now() },
      content: read.ok ? read.value : null,
      problems: read.ok ? [] : read.failure,
      judgement: { standing: 'good', question: null },
      ...{ counts: false, reprintCount: 0, isStockDue: false },
    };
    this.#settle(row, null);
    chain.rows.push(row);
    this.#rows.push(row);
    this.#index(row);
    return 'taken';
  }

  #settle(row: EntryRow, before: Judgement['standing'] | null): void {
    const { till, entry, content } = row;
    row.judgement =
      content === null
        ? judgeUnreadable(row.problems)
        : judgeEntry(till, content, entry.body, this.#evidenceFor(row, content));
    for (const fact of factsOfEntry(entry, content, before, row.judgement)) {
      this.facts.push({ merchantId: till.merchantId, ...fact });
    }
    if (row.judgement.standing === 'awaiting' && before === null) this.#awaiting.push(row);
  }

  #index(row: EntryRow): void {
    if (row.content === null) return;
    const { merchantId } = row.till;
    if (isDocument(row)) {
      const key = `${merchantId} ${row.content.body.document.saleId}`;
      if (this.#visits.has(key)) return;
      this.#visits.set(key, row);
      row.isStockDue = true;
    } else if (row.content.kind === 'shift-report' && row.content.body.kind === 'Z') {
      const key = reportKey(merchantId, row.till.deviceId, row.content.body.number);
      if (this.#reports.has(key)) return;
      this.#reports.set(key, row);
    } else return;
    row.counts = true;
  }

  #evidenceFor(row: EntryRow, content: EntryContent): Evidence {
    const { till } = row;
    const { merchantId } = till;
    const saleId = attemptsOfInterest(content);
    const attempts = saleId === null ? [] : this.#attempts.ofSale(merchantId, saleId);
    if (content.kind === 'sale' || content.kind === 'return') {
      const closed = this.#visits.get(`${merchantId} ${content.body.document.saleId}`);
      const evidence = { ...noEvidence, closedBy: closed === row ? null : closedBy(closed), attempts };
      return content.kind === 'sale' ? evidence : { ...evidence, ...this.#saleOf(row, content.body.document) };
    }
    if (content.kind !== 'shift-report') return noEvidence;
    const closed = this.#reports.get(reportKey(merchantId, till.deviceId, content.body.number));
    const visits = this.#sumsOf(till, content.body.number, content.body.float.currency);
    return { ...noEvidence, closedBy: closed === row ? null : closedBy(closed), visits };
  }

  #saleOf(row: EntryRow, { ofSaleId }: ReturnDocument): Pick<Evidence, 'sale' | 'earlier'> {
    if (ofSaleId === null) return { sale: null, earlier: [] };
    const { merchantId } = row.till;
    const sale = this.#visits.get(`${merchantId} ${ofSaleId}`)?.content;
    const place = this.#rows.indexOf(row);
    const before = this.#returnsOf(merchantId, ofSaleId).filter(
      (each) => each.judgement.standing !== 'questioned' && (place === -1 || this.#rows.indexOf(each) < place),
    );
    return {
      sale: sale?.kind === 'sale' ? sale.body.document : null,
      earlier: before.flatMap(({ content }) => (content.kind === 'return' ? [content.body.document] : [])),
    };
  }

  #returnsOf(merchantId: MerchantId, saleId: SaleId): readonly DocumentRow[] {
    return [...this.#visits.values()].filter(
      ({ till, content }) =>
        till.merchantId === merchantId && content.kind === 'return' && content.body.document.ofSaleId === saleId,
    );
  }

  #sumsOf({ merchantId, deviceId }: Till, shiftNumber: number, currency: Currency): NonNullable<Evidence['visits']> {
    const rows = [...this.#visits.values()].filter(
      ({ till, content }) =>
        till.merchantId === merchantId &&
        till.deviceId === deviceId &&
        content.body.document.shiftNumber === shiftNumber,
    );
    return {
      taken: sumOf(
        rows.flatMap(({ content }) => (content.kind === 'sale' ? [content.body.document.priced.total] : [])),
        currency,
      ),
      givenBack: sumOf(
        rows.flatMap(({ content }) => (content.kind === 'return' ? [content.body.document.total] : [])),
        currency,
      ),
    };
  }

  async keepApart(till: Till, entries: readonly TillEntry[]): Promise<void> {
    for (const other of entries) {
      const key = `${till.merchantId} ${other.chainId} ${other.number} ${other.hash}`;
      if (!this.#forks.has(key)) this.#forks.set(key, { till, other, receivedAt: this.#clock.now() });
    }
  }

  async listForks({ merchantId, storeId, limit }: OfStore): Promise<readonly ForkedEntry[]> {
    return [...this.#forks.values()]
      .filter(({ till }) => till.merchantId === merchantId && till.storeId === storeId)
      .toReversed()
      .slice(0, limit)
      .map(({ till, other, receivedAt }) => {
        const row = this.#chains.get(`${merchantId} ${other.chainId}`)?.rows[other.number - 1];
        return { deviceId: till.deviceId, kept: row?.entry ?? null, other, receivedAt };
      });
  }

  async listQuestions({ merchantId, storeId, limit }: OfStore): Promise<readonly QuestionedEntry[]> {
    return this.#rows
      .filter(({ till }) => till.merchantId === merchantId && till.storeId === storeId)
      .filter(({ judgement }) => judgement.question !== null)
      .toReversed()
      .slice(0, limit)
      .map((row) => ({ ...keptOf(row), deviceId: row.till.deviceId }));
  }

  async judgeAgain(limit: number): Promise<number> {
    const looked = this.#awaiting.slice(0, limit);
    for (const row of looked) this.#settle(row, 'awaiting');
    const still = looked.filter(({ judgement }) => judgement.standing === 'awaiting');
    this.#awaiting = [...this.#awaiting.slice(limit), ...still];
    return looked.length - still.length;
  }

  async find(merchantId: MerchantId, saleId: SaleId): Promise<KeptDocument | undefined> {
    const row = this.#visits.get(`${merchantId} ${saleId}`);
    return row === undefined ? undefined : documentOf(row);
  }

  async findByReceiptNumber(
    merchantId: MerchantId,
    storeId: StoreId,
    receiptNumber: string,
  ): Promise<readonly KeptDocument[]> {
    return this.#ofStore(merchantId, storeId)
      .filter(({ content }) => content.body.document.receiptNumber === receiptNumber)
      .slice(0, 20)
      .map(documentOf);
  }

  async findByReceiptKey(receiptKey: string): Promise<KeptDocument | undefined> {
    const row = [...this.#visits.values()].find(({ content }) => content.body.receiptKey === receiptKey);
    return row === undefined ? undefined : documentOf(row);
  }

  async listOfDay({
    merchantId,
    storeId,
    businessDate,
    before,
    limit,
  }: DocumentPage): Promise<readonly KeptDocument[]> {
    return this.#ofStore(merchantId, storeId)
      .filter(({ content }) => content.body.document.businessDate === businessDate)
      .filter(({ content }) => before === null || content.body.document.saleId < before)
      .slice(0, limit)
      .map(documentOf);
  }

  #ofStore(merchantId: MerchantId, storeId: StoreId): readonly DocumentRow[] {
    return [...this.#visits.values()]
      .filter(({ till }) => till.merchantId === merchantId && till.storeId === storeId)
      .toSorted((left, right) => (left.content.body.document.saleId < right.content.body.document.saleId ? 1 : -1));
  }

  async returnsOf(merchantId: MerchantId, saleId: SaleId): Promise<readonly KeptDocument[]> {
    return this.#returnsOf(merchantId, saleId).map(documentOf);
  }

  async countReprint(merchantId: MerchantId, saleId: SaleId): Promise<number | undefined> {
    const row = this.#visits.get(`${merchantId} ${saleId}`);
    if (row === undefined) return undefined;
    row.reprintCount += 1;
    return row.reprintCount;
  }

  async findReport(merchantId: MerchantId, deviceId: DeviceId, shiftNumber: number): Promise<KeptReport | undefined> {
    const row = this.#reports.get(reportKey(merchantId, deviceId, shiftNumber));
    return row === undefined ? undefined : reportsIn([row])[0];
  }

  async reportsOfDay(
    merchantId: MerchantId,
    storeId: StoreId,
    businessDate: BusinessDate,
  ): Promise<readonly KeptReport[]> {
    const rows = [...this.#reports].filter(
      ([, { till }]) => till.merchantId === merchantId && till.storeId === storeId,
    );
    const sorted = rows.toSorted(([left], [right]) => (left < right ? -1 : 1)).map(([, row]) => row);
    return reportsIn(sorted).filter(({ report }) => report.businessDate === businessDate);
  }

  async lateOutcomes(
    merchantId: MerchantId,
    storeId: StoreId,
    from: Instant,
    until: Instant,
  ): Promise<readonly LateOutcome[]> {
    const rows = [...this.#reports.values()].filter(
      ({ till }) => till.merchantId === merchantId && till.storeId === storeId,
    );
    return reportsIn(rows).flatMap(({ report }) =>
      report.openPayments.flatMap(({ paymentIntentId }) =>
        this.#attempts
          .ofIntent(merchantId, paymentIntentId)
          .filter(({ kind, state }) => kind === 'charge' && state.changedAt >= from && state.changedAt < until)
          .flatMap(({ state, identity }): readonly LateOutcome[] => {
            const result = { paymentIntentId, amount: identity.amount, at: state.changedAt };
            const taken = { report, result: { ...result, kind: 'taken' as const } };
            if (state.phase === 'approved') return [taken];
            return state.phase === 'returned'
              ? [taken, { report, result: { ...result, kind: 'givenBack' as const } }]
              : [];
          }),
      ),
    );
  }

  async listStockDue(limit: number): Promise<readonly KeptDocument[]> {
    return [...this.#visits.values()]
      .filter(({ isStockDue }) => isStockDue)
      .slice(0, limit)
      .map(documentOf);
  }

  async stockMoved(merchantId: MerchantId, saleId: SaleId): Promise<void> {
    const row = this.#visits.get(`${merchantId} ${saleId}`);
    if (row !== undefined) row.isStockDue = false;
  }
}

function chainOf(chainId: string, { storeId, deviceId, startedAt, start, rows }: KeptChain): TillChain {
  const last = rows.at(-1);
  return {
    ...{ chainId, storeId, deviceId, startedAt },
    lastNumber: rows.length,
    lastHash: last?.entry.hash ?? start,
    lastAt: last?.receivedAt ?? null,
  };
}

function keptOf({ entry, judgement, receivedAt }: EntryRow): KeptEntry {
  return { entry, ...judgement, receivedAt };
}

function isDocument(row: EntryRow): row is DocumentRow {
  return row.content !== null && isVisit(row.content);
}

function documentOf(row: DocumentRow): KeptDocument {
  const { till, content, reprintCount } = row;
  return { ...keptOf(row), ...till, content, reprintCount };
}

function reportsIn(rows: readonly EntryRow[]): readonly KeptReport[] {
  return rows.flatMap((row) =>
    row.content?.kind === 'shift-report' ? [{ ...keptOf(row), report: row.content.body }] : [],
  );
}

function closedBy(row: EntryRow | undefined): Evidence['closedBy'] {
  return row === undefined ? null : row.entry;
}

function reportKey(merchantId: MerchantId, deviceId: DeviceId, number: number): string {
  return `${merchantId} ${deviceId} ${number.toString().padStart(9, '0')}`;
}

function shiftNumberOf(content: EntryContent | null): number {
  if (content === null) return 0;
  if (content.kind === 'shift-report') return content.body.number;
  return isVisit(content) ? content.body.document.shiftNumber : 0;
}

function sumOf(amounts: readonly Money[], currency: Currency): VisitSum {
  const own = amounts.filter((amount) => amount.currency === currency);
  return { count: own.length, amount: own.reduce((sum, amount) => add(sum, amount), money(currency, 0n)) };
}
