// Mistakes in the journal's rules: the simulation's journal stands for the database, and both are held to one contract.

import type { Mutant } from './mutant.ts';

const file = 'simulation/storage/memory-payment-journal.ts';

export const journalMutants: readonly Mutant[] = [
  {
    name: 'no-compare-and-set',
    meaning: 'A write does not look whether another came first.',
    file,
    edits: [
      {
        find: 'if (row === undefined || row.attempt.version !== attempt.version) return undefined;',
        replace: 'if (row === undefined) return undefined;',
      },
    ],
    expectedBy: 'simulation',
  },
  {
    name: 'payment-key-is-ignored',
    meaning: 'The same payment request again begins another payment.',
    file,
    edits: [{ find: 'if (before !== undefined) return repeated(before, idempotency, isCharge);', replace: '' }],
    expectedBy: 'simulation',
  },
  {
    name: 'refund-key-is-ignored',
    meaning: 'The same refund request again begins another refund.',
    file,
    edits: [{ find: 'if (before !== undefined) return repeated(before, idempotency, isRefund);', replace: '' }],
    expectedBy: 'simulation',
  },
  {
    name: 'key-without-its-body',
    meaning: 'A key is recognised and the request behind it is not compared.',
    file,
    edits: [
      {
        find: 'if (row.fingerprint !== fingerprint || !isKind(row.attempt))',
        replace: "if (fingerprint === '' || !isKind(row.attempt))",
      },
    ],
    expectedBy: 'simulation',
  },
  {
    name: 'sale-key-is-ignored',
    meaning: 'The same opening of a sale again opens another sale.',
    file: 'simulation/storage/memory-sale-journal.ts',
    edits: [{ find: 'if (before !== undefined) {', replace: 'if (before !== undefined && key === null) {' }],
    expectedBy: 'simulation',
  },
  {
    name: 'second-attempt-while-open',
    meaning: 'A sale may be paid again while its first payment is not known to be paid.',
    file,
    edits: [
      {
        find: "return attempt.kind === 'charge' && !undone.includes(attempt.state.phase);",
        replace: "return attempt.kind === 'charge' && attempt.state.phase === 'approved';",
      },
    ],
    expectedBy: 'simulation',
  },
  {
    name: 'second-attempt-when-paid',
    meaning: 'A sale that is paid may be paid again.',
    file,
    edits: [
      {
        find: "const undone: readonly ChargePhase[] = ['declined', 'reversed', 'returned'];",
        replace: "const undone: readonly ChargePhase[] = ['declined', 'reversed', 'returned', 'approved'];",
      },
    ],
    expectedBy: 'simulation',
  },
  {
    name: 'refund-sum-is-not-checked',
    meaning: 'Each refund is compared with what was taken, and not with what is left of it.',
    file,
    edits: [{ find: 'amount.minor > refundable.minor)', replace: 'amount.minor > taken.minor)' }],
    expectedBy: 'simulation',
  },
  {
    name: 'refund-after-cancel-without-check',
    meaning: 'A refund is taken on for any payment, also one that was cancelled.',
    file,
    edits: [
      {
        find: "if (charge.state.phase !== 'approved') return failure({ kind: 'charge-not-approved', charge });",
        replace: '',
      },
    ],
    expectedBy: 'simulation',
  },
  {
    name: 'dead-owners-live-for-ever',
    meaning: 'What a process holds is left to it, whether it lives or not.',
    file,
    edits: [{ find: 'return (this.#aliveUntil.get(row.owner) ?? 0) <= now;', replace: 'return false;' }],
    expectedBy: 'simulation',
  },
  {
    name: 'forgotten-when-woken',
    meaning: 'A payment that a late notice wakes stays without an owner and is on no list.',
    file,
    edits: [
      {
        find: '} else this.#unfinished.add(row);',
        replace: '} else if (row.attempt.version < 2 || row.owner !== null) this.#unfinished.add(row);',
      },
    ],
    expectedBy: 'simulation',
    first: 3,
  },
  {
    name: 'second-attempt-while-reversing',
    meaning: 'A sale may be paid again as soon as its first payment is told "not paid".',
    file,
    edits: [
      {
        find: "return attempt.kind === 'charge' && !undone.includes(attempt.state.phase);",
        replace: "return attempt.kind === 'charge' && attempt.state.finalWord !== 'not-paid';",
      },
    ],
    expectedBy: 'simulation',
  },
  {
    name: 'living-owners-are-ignored',
    meaning: 'Any process takes up whatever it sees.',
    file,
    edits: [{ find: 'return (this.#aliveUntil.get(row.owner) ?? 0) <= now;', replace: 'return true;' }],
    expectedBy: 'simulation',
    first: 2,
  },
];
