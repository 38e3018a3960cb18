// Mistakes in custody: what was not paid in time is ended without the till, and nobody looks when it goes wrong.

import type { Mutant } from './mutant.ts';

const file = 'src/payment/charge-protocol.ts';

export const custodyMutants: readonly Mutant[] = [
  {
    name: 'cancel-once-without-retry',
    meaning: 'The cancel is sent once; when its answer is unclear it is taken for done.',
    file,
    edits: [
      {
        find: 'return this.#waitRound({ ...this.#state, cause: reply.cause, channelCode: reply.channelCode ?? null });',
        replace: "return this.#rest('reversed', this.#state);",
      },
    ],
    expectedBy: 'either',
  },
  {
    name: 'too-late-cancel-is-done',
    meaning: 'A cancel that comes too late is taken for done.',
    file,
    edits: [
      {
        find: "return this.#call(this.#state.evidence === null ? 'inquire' : 'refund', returning);",
        replace: "return this.#rest('reversed', returning);",
      },
    ],
    expectedBy: 'either',
    first: 'window',
  },
  {
    name: 'never-received-is-the-end',
    meaning: 'When Alipay does not know the order there is nothing to cancel, and the payment is closed at once.',
    file,
    edits: [
      {
        find: "      case 'never-received':\n        return this.#watch();",
        replace: "      case 'never-received':\n        return this.#rest('reversed', this.#state);",
      },
    ],
    expectedBy: 'either',
  },
  {
    name: 'no-look-backs',
    meaning: 'What Alipay never received is not looked at again once its code is dead.',
    file,
    edits: [
      {
        find: 'return this.#lookBack({ ...state, rounds: 0 });',
        replace: "return this.#rest('reversed', state);",
      },
    ],
    expectedBy: 'either',
    first: 'held',
  },
  {
    name: 'late-success-becomes-a-sale',
    meaning: 'Custody finds the payment made, and makes a sale of it.',
    file,
    edits: [
      {
        find: "const evidence = reply.outcome === 'approved' ? reply.evidence : this.#state.evidence;",
        replace:
          "if (reply.outcome === 'approved') return this.#rest('approved', { ...this.#state, evidence: reply.evidence, " +
          "finalWord: 'paid', finalWordAt: this.#now });\n" +
          '    const evidence = this.#state.evidence;',
      },
    ],
    expectedBy: 'either',
  },
  {
    name: 'evidence-is-dropped',
    meaning: 'The approval that custody finds is not kept, so that it can never be returned.',
    file,
    edits: [
      {
        find: "const evidence = reply.outcome === 'approved' ? reply.evidence : this.#state.evidence;",
        replace: 'const evidence = this.#state.evidence;',
      },
    ],
    expectedBy: 'either',
    first: 'window',
  },
  {
    name: 'custody-gives-up',
    meaning: 'After five rounds custody gives up, and the payment is closed.',
    file,
    edits: [
      {
        find: '  #waitRound(state: ChargeState): ChargeDecision {\n',
        replace:
          "  #waitRound(state: ChargeState): ChargeDecision {\n    if (state.rounds >= 5) return this.#rest('reversed', state);\n",
      },
    ],
    expectedBy: 'either',
    first: 'held',
  },
  {
    name: 'waiting-is-left-to-expire',
    meaning: 'Custody does not cancel what still waits for its payer: Alipay closes it by itself after a while.',
    file,
    edits: [
      {
        find: "if (reply.outcome === 'closed' || reply.outcome === 'declined') return this.#rest('reversed', this.#state);",
        replace:
          "if (reply.outcome === 'closed' || reply.outcome === 'declined' || reply.outcome === 'awaiting-payer') " +
          "return this.#rest('reversed', this.#state);",
      },
    ],
    expectedBy: 'either',
  },
  {
    name: 'refused-return-is-done',
    meaning: 'A return that is refused is taken for done: the money must be back already.',
    file,
    edits: [
      {
        find: "if (reply.outcome === 'refunded') return this.#rest('returned', this.#state);\n    const channelCode",
        replace:
          "if (reply.outcome !== 'outcome-unknown') return this.#rest('returned', this.#state);\n    const channelCode",
      },
    ],
    expectedBy: 'either',
    first: 'window',
  },
  {
    name: 'unclear-return-is-done',
    meaning: 'A return whose answer is unclear is taken for done.',
    file,
    edits: [
      {
        find: "if (reply.outcome === 'refunded') return this.#rest('returned', this.#state);\n    const channelCode",
        replace: "if (reply.outcome !== 'declined') return this.#rest('returned', this.#state);\n    const channelCode",
      },
    ],
    expectedBy: 'either',
    first: 'window',
  },
  {
    name: 'unknown-return-is-not-asked-again',
    meaning: 'When Alipay does not know the return it is taken for refused, and the payment for closed.',
    file,
    edits: [
      {
        find: "if (reply.outcome === 'never-received') return this.#call('inquire', this.#state);",
        replace: "if (reply.outcome === 'never-received') return this.#rest('reversed', this.#state);",
      },
    ],
    expectedBy: 'either',
    first: 'window',
  },
  {
    name: 'look-back-looks-away',
    meaning: 'A look back that finds the payment made leaves it as it is: the sale was closed long ago.',
    file,
    edits: [
      {
        find: "return this.#reverse('reverse', { ...this.#state, evidence: reply.evidence });",
        replace: "return this.#rest('reversed', { ...this.#state, evidence: reply.evidence });",
      },
    ],
    expectedBy: 'explorer',
    first: 'pair-losses-held',
  },
];
