// People, tries at PINs and sessions in memory, for simulation: the same contract as PostgreSQL's. Each call reads and writes between two
// turns of the event loop, so every call is a transaction by itself.

import {
  countTry,
  forgiveTry,
  type Person,
  type PersonChange,
  type PersonDirectory,
  type PersonPlace,
  type PersonRefusal,
  type PersonSession,
  type PinGuard,
  type PinGuardKind,
  type PinHash,
  type PinTry,
  personBounds,
  type SignedIn,
} from '#checkout/index.ts';
import type { DeviceId, MerchantId, PersonId } from '#foundation/id.ts';
import { type DurationMs, durationMs, type Instant } from '#foundation/instant.ts';
import { failure, type Result, success } from '#foundation/result.ts';

type Kept = { person: Person; pinHash: PinHash };

export class MemoryPersonDirectory implements PersonDirectory {
  readonly #people = new Map<string, Kept>();
  readonly #guards = new Map<string, PinGuard>();
  /** Open ones only. */
  readonly #sessions = new Map<string, PersonSession>();

  async addPerson(person: Person, pinHash: PinHash): Promise<Result<Person, PersonRefusal>> {
    const key = `${person.merchantId} ${person.id}`;
    if (this.#people.has(key)) throw new Error(`the person id ${person.id} is already taken`);
    const refused = this.#refusal(person);
    if (refused !== null) return failure(refused);
    this.#people.set(key, { person, pinHash });
    return success(person);
  }

  async changePerson(place: PersonPlace, id: PersonId, change: PersonChange): Promise<Result<Person, PersonRefusal>> {
    const kept = this.#find(place, id);
    if (kept === undefined) return failure('person-unknown');
    const after = { ...kept.person, ...change };
    const others = this.#active(place).filter((other) => other.id !== id);
    const hasManager = [...others, ...(after.isActive ? [after] : [])].some(({ role }) => role === 'manager');
    if (kept.person.isActive && kept.person.role === 'manager' && !hasManager) return failure('last-manager');
    const refused = this.#refusal(after);
    if (refused !== null) return failure(refused);
    kept.person = after;
    if (!after.isActive) this.#signOut(place.merchantId, id, null);
    return success(after);
  }

  async setPin(place: PersonPlace, id: PersonId, pinHash: PinHash): Promise<Result<Person, 'person-unknown'>> {
    const kept = this.#find(place, id);
    if (kept === undefined) return failure('person-unknown');
    kept.pinHash = pinHash;
    this.#signOut(place.merchantId, id, null);
    this.#guards.delete(`${place.merchantId} ${id}`);
    return success(kept.person);
  }

  async findPerson(place: PersonPlace, id: PersonId): Promise<Person | undefined> {
    return this.#find(place, id)?.person;
  }

  async listPeople(place: PersonPlace, withInactive: boolean): Promise<readonly Person[]> {
    return this.#of(place)
      .filter(({ isActive }) => isActive || withInactive)
      .sort((left, right) => Buffer.compare(sortKey(left), sortKey(right)));
  }

  async findPinHash(place: PersonPlace, id: PersonId): Promise<Kept | undefined> {
    const kept = this.#find(place, id);
    return kept?.person.isActive === true ? { ...kept } : undefined;
  }

  async beginPinTry(tried: PinTry, at: Instant): Promise<Result<null, DurationMs>> {
    const counted = subjectsOf(tried).map(([kind, key]) => ({
      key,
      outcome: countTry(kind, this.#guards.get(key) ?? null, at),
    }));
    const waits = counted.flatMap(({ outcome }) => (outcome.ok ? [] : [outcome.failure]));
    if (waits.length > 0) return failure(durationMs(Math.max(...waits)));
    for (const { key, outcome } of counted) if (outcome.ok) this.#guards.set(key, outcome.value);
    return success(null);
  }

  async forgivePinTry(tried: PinTry): Promise<void> {
    for (const [kind, key] of subjectsOf(tried)) {
      const guard = this.#guards.get(key);
      const left = guard === undefined ? null : forgiveTry(kind, guard);
      if (left === null) this.#guards.delete(key);
      else this.#guards.set(key, left);
    }
  }

  async openSession(session: PersonSession, checked: PinHash): Promise<Result<null, 'person-changed'>> {
    const { merchantId, personId, deviceId, tokenHash } = session;
    const kept = this.#people.get(`${merchantId} ${personId}`);
    const isSame = kept?.person.isActive === true && kept.pinHash.reveal() === checked.reveal();
    if (!isSame) return failure('person-changed');
    this.#signOut(merchantId, personId, deviceId);
    this.#sessions.set(`${merchantId} ${tokenHash}`, session);
    return success(null);
  }

  async findSession(
    merchantId: MerchantId,
    deviceId: DeviceId,
    tokenHash: string,
    at: Instant,
  ): Promise<SignedIn | undefined> {
    const session = this.#sessions.get(`${merchantId} ${tokenHash}`);
    if (session === undefined || session.deviceId !== deviceId || session.endsAt <= at) return undefined;
    const person = this.#people.get(`${merchantId} ${session.personId}`)?.person;
    return person?.isActive === true ? { person, session } : undefined;
  }

  async endSession(merchantId: MerchantId, tokenHash: string): Promise<void> {
    this.#sessions.delete(`${merchantId} ${tokenHash}`);
  }

  #find({ merchantId, storeId }: PersonPlace, id: PersonId): Kept | undefined {
    const kept = this.#people.get(`${merchantId} ${id}`);
    return kept?.person.storeId === storeId ? kept : undefined;
  }

  #of({ merchantId, storeId }: PersonPlace): readonly Person[] {
    const people = [...this.#people.values()].map(({ person }) => person);
    return people.filter((person) => person.merchantId === merchantId && person.storeId === storeId);
  }

  #active(place: PersonPlace): readonly Person[] {
    return this.#of(place).filter(({ isActive }) => isActive);
  }

  #refusal(person: Person): 'name-taken' | 'too-many-people' | null {
    if (!person.isActive) return null;
    const others = this.#active(person).filter(({ id }) => id !== person.id);
    if (others.length >= personBounds.peopleMax) return 'too-many-people';
    return others.some(({ name }) => name === person.name) ? 'name-taken' : null;
  }

  #signOut(merchantId: MerchantId, id: PersonId, deviceId: DeviceId | null): void {
    for (const [key, session] of this.#sessions) {
      const isTheirs = session.merchantId === merchantId && session.personId === id;
      if (isTheirs && (deviceId === null || session.deviceId === deviceId)) this.#sessions.delete(key);
    }
  }
}

// By bytes, as PostgreSQL does (COLLATE "C").
function sortKey({ name, id }: Person): Buffer {
  return Buffer.from(`${name}\0${id}`);
}

function subjectsOf({ merchantId, personId, deviceId }: PinTry): readonly (readonly [PinGuardKind, string])[] {
  return [
    ['person', `${merchantId} ${personId}`],
    ['device', `${merchantId} ${deviceId}`],
  ];
}
