// The catalogue as the server tells it: `GET /catalog/changes`. This is the only place that knows the words of that answer. The frame
// of a page is read by a schema; its records, two hundred thousand in a cold start, by plain readers that cost a few
// microseconds each. The same readers are used for what the till has packed away itself (packed-shelf.ts).

import { z } from 'zod';
import {
  type CatalogChange,
  type CatalogKey,
  type CatalogRecord,
  type Gtin,
  type Names,
  type Price,
  type PriceKey,
  type Product,
  parseCode,
  parseGtin,
  parsePlu,
} from '#catalog/index.ts';
import { type ProductId, parseId, type StoreId } from '#foundation/id.ts';
import { type Instant, instant } from '#foundation/instant.ts';
import { isCurrency, type Money, parseMoney } from '#foundation/money.ts';
import { parseJson } from '../chain/server-call.ts';

export type ChangesPage = {
  readonly changes: readonly unknown[];
  /** The newest version that the server has. */
  readonly latest: number;
  /** The version of the last change of this page; 0 when it has none. */
  readonly end: number;
};

const frame = z.object({ changes: z.array(z.unknown()), latest: z.number().int().nonnegative() });

/** The path of the page after a version. */
export function changesPath(after: number, limit: number): string {
  return `/catalog/changes?after=${after}&limit=${limit}`;
}

/** Reads the frame of a page; `undefined` when it is not our server's. Its changes are read one by one, by `readChange`. */
export function readChangesPage(text: string): ChangesPage | undefined {
  const read = frame.safeParse(parseJson(text));
  if (!read.success) return undefined;
  const { changes, latest } = read.data;
  const last = changes.at(-1);
  if (last === undefined) return { changes, latest, end: 0 };
  const end = isRecord(last) ? last['version'] : undefined;
  return typeof end === 'number' && Number.isSafeInteger(end) && end > 0 ? { changes, latest, end } : undefined;
}

type Raw = Readonly<Record<string, unknown>>;

/** Reads one change; `undefined` when it is not one that this till knows. */
export function readChange(value: unknown): CatalogChange | undefined {
  if (!isRecord(value)) return undefined;
  const { version, act } = value;
  if (typeof version !== 'number' || !Number.isSafeInteger(version) || version < 1) return undefined;
  if (act === 'upsert') {
    const record = readRecord(value['record']);
    return record === undefined ? undefined : { version, act, record };
  }
  if (act !== 'delete') return undefined;
  const key = readKey(value['key']);
  return key === undefined ? undefined : { version, act, key };
}

function readRecord(value: unknown): CatalogRecord | undefined {
  if (!isRecord(value)) return undefined;
  switch (value['kind']) {
    case 'product': {
      const product = readProduct(value['product']);
      return product && { kind: 'product', product };
    }
    case 'price': {
      const price = readPrice(value['price']);
      return price && { kind: 'price', price };
    }
    case 'department':
      return readDepartment(value['department']);
    case 'tax-class':
      return readTaxClass(value['taxClass']);
    case 'price-list':
      return readPriceList(value['priceList']);
    default:
      return undefined;
  }
}

function readKey(value: unknown): CatalogKey | undefined {
  if (!isRecord(value)) return undefined;
  const { kind, id } = value;
  if (kind === 'price') {
    const price = isRecord(value['price']) ? readPriceKey(value['price']) : undefined;
    return price && { kind, price };
  }
  if (typeof id !== 'string') return undefined;
  if (kind === 'product') {
    const productId = parseId('product', id);
    return productId && { kind, id: productId };
  }
  if (kind === 'department') {
    const departmentId = parseCode('department', id);
    return departmentId && { kind, id: departmentId };
  }
  if (kind === 'tax-class') {
    const taxClassId = parseCode('tax-class', id);
    return taxClassId && { kind, id: taxClassId };
  }
  const listId = kind === 'price-list' ? parseCode('price-list', id) : undefined;
  return listId && { kind: 'price-list', id: listId };
}

export function readProduct(value: unknown): Product | undefined {
  if (!isRecord(value)) return undefined;
  const { pinyin, unit, isActive } = value;
  const id = readProductId(value['id']);
  const code = typeof value['code'] === 'string' ? parseCode('product', value['code']) : undefined;
  const names = readNames(value['names']);
  const departmentId = readCode('department', value['departmentId']);
  const taxClassId = readCode('tax-class', value['taxClassId']);
  const barcodes = readBarcodes(value['barcodes']);
  const plu = value['plu'] === null ? null : typeof value['plu'] === 'string' ? parsePlu(value['plu']) : undefined;
  const minimumAge = value['minimumAge'] === null ? null : readWhole(value['minimumAge']);
  const picture = value['picture'] === null || typeof value['picture'] === 'string' ? value['picture'] : undefined;
  if (id === undefined || code === undefined || names === undefined || barcodes === undefined) return undefined;
  if (departmentId === undefined || taxClassId === undefined || plu === undefined) return undefined;
  if (minimumAge === undefined || picture === undefined || typeof pinyin !== 'string') return undefined;
  if ((unit !== 'piece' && unit !== 'kilogram') || typeof isActive !== 'boolean') return undefined;
  return { id, code, names, pinyin, departmentId, barcodes, taxClassId, unit, plu, minimumAge, isActive, picture };
}

export function readPrice(value: unknown): Price | undefined {
  if (!isRecord(value)) return undefined;
  const key = readPriceKey(value);
  const amount = readMoney(value['amount']);
  const validTo = value['validTo'] === null ? null : readInstant(value['validTo']);
  if (key === undefined || amount === undefined || amount.minor < 0n || validTo === undefined) return undefined;
  const { listId, productId, storeId, validFrom } = key;
  return { listId, productId, storeId, amount, validFrom, validTo };
}

function readPriceKey(value: Raw): PriceKey | undefined {
  const listId = readCode('price-list', value['listId']);
  const productId = readProductId(value['productId']);
  const storeId = value['storeId'] === null ? null : readStoreId(value['storeId']);
  const validFrom = readInstant(value['validFrom']);
  if (listId === undefined || productId === undefined || storeId === undefined) return undefined;
  return validFrom === undefined ? undefined : { listId, productId, storeId, validFrom };
}

function readDepartment(value: unknown): CatalogRecord | undefined {
  if (!isRecord(value)) return undefined;
  const id = readCode('department', value['id']);
  const parentId = value['parentId'] === null ? null : readCode('department', value['parentId']);
  const names = readNames(value['names']);
  const sort = readWhole(value['sort']);
  if (id === undefined || parentId === undefined || names === undefined || sort === undefined) return undefined;
  return { kind: 'department', department: { id, parentId, names, sort } };
}

function readTaxClass(value: unknown): CatalogRecord | undefined {
  if (!isRecord(value)) return undefined;
  const { isIncluded } = value;
  const id = readCode('tax-class', value['id']);
  const names = readNames(value['names']);
  const rateBps = readWhole(value['rateBps']);
  if (id === undefined || names === undefined || rateBps === undefined || rateBps < 0) return undefined;
  return typeof isIncluded === 'boolean'
    ? { kind: 'tax-class', taxClass: { id, names, rateBps, isIncluded } }
    : undefined;
}

function readPriceList(value: unknown): CatalogRecord | undefined {
  if (!isRecord(value)) return undefined;
  const id = readCode('price-list', value['id']);
  const names = readNames(value['names']);
  const rank = readWhole(value['rank']);
  if (id === undefined || names === undefined || rank === undefined) return undefined;
  return { kind: 'price-list', priceList: { id, names, rank } };
}

function readMoney(value: unknown): Money | undefined {
  if (!isRecord(value)) return undefined;
  const { currency, amount } = value;
  if (typeof currency !== 'string' || typeof amount !== 'string' || !isCurrency(currency)) return undefined;
  const parsed = parseMoney(currency, amount);
  return parsed.ok ? parsed.value : undefined;
}

function readBarcodes(value: unknown): readonly Gtin[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const barcodes: Gtin[] = [];
  for (const text of value) {
    const barcode = typeof text === 'string' ? parseGtin(text) : undefined;
    if (barcode?.ok !== true) return undefined;
    barcodes.push(barcode.value);
  }
  return barcodes;
}

function readNames(value: unknown): Names | undefined {
  if (!isRecord(value)) return undefined;
  const { en, zh } = value;
  return typeof en === 'string' && typeof zh === 'string' ? { en, zh } : undefined;
}

function readProductId(value: unknown): ProductId | undefined {
  return typeof value === 'string' ? parseId('product', value) : undefined;
}

function readStoreId(value: unknown): StoreId | undefined {
  return typeof value === 'string' ? parseId('store', value) : undefined;
}

function readCode<Kind extends 'department' | 'tax-class' | 'price-list'>(kind: Kind, value: unknown) {
  return typeof value === 'string' ? parseCode<Kind>(kind, value) : undefined;
}

function readWhole(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) ? value : undefined;
}

// As milliseconds or as text: an instant is the same either way.
function readInstant(value: unknown): Instant | undefined {
  const epochMs = typeof value === 'string' ? Date.parse(value) : value;
  return typeof epochMs === 'number' && Number.isSafeInteger(epochMs) ? instant(epochMs) : undefined;
}

function isRecord(value: unknown): value is Raw {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
