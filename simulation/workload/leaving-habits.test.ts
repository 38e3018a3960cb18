import assert from 'node:assert/strict';
import { test } from 'node:test';
import { play } from './testing/toy-stage.ts';

const seeds = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
// The store asks a payer who has nothing to say: everything stays open until somebody ends it.
const open = { mood: 'asks', isTiresome: true } as const;

test('who walks away tells the store nothing; somebody looks at the sale later and follows it', async () => {
  for (const seed of seeds) {
    const { kinds, asked, left, story } = await play({ habit: 'walks away', ...open, seed });
    if (left.length === 0) continue;
    assert.ok(!kinds.includes('abandon'));
    assert.equal(story.filter((line) => line.startsWith('walks away')).length, 1);
    const looked = asked.findIndex(({ request }) => request.kind === 'look-at-sale');
    assert.ok(looked > 0, `seed ${seed}: nobody looked`);
    const before = asked.slice(0, looked);
    assert.ok((asked[looked]?.at ?? 0) - (before.at(-1)?.at ?? 0) >= 30_000);
  }
});

test('some walk away before the first answer, and their till does not know the payment', async () => {
  const all = await Promise.all(seeds.map((seed) => play({ habit: 'walks away', ...open, seed })));
  const unknowing = all.filter(({ left }) => left[0]?.paymentId === null);
  assert.ok(unknowing.length > 0 && unknowing.length < all.length);
});

test('a shift that closes abandons what is open', async () => {
  let closed = 0;
  for (const seed of seeds) {
    const { kinds, story } = await play({ habit: 'closes the shift', ...open, seed });
    if (!story.includes('closes the shift')) continue;
    closed += 1;
    assert.equal(kinds.filter((kind) => kind === 'abandon').length, 1);
  }
  assert.ok(closed > 0);
});

test('a shift that closes while no abandon is answered leaves the payment, which is looked at later', async () => {
  const { kinds, left } = await play({
    habit: 'closes the shift',
    ...open,
    loses: ({ kind }) => (kind === 'abandon' ? 'request' : null),
    seed: 2,
  });
  assert.ok(kinds.filter((kind) => kind === 'abandon').length > 1);
  assert.equal(left.length > 0, true);
  assert.ok(kinds.includes('look-at-sale'));
});

test('abandoning comes before the first answer, while it waits, twice at once, and after the word', async () => {
  const seen = new Set<string>();
  for (let seed = 1; seed <= 60; seed += 1) {
    const { story, asked } = await play({ habit: 'abandons', ...open, seed });
    for (const line of story) seen.add(line);
    const at = asked.filter(({ request }) => request.kind === 'abandon').map((abandon) => abandon.at);
    if (new Set(at).size < at.length) seen.add('twice at once');
  }
  for (const what of [
    'stops waiting before the first answer',
    'stops waiting',
    'stops waiting, after the word',
    'twice at once',
  ]) {
    assert.ok(seen.has(what), what);
  }
});
