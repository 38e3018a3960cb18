// The journal's clock, which all processes that share the journal go by.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Context } from './journal-subject.contract.ts';

const readingsMax = 10_000;

export function timeTests({ journal, subject }: Context): void {
  test('its clock moves on and never runs backwards', async () => {
    const first = await journal().time();
    let last = first;
    for (let readings = 0; last - first < 20 && readings < readingsMax; readings += 1) {
      const next = await journal().time();
      assert.ok(next >= last, `${next} after ${last}`);
      last = next;
    }
    assert.ok(last - first >= 20, 'it moves on');
  });

  test('its clock is the clock of what it stands on, in whole milliseconds', async () => {
    const before = await subject().now();
    const told = await journal().time();
    const after = await subject().now();
    assert.ok(before <= told && told <= after, `${told} is not between ${before} and ${after}`);
    assert.ok(Number.isInteger(told));
  });
}
