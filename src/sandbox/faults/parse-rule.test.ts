// A rule that cannot work is refused with the field and what it allows.

import { deepStrictEqual, throws } from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseFaultRule } from './parse-rule.ts';

describe('fault rules', () => {
  it('fill in what is left out', () => {
    deepStrictEqual(parseFaultRule({ effect: 'answer-lost' }), {
      match: {},
      effect: { kind: 'answer-lost', booked: true },
    });
    deepStrictEqual(parseFaultRule({ match: { nth: 3 }, effect: { kind: 'buyer-asked' } }), {
      match: { nth: [3], method: 'pay' },
      effect: { kind: 'buyer-asked', answer: 'never', afterMs: 3_000 },
    });
  });

  const refused: readonly (readonly [string, unknown, RegExp])[] = [
    ['no effect', {}, /^effect: is required/],
    ['an unknown effect', { effect: 'explode' }, /^effect\.kind: must be one of answer-lost, delay/],
    ['an unknown field', { effect: 'answer-cut', when: 1 }, /^when: is not known here; allowed: match, effect$/],
    ['a misspelt condition', { effect: 'answer-cut', match: { methods: 'pay' } }, /^match\.methods: is not known/],
    [
      'an unknown method',
      { effect: 'answer-cut', match: { method: 'buy' } },
      /^match\.method: must be one of pay, query/,
    ],
    [
      'a fraction of a call',
      { effect: 'answer-cut', match: { nth: 1.5 } },
      /^match\.nth: must be a whole number from 1/,
    ],
    [
      'a chance above one',
      { effect: 'answer-cut', match: { probability: 2 } },
      /^match\.probability: must be a number/,
    ],
    ['an amount that is none', { effect: 'answer-cut', match: { amount: '1.234' } }, /^match\.amount: must be decimal/],
    ['a delay without its length', { effect: { kind: 'delay' } }, /^effect\.ms: is required/],
    ['an option of another effect', { effect: { kind: 'answer-cut', ms: 1 } }, /^effect\.ms: is not known here/],
    [
      'a rule that could never fire',
      { match: { method: 'query' }, effect: 'cancel-retry' },
      /^match\.method: with effect cancel-retry must be one of cancel$/,
    ],
    [
      'a status that is none',
      { effect: { kind: 'http-error', status: 200 } },
      /^effect\.status: must be a whole number/,
    ],
    ['what is no object', 'answer-cut', /^body: must be a JSON object$/],
  ];
  for (const [what, rule, message] of refused) {
    it(`refuse ${what}`, () => throws(() => parseFaultRule(rule), { message }));
  }
});
