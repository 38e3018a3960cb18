// What the routes of the tills' journal, of documents and of public receipts are given.

import { createHash } from 'node:crypto';
import type { DocumentJournal, ReceiptStore, Sha256, TillJournal } from '#checkout/index.ts';
import type { DeviceId, MerchantId } from '#foundation/id.ts';
import type { ListedDevice } from '#journal/index.ts';

/** The till and its store, as a receipt names them. */
export type ReceiptPlace = { readonly till: string; readonly store: ReceiptStore };

export type DocumentParts = {
  readonly tills: TillJournal;
  readonly documents: DocumentJournal;
  readonly sha256: Sha256;
  /** Something was taken in: what follows outside its transaction may be done now. */
  readonly onTaken: () => void;
  /** Where a document was written; `undefined` when the device is not known any more. */
  placeOf(merchantId: MerchantId, deviceId: DeviceId): Promise<ReceiptPlace | undefined>;
};

/** Names till and store as the directory has them. */
export function receiptPlace(
  devices: readonly ListedDevice[],
  deviceId: DeviceId,
  takesTestMoney: boolean,
): ReceiptPlace | undefined {
  const device = devices.find((each) => each.deviceId === deviceId);
  if (device === undefined) return undefined;
  const { name, storeName, timeZone } = device;
  const store = { name: { en: storeName, zh: storeName }, timeZone, takesTestMoney };
  return { till: name, store: { ...store, address: null, phone: null, taxNumber: null, footer: null } };
}

export const sha256: Sha256 = (text) => Promise.resolve(createHash('sha256').update(text, 'utf8').digest('hex'));
