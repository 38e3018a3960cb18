import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nearestName } from './nearest-name.ts';

test('a slip of the keyboard finds the name that was meant', () => {
  assert.equal(nearestName('prot', ['port', 'name']), 'port');
  assert.equal(nearestName('TILLWAY_STORE_PROT', ['TILLWAY_STORE_PORT', 'TILLWAY_HOME']), 'TILLWAY_STORE_PORT');
  assert.equal(nearestName('timezone', ['timeZone']), 'timeZone');
});

test('something else altogether finds nothing', () => {
  assert.equal(nearestName('colour', ['port', 'name']), undefined);
  assert.equal(nearestName('x', []), undefined);
});
