// A till at work, for tests of what the server does with what it wrote: it closes sales and returns as documents and writes them to a
// chain of its own; and the journal under test, with the payments beside it.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { makeId, type PaymentIntentId, type SaleId } from '#foundation/id.ts';
import { durationMs, plus } from '#foundation/instant.ts';
import type { Money } from '#foundation/money.ts';
import type { Random } from '#foundation/random.ts';
import type { Fact, PaymentJournal } from '#payment/index.ts';
import { approvedState, atRest, chargeState, moved, opened, refundState } from '#payment/journal-subject.contract.ts';
import type { DocumentJournal } from '../document-journal.port.ts';
import { type EntryContent, entryBody } from '../documents/entry-body.ts';
import type { Till } from '../documents/judge-entry.ts';
import { receiveTillEntries, type TillReceipt } from '../documents/receive-entries.flow.ts';
import { makeReceiptKey } from '../receipt/receipt-link.ts';
import type { ReturnDocument } from '../return.ts';
import type { SaleDocument, SaleFacts } from '../sale-document.ts';
import type { SaleJournal } from '../sale-journal.port.ts';
import { applyToShift, openShift, type Shift, type ShiftReport } from '../shift.ts';
import type { Offer } from '../tender.ts';
import type { TillJournal } from '../till-journal.port.ts';
import { appendEntry, type ChainHead, headAfter, startChain, type TillEntry } from '../till-journal.ts';
import { figuresOfReturn, figuresOfSale } from '../visit-figures.ts';
import { basketAt, closedSale, cny, everythingBack, evidence, noon, saleFacts, vat13 } from './fixtures.ts';

export type TillJournalSubject = {
  readonly tills: TillJournal;
  /** Another server on the same journal. */
  readonly other: TillJournal;
  readonly documents: DocumentJournal;
  readonly payments: PaymentJournal;
  readonly sales: SaleJournal;
  /** Every fact written so far for a merchant, in order. */
  factsOf(merchantId: Till['merchantId']): Promise<readonly Fact[]>;
  close(): Promise<void>;
};

export const sha256 = (text: string) => Promise.resolve(createHash('sha256').update(text, 'utf8').digest('hex'));

/** A till with its chain in hand. */
export class TillAtWork {
  readonly till: Till;
  readonly entries: TillEntry[] = [];
  readonly #subject: TillJournalSubject;
  readonly #random: Random;
  chainId: string;
  #head: ChainHead | null = null;
  #made = 0;

  constructor(subject: TillJournalSubject, random: Random, of: Partial<Till> = {}) {
    this.#subject = subject;
    this.#random = random;
    this.till = {
      merchantId: makeId('merchant', noon, random),
      storeId: makeId('store', noon, random),
      deviceId: makeId('device', noon, random),
      ...of,
    };
    this.chainId = `chain-${random.uint32()}`;
  }

  /** A chain of its own on a copy of this till's storage. */
  clone(): TillAtWork {
    const copy = new TillAtWork(this.#subject, this.#random, this.till);
    copy.chainId = this.chainId;
    copy.entries.push(...this.entries);
    copy.#head = this.#head;
    return copy;
  }

  /** A till whose storage was lost. */
  afresh(): TillAtWork {
    return new TillAtWork(this.#subject, this.#random, this.till);
  }

  saleId(): SaleId {
    this.#made += 1;
    return makeId('sale', plus(noon, durationMs(this.#made)), this.#random);
  }

  facts(change: Partial<SaleFacts> = {}): SaleFacts {
    return { ...saleFacts, ...this.till, saleId: this.saleId(), ...change };
  }

  /** A sale of tea and bread for 8.50, paid by these offers and the rest in cash. */
  sale(offers: readonly Offer[] = [], change: Partial<SaleFacts> = {}): SaleDocument {
    return closedSale(basketAt(vat13, 350, 500), offers, this.facts(change));
  }

  allBack(sale: SaleDocument, earlier: readonly ReturnDocument[] = []): ReturnDocument {
    return everythingBack(sale, earlier, this.facts());
  }

  async write(content: EntryContent): Promise<TillEntry> {
    return await this.writeBody(content.kind, entryBody(content));
  }

  async writeBody(kind: EntryContent['kind'], body: string): Promise<TillEntry> {
    this.#head ??= await startChain(this.chainId, sha256);
    const entry = await appendEntry(this.#head, { at: noon, kind, body }, sha256);
    this.#head = headAfter(entry);
    this.entries.push(entry);
    return entry;
  }

  writeSale(document: SaleDocument): Promise<TillEntry> {
    return this.write({ kind: 'sale', body: { document, receiptKey: makeReceiptKey(this.#random) } });
  }

  writeReturn(document: ReturnDocument): Promise<TillEntry> {
    return this.write({ kind: 'return', body: { document, receiptKey: makeReceiptKey(this.#random) } });
  }

  /** What the server says to these entries, or to all. */
  async send(entries: readonly TillEntry[] = this.entries, journal = this.#subject.tills): Promise<TillReceipt> {
    const received = await receiveTillEntries({ journal, sha256 }, this.till, this.chainId, entries);
    assert.ok(received.ok, `refused: ${received.ok ? '' : received.failure}`);
    return received.value;
  }

  /** The Z report of a shift with these visits. */
  zReport(visits: readonly (SaleDocument | ReturnDocument)[], open: ShiftReport['openPayments'] = []): ShiftReport {
    const { storeId, deviceId } = this.till;
    const { shiftNumber: number, businessDate } = saleFacts;
    const opening = { storeId, deviceId, number, businessDate, openedAt: noon, openedBy: 'lin', float: cny(20_000) };
    let shift = shiftOf(openShift(opening));
    for (const visit of visits) {
      const figures = 'priced' in visit ? figuresOfSale(visit) : figuresOfReturn(visit);
      shift = shiftOf(applyToShift(shift, { kind: 'visit', at: noon, by: 'lin', figures }));
    }
    shift = shiftOf(
      applyToShift(shift, { kind: 'count', at: noon, by: 'lin', pieces: [{ unitMinor: 100, pieces: 200 }] }),
    );
    const { report } = shiftOf(applyToShift(shift, { kind: 'close', at: noon, by: 'wang', openPayments: open }));
    assert.ok(report !== null);
    return report;
  }

  /** Begins a payment of this sale at the channel; `approve` and `giveBack` carry it on. */
  async charge(saleId: SaleId, intentId: PaymentIntentId, amount: Money) {
    const { payments, sales } = this.#subject;
    await sales.openSale({ ...this.till, id: saleId, amount, description: 'Groceries', createdAt: noon }, null);
    const attempt = makeId('attempt', noon, this.#random);
    const identity = { ...this.till, id: attempt, saleId, intentId, channel: 'alipay-openapi', amount } as const;
    const charge = opened(
      await payments.openCharge({
        charge: {
          kind: 'charge',
          identity: { ...identity, description: 'Groceries', createdAt: noon },
          state: { ...chargeState, ...atRest },
          version: 1,
          payerCodeMasked: '28************1234',
        },
        owner: 'till-at-work',
        idempotency: { scope: 'payments', key: attempt, fingerprint: 'print' },
      }),
    );
    return {
      approve: async (tradeNumber = evidence.tradeNumber, changedAt = noon) => {
        const state = approvedState(charge);
        assert.ok(state.evidence !== null);
        const proof = { ...state.evidence, channelReference: tradeNumber };
        return moved(await payments.advance(charge, { ...state, changedAt, evidence: proof }, []));
      },
    };
  }

  /** Gives back a part of an approved charge, and proves it. */
  async giveBack(charge: Awaited<ReturnType<Awaited<ReturnType<TillAtWork['charge']>>['approve']>>, amount: Money) {
    const { payments } = this.#subject;
    const id = makeId('attempt', noon, this.#random);
    const refund = opened(
      await payments.openRefund({
        refund: {
          kind: 'refund',
          identity: { ...charge.identity, id, amount },
          state: { ...refundState, ...atRest },
          version: 1,
          charge: { id: charge.identity.id, amount: charge.identity.amount, channelReference: null },
        },
        owner: 'till-at-work',
        idempotency: { scope: 'refunds', key: id, fingerprint: 'print' },
      }),
    );
    moved(await payments.advance(refund, { ...refund.state, phase: 'refunded' }, []));
  }
}

function shiftOf(result: ReturnType<typeof openShift>): Shift {
  assert.ok(result.ok, `refused: ${result.ok ? '' : result.failure}`);
  return result.value;
}
