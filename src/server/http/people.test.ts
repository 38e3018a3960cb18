// People over HTTP: signing in and out, wrong PINs and their waits, who may change whom, and the words of supervisors.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { acts, personLanguages as languages, roles } from '#checkout/index.ts';
import {
  overrideSchema,
  peopleSchema,
  personActs,
  personLanguages,
  personRoles,
  personSchema,
  personSessionSchema,
  signedInSchema,
} from '../contract/people.ts';
import { demoPeople } from '../people/demo-people.ts';
import { assertProblem, demo, demoPins, openShop, type Shop } from '../testing/shop.fixture.ts';

let shop: Shop;
let manager: string;
before(async () => {
  shop = await openShop();
  manager = await shop.signIn('manager');
});
after(() => shop.close());

const people = '/api/v1/people';
const post = (path: string, body: unknown, person?: string, key?: string) =>
  shop.call('POST', path, { body, ...(person === undefined ? {} : { person }), ...(key === undefined ? {} : { key }) });
const me = (person: string, key = shop.apiKey) => shop.call('GET', `${people}/me`, { person, key });
const signIn = (personId: string, pin: string, key = shop.apiKey) =>
  post(`${people}/sign-in`, { personId, pin }, undefined, key);
/** A till of the demo store of its own, so that wrong tries of one test are not another's. */
const till = async () => (await shop.device(demo)).key;

let count = 0;
async function hire(change: Record<string, unknown> = {}): Promise<string> {
  count += 1;
  const answer = await post(people, { name: `Person ${count}`, role: 'cashier', pin: '123456', ...change }, manager);
  assert.equal(answer.status, 201, answer.text);
  return personSchema.strict().parse(answer.json).personId;
}

test('the words of the contract are those of the till', () => {
  assert.deepEqual([personActs, personRoles, personLanguages], [acts, roles, languages]);
});

test('the demo has three people, and each signs in with their PIN', async () => {
  const listed = peopleSchema.strict().parse((await shop.call('GET', people)).json).people;
  for (const role of roles) {
    const shown = listed.find(({ personId }) => personId === demoPeople[role].id);
    assert.deepEqual([shown?.role, shown?.name, shown?.isActive], [role, demoPeople[role].name, true]);
    const key = await till();
    const answer = await signIn(demoPeople[role].id, demoPins[role], key);
    const session = personSessionSchema.strict().parse(answer.json);
    assert.match(session.token, /^tp_[\w-]{43}$/);
    const hours = (Date.parse(session.endsAt) - Date.now()) / 3_600_000;
    assert.ok(hours > 11.99 && hours <= 12, `${hours} hours`);
    const shownMe = signedInSchema.strict().parse((await me(session.token, key)).json);
    assert.deepEqual(shownMe, { person: session.person, endsAt: session.endsAt });
  }
});

test('a token counts at its own device, until it is signed out there', async () => {
  const personId = await hire();
  const token = String((await signIn(personId, '123456')).json['token']);
  assert.equal((await me(token)).status, 200);
  assertProblem(await me(token, await till()), 'person-not-signed-in', /another device/);
  for (const wrong of ['', 'tp_', token.slice(0, -1), `${token}x`])
    assertProblem(await me(wrong), 'person-not-signed-in');
  assert.equal((await shop.call('POST', `${people}/sign-out`, { person: token })).status, 204);
  assertProblem(await me(token), 'person-not-signed-in');
  assertProblem(await shop.call('POST', `${people}/sign-out`, { person: token }), 'person-not-signed-in');
});

test('five wrong PINs make the sixth wait, also the right one, and the seconds are told', async () => {
  const personId = await hire();
  const key = await till();
  for (let tries = 0; tries < 5; tries += 1) assertProblem(await signIn(personId, '0000', key), 'pin-wrong');
  const refused = await signIn(personId, '123456', key);
  assertProblem(refused, 'pin-must-wait', /Wait [1-5] s\./);
  const seconds = Number(refused.json['waitSeconds']);
  assert.ok(seconds >= 1 && seconds <= 5, refused.text);
  assert.equal(refused.headers.get('retry-after'), `${seconds}`);
  assertProblem(await signIn(personId, '123456', await till()), 'pin-must-wait');
  assertProblem(await signIn(await hire(), '123456', key), 'pin-must-wait');
});

test('twenty wrong PINs at once are five tries', async () => {
  const personId = await hire();
  const key = await till();
  const answers = await Promise.all(Array.from({ length: 20 }, (_, index) => signIn(personId, `77${index + 10}`, key)));
  const codes = answers.map(({ json }) => String(json['code'])).toSorted();
  assert.deepEqual(codes, [...Array(15).fill('pin-must-wait'), ...Array(5).fill('pin-wrong')]);
});

test('somebody who does not exist, or has left, is answered like somebody whose PIN is wrong', async () => {
  const gone = await hire();
  await shop.call('PATCH', `${people}/${gone}`, { person: manager, body: { isActive: false } });
  const wrong = await signIn(await hire(), '0000', await till());
  for (const personId of [gone, 'per_nbdy']) {
    const key = await till();
    const answer = await signIn(personId, '123456', key);
    assertProblem(answer, 'pin-wrong');
    assert.deepEqual({ ...answer.json, traceId: '' }, { ...wrong.json, traceId: '' });
    for (let tries = 1; tries < 5; tries += 1) await signIn(personId, '123456', key);
    assertProblem(await signIn(personId, '123456', await till()), 'pin-must-wait');
  }
});

test('what is no person id or no PIN is named, without the PIN', async () => {
  assertProblem(await signIn('dev_1', '1234'), 'invalid-request', /personId/);
  for (const pin of ['123', '123456789', '12a4', '１２３４']) {
    const answer = await signIn(demoPeople.cashier.id, pin);
    assertProblem(answer, 'invalid-request', /pin: must be 4 to 8 digits/);
    assert.ok(!answer.text.includes(pin), answer.text);
  }
});

test('a manager adds, renames and promotes people; a name stands once in a store', async () => {
  const body = { name: 'Zhao Qi 赵琦', role: 'cashier', pin: '9876', language: 'en' };
  const added = await post(people, body, manager);
  const { personId } = personSchema.strict().parse(added.json);
  assertProblem(await post(people, body, manager), 'person-name-taken');
  const change = { name: 'Zhao Qi', role: 'supervisor' };
  const changed = await shop.call('PATCH', `${people}/${personId}`, { person: manager, body: change });
  assert.deepEqual(changed.json, { personId, language: 'en', isActive: true, ...change });
  assertProblem(await shop.call('PATCH', `${people}/per_nbdy`, { person: manager, body: {} }), 'person-not-found');
  assertProblem(await shop.call('PATCH', `${people}/x`, { person: manager, body: {} }), 'person-not-found');
});

test('whoever leaves, or gets a new PIN, is signed out at once', async () => {
  const [leaving, renewed] = [await hire(), await hire()];
  const tokens = [];
  for (const personId of [leaving, renewed]) tokens.push(String((await signIn(personId, '123456')).json['token']));
  const [gone = '', old = ''] = tokens;
  await shop.call('PATCH', `${people}/${leaving}`, { person: manager, body: { isActive: false } });
  const set = await shop.call('PUT', `${people}/${renewed}/pin`, { person: manager, body: { pin: '24680' } });
  assert.equal(set.status, 204, set.text);
  for (const token of [gone, old]) assertProblem(await me(token), 'person-not-signed-in');
  assertProblem(await signIn(renewed, '123456', await till()), 'pin-wrong');
  assert.equal((await signIn(renewed, '24680')).status, 201);
  const names = peopleSchema.parse((await shop.call('GET', people)).json).people.map(({ personId }) => personId);
  assert.deepEqual([names.includes(leaving), names.includes(renewed)], [false, true]);
  const all = peopleSchema.parse((await shop.call('GET', `${people}/all`, { person: manager })).json).people;
  assert.equal(all.find(({ personId }) => personId === leaving)?.isActive, false);
});

test('the last active manager cannot go, and says so', async () => {
  const path = `${people}/${demoPeople.manager.id}`;
  for (const body of [{ isActive: false }, { role: 'cashier' }]) {
    assertProblem(await shop.call('PATCH', path, { person: manager, body }), 'last-manager');
  }
});

test('people of another store are nobody here', async () => {
  const other = await shop.device();
  const listed = await shop.call('GET', people, { key: other.key });
  assert.deepEqual(listed.json, { people: [] });
  assertProblem(await signIn(demoPeople.cashier.id, demoPins.cashier, other.key), 'pin-wrong');
  assertProblem(await me(manager, other.key), 'person-not-signed-in');
});

const asking = { act: 'void-basket', worth: { amount: '800.00', currency: 'CNY' }, reason: 'left', subject: 'bsk_1' };
const allow = (change: Record<string, unknown>, person: string) =>
  post(
    `${people}/overrides`,
    { personId: demoPeople.supervisor.id, pin: demoPins.supervisor, ...asking, ...change },
    person,
  );

test('a supervisor allows one act of a cashier, and managers see it', async () => {
  const cashier = await shop.signIn('cashier');
  const override = overrideSchema.strict().parse((await allow({}, cashier)).json);
  assert.deepEqual([override.by, override.for], [demoPeople.supervisor.id, demoPeople.cashier.id]);
  assert.deepEqual(
    [override.act, override.worth, override.reason, override.subject, override.usedAt, override.usedFor],
    [asking.act, asking.worth, asking.reason, asking.subject, null, null],
  );
  assert.equal(Date.parse(override.usableUntil) - Date.parse(override.at), 300_000);
  const listed = await shop.call('GET', `${people}/overrides?limit=1`, { person: manager });
  assert.deepEqual(listed.json, { overrides: [override], next: override.overrideId });
  const rest = await shop.call('GET', `${people}/overrides?before=${override.overrideId}`, { person: manager });
  assert.equal(rest.json['next'], null);
  const odd = await shop.call('GET', `${people}/overrides?before=x`, { person: manager });
  assertProblem(odd, 'invalid-request', /before/);
});

test('nobody allows more than their own role may, nor anything to themselves', async () => {
  const cashier = await shop.signIn('cashier');
  const supervisor = await shop.signIn('supervisor');
  const tooMuch = await allow({ act: 'return-without-receipt', worth: { amount: '500.01', currency: 'CNY' } }, cashier);
  assertProblem(tooMuch, 'role-too-low', /"manager"/);
  assert.equal(tooMuch.json['needs'], 'manager');
  assertProblem(await allow({}, supervisor), 'override-own');
  assertProblem(await allow({ pin: '0000' }, cashier), 'pin-wrong');
  assertProblem(await allow({ act: 'pay-twice' }, cashier), 'invalid-request', /act/);
  assertProblem(await allow({ reason: ' ' }, cashier), 'invalid-request', /reason/);
  assertProblem(await allow({ worth: { amount: '1.00', currency: 'HKD' } }, cashier), 'currency-not-taken');
});
