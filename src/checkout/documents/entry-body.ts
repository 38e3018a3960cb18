// What stands in a till's entry, by its kind. The body is the canonical text of one of these; whoever gets it reads it strictly, and
// an entry that cannot be read is kept all the same, with the reason.

import { failure, type Result, success } from '#foundation/result.ts';
import type { Basket } from '../basket.ts';
import { basketReader, readId, readInstant } from '../basket-reader.ts';
import { canonicalText, type Plain } from '../canonical-text.ts';
import {
  amount,
  fields,
  list,
  nullable,
  oneOf,
  type Reader,
  reason,
  text,
  wholeNumber,
  word,
} from '../field-reader.ts';
import { businessDateReader, documentLengthMax, readSaleDocument, readWhole } from '../read-document.ts';
import { parseReceiptKey, type ReceiptKey } from '../receipt/receipt-link.ts';
import type { ReturnDocument } from '../return.ts';
import { readReturnDocument } from '../return-document.ts';
import type { SaleDocument } from '../sale-document.ts';
import type { Denomination, ShiftOpening, ShiftReport } from '../shift.ts';
import { readShiftReport } from '../shift-report-reader.ts';
import type { EntryKind } from '../till-journal.ts';
import { textBounds } from '../well-formed.ts';

/** A closed visit, with the key that opens its digital receipt. */
export type VisitBody<Document> = { readonly document: Document; readonly receiptKey: ReceiptKey };

/** Cash that went into the drawer or out of it beside any sale; `amount` is more than zero. */
export type CashMovementBody = {
  readonly act: 'cash-in' | 'cash-out';
  readonly shiftNumber: number;
  readonly by: string;
  readonly amount: ShiftReport['float'];
  readonly reason: string;
  /** Who allowed it where the cashier may not; `null` where nobody had to. */
  readonly allowedBy: string | null;
};

export type CashCountedBody = {
  readonly shiftNumber: number;
  readonly by: string;
  readonly pieces: readonly Denomination[];
};

export type DrawerOpenedBody = {
  /** `null` outside a shift. */
  readonly shiftNumber: number | null;
  readonly by: string;
  readonly reason: string;
};

/** The first entry of a chain: why it began. */
export type StorageStartedBody = {
  /** `fresh`: a till's first; `lost`: its storage was gone; `fork`: the old chain was written by two. */
  readonly cause: 'fresh' | 'lost' | 'fork';
  /** The chain before, as far as the till or the server knows. */
  readonly formerChainId: string | null;
};

type Body<Kind extends EntryKind, Value> = { readonly kind: Kind; readonly body: Value };

/** What an entry tells, by its kind. */
export type EntryContent =
  | Body<'storage-started', StorageStartedBody>
  | Body<'shift-opened', ShiftOpening>
  | Body<'sale', VisitBody<SaleDocument>>
  | Body<'return', VisitBody<ReturnDocument>>
  | Body<'cash-movement', CashMovementBody>
  | Body<'cash-counted', CashCountedBody>
  | Body<'shift-report', ShiftReport>
  | Body<'basket-voided', Basket>
  | Body<'drawer-opened', DrawerOpenedBody>
  | Body<'note', { readonly by: string; readonly text: string }>;

/** A sale or a return. */
export type VisitContent = Extract<EntryContent, { readonly kind: 'sale' | 'return' }>;

export function isVisit(content: EntryContent): content is VisitContent {
  return content.kind === 'sale' || content.kind === 'return';
}

/** The body of an entry: what `appendEntry` takes beside its kind. */
export function entryBody({ body }: EntryContent): string {
  return canonicalText(body);
}

type Read<Value> = Result<Value, readonly string[]>;

const shiftNumber = wholeNumber(1, 1_000_000);

const openingReader: Reader<ShiftOpening> = fields({
  storeId: readId('store'),
  deviceId: readId('device'),
  number: shiftNumber,
  businessDate: businessDateReader,
  openedAt: readInstant,
  openedBy: word,
  float: amount(),
});

const movementReader: Reader<CashMovementBody> = fields({
  act: oneOf(['cash-in', 'cash-out']),
  shiftNumber,
  by: word,
  amount: amount(1n),
  reason,
  allowedBy: nullable(word),
});

const countReader: Reader<CashCountedBody> = fields({
  shiftNumber,
  by: word,
  pieces: list(fields({ unitMinor: wholeNumber(1, 1_000_000_000), pieces: wholeNumber(0, 1_000_000) }), 100),
});

const drawerReader: Reader<DrawerOpenedBody> = fields({ shiftNumber: nullable(shiftNumber), by: word, reason });

const startReader: Reader<StorageStartedBody> = fields({
  cause: oneOf(['fresh', 'lost', 'fork']),
  formerChainId: nullable(word),
});

const noteReader = fields({ by: word, text: text(textBounds.noteLengthMax) });

const readers: Readonly<Record<EntryKind, (given: string) => Read<EntryContent>>> = {
  'storage-started': (given) => told('storage-started', readMoneyless(given, startReader)),
  'shift-opened': (given) =>
    told(
      'shift-opened',
      readWhole(given, 'opening', openingReader, ({ float }) => float.currency),
    ),
  sale: (given) => told('sale', readVisit(given, readSaleDocument)),
  return: (given) => told('return', readVisit(given, readReturnDocument)),
  'cash-movement': (given) =>
    told(
      'cash-movement',
      readWhole(given, 'movement', movementReader, (movement) => movement.amount.currency),
    ),
  'cash-counted': (given) => told('cash-counted', readMoneyless(given, countReader)),
  'shift-report': (given) => told('shift-report', readShiftReport(given)),
  'basket-voided': (given) =>
    told(
      'basket-voided',
      readWhole(given, 'basket', basketReader, ({ currency }) => currency),
    ),
  'drawer-opened': (given) => told('drawer-opened', readMoneyless(given, drawerReader)),
  note: (given) => told('note', readMoneyless(given, noteReader)),
};

/** Reads the body of an entry, or names every field that is not as it must be. */
export function readEntryBody(kind: EntryKind, body: string): Read<EntryContent> {
  return readers[kind](body);
}

function told<Kind extends EntryKind, Value>(kind: Kind, read: Read<Value>): Read<Body<Kind, Value>> {
  return read.ok ? success({ kind, body: read.value }) : read;
}

// What holds no money has no currency that another amount could differ from.
function readMoneyless<Value extends Plain>(given: string, reader: Reader<Value>): Read<Value> {
  return readWhole(given, 'entry', reader, () => 'CNY');
}

function readVisit<Document extends Plain>(
  given: string,
  readDocument: (given: unknown) => Read<Document>,
): Read<VisitBody<Document>> {
  if (given.length > documentLengthMax) return failure(['entry: is too long']);
  const parsed = parse(given);
  if (parsed === undefined) return failure(['entry: is not a JSON object']);
  const read = readDocument(parsed['document']);
  if (!read.ok) return read;
  const key = parsed['receiptKey'];
  const receiptKey = typeof key === 'string' ? parseReceiptKey(key) : undefined;
  if (receiptKey === undefined) return failure(['receiptKey: must be the key of a receipt']);
  const visit = { document: read.value, receiptKey };
  return canonicalText(visit) === given ? success(visit) : failure(['entry: is not in its one spelling']);
}

function parse(given: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(given);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}
