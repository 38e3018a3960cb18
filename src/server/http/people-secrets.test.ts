// PINs and tokens stay where they belong: people do all that people do, rightly and wrongly, and then the log, every answer, the metrics
// and every row of the database are searched.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import pg from 'pg';
import { createLog } from '../log.ts';
import { demoPeople } from '../people/demo-people.ts';
import { type Answer, type Call, demoPins, openShop, type Shop } from '../testing/shop.fixture.ts';

// Eight digits each, so that nothing else has them by chance.
const pins = { hired: '90817263', renewed: '73920418', wrong: '64190372', misplaced: '58203917' };

let shop: Shop;
const tokens: string[] = [];
/** All but the answers to signing in, which give the token to whom it belongs. */
const answers: string[] = [];
before(async () => {
  shop = await openShop();
});
after(() => shop.close());

async function ask(method: string, path: string, call: Call = {}): Promise<Answer> {
  const answer = await shop.call(method, `/api/v1${path}`, call);
  answers.push(`${answer.text}\n${JSON.stringify([...answer.headers])}`);
  return answer;
}

async function signIn(personId: string, pin: string): Promise<string> {
  const answer = await shop.call('POST', '/api/v1/people/sign-in', { body: { personId, pin } });
  assert.equal(answer.status, 201, answer.text);
  assert.ok(!answer.text.includes(pin));
  const token = String(answer.json['token']);
  tokens.push(token);
  return token;
}

async function liveThroughAShift(): Promise<void> {
  const manager = await signIn(demoPeople.manager.id, demoPins.manager);
  const body = { name: 'Sun Li', role: 'supervisor', pin: pins.hired };
  const hired = String((await ask('POST', '/people', { person: manager, body })).json['personId']);
  await signIn(hired, pins.hired);
  await ask('PUT', `/people/${hired}/pin`, { person: manager, body: { pin: pins.renewed } });
  await ask('POST', '/people/sign-in', { body: { personId: hired, pin: pins.wrong } });
  const cashier = await signIn(demoPeople.cashier.id, demoPins.cashier);
  const allowing = { act: 'open-drawer', reason: 'change', subject: 'drawer' };
  for (const pin of [pins.renewed, pins.wrong]) {
    await ask('POST', '/people/overrides', { person: cashier, body: { personId: hired, pin, ...allowing } });
  }
  // Whatever a till or a person may get wrong with a PIN in the hand.
  const { misplaced } = pins;
  await ask('POST', '/people/sign-in', { raw: `{"personId":"${hired}","pin":"${misplaced}"` });
  await ask('POST', '/people/sign-in', { body: { personId: misplaced, pin: misplaced } });
  await ask('POST', '/people/sign-in', { body: { personId: hired, pin: Number(misplaced) } });
  await ask('POST', '/people/sign-in', { body: { personId: hired, pin: `${misplaced}0` } });
  await ask('GET', `/people/me?pin=${misplaced}`, { person: misplaced });
  await ask('PUT', `/people/${misplaced}/pin`, { person: manager, body: { pin: [misplaced] } });
  for (let tries = 0; tries < 5; tries += 1) {
    await ask('POST', '/people/sign-in', { body: { personId: hired, pin: pins.wrong } });
  }
  for (const path of ['/people', '/people/all', '/people/overrides', '/people/me']) {
    await ask('GET', path, { person: manager });
  }
  await ask('POST', '/people/sign-out', { person: cashier });
  await ask('GET', '/people/me', { person: cashier });
  answers.push((await shop.call('GET', '/metrics')).text);
}

async function everyRow(): Promise<string> {
  const client = new pg.Client({ connectionString: shop.databaseUrl });
  await client.connect();
  try {
    const rows: string[] = [];
    for (const table of ['person', 'pin_guard', 'person_session', 'person_override', 'outbox', 'device']) {
      const found = await client.query<{ row: string }>(`SELECT row_to_json(t)::text AS row FROM ${table} t`);
      rows.push(...found.rows.map(({ row }) => row));
    }
    return rows.join('\n');
  } finally {
    await client.end();
  }
}

test('no PIN and no token is in the log, in an answer to anybody else, or in the database', async () => {
  await liveThroughAShift();
  const logged: string[] = [];
  const log = createLog('store', { write: (line: string) => void logged.push(line) });
  for (const line of shop.lines) {
    const { event, ...fields } = JSON.parse(line);
    log.event(event, fields);
  }
  const places = { log: logged.join(''), answers: answers.join('\n'), database: await everyRow() };
  // Enough was said and kept for the search to mean something.
  for (const event of ['signed-in', 'pin.refused', 'pin.waited', 'pin.set', 'override.recorded']) {
    assert.ok(places.log.includes(event), event);
  }
  assert.match(places.database, /\$argon2id\$/);
  assert.ok(tokens.length === 3 && answers.length >= 20);
  const secrets = [...Object.values(pins), demoPins.manager, ...tokens];
  for (const [place, text] of Object.entries(places)) {
    for (const [index, secret] of secrets.entries())
      assert.ok(!text.includes(secret), `secret ${index} is in ${place}`);
    // A hash of a PIN leaves the database for nobody.
    if (place !== 'database') assert.ok(!text.includes('argon2'), place);
  }
});
