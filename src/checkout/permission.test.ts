import assert from 'node:assert/strict';
import { test } from 'node:test';
import { acts, allowed, discountLimitOf, overrideBy, roles, usualPermissions } from './permission.ts';
import { cny, noon } from './testing/fixtures.ts';

const asked = { act: 'cash-out', worth: cny(1_000), reason: 'courier', askedBy: 'lin', at: noon } as const;

test('an act needs its role, and its worth the limit of that role', () => {
  assert.deepEqual(allowed('cashier', 'sell', usualPermissions), { isAllowed: true });
  assert.deepEqual(allowed('cashier', 'see-custody', usualPermissions), { isAllowed: false, needs: 'manager' });
  assert.deepEqual(allowed('cashier', 'return-with-receipt', usualPermissions, cny(50_000)), { isAllowed: true });
  assert.deepEqual(allowed('cashier', 'return-with-receipt', usualPermissions, cny(50_001)), {
    isAllowed: false,
    needs: 'supervisor',
  });
  assert.deepEqual(allowed('supervisor', 'return-without-receipt', usualPermissions, cny(50_001)), {
    isAllowed: false,
    needs: 'manager',
  });
  const forbidding = structuredClone(usualPermissions);
  const nobody = {
    ...forbidding,
    limits: { ...forbidding.limits, manager: { ...forbidding.limits.manager, worthMinorMax: { 'cash-out': 1n } } },
  };
  assert.deepEqual(allowed('manager', 'cash-out', nobody, cny(600_000)), { isAllowed: false, needs: null });
});

test('who may more may all that who may less may', () => {
  for (const act of acts) {
    const may = roles.map((role) => allowed(role, act, usualPermissions, cny(40_000)).isAllowed);
    assert.deepEqual(
      may,
      may.toSorted((a, b) => Number(a) - Number(b)),
      act,
    );
  }
  assert.deepEqual(
    roles.map((role) => discountLimitOf(role, usualPermissions).rateBpsMax),
    [500, 3_000, 10_000],
  );
});

test("a supervisor's word is written down, and nobody's own word counts for themselves", () => {
  const wang = { personId: 'wang', role: 'supervisor' } as const;
  assert.deepEqual(overrideBy(wang, asked, usualPermissions), {
    ok: true,
    value: { ...asked, allowedBy: 'wang', allowedAs: 'supervisor' },
  });
  for (const [supervisor, change, expected] of [
    [wang, { reason: '' }, 'reason-missing'],
    [wang, { askedBy: 'wang' }, 'own-override'],
    [wang, { worth: cny(500_001) }, 'not-theirs-to-allow'],
    [{ personId: 'mei', role: 'cashier' }, {}, 'not-theirs-to-allow'],
  ] as const) {
    assert.deepEqual(overrideBy(supervisor, { ...asked, ...change }, usualPermissions), {
      ok: false,
      failure: expected,
    });
  }
});
