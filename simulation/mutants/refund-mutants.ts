// Mistakes with refunds.

import type { Mutant } from './mutant.ts';

const file = 'src/payment/refund-protocol.ts';

export const refundMutants: readonly Mutant[] = [
  {
    name: 'second-refusal-is-believed',
    meaning: 'A refusal of a refund is believed on the second try, though the first may have worked.',
    file,
    edits: [
      {
        find: "return call('inquire-refund', { ...state, reason, channelCode, refusedAt: now }, now, policy);",
        replace: "return rest('declined', { ...state, reason, channelCode, refusedAt: now }, now);",
      },
    ],
    expectedBy: 'either',
    first: 'refund-repeat',
  },
  {
    name: 'unclear-refund-is-declined',
    meaning: 'A refund whose answer is unclear is taken for refused.',
    file,
    edits: [
      {
        find: 'return wait({ ...state, cause: value.cause, channelCode: value.channelCode ?? null }, now, policy);',
        replace: "return rest('declined', { ...state, reason: 'other' }, now);",
      },
    ],
    expectedBy: 'either',
    first: 'refund',
  },
  {
    name: 'unclear-refund-is-done',
    meaning: 'A refund whose answer is unclear is taken for done.',
    file,
    edits: [
      {
        find: 'return wait({ ...state, cause: value.cause, channelCode: value.channelCode ?? null }, now, policy);',
        replace: "return rest('refunded', state, now);",
      },
    ],
    expectedBy: 'either',
    first: 'refund',
  },
  {
    name: 'unknown-refund-is-declined',
    meaning: 'A refund that Alipay does not know yet is taken for refused, though its request may still be on its way.',
    file,
    edits: [
      {
        find: "return state.refusedAt === null ? call('refund', state, now, policy) : watch(state, state.refusedAt, now, policy);",
        replace: "return rest('declined', { ...state, reason: state.reason ?? 'other' }, now);",
      },
    ],
    expectedBy: 'either',
    first: 'refund',
  },
  {
    name: 'refused-refund-is-not-watched',
    meaning:
      'A refund that was refused and is not there is closed at once, though an earlier request may still arrive.',
    file,
    edits: [{ find: 'if (now >= certainAt) return', replace: 'if (now >= refusedAt) return' }],
    expectedBy: 'either',
    first: 'refund-overtaken',
  },
  {
    name: 'new-refund-number-on-retry',
    meaning: 'Each try of a refund has a number of its own.',
    file: 'src/payment/channel-request.ts',
    edits: [
      {
        find: "const refundId = attempt.kind === 'refund' ? attempt.identity.id : ",
        replace: "const refundId = attempt.kind === 'refund' ? attempt.identity.id + '_' + attempt.state.calls : ",
      },
    ],
    expectedBy: 'simulation',
  },
];
