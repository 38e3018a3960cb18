import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { hear, isFinal, isInCustody, isSettled, secondsLeft } from './payment-entry.ts';
import { entryOf, viewOf } from './testing/fake-store.ts';

describe('an entry', () => {
  it('takes the state that the server tells', () => {
    const waiting = hear(entryOf(), { kind: 'payment', view: viewOf({ status: 'awaiting-payer' }) });
    assert.equal(waiting.phase, 'awaiting-payer');
    assert.equal(waiting.spanMs, 30_000);
    assert.equal(isFinal(waiting), false);
  });

  it('never loses a final word to an older view that comes late', () => {
    const paid = hear(entryOf(), { kind: 'payment', view: viewOf({ status: 'paid' }) });
    const late = hear(paid, { kind: 'payment', view: viewOf({ status: 'processing' }) });
    assert.equal(late.phase, 'paid');
    const undone = hear(entryOf(), { kind: 'payment', view: viewOf({ status: 'not-paid', custody: false }) });
    assert.equal(
      isInCustody(hear(undone, { kind: 'payment', view: viewOf({ status: 'not-paid', custody: true }) })),
      false,
    );
  });

  it('is final but not settled while its reversal is in custody', () => {
    const custody = hear(entryOf(), { kind: 'payment', view: viewOf({ status: 'not-paid', custody: true }) });
    assert.equal(isFinal(custody), true);
    assert.equal(isSettled(custody), false);
    const proven = hear(custody, { kind: 'payment', view: viewOf({ status: 'not-paid', custody: false }) });
    assert.equal(isSettled(proven), true);
  });

  it('does not take silence for an outcome', () => {
    const silent = hear(entryOf(), { kind: 'silence' });
    assert.equal(silent.phase, 'sending');
    assert.equal(silent.inTouch, false);
    assert.equal(hear(silent, { kind: 'payment', view: viewOf({ status: 'processing' }) }).inTouch, true);
  });

  it('counts whole seconds down to zero and not below', () => {
    const entry = entryOf();
    assert.equal(secondsLeft(entry, entry.scannedAtMs), 30);
    assert.equal(secondsLeft(entry, entry.scannedAtMs + 29_001), 1);
    assert.equal(secondsLeft(entry, entry.scannedAtMs + 90_000), 0);
  });
});
