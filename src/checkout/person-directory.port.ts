// The durable record of people, of how often their PINs were tried, and of who is signed in where. PostgreSQL implements it
// (src/journal/people); simulation has one in memory. It keeps hashes only: neither a PIN nor a session token ever comes here.

import type { DeviceId, MerchantId, PersonId, StoreId } from '#foundation/id.ts';
import type { DurationMs, Instant } from '#foundation/instant.ts';
import type { Redacted } from '#foundation/redacted.ts';
import type { Result } from '#foundation/result.ts';
import type { Person, PersonChange } from './person.ts';

/** A slow keyed hash of a PIN, as the server's PIN keeper makes it. */
export type PinHash = Redacted<string>;

export type PersonPlace = { readonly merchantId: MerchantId; readonly storeId: StoreId };

export type PersonRefusal =
  | 'person-unknown'
  /** Another active person of the store has this name. */
  | 'name-taken'
  /** A store without a manager could never have one again. */
  | 'last-manager'
  | 'too-many-people';

/** Somebody is signed in at a device. */
export type PersonSession = {
  /** SHA-256 of the token, 64 hex digits: names the session. */
  readonly tokenHash: string;
  readonly merchantId: MerchantId;
  readonly deviceId: DeviceId;
  readonly personId: PersonId;
  readonly beganAt: Instant;
  readonly endsAt: Instant;
};

export type SignedIn = { readonly person: Person; readonly session: PersonSession };

export type PinTry = {
  readonly merchantId: MerchantId;
  /** Also somebody who does not exist: an unknown name must not be told from a known one. */
  readonly personId: PersonId;
  readonly deviceId: DeviceId;
};

export interface PersonDirectory {
  /** Makes a person. The same id again is a broken assumption and thrown. */
  addPerson(person: Person, pinHash: PinHash): Promise<Result<Person, PersonRefusal>>;
  /** Changes what is named. Who is made inactive is signed out everywhere in the same write; two managers cannot both go at once. */
  changePerson(place: PersonPlace, id: PersonId, change: PersonChange): Promise<Result<Person, PersonRefusal>>;
  /** Sets a PIN, signs the person out everywhere, and forgets the wrong tries. */
  setPin(place: PersonPlace, id: PersonId, pinHash: PinHash): Promise<Result<Person, 'person-unknown'>>;
  findPerson(place: PersonPlace, id: PersonId): Promise<Person | undefined>;
  /** The people of a store by name; who has left is among them only when asked for. */
  listPeople(place: PersonPlace, withInactive: boolean): Promise<readonly Person[]>;
  /** What an active person's PIN is checked by. */
  findPinHash(place: PersonPlace, id: PersonId): Promise<{ person: Person; pinHash: PinHash } | undefined>;

  /** Counts a try as wrong before it is checked; refuses with the wait (pin-guard.ts) and then counts nothing. */
  beginPinTry(tried: PinTry, at: Instant): Promise<Result<null, DurationMs>>;
  /** Takes a counted try back, because the PIN was right. */
  forgivePinTry(tried: PinTry): Promise<void>;

  /**
   * Signs somebody in, and out of what they had open at this device. Refused when the PIN that was checked is not theirs any more, or
   * they were made inactive meanwhile.
   */
  openSession(session: PersonSession, checked: PinHash): Promise<Result<null, 'person-changed'>>;
  /** Who holds this token at this device, if they are active and the session has neither been ended nor run out. */
  findSession(
    merchantId: MerchantId,
    deviceId: DeviceId,
    tokenHash: string,
    at: Instant,
  ): Promise<SignedIn | undefined>;
  /** Signs out; a session that has ended already stays as it is. */
  endSession(merchantId: MerchantId, tokenHash: string, at: Instant): Promise<void>;
}
