// Checkout's people on PostgreSQL. What must hold between rows (the last manager, signed out with the change) is one transaction with the
// rows locked that it is about.

import {
  type Person,
  type PersonChange,
  type PersonDirectory,
  type PersonPlace,
  type PersonRefusal,
  personBounds,
} from '#checkout/index.ts';
import type { MerchantId, PersonId, StoreId } from '#foundation/id.ts';
import { formatInstant } from '#foundation/instant.ts';
import { redact } from '#foundation/redacted.ts';
import { failure, type Result, success } from '#foundation/result.ts';
import type { Connection, Database, Row, Statement } from '../database.ts';
import { sqlStateOf } from '../journal-error.ts';
import { type PersonRow, personColumns, personOf, type SessionRow, sessionOf } from './person-rows.ts';
import { countPinTry, forgetPinTries, forgivePinTry } from './pin-tries.ts';

const add: Statement = {
  name: 'add-person',
  text: `INSERT INTO person AS p (merchant_id, id, store_id, name, role, language, is_active, pin_hash, created_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING ${personColumns}`,
};
// Taken by every write that could make people too many or managers too few: such writes of one store go one after the other.
const lockStore: Statement = {
  name: 'lock-store-of-people',
  text: 'SELECT id FROM store WHERE merchant_id = $1 AND id = $2 FOR NO KEY UPDATE',
};
const countPeople: Statement = {
  name: 'count-people',
  text: `SELECT count(*) FILTER (WHERE is_active)::int AS active,
  count(*) FILTER (WHERE is_active AND role = 'manager')::int AS managers
FROM person WHERE store_id = $2 AND merchant_id = $1`,
};
const lockPerson: Statement = {
  name: 'lock-person',
  text: `SELECT ${personColumns} FROM person p WHERE p.merchant_id = $1 AND p.store_id = $2 AND p.id = $3 FOR UPDATE`,
};
const change: Statement = {
  name: 'change-person',
  text: `UPDATE person p SET name = $4, role = $5, language = $6, is_active = $7
WHERE p.merchant_id = $1 AND p.store_id = $2 AND p.id = $3 RETURNING ${personColumns}`,
};
const setPin: Statement = {
  name: 'set-pin',
  text: `UPDATE person p SET pin_hash = $4 WHERE p.merchant_id = $1 AND p.store_id = $2 AND p.id = $3
RETURNING ${personColumns}`,
};
const find: Statement = {
  name: 'find-person',
  text: `SELECT ${personColumns} FROM person p WHERE p.merchant_id = $1 AND p.store_id = $2 AND p.id = $3`,
};
const list: Statement = {
  name: 'list-people',
  text: `SELECT ${personColumns} FROM person p
WHERE p.store_id = $2 AND p.merchant_id = $1 AND (p.is_active OR $3) ORDER BY p.name COLLATE "C", p.id`,
};

const endAll: Statement = {
  name: 'end-sessions-of-person',
  text: 'UPDATE person_session SET ended_at = now() WHERE person_id = $2 AND merchant_id = $1 AND ended_at IS NULL',
};
const endAtDevice: Statement = {
  name: 'end-sessions-at-device',
  text: `UPDATE person_session SET ended_at = $4
WHERE person_id = $2 AND merchant_id = $1 AND device_id = $3 AND ended_at IS NULL AND token_hash <> $5`,
};
// The person's row is locked against a change: either the change sees this session and ends it, or this sees the change and makes none.
const openSession: Statement = {
  name: 'open-person-session',
  text: `INSERT INTO person_session (merchant_id, token_hash, person_id, device_id, began_at, ends_at)
SELECT merchant_id, $3, id, $4, $5, $6 FROM (
  SELECT merchant_id, id FROM person WHERE merchant_id = $1 AND id = $2 AND is_active AND pin_hash = $7 FOR SHARE
) known RETURNING token_hash`,
};
const findSession: Statement = {
  name: 'find-person-session',
  text: `SELECT ${personColumns}, s.token_hash, s.device_id, s.began_at, s.ends_at
FROM person_session s JOIN person p ON p.merchant_id = s.merchant_id AND p.id = s.person_id
WHERE s.token_hash = $3 AND s.merchant_id = $1 AND s.device_id = $2
  AND s.ended_at IS NULL AND s.ends_at > $4 AND p.is_active`,
};
const endSession: Statement = {
  name: 'end-person-session',
  text: 'UPDATE person_session SET ended_at = $3 WHERE token_hash = $2 AND merchant_id = $1 AND ended_at IS NULL',
};

interface PeopleCount extends Row {
  readonly active: number;
  readonly managers: number;
}

/** Implements the port; trouble with the database is a thrown `JournalError`. */
export function makePersonDirectory(database: Database): PersonDirectory {
  const read = (place: PersonPlace, id: PersonId) =>
    database.repeatable<PersonRow>(find, [place.merchantId, place.storeId, id]);
  return {
    addPerson: (person, pinHash) =>
      nameOnce(
        database.transaction(async (connection) => {
          const { active } = await countLocked(connection, person.merchantId, person.storeId);
          if (person.isActive && active >= personBounds.peopleMax) return failure('too-many-people');
          const [row] = await connection.query<PersonRow>(add, [
            ...[person.merchantId, person.id, person.storeId, person.name, person.role, person.language],
            ...[person.isActive, pinHash.reveal(), formatInstant(person.createdAt)],
          ]);
          return row === undefined ? failure('person-unknown') : success(personOf(row));
        }),
      ),
    changePerson: (place, id, wanted) =>
      nameOnce(database.transaction((connection) => changeLocked(connection, place, id, wanted))),
    setPin: ({ merchantId, storeId }, id, pinHash) =>
      database.transaction(async (connection) => {
        const [row] = await connection.query<PersonRow>(setPin, [merchantId, storeId, id, pinHash.reveal()]);
        if (row === undefined) return failure('person-unknown');
        await connection.query(endAll, [merchantId, id]);
        await forgetPinTries(connection, merchantId, id);
        return success(personOf(row));
      }),
    async findPerson(place, id) {
      const [row] = await read(place, id);
      return row === undefined ? undefined : personOf(row);
    },
    async listPeople({ merchantId, storeId }, withInactive) {
      return (await database.repeatable<PersonRow>(list, [merchantId, storeId, withInactive])).map(personOf);
    },
    async findPinHash(place, id) {
      const [row] = await read(place, id);
      return row?.is_active === true ? { person: personOf(row), pinHash: redact(row.pin_hash) } : undefined;
    },
    beginPinTry: (tried, at) => database.transaction((connection) => countPinTry(connection, tried, at)),
    forgivePinTry: (tried) => database.transaction((connection) => forgivePinTry(connection, tried)),
    openSession: (session, checked) =>
      database.transaction(async (connection) => {
        const { merchantId, personId, deviceId, tokenHash } = session;
        const [beganAt, endsAt] = [formatInstant(session.beganAt), formatInstant(session.endsAt)];
        const values = [merchantId, personId, tokenHash, deviceId, beganAt, endsAt, checked.reveal()];
        // The person's row before those of sessions, as a change takes them: the other way round the two could wait for each other.
        if ((await connection.query(openSession, values)).length === 0) return failure('person-changed');
        await connection.query(endAtDevice, [merchantId, personId, deviceId, beganAt, tokenHash]);
        return success(null);
      }),
    async findSession(merchantId, deviceId, tokenHash, at) {
      const values = [merchantId, deviceId, tokenHash, formatInstant(at)];
      const [row] = await database.repeatable<SessionRow>(findSession, values);
      return row === undefined ? undefined : { person: personOf(row), session: sessionOf(row) };
    },
    async endSession(merchantId, tokenHash, at) {
      await database.repeatable(endSession, [merchantId, tokenHash, formatInstant(at)]);
    },
  };
}

async function countLocked(connection: Connection, merchantId: MerchantId, storeId: StoreId): Promise<PeopleCount> {
  await connection.query(lockStore, [merchantId, storeId]);
  const [count] = await connection.query<PeopleCount>(countPeople, [merchantId, storeId]);
  return count ?? { active: 0, managers: 0 };
}

async function changeLocked(
  connection: Connection,
  { merchantId, storeId }: PersonPlace,
  id: PersonId,
  wanted: PersonChange,
): Promise<Result<Person, PersonRefusal>> {
  const { active, managers } = await countLocked(connection, merchantId, storeId);
  const [row] = await connection.query<PersonRow>(lockPerson, [merchantId, storeId, id]);
  if (row === undefined) return failure('person-unknown');
  const before = personOf(row);
  const after = { ...before, ...wanted };
  const wasManaging = before.isActive && before.role === 'manager';
  if (wasManaging && !(after.isActive && after.role === 'manager') && managers <= 1) return failure('last-manager');
  if (after.isActive && !before.isActive && active >= personBounds.peopleMax) return failure('too-many-people');
  const values = [merchantId, storeId, id, after.name, after.role, after.language, after.isActive];
  await connection.query(change, values);
  if (!after.isActive) await connection.query(endAll, [merchantId, id]);
  return success(after);
}

// The index on names is the only unique constraint of `person` beside its key, and a fresh id is never taken.
async function nameOnce(written: Promise<Result<Person, PersonRefusal>>): Promise<Result<Person, PersonRefusal>> {
  try {
    return await written;
  } catch (error) {
    const isName = sqlStateOf(error) === '23505' && error instanceof Error && error.message.includes('person_by_name');
    if (isName) return failure('name-taken');
    throw error;
  }
}
