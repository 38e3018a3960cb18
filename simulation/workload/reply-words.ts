// The words that the ECR API allows as an answer to each request. The workload does not know what is right about money, but a till
// that gets an answer which its API does not know has found a defect of the server.

import type { Problem, TillReply, TillRequest } from '../shop/store-line.ts';

type Words = { readonly answer: 'sale' | 'payment' | 'refund'; readonly problems: readonly Problem[] };

const words = {
  'open-sale': { answer: 'sale', problems: ['idempotency-key-reused', 'busy'] },
  pay: {
    answer: 'payment',
    problems: [
      'idempotency-key-reused',
      'payer-code-not-alipay',
      'sale-not-found',
      'payment-in-progress',
      'sale-already-paid',
      'busy',
    ],
  },
  'look-at-payment': { answer: 'payment', problems: ['payment-not-found', 'busy'] },
  'look-at-sale': { answer: 'sale', problems: ['sale-not-found', 'busy'] },
  abandon: { answer: 'payment', problems: ['payment-not-found', 'busy'] },
  refund: {
    answer: 'refund',
    problems: [
      'idempotency-key-reused',
      'payment-not-found',
      'payment-not-refundable',
      'refund-exceeds-payment',
      'busy',
    ],
  },
} as const satisfies Record<TillRequest['kind'], Words>;

/** Throws when the API has no such answer to `request`. */
export function checkWords(request: TillRequest, reply: TillReply): void {
  const trouble = troubleWith(request, reply);
  if (trouble !== null) throw new Error(`The store's answer to ${request.kind} is none that its API knows: ${trouble}`);
}

function troubleWith(request: TillRequest, reply: TillReply): string | null {
  if (reply.kind === 'no-answer') return null;
  const { answer, problems }: Words = words[request.kind];
  if (reply.kind === 'refused') {
    if (!problems.includes(reply.problem)) return `refused with ${reply.problem}`;
    const namesAnother = reply.problem === 'payment-in-progress' || reply.problem === 'sale-already-paid';
    return namesAnother && reply.paymentId === null ? `${reply.problem} without the payment that stands` : null;
  }
  if (reply.kind !== answer) return `a ${reply.kind}`;
  if (reply.kind === 'sale' && request.kind === 'look-at-sale' && reply.sale.saleId !== request.saleId) {
    return 'another sale than the one asked for';
  }
  if (reply.kind !== 'payment') return null;
  const asksForOne = request.kind === 'look-at-payment' || request.kind === 'abandon';
  if (asksForOne && reply.payment.paymentId !== request.paymentId) return 'another payment than the one asked for';
  return reply.payment.custody && reply.payment.status !== 'not-paid' ? `custody while ${reply.payment.status}` : null;
}
