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
  {
    name: 'answer-signature-is-not-checked',
    meaning: 'A domestic answer is believed without its signature.',
    file: `${openapi}/answer.ts`,
    edits: [
      {
        find: 'if (!(await isSigned(raw.node, raw.sign, alipayPublicKey, signing))) {',
        replace: "if (!(await isSigned(raw.node, raw.sign, alipayPublicKey, signing)) && code === '') {",
      },
    ],
    expectedBy: 'simulation',
    first: 7,
  },
  {
    name: 'answer-number-is-not-compared',
    meaning: 'A domestic answer about another payment is believed.',
    file: `${openapi}/outcomes.ts`,
    edits: [
      {
        find: "return textOf(node, 'out_trade_no') === number;",
        replace: "return textOf(node, 'out_trade_no') !== undefined && number !== '';",
      },
      {
        find: "return (textOf(node, 'out_trade_no') ?? number) !== number;",
        replace: "return number === '' && 'out_trade_no' in node;",
      },
    ],
    expectedBy: 'simulation',
    first: 18,
  },
  {
    name: 'answer-is-not-compared-at-all',
    meaning: 'Neither number nor amount of a domestic answer is compared: it is signed, and says "paid".',
    file: `${openapi}/outcomes.ts`,
    edits: [
      {
        find: 'const ours = isNamed(node, attemptId) && currency === amount.currency && total.ok && sameMoney(total.value, amount);',
        replace: "const ours = attemptId !== '' && currency !== '' && total.ok;",
      },
      {
        find: "return (textOf(node, 'out_trade_no') ?? number) !== number;",
        replace: "return number === '' && 'out_trade_no' in node;",
      },
    ],
    expectedBy: 'simulation',
    first: 7,
  },
  {
    name: 'global-answer-number-is-not-compared',
    meaning: 'A global answer about another payment is believed.',
    file: `${global}/outcomes.ts`,
    edits: [
      {
        find: 'return (textOf(body, field) ?? id) !== id;',
        replace: "return id === '' && field in body;",
      },
      {
        find: "const byNumber = textOf(body, 'paymentRequestId') === charge.attemptId;",
        replace: "const byNumber = 'paymentRequestId' in body;",
      },
    ],
    expectedBy: 'simulation',
  },
  {
    name: 'http-error-is-declined',
    meaning: 'An HTTP error is taken for a refusal.',
    file: 'src/channels/alipay/reply.ts',
    edits: [
      {
        find: "return unclear(outcome.status >= 500 ? 'system-error' : 'garbled', ",
        replace: "return declined('other', outcome.status === 0 ? 'none' : ",
      },
    ],
    expectedBy: 'simulation',
  },
  {
    name: 'retry-flag-is-ignored',
    meaning: 'A cancel that Alipay asks to repeat is taken for done.',
    file: `${openapi}/outcomes.ts`,
    edits: [
      {
        find: "if (retry === 'Y') return unclear('system-error', 'retry');",
        replace: "if (retry === 'Y') return { outcome: 'reversed', moneyReturned: false };",
      },
    ],
    expectedBy: 'simulation',
    first: 29,
  },
  {
    name: 'refused-cancel-is-done',
    meaning: 'Any readable answer to a cancel is taken for "cancelled".',
    file: `${openapi}/outcomes.ts`,
    edits: [
      {
        find: "  if (code !== '10000') return unclear('system-error', shownCode(answer));\n  const retry",
        replace: "  if (code !== '10000') return { outcome: 'reversed', moneyReturned: false };\n  const retry",
      },
    ],
    expectedBy: 'simulation',
    first: 22,
  },
  {
    name: 'paid-order-is-refused',
    meaning: '"This order is paid already" is taken for a refusal.',
    file: `${openapi}/codes.ts`,
    edits: [{ find: "TRADE_HAS_SUCCESS: 'unclear',", replace: "TRADE_HAS_SUCCESS: 'other'," }],
    expectedBy: 'simulation',
    first: 25,
  },
];
