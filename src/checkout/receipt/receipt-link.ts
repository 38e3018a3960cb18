// The link that a receipt carries as a QR code. It opens the digital receipt, whose key cannot be guessed and is made by the till, so
// that a sale without network has one too. After the `#`, which no browser sends, stand the entry's number and hash in the
// till's journal and the total: from them the store knows what a till sold whose storage was lost.

import type { Brand } from '#foundation/brand.ts';
import { type DeviceId, parseId } from '#foundation/id.ts';
import { isCurrency, type Money, money } from '#foundation/money.ts';
import type { Random } from '#foundation/random.ts';
import { failure, type Result, success } from '#foundation/result.ts';

/** The digital receipt's name: 128 random bits as 26 characters. Who holds it may see the receipt, and nobody else. */
export type ReceiptKey = Brand<string, 'ReceiptKey'>;

/** Where the sale stands in its till's journal. */
export type JournalMark = {
  readonly deviceId: DeviceId;
  readonly entryNumber: number;
  /** The entry's hash in lower-case hexadecimal; the link keeps its first 16 characters. */
  readonly entryHash: string;
  readonly total: Money;
};

export type ReceiptLink = { readonly key: ReceiptKey; readonly mark: JournalMark | null };

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';
const keyLength = 26;
const keyShape = /^[0-7][0-9a-hjkmnp-tv-z]{25}$/;
const hashLength = 16;
const linkLengthMax = 400;
// Version, device, entry number, currency, minor units, hash.
const markShape = /^1\.([0-9a-z_]{5,44})\.([1-9]\d{0,14})\.([A-Z]{3})\.(-?(?:0|[1-9]\d{0,17}))\.([0-9a-f]{16})$/;

/** A fresh key. `random` must be fit for secrets: on the till the browser's generator, on the server the system's. */
export function makeReceiptKey(random: Random): ReceiptKey {
  let bits = 0n;
  for (let word = 0; word < 4; word += 1) bits = (bits << 32n) | BigInt(random.uint32());
  let key = '';
  for (let place = 0; place < keyLength; place += 1) {
    key = alphabet.charAt(Number(bits & 31n)) + key;
    bits >>= 5n;
  }
  return key as ReceiptKey;
}

/** Reads a key that came from outside; `undefined` when it has another shape. */
export function parseReceiptKey(text: string): ReceiptKey | undefined {
  return keyShape.test(text) ? (text as ReceiptKey) : undefined;
}

/** `<storeUrl>/r/<key>#1.<device>.<entry>.<currency>.<minor units>.<hash>`; without a mark it ends after the key. */
export function formatReceiptLink(storeUrl: string, { key, mark }: ReceiptLink): string {
  const page = `${storeUrl.replace(/\/+$/, '')}/r/${key}`;
  if (mark === null) return page;
  const { deviceId, entryNumber, entryHash, total } = mark;
  return `${page}#1.${deviceId}.${entryNumber}.${total.currency}.${total.minor}.${entryHash.slice(0, hashLength)}`;
}

/** Reads a scanned link of any store. A mark that is there but cannot be read makes the whole link malformed. */
export function parseReceiptLink(text: string): Result<ReceiptLink, 'malformed'> {
  if (text.length > linkLengthMax) return failure('malformed');
  const parts = /^https?:\/\/[^#?\s]+\/r\/([^/#?]+)(?:#(.+))?$/.exec(text);
  const key = parseReceiptKey(parts?.[1] ?? '');
  if (key === undefined) return failure('malformed');
  if (parts?.[2] === undefined) return success({ key, mark: null });
  const mark = parseMark(parts[2]);
  return mark === undefined ? failure('malformed') : success({ key, mark });
}

function parseMark(text: string): JournalMark | undefined {
  const [, device = '', entryNumber = '', currency = '', minor = '', entryHash = ''] = markShape.exec(text) ?? [];
  const deviceId = parseId('device', device);
  if (deviceId === undefined || !isCurrency(currency)) return undefined;
  return { deviceId, entryNumber: Number(entryNumber), entryHash, total: money(currency, BigInt(minor)) };
}
