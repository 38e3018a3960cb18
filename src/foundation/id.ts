// Ids are prefixed, time-ordered, made before the first send and kept across every retry. Their letters are safe as an
// Alipay out_trade_no (letters, digits, underscore; 64 at most).

import type { Brand } from './brand.ts';
import type { Instant } from './instant.ts';
import type { Random } from './random.ts';

export type MerchantId = Brand<`mer_${string}`, 'MerchantId'>;
export type StoreId = Brand<`sto_${string}`, 'StoreId'>;
export type DeviceId = Brand<`dev_${string}`, 'DeviceId'>;
export type BasketId = Brand<`bsk_${string}`, 'BasketId'>;
export type SaleId = Brand<`sale_${string}`, 'SaleId'>;
export type PaymentIntentId = Brand<`pi_${string}`, 'PaymentIntentId'>;
export type PaymentAttemptId = Brand<`pa_${string}`, 'PaymentAttemptId'>;
export type ProductId = Brand<`prd_${string}`, 'ProductId'>;
export type PersonId = Brand<`per_${string}`, 'PersonId'>;

const prefixes = {
  merchant: 'mer',
  store: 'sto',
  device: 'dev',
  basket: 'bsk',
  sale: 'sale',
  intent: 'pi',
  attempt: 'pa',
  product: 'prd',
  person: 'per',
} as const;

type IdOf = {
  merchant: MerchantId;
  store: StoreId;
  device: DeviceId;
  basket: BasketId;
  sale: SaleId;
  intent: PaymentIntentId;
  attempt: PaymentAttemptId;
  product: ProductId;
  person: PersonId;
};

// Crockford's base 32: no I, L, O or U, so that an id can be read aloud.
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';
// Wider than the alphabet: the house's own merchant and demo have names that no random id can have (`mer_own`, `dev_demo`).
const body = /^[0-9a-z]{1,40}$/;

function base32(value: number, width: number): string {
  let text = '';
  for (let rest = value; text.length < width; rest = Math.floor(rest / 32)) text = alphabet[rest % 32] + text;
  return text;
}

/** A fresh id: 10 characters of time (ms), 14 of randomness (70 bits). */
export function makeId<Kind extends keyof IdOf>(kind: Kind, at: Instant, random: Random): IdOf[Kind] {
  let tail = '';
  while (tail.length < 14) tail += base32(random.uint32() % 2 ** 25, 5);
  return `${prefixes[kind]}_${base32(at, 10)}${tail.slice(0, 14)}` as IdOf[Kind];
}

/** Reads an id that came from outside; `undefined` when it has the wrong shape or names another kind of thing. */
export function parseId<Kind extends keyof IdOf>(kind: Kind, text: string): IdOf[Kind] | undefined {
  const prefix = `${prefixes[kind]}_`;
  if (!text.startsWith(prefix) || !body.test(text.slice(prefix.length))) return undefined;
  return text as IdOf[Kind];
}
