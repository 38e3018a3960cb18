// Mistakes in reading what Alipay says: answers, notices, and what the network made of them.

import type { Mutant } from './mutant.ts';

const openapi = 'src/channels/alipay/openapi';
const global = 'src/channels/alipay/global';

export const channelMutants: readonly Mutant[] = [
  {
    name: 'notice-signature-is-not-checked',
    meaning: 'A domestic notice is believed without its signature.',
    file: `${openapi}/notice.ts`,
    edits: [{ find: "if (!(await isProven(params, sign, own))) return failure('bad-signature');", replace: '' }],
    expectedBy: 'simulation',
    first: 7,
  },
  {
    name: 'global-notice-signature-is-not-checked',
    meaning: 'A global notice is believed without its signature.',
    file: `${global}/notice.ts`,
    edits: [
      {
        find: "if (!(await signing.verify(content, signature, alipayPublicKey))) return failure('bad-signature');",
        replace: '',
      },
    ],
    expectedBy: 'simulation',
  },
  {
    name: 'global-answer-signature-is-not-checked',
    meaning: 'A global answer is believed without its signature.',
    file: `${global}/answer.ts`,
    edits: [
      {
        find: 'if (!(await signing.verify(signContent({ path, clientId, time, body }), signature, alipayPublicKey))) {',
        replace: 'if (body === "") {',
      },
    ],
    expectedBy: 'simulation',
    first: 4,
  },
  {
    name: 'code-20000-is-declined',
    meaning: 'The code 20000 ("service unavailable") is taken for a refusal.',
    file: `${openapi}/outcomes.ts`,
    edits: [
      {
        find: "if (code === '20000') return unclear('system-error', shown);\n  const refusal",
        replace: "if (code === '20000') return declined('other', shown);\n  const refusal",
      },
    ],
    expectedBy: 'simulation',
    first: 7,
  },
  {
    name: 'global-unknown-is-declined',
    meaning: 'A global answer with status U is taken for a refusal.',
    file: `${global}/outcomes.ts`,
    edits: [
      {
        find: "return code === 'PAYMENT_IN_PROCESS' ? { outcome: 'awaiting-payer' } : unclear('system-error', code);",
        replace: "return code === 'PAYMENT_IN_PROCESS' ? { outcome: 'awaiting-payer' } : declined('other', code);",
      },
    ],
    expectedBy: 'simulation',
  },
  {
    name: 'timeout-is-not-sent',
    meaning: 'A request without an answer is taken for one that never left.',
    file: 'src/channels/alipay/reply.ts',
    edits: [{ find: 'return unclear(outcome.cause);', replace: "return { kind: 'not-sent', detail: outcome.cause };" }],
    expectedBy: 'simulation',
  },
];
