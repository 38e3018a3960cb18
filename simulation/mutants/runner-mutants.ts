// Mistakes in the runner, in custody's signs of life and in what the service tells: the order of writing and acting, and time.

import type { Mutant } from './mutant.ts';

const driver = 'src/payment/drive-attempt.flow.ts';
const service = 'src/payment/payment-service.ts';

export const runnerMutants: readonly Mutant[] = [
  {
    name: 'write-after-send',
    meaning: 'A payment is sent first and written afterwards: most are answered at once.',
    file: service,
    edits: [
      {
        find: 'const opened = await this.#doubts.watch(charge, () => journal.openCharge({ charge, owner, idempotency }));',
        replace:
          'const isFirst = (await journal.listOfSale(merchantId, saleId)).length === 0;\n' +
          '    if (isFirst) this.#driver.begin(charge, request.payerCode);\n' +
          '    const opened = await this.#doubts.watch(charge, () => journal.openCharge({ charge, owner, idempotency }));',
      },
      {
        find: 'this.#driver.begin(opened.value.attempt, request.payerCode);\n',
        replace: 'if (!isFirst) this.#driver.begin(opened.value.attempt, request.payerCode);\n',
      },
    ],
    expectedBy: 'simulation',
  },
  {
    name: 'act-before-write',
    meaning: 'What was decided is done first and written afterwards.',
    file: driver,
    edits: [
      {
        find: 'const written = await this.#tryWrite(held, decision.state, tries, isInDoubt);',
        replace:
          'if (decision.act !== null) this.#makeEarly(held, decision.state, decision.act);\n' +
          '      const written = await this.#tryWrite(held, decision.state, tries, isInDoubt);',
      },
      {
        find: 'this.#announce(before, written);\n      if (decision.act !== null && !this.#stopped) this.#make(held, decision.act);',
        replace: 'this.#announce(before, written);',
      },
      {
        find: '  async #tryWrite(\n',
        replace:
          '  #makeEarly(held: Held, state: Attempt["state"], act: ChargeAct | RefundAct): void {\n' +
          '    const before = held.attempt;\n' +
          '    held.attempt = { ...before, state } as Attempt;\n' +
          '    this.#make(held, act);\n' +
          '    held.attempt = before;\n' +
          '  }\n\n  async #tryWrite(\n',
      },
    ],
    expectedBy: 'simulation',
    first: 5,
  },
  {
    name: 'unanswered-write-is-done',
    meaning: 'A write that the journal did not answer is taken for done.',
    file: driver,
    edits: [
      {
        find: "await new Promise<void>((resolve) => clock.after(wait, resolve));\n      return 'unanswered';",
        replace: 'return { ...held.attempt, state: next, version: held.attempt.version + 1 } as Attempt;',
      },
    ],
    expectedBy: 'simulation',
    first: 3,
  },
  {
    name: 'new-number-on-resend',
    meaning: 'When a request could not be sent it is sent again under a new number.',
    file: driver,
    edits: [
      {
        find: 'const { id: attemptId, amount, description,',
        replace:
          'const attemptId = (held.attempt.state.calls > 1 ? identity.id + "r" : identity.id) as PaymentAttemptId;\n    const { amount, description,',
      },
    ],
    expectedBy: 'simulation',
  },
  {
    name: 'facts-are-forgotten',
    meaning: 'The state is written without the fact that tells the rest of the house.',
    file: driver,
    edits: [
      {
        find: 'factsOf(held.attempt, next));',
        replace: 'held.attempt.state.rounds > 0 ? [] : factsOf(held.attempt, next));',
      },
    ],
    expectedBy: 'simulation',
  },
  {
    name: 'word-from-the-clock',
    meaning: 'Whoever asks after the deadline is told "not paid" because the clock says so, and nothing is written.',
    file: service,
    edits: [
      {
        find: 'await this.#within(patience, this.#settle(charge));',
        replace:
          "if (patience > 0) return { ...charge, state: { ...charge.state, phase: 'reversing', finalWord: 'not-paid', finalWordAt: dueAt } };\n" +
          '    await this.#within(patience, this.#settle(charge));',
      },
    ],
    expectedBy: 'simulation',
  },
  {
    name: 'readers-make-no-word',
    meaning: 'Whoever asks after the deadline is told what is written, word or no word.',
    file: service,
    edits: [
      {
        find: 'if (dueAt === null || this.clock.now() < dueAt) return charge;',
        replace: 'if (dueAt === null || this.clock.now() > 0) return charge;',
      },
    ],
    expectedBy: 'simulation',
    first: 2,
  },
  {
    name: 'own-clock',
    meaning: "Each process goes by its machine's own clock.",
    file: 'src/payment/shared-clock.ts',
    edits: [
      {
        find: 'return instant(Math.floor(this.#machine.monotonicMs() + this.#offsetMs));',
        replace: 'return this.#machine.now();',
      },
    ],
    expectedBy: 'simulation',
    first: 2,
  },
  {
    name: 'heartbeat-stops',
    meaning: 'A process says that it lives when it starts, and never again.',
    file: 'src/payment/take-custody.flow.ts',
    edits: [{ find: 'this.#every(beatMs, () => this.#beat());', replace: '' }],
    expectedBy: 'simulation',
    first: 2,
  },
  {
    name: 'doubtful-openings-are-forgotten',
    meaning: 'An opening that the journal did not answer is not looked for, and no process takes up what is its own.',
    file: 'src/payment/doubtful-openings.flow.ts',
    edits: [
      {
        find: 'if (this.#stopped || this.#callOff !== null || this.#doubts.size === 0) return;',
        replace: 'if (this.#doubts.size >= 0) return;',
      },
      {
        file: 'simulation/storage/memory-payment-journal.ts',
        find: 'if (row.owner === taker) return row.attempt.state.dueAt !== null && dueAt(row) + lostAfterMs <= now;',
        replace: 'if (row.owner === taker) return false;',
      },
    ],
    expectedBy: 'simulation',
    first: 15,
  },
];
