// Reads closed sales, returns and shift reports as tills wrote them. They are written by the till journal and never change; what
// may change is how they stand. PostgreSQL implements it (src/journal/documents); simulation has one in memory; both pass
// document-journal.contract.ts.

import type { DeviceId, MerchantId, SaleId, StoreId } from '#foundation/id.ts';
import type { BusinessDate, Instant } from '#foundation/instant.ts';
import type { LateResult } from './day-report.ts';
import type { VisitContent } from './documents/entry-body.ts';
import type { ShiftReport } from './shift.ts';
import type { KeptEntry } from './till-journal.port.ts';

/** A sale or return, by the entry that closed it. */
export type KeptDocument = KeptEntry & {
  readonly merchantId: MerchantId;
  /** The store and the till that sent it. */
  readonly storeId: StoreId;
  readonly deviceId: DeviceId;
  readonly content: VisitContent;
  /** How often its receipt was printed again. */
  readonly reprintCount: number;
};

export type KeptReport = KeptEntry & { readonly report: ShiftReport };

/** A page of one day's documents, newest first. `before` is the last id of the page before. */
export type DocumentPage = {
  readonly merchantId: MerchantId;
  readonly storeId: StoreId;
  readonly businessDate: BusinessDate;
  readonly before: SaleId | null;
  readonly limit: number;
};

/** What a payment came to that a closed shift had listed as open, and that shift's report. */
export type LateOutcome = { readonly report: ShiftReport; readonly result: LateResult };

export interface DocumentJournal {
  find(merchantId: MerchantId, saleId: SaleId): Promise<KeptDocument | undefined>;
  /** Newest first, at most 20: a number is unique only as far as the tills keep it so. */
  findByReceiptNumber(
    merchantId: MerchantId,
    storeId: StoreId,
    receiptNumber: string,
  ): Promise<readonly KeptDocument[]>;
  /** By the key alone, for the public page; of several the first that came. */
  findByReceiptKey(receiptKey: string): Promise<KeptDocument | undefined>;
  listOfDay(page: DocumentPage): Promise<readonly KeptDocument[]>;
  /** The returns of a sale, in the order in which they came. */
  returnsOf(merchantId: MerchantId, saleId: SaleId): Promise<readonly KeptDocument[]>;
  /** Counts one reprint more and answers which it is, from 1; `undefined` when there is no such document. */
  countReprint(merchantId: MerchantId, saleId: SaleId): Promise<number | undefined>;

  /** The Z report of a device's shift, as it was written. */
  findReport(merchantId: MerchantId, deviceId: DeviceId, shiftNumber: number): Promise<KeptReport | undefined>;
  /** By device and number. */
  reportsOfDay(merchantId: MerchantId, storeId: StoreId, businessDate: BusinessDate): Promise<readonly KeptReport[]>;
  /**
   * The ends, from `from` up to but not including `until`, of payments that a report lists as open. An approval that was
   * given back came in and went out at one moment.
   */
  lateOutcomes(
    merchantId: MerchantId,
    storeId: StoreId,
    from: Instant,
    until: Instant,
  ): Promise<readonly LateOutcome[]>;

  /** Documents whose goods have not been moved in stock yet, oldest first. */
  listStockDue(limit: number): Promise<readonly KeptDocument[]>;
  stockMoved(merchantId: MerchantId, saleId: SaleId): Promise<void>;
}
