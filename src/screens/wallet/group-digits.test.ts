import assert from 'node:assert/strict';
import { it } from 'node:test';
import { groupDigits } from './group-digits.ts';

it('shows codes in groups of four, of every length', () => {
  assert.equal(groupDigits('2834567890123456'), '2834 5678 9012 3456');
  assert.equal(groupDigits('283456789012345678'), '2834 5678 9012 3456 78');
  assert.equal(groupDigits('281010897274821897274821'), '2810 1089 7274 8218 9727 4821');
});
