// What the till does with codes and keys, with a store server in memory and a clock that passes when told.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Follower } from './follow-payment.ts';
import { FakeStore, TestClock, TestMemory } from './testing/fake-store.ts';
import { Till } from './till.ts';

const alipay = '283456789012345678';

async function open() {
  const store = new FakeStore();
  const clock = new TestClock();
  const sounds: string[] = [];
  const follower: Follower = { follow: () => () => {} };
  const till = new Till({
    client: store,
    ambient: clock,
    memory: new TestMemory(),
    follower,
    sounds: { paid: () => sounds.push('paid'), notPaid: () => sounds.push('not paid') },
  });
  void till.start();
  await clock.pass(100);
  const key = (text: string) => {
    for (const letter of text) till.pressKeyboard(letter);
  };
  return { till, store, clock, sounds, key };
}

describe('the till', () => {
  it('turns a keyed amount and a scan into one payment of that amount, with a sound at its end', async () => {
    const { till, store, clock, sounds, key } = await open();
    store.starts = { status: 'paid' };
    key('12.3');
    till.scanned(alipay);
    await clock.pass(500);
    assert.deepEqual(
      [...store.payments.values()].map((payment) => payment.amount),
      ['12.30'],
    );
    assert.deepEqual(sounds, ['paid']);
    assert.equal(till.state.get().padText, '');
  });

  it('lets the green sheet go after two seconds', async () => {
    const { till, store, clock, key } = await open();
    store.starts = { status: 'paid' };
    key('5');
    till.scanned(alipay);
    await clock.pass(1_500);
    assert.equal(till.desk.state.get().front?.phase, 'paid');
    await clock.pass(1_000);
    assert.equal(till.desk.state.get().front, null);
    assert.equal(till.state.get().last?.phase, 'paid');
  });

  it('says plainly what it cannot take', async () => {
    const { till, key } = await open();
    const says = (text: string) => {
      till.scanned(text);
      return till.state.get().notice?.kind;
    };
    assert.equal(says(alipay), 'no-amount');
    key('5');
    assert.equal(says('134567890123456789'), 'wechat-pay');
    assert.equal(says('6212345678901234567'), 'unionpay');
    assert.equal(says('6901234567892'), 'product');
    assert.equal(says('hello'), 'unreadable');
    assert.equal(till.state.get().padText, '5');
  });

  it('takes an amount that was typed as fast as a scan, and offers to when it is not sure', async () => {
    const { till } = await open();
    till.scanned('12.30');
    assert.equal(till.state.get().padText, '12.30');
    till.press('clear');
    till.scanned('123456');
    assert.deepEqual(till.state.get().notice, { kind: 'unreadable', amountText: '123456' });
    assert.equal(till.state.get().padText, '');
    till.takeAsAmount();
    assert.equal(till.state.get().padText, '123456');
  });

  it('keeps the amount of a running payment, and begins a new one with the first key after its end', async () => {
    const { till, store, clock, key } = await open();
    key('5');
    till.scanned(alipay);
    await clock.pass(100);
    key('7');
    assert.equal(till.state.get().notice?.kind, 'finish-first');
    assert.equal(till.state.get().padText, '5');
    till.nextCustomer();
    store.starts = { status: 'not-paid', reason: 'refused-by-payer' };
    key('8');
    till.scanned('289876543210987654');
    await clock.pass(100);
    key('9');
    assert.equal(till.state.get().padText, '9');
  });

  it('keeps the sheet of a payment that has ended while the same code is scanned once more', async () => {
    const { till, store, clock, key } = await open();
    store.starts = { status: 'paid' };
    key('5');
    till.scanned(alipay);
    await clock.pass(500);
    // As the page does: the first digits look typed, then the scan is known and they are taken back.
    const putBack = till.rememberPad();
    key('283');
    putBack();
    till.scanned(alipay);
    assert.equal(till.state.get().notice?.kind, 'same-code');
    assert.equal(till.state.get().padText, '');
    await clock.pass(1_000);
    assert.equal(till.desk.state.get().front?.phase, 'paid');
    assert.equal(store.payments.size, 1);
  });

  it('opens the sale while the scan is still coming in, once, and only with an amount', async () => {
    const { till, store, clock, key } = await open();
    till.scanBegun();
    await clock.pass(10);
    assert.equal(store.opened.size, 0);
    key('5');
    till.scanBegun();
    till.scanBegun();
    await clock.pass(10);
    assert.equal(store.opened.size, 1);
    till.scanned(alipay);
    await clock.pass(100);
    assert.equal(store.opened.size, 1);
  });

  it('says that there is no connection, and finds it again', async () => {
    const { till, store, clock } = await open();
    store.reach = 'request-lost';
    await clock.pass(20_000);
    assert.equal(till.state.get().link, 'away');
    store.reach = 'there';
    await clock.pass(5_000);
    assert.equal(till.state.get().link, 'in-touch');
  });
});
