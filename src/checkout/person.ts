// The people who work in a store: who they are and how far their role goes. What proves who somebody is (their PIN) is a secret and
// lies beside the person, never in it.

import type { MerchantId, PersonId, StoreId } from '#foundation/id.ts';
import type { Instant } from '#foundation/instant.ts';
import type { Role } from './permission.ts';

export const personLanguages = ['en', 'zh'] as const;
export type PersonLanguage = (typeof personLanguages)[number];

export type Person = {
  readonly id: PersonId;
  readonly merchantId: MerchantId;
  readonly storeId: StoreId;
  /** As colleagues know them; one name once among the active people of a store, for they pick it from a list. */
  readonly name: string;
  readonly role: Role;
  readonly language: PersonLanguage;
  /** Who has left stays on record, because sales name them. */
  readonly isActive: boolean;
  readonly createdAt: Instant;
};

export type PersonChange = Partial<Pick<Person, 'name' | 'role' | 'language' | 'isActive'>>;

export const personBounds = { nameLengthMax: 60, peopleMax: 500, pinLengthMin: 4, pinLengthMax: 8 } as const;

/** A name that a list can show: trimmed, on one line, within its bound. */
export function isPersonName(text: string): boolean {
  const isShown = text.trim() === text && text !== '' && [...text].length <= personBounds.nameLengthMax;
  return isShown && text.isWellFormed() && !/\p{Cc}/u.test(text);
}

/** Whether this can be a PIN: 4 to 8 digits of ASCII. */
export function isPin(text: string): boolean {
  return /^[0-9]{4,8}$/.test(text);
}
