// What every PersonDirectory must do, whatever it stands on.

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type DeviceId, makeId, type PersonId } from '#foundation/id.ts';
import { durationMs, type Instant, instant, plus } from '#foundation/instant.ts';
import { seededRandom } from '#foundation/random.ts';
import { redact } from '#foundation/redacted.ts';
import type { Role } from './permission.ts';
import type { Person } from './person.ts';
import type { PersonDirectory, PersonPlace, PersonSession } from './person-directory.port.ts';

export type PersonDirectorySubject = {
  readonly directory: PersonDirectory;
  /** A store that people can belong to, of a merchant of its own. */
  openStore(): Promise<PersonPlace>;
  close(): Promise<void>;
};

const start = instant(Date.UTC(2026, 0, 15, 3, 4, 5, 678));
const later = (ms: number): Instant => plus(start, durationMs(ms));
const seed = Number(process.hrtime.bigint() % 2n ** 32n);
const pin = (name: string) => redact(`$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$${name}`);

class Stage {
  readonly #random = seededRandom(seed);
  #subject: PersonDirectorySubject | undefined;
  use(subject: PersonDirectorySubject): void {
    this.#subject = subject;
  }
  get subject(): PersonDirectorySubject {
    assert.ok(this.#subject !== undefined);
    return this.#subject;
  }
  get directory(): PersonDirectory {
    return this.subject.directory;
  }
  device(): DeviceId {
    return makeId('device', start, this.#random);
  }
  personId(): PersonId {
    return makeId('person', start, this.#random);
  }
  person(place: PersonPlace, change: Partial<Person> = {}): Person {
    const id = this.personId();
    return { id, ...place, name: id, role: 'cashier', language: 'zh', isActive: true, createdAt: start, ...change };
  }
  async add(place: PersonPlace, role: Role = 'cashier'): Promise<Person> {
    const person = this.person(place, { role });
    assert.deepEqual(await this.directory.addPerson(person, pin(person.id)), { ok: true, value: person });
    return person;
  }
  session(person: Person, change: Partial<PersonSession> = {}): PersonSession {
    const { merchantId, id: personId } = person;
    const tokenHash = Array.from({ length: 8 }, () => this.#random.uint32().toString(16).padStart(8, '0')).join('');
    const times = { beganAt: start, endsAt: later(1_000) };
    return { tokenHash, merchantId, deviceId: this.device(), personId, ...times, ...change };
  }
  async signIn(person: Person, change: Partial<PersonSession> = {}): Promise<PersonSession> {
    const session = this.session(person, change);
    assert.deepEqual(await this.directory.openSession(session, pin(person.id)), { ok: true, value: null });
    return session;
  }
  find({ merchantId, deviceId, tokenHash }: PersonSession, at = start) {
    return this.directory.findSession(merchantId, deviceId, tokenHash, at);
  }
}

/** Runs the suite against a directory. `makeSubject` is called once; the seed in the suite's name repeats its ids. */
export function personDirectoryContract(name: string, makeSubject: () => Promise<PersonDirectorySubject>): void {
  describe(`${name} keeps the person directory's contract (seed ${seed})`, () => {
    const stage = new Stage();
    before(async () => stage.use(await makeSubject()));
    after(async () => await stage.subject.close());
    peopleTests(stage);
    managerTests(stage);
    pinTests(stage);
    sessionTests(stage);
    signedOutTests(stage);
  });
}

function peopleTests(stage: Stage): void {
  test('a person is found as they were given, in their own store only', async () => {
    const [place, elsewhere] = [await stage.subject.openStore(), await stage.subject.openStore()];
    const person = stage.person(place, { name: '王小梅 O’Brien', role: 'supervisor', language: 'en' });
    await stage.directory.addPerson(person, pin('a'));
    assert.deepEqual(await stage.directory.findPerson(place, person.id), person);
    assert.equal(await stage.directory.findPerson(elsewhere, person.id), undefined);
    const found = await stage.directory.findPinHash(place, person.id);
    assert.deepEqual([found?.person, found?.pinHash.reveal()], [person, pin('a').reveal()]);
    assert.equal(await stage.directory.findPinHash(elsewhere, person.id), undefined);
    await assert.rejects(stage.directory.addPerson(person, pin('a')));
  });

  test('a name stands once among the active people of a store, and is free again when its owner has left', async () => {
    const [place, elsewhere] = [await stage.subject.openStore(), await stage.subject.openStore()];
    const first = stage.person(place, { name: 'Lin' });
    const add = (of: PersonPlace) => stage.directory.addPerson(stage.person(of, { name: 'Lin' }), pin('a'));
    await stage.directory.addPerson(first, pin('a'));
    assert.deepEqual(await add(place), { ok: false, failure: 'name-taken' });
    assert.equal((await add(elsewhere)).ok, true);
    assert.equal((await stage.directory.changePerson(place, first.id, { isActive: false })).ok, true);
    assert.equal((await add(place)).ok, true);
    const back = await stage.directory.changePerson(place, first.id, { isActive: true });
    assert.deepEqual(back, { ok: false, failure: 'name-taken' });
  });

  test('people are listed by name, who has left only when asked for', async () => {
    const place = await stage.subject.openStore();
    for (const name of ['陈静', 'Wang', 'Ada'])
      await stage.directory.addPerson(stage.person(place, { name }), pin('a'));
    const gone = stage.person(place, { name: 'Bo', isActive: false });
    await stage.directory.addPerson(gone, pin('a'));
    const names = async (withInactive: boolean) =>
      (await stage.directory.listPeople(place, withInactive)).map(({ name }) => name);
    assert.deepEqual(await names(false), ['Ada', 'Wang', '陈静']);
    assert.deepEqual(await names(true), ['Ada', 'Bo', 'Wang', '陈静']);
    assert.equal(await stage.directory.findPinHash(place, gone.id), undefined);
  });

  test('a change changes what it names and nothing else', async () => {
    const place = await stage.subject.openStore();
    const person = await stage.add(place);
    const wanted = { name: 'Zhao', role: 'supervisor', language: 'en' } as const;
    const changed = await stage.directory.changePerson(place, person.id, wanted);
    assert.deepEqual(changed, { ok: true, value: { ...person, ...wanted } });
    assert.deepEqual(await stage.directory.findPerson(place, person.id), { ...person, ...wanted });
    const unknown = await stage.directory.changePerson(place, stage.personId(), wanted);
    assert.deepEqual(unknown, { ok: false, failure: 'person-unknown' });
  });
}

function managerTests(stage: Stage): void {
  test('the last active manager neither leaves nor becomes anything less', async () => {
    const place = await stage.subject.openStore();
    const manager = await stage.add(place, 'manager');
    for (const change of [{ isActive: false }, { role: 'supervisor' }] as const) {
      const refused = await stage.directory.changePerson(place, manager.id, change);
      assert.deepEqual(refused, { ok: false, failure: 'last-manager' });
    }
    assert.equal((await stage.directory.changePerson(place, manager.id, { name: 'Li' })).ok, true);
    const other = await stage.add(place, 'manager');
    assert.equal((await stage.directory.changePerson(place, manager.id, { isActive: false })).ok, true);
    const last = await stage.directory.changePerson(place, other.id, { isActive: false });
    assert.deepEqual(last, { ok: false, failure: 'last-manager' });
  });

  test('of ten managers who all leave at once one stays', async () => {
    const place = await stage.subject.openStore();
    const managers: Person[] = [];
    for (let count = 0; count < 10; count += 1) managers.push(await stage.add(place, 'manager'));
    const left = await Promise.all(
      managers.map(({ id }) => stage.directory.changePerson(place, id, { isActive: false })),
    );
    assert.equal(left.filter(({ ok }) => ok).length, 9);
    assert.equal((await stage.directory.listPeople(place, false)).length, 1);
  });
}

function pinTests(stage: Stage): void {
  const tryOf = async (place?: PersonPlace) => {
    const { merchantId } = place ?? (await stage.subject.openStore());
    return { merchantId, personId: stage.personId(), deviceId: stage.device() };
  };

  test('after five wrong tries the wait begins and grows, and a try that is refused is not counted', async () => {
    const tried = await tryOf();
    for (let count = 0; count < 5; count += 1) {
      assert.deepEqual(await stage.directory.beginPinTry(tried, start), { ok: true, value: null });
    }
    assert.deepEqual(await stage.directory.beginPinTry(tried, start), { ok: false, failure: 5_000 });
    assert.deepEqual(await stage.directory.beginPinTry(tried, later(4_000)), { ok: false, failure: 1_000 });
    assert.equal((await stage.directory.beginPinTry(tried, later(5_000))).ok, true);
    assert.deepEqual(await stage.directory.beginPinTry(tried, later(5_000)), { ok: false, failure: 10_000 });
  });

  test('fifty tries at once are five', async () => {
    const tried = await tryOf();
    const tries = await Promise.all(Array.from({ length: 50 }, () => stage.directory.beginPinTry(tried, start)));
    assert.equal(tries.filter(({ ok }) => ok).length, 5);
  });

  test('the tries at many people from one device are counted together, as those at one person from many devices are', async () => {
    const tried = await tryOf();
    for (let count = 0; count < 5; count += 1) {
      await stage.directory.beginPinTry({ ...tried, personId: stage.personId() }, start);
    }
    const fromThere = await stage.directory.beginPinTry({ ...tried, personId: stage.personId() }, start);
    assert.deepEqual(fromThere, { ok: false, failure: 5_000 });
    const sought = await tryOf();
    for (let count = 0; count < 5; count += 1) {
      await stage.directory.beginPinTry({ ...sought, deviceId: stage.device() }, start);
    }
    const atThem = await stage.directory.beginPinTry({ ...sought, deviceId: stage.device() }, start);
    assert.deepEqual(atThem, { ok: false, failure: 5_000 });
  });

  test('a right PIN lets the person start afresh, and takes one try off the device', async () => {
    const tried = await tryOf();
    for (let count = 0; count < 4; count += 1) await stage.directory.beginPinTry(tried, start);
    assert.equal((await stage.directory.beginPinTry(tried, start)).ok, true);
    await stage.directory.forgivePinTry(tried);
    assert.equal((await stage.directory.beginPinTry(tried, start)).ok, true, 'the device had four left');
    assert.deepEqual(await stage.directory.beginPinTry(tried, start), { ok: false, failure: 5_000 });
    const elsewhere = { ...tried, deviceId: stage.device() };
    for (let count = 0; count < 4; count += 1) {
      assert.equal((await stage.directory.beginPinTry(elsewhere, start)).ok, true, 'the person had one');
    }
    assert.equal((await stage.directory.beginPinTry(elsewhere, start)).ok, false);
  });

  test('a new PIN forgets the tries at the old one', async () => {
    const place = await stage.subject.openStore();
    const { id: personId } = await stage.add(place);
    const at = () => ({ merchantId: place.merchantId, personId, deviceId: stage.device() });
    for (let count = 0; count < 5; count += 1) await stage.directory.beginPinTry(at(), start);
    assert.equal((await stage.directory.beginPinTry(at(), start)).ok, false);
    assert.equal((await stage.directory.setPin(place, personId, pin('new'))).ok, true);
    assert.equal((await stage.directory.beginPinTry(at(), start)).ok, true);
    assert.equal((await stage.directory.findPinHash(place, personId))?.pinHash.reveal(), pin('new').reveal());
    const unknown = await stage.directory.setPin(place, stage.personId(), pin('new'));
    assert.deepEqual(unknown, { ok: false, failure: 'person-unknown' });
  });
}

function sessionTests(stage: Stage): void {
  test('a token tells who is signed in, at its own device and until it ends', async () => {
    const person = await stage.add(await stage.subject.openStore());
    const session = await stage.signIn(person);
    assert.deepEqual(await stage.find(session), { person, session });
    assert.deepEqual(await stage.find(session, later(999)), { person, session });
    assert.equal(await stage.find(session, later(1_000)), undefined);
    assert.equal(await stage.find({ ...session, deviceId: stage.device() }), undefined);
    assert.equal(await stage.find({ ...session, tokenHash: 'f'.repeat(64) }), undefined);
  });

  test('a role that was changed counts from the next question on', async () => {
    const place = await stage.subject.openStore();
    const person = await stage.add(place);
    const session = await stage.signIn(person);
    await stage.directory.changePerson(place, person.id, { role: 'supervisor' });
    assert.equal((await stage.find(session))?.person.role, 'supervisor');
  });

  test('a PIN that was changed while it was checked signs nobody in', async () => {
    const place = await stage.subject.openStore();
    const person = await stage.add(place);
    await stage.directory.setPin(place, person.id, pin('new'));
    const session = stage.session(person);
    const refused = await stage.directory.openSession(session, pin(person.id));
    assert.deepEqual(refused, { ok: false, failure: 'person-changed' });
    assert.equal(await stage.find(session), undefined);
  });

  test('of signing in again and a new PIN at once, whatever comes first, no session of the old PIN is left', async () => {
    const place = await stage.subject.openStore();
    for (let round = 0; round < 20; round += 1) {
      const person = await stage.add(place);
      const before = await stage.signIn(person);
      const again = stage.session(person, { deviceId: before.deviceId });
      await Promise.all([
        stage.directory.openSession(again, pin(person.id)),
        stage.directory.setPin(place, person.id, pin('new')),
      ]);
      assert.deepEqual([await stage.find(before), await stage.find(again)], [undefined, undefined]);
    }
  });

  test('whoever became inactive meanwhile is not signed in', async () => {
    const place = await stage.subject.openStore();
    const person = await stage.add(place);
    await stage.directory.changePerson(place, person.id, { isActive: false });
    const refused = await stage.directory.openSession(stage.session(person), pin(person.id));
    assert.deepEqual(refused, { ok: false, failure: 'person-changed' });
  });

  test('signing in again at a device ends what was open there, and nothing elsewhere', async () => {
    const person = await stage.add(await stage.subject.openStore());
    const first = await stage.signIn(person);
    const elsewhere = await stage.signIn(person);
    const second = await stage.signIn(person, { deviceId: first.deviceId });
    assert.equal(await stage.find(first), undefined);
    assert.deepEqual(
      [(await stage.find(elsewhere))?.session, (await stage.find(second))?.session],
      [elsewhere, second],
    );
  });
}

function signedOutTests(stage: Stage): void {
  test('signing out ends one session, and may be said twice', async () => {
    const person = await stage.add(await stage.subject.openStore());
    const [first, second] = [await stage.signIn(person), await stage.signIn(person)];
    for (let count = 0; count < 2; count += 1) {
      await stage.directory.endSession(first.merchantId, first.tokenHash, later(1));
    }
    assert.equal(await stage.find(first), undefined);
    assert.deepEqual((await stage.find(second))?.session, second);
  });

  test('a new PIN, and leaving, end every session of that person and of nobody else', async () => {
    const place = await stage.subject.openStore();
    const [renewed, leaving, staying] = [await stage.add(place), await stage.add(place), await stage.add(place)];
    const [first, second] = [await stage.signIn(renewed), await stage.signIn(renewed)];
    const [third, fourth] = [await stage.signIn(leaving), await stage.signIn(staying)];
    await stage.directory.setPin(place, renewed.id, pin('new'));
    await stage.directory.changePerson(place, leaving.id, { isActive: false });
    for (const ended of [first, second, third]) assert.equal(await stage.find(ended), undefined);
    assert.deepEqual((await stage.find(fourth))?.session, fourth);
    await stage.directory.changePerson(place, leaving.id, { isActive: true });
    assert.equal(await stage.find(third), undefined, 'coming back brings no session back');
  });
}
