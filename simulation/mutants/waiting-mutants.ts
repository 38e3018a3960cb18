// Mistakes while the till waits: what an answer means, and what happens when none comes.

import type { Mutant } from './mutant.ts';

const file = 'src/payment/charge-protocol.ts';

export const waitingMutants: readonly Mutant[] = [
  {
    name: 'no-cancel-after-last-query',
    meaning: 'After the last query the sale is called unpaid, and nothing is cancelled.',
    file,
    edits: [
      {
        find: "return this.#state.inFlight?.act === 'inquire' ? this.#reverse('reverse') : this.#call('inquire', state);",
        replace:
          "return this.#state.inFlight?.act === 'inquire' ? this.#decline(unsent) : this.#call('inquire', state);",
      },
    ],
    expectedBy: 'either',
  },
  {
    name: 'local-close-at-deadline',
    meaning: 'When time is up the payment is closed here, and Alipay is not asked.',
    file,
    edits: [
      {
        find: "return this.#reverse(inFlight?.act === 'inquire' ? 'reverse' : 'inquire');",
        replace: 'return this.#decline(unsent);',
      },
    ],
    expectedBy: 'either',
    first: 'charge',
  },
  {
    name: 'local-close-on-abandon',
    meaning: 'When the cashier stops waiting the payment is closed here, and Alipay is not asked.',
    file,
    edits: [{ find: "return this.#call('inquire', abandoned);", replace: 'return this.#decline(unsent, abandoned);' }],
    expectedBy: 'either',
  },
  {
    name: 'unclear-is-declined',
    meaning: 'An unclear answer is taken for a refusal.',
    file,
    edits: [
      {
        find: 'return this.#askAgain({ ...this.#state, phase: this.#unsettledPhase(), cause, channelCode });',
        replace: "return this.#decline({ outcome: 'declined', reason: 'other', channelCode: channelCode ?? cause });",
      },
    ],
    expectedBy: 'either',
  },
  {
    name: 'unclear-is-approved',
    meaning: 'An unclear answer is taken for a payment: the customer saw it go through.',
    file,
    edits: [
      {
        find: 'return this.#askAgain({ ...this.#state, phase: this.#unsettledPhase(), cause, channelCode });',
        replace:
          'return this.#approvalSeen({ channelReference: channelCode ?? cause, amount: this.#charge.identity.amount, ' +
          'paidAt: null, payerAccount: null });',
      },
    ],
    expectedBy: 'either',
  },
  {
    name: 'unknown-there-is-declined',
    meaning:
      'When the query says "no such order" the payment is called refused, though its request may still be on its way.',
    file,
    edits: [
      {
        find: 'return this.#askAgain({ ...this.#state, phase: this.#unsettledPhase() });',
        replace: 'return this.#decline(unsent);',
      },
    ],
    expectedBy: 'either',
  },
  {
    name: 'waiting-is-approved',
    meaning: 'A payment that waits for its payer is taken for paid.',
    file,
    edits: [
      {
        find: "return this.#askAgain({ ...this.#state, phase: 'awaiting-payer', cause: null, channelCode: null });",
        replace:
          "return this.#approvalSeen({ channelReference: 'awaiting', amount: this.#charge.identity.amount, " +
          'paidAt: null, payerAccount: null });',
      },
    ],
    expectedBy: 'either',
  },
  {
    name: 'word-at-the-deadline-itself',
    meaning: 'The last query is made when the 30 seconds are over, and the word comes after it.',
    file: 'src/payment/policy.ts',
    edits: [
      {
        find: 'return plus(createdAt, durationMs(policy.finalWordMs - reserve));',
        replace: 'return plus(createdAt, durationMs(policy.finalWordMs - reserve + reserve));',
      },
      {
        find: 'return plus(createdAt, durationMs(policy.finalWordMs - policy.marginMs - policy.reversalTimeoutMs));',
        replace: 'return plus(createdAt, durationMs(policy.finalWordMs + policy.inquiryTimeoutMs));',
      },
    ],
    expectedBy: 'either',
  },
  {
    name: 'not-sent-after-sent',
    meaning: 'A call that could not be made ends the payment as unpaid, also when an earlier one was sent.',
    file,
    edits: [
      {
        find: 'return this.#inquired(event.reply.ok ? event.reply.value : unheard);',
        replace: 'return event.reply.ok ? this.#inquired(event.reply.value) : this.#decline(unsent);',
      },
    ],
    expectedBy: 'either',
    first: 'crash',
  },
  {
    name: 'taken-up-is-sent-again',
    meaning: 'A payment taken up from a dead process is sent again, and called unpaid when it cannot be.',
    file,
    edits: [
      {
        find: "return this.#call('inquire', { ...this.#state, phase, cause: this.#state.cause ?? 'connection-lost' });",
        replace:
          "return this.#call('authorize', { ...this.#state, phase: phase === 'unclear' ? 'authorizing' : phase });",
      },
    ],
    expectedBy: 'either',
    first: 'crash',
  },
  {
    name: 'crash-before-answer-is-unsent',
    meaning: 'A payment whose process died before an answer came is taken for never sent.',
    file,
    edits: [
      {
        find: "return this.#state.phase === 'authorizing' && this.#state.inFlight === null;",
        replace: "return this.#state.phase === 'authorizing';",
      },
    ],
    expectedBy: 'either',
  },
  {
    name: 'word-overwritten-by-notice',
    meaning: 'A notice that says "paid" makes the sale paid, whatever the till was told before.',
    file,
    edits: [
      {
        find: "if (this.#duty() === 'till' && this.#now < this.#lastWordAt()) {",
        replace: "if (this.#now < this.#lastWordAt() || this.#duty() !== 'till') {",
      },
    ],
    expectedBy: 'either',
  },
  {
    name: 'approval-at-the-last-moment-is-forgotten',
    meaning: 'An approval that comes after the last moment is called unpaid and left where it is.',
    file,
    edits: [
      {
        find: "if (this.#duty() === 'till') return this.#reverse('reverse', seen);",
        replace: "if (this.#duty() === 'till') return this.#decline(unsent);",
      },
    ],
    expectedBy: 'either',
  },
  {
    name: 'late-success-is-ignored',
    meaning:
      'An approval of a payment that is closed already is thrown away, whether a notice or a look back brings it.',
    file,
    edits: [
      {
        find: "if (phase === 'declined' || phase === 'reversed') return this.#reverse('inquire', seen);",
        replace: "if (phase === 'declined' || phase === 'reversed') return null;",
      },
      {
        find: "return this.#reverse('reverse', { ...this.#state, evidence: reply.evidence });",
        replace: "return this.#rest('reversed', this.#state);",
      },
    ],
    expectedBy: 'either',
    first: 'held',
  },
  {
    name: 'deadline-is-ignored',
    meaning: 'The payment is queried until Alipay ends it; the cashier waits.',
    file: 'src/payment/policy.ts',
    edits: [
      {
        find: 'return plus(createdAt, durationMs(policy.finalWordMs - reserve));',
        replace: 'return plus(createdAt, durationMs(3_600_000 - reserve));',
      },
      {
        find: 'return plus(createdAt, durationMs(policy.finalWordMs - policy.marginMs - policy.reversalTimeoutMs));',
        replace: 'return plus(createdAt, durationMs(3_600_000));',
      },
    ],
    expectedBy: 'either',
  },
];
