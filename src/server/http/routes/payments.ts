// Payments: started by a scanned code, followed, abandoned. The request is answered when the channel was first heard or the
// patience ends; the payment goes on by itself, and the till follows it.

import { z } from 'zod';
import { recognise } from '#checkout/index.ts';
import { redact } from '#foundation/redacted.ts';
import type { Charge, OpenChargeRefusal } from '#payment/index.ts';
import { type PaymentView, paymentSchema, startPaymentBody } from '../../contract/ecr.ts';
import { problemSchema } from '../../contract/problem.ts';
import { type Device, deviceOf } from '../authenticate.ts';
import type { PaymentFollowers } from '../follow-payment.ts';
import { ProblemError } from '../problem-reply.ts';
import { nameRequest, readAttemptId, readSaleId, requireIdempotencyKey } from '../request-fields.ts';
import { withWord } from '../settle-overdue.ts';
import { paymentView } from '../views.ts';
import type { App, StoreParts } from './store-parts.ts';

const byPaymentId = z.object({ paymentId: z.string() });
const idempotencyHeader = z.object({
  'idempotency-key': z.string().optional().describe('Required. New for each scan, the same on a retry of it.'),
});

export function paymentRoutes(app: App, parts: StoreParts, followers: PaymentFollowers): void {
  startRoute(app, parts);
  followRoutes(app, parts, followers);
  abandonRoute(app, parts);
}

function startRoute(app: App, parts: StoreParts): void {
  app.post('/sales/:saleId/payments', {
    config: {
      access: 'device',
      problems: [
        ...(['idempotency-key-missing', 'idempotency-key-invalid', 'idempotency-key-reused'] as const),
        ...(['payer-code-not-alipay', 'sale-not-found', 'payment-in-progress', 'sale-already-paid'] as const),
      ],
    },
    schema: {
      operationId: 'startPayment',
      tags: ['Payments'],
      summary: "Pay a sale with the customer's scanned code",
      description:
        'Answers within two seconds. `processing` and `awaiting-payer` go on by themselves: follow them at ' +
        '/payments/{paymentId}/events, or ask /payments/{paymentId}.',
      params: z.object({ saleId: z.string() }),
      headers: idempotencyHeader,
      body: startPaymentBody,
      response: { 201: paymentSchema, 200: paymentSchema, default: problemSchema },
    },
    handler: async (request, reply) => {
      const device = deviceOf(request);
      const key = requireIdempotencyKey(request);
      const digits = readPayerCode(request.body.payerCode);
      const saleId = readSaleId(request.params.saleId);
      const sale = await parts.saleJournal.findSale(device.merchantId, saleId);
      if (sale === undefined || sale.storeId !== device.storeId) throw new ProblemError('sale-not-found');
      const { merchantId, storeId, deviceId } = device;
      const { amount, description } = sale;
      const idempotency = nameRequest(device, 'payment', key, [saleId, digits], parts.fingerprintKey);
      const payer = { payerCode: redact(digits), channel: parts.channel };
      const started = await parts.payment.startPayment(
        { merchantId, storeId, deviceId, saleId, amount, description, idempotency, ...payer },
        parts.patience,
      );
      if (!started.ok) throw refusal(started.failure);
      const { kind, attempt } = started.value;
      if (kind === 'repeated') return reply.code(200).send(await view(parts, attempt));
      // A payment that has just begun has no refunds to look for.
      return reply.code(201).send(paymentView(attempt, [], parts.policy));
    },
  });
}

function followRoutes(app: App, parts: StoreParts, followers: PaymentFollowers): void {
  app.get('/payments/:paymentId', {
    config: { access: 'device', problems: ['payment-not-found'] },
    schema: {
      operationId: 'findPayment',
      tags: ['Payments'],
      summary: 'Look at a payment',
      params: byPaymentId,
      response: { 200: paymentSchema, default: problemSchema },
    },
    handler: async (request) => await view(parts, await findCharge(parts, deviceOf(request), request.params.paymentId)),
  });

  app.get('/payments/:paymentId/events', {
    config: { access: 'device', problems: ['payment-not-found', 'too-many-followers'] },
    // A stream has no head to look at without its body.
    exposeHeadRoute: false,
    schema: {
      operationId: 'followPayment',
      tags: ['Payments'],
      summary: 'Follow a payment by server-sent events',
      description:
        'Sends the payment now and after every change as event `payment`, and ends when nothing can change any more ' +
        '(`paid`, or `not-paid` with custody false). Asked again after that it answers 204, so an EventSource stops by itself.',
      params: byPaymentId,
      response: {
        200: {
          description: 'Events named `payment`; their data is a Payment as JSON.',
          content: { 'text/event-stream': { schema: z.string() } },
        },
        204: z.null().describe('The stream had ended: nothing more will come.'),
        default: problemSchema,
      },
    },
    handler: async (request, reply) => {
      const device = deviceOf(request);
      const charge = await findCharge(parts, device, request.params.paymentId);
      return await followers.follow(reply, {
        device,
        charge,
        resumed: request.headers['last-event-id'] !== undefined,
        load: () => findCharge(parts, device, charge.identity.id),
        view: (moved) => view(parts, moved),
      });
    },
  });
}

function abandonRoute(app: App, parts: StoreParts): void {
  app.post('/payments/:paymentId/abandon', {
    config: { access: 'device', problems: ['payment-not-found'] },
    schema: {
      operationId: 'abandonPayment',
      tags: ['Payments'],
      summary: 'Stop waiting for the customer',
      description:
        'Asks Alipay once more and then reverses at once. It decides nothing: a payment that Alipay proves paid is paid.',
      params: byPaymentId,
      response: { 202: paymentSchema, default: problemSchema },
    },
    handler: async (request, reply) => {
      const device = deviceOf(request);
      const charge = await findCharge(parts, device, request.params.paymentId);
      const asked = await parts.payment.abandon(charge, parts.patience);
      if (asked === 'not-written')
        throw new ProblemError('busy', 'That this payment is given up cannot be written now.');
      return reply.code(202).send(await view(parts, await findCharge(parts, device, charge.identity.id)));
    },
  });
}

async function view(parts: StoreParts, found: Charge): Promise<PaymentView> {
  const charge = await withWord(parts, found);
  // Only an approved charge can have refunds.
  if (charge.state.phase !== 'approved') return paymentView(charge, [], parts.policy);
  const { merchantId, saleId } = charge.identity;
  const attempts = await parts.paymentJournal.listOfSale(merchantId, saleId);
  const refunds = attempts.filter((attempt) => attempt.kind === 'refund');
  return paymentView(charge, refunds, parts.policy);
}

/** Finds a charge of the caller's own store. */
export async function findCharge(parts: StoreParts, device: Device, paymentId: string): Promise<Charge> {
  const id = readAttemptId(paymentId, 'payment-not-found');
  const attempt = await parts.payment.find(device.merchantId, id);
  if (attempt?.kind !== 'charge' || attempt.identity.storeId !== device.storeId) {
    throw new ProblemError('payment-not-found');
  }
  return attempt;
}

function readPayerCode(text: string): string {
  const scanned = recognise(text);
  if (scanned.kind === 'alipay') return scanned.digits;
  const seen = {
    'wechat-pay': 'This is a WeChat Pay code.',
    unionpay: 'This is a UnionPay code.',
    product: 'This is the barcode of a product.',
    unreadable: 'This is no payment code that is known here.',
  } as const;
  throw new ProblemError('payer-code-not-alipay', seen[scanned.kind]);
}

function refusal(refused: OpenChargeRefusal): ProblemError {
  switch (refused.kind) {
    case 'key-reused':
      return new ProblemError('idempotency-key-reused');
    case 'sale-unknown':
      return new ProblemError('sale-not-found');
    case 'attempt-stands': {
      const paid = refused.attempt.state.phase === 'approved';
      const code = paid ? 'sale-already-paid' : 'payment-in-progress';
      return new ProblemError(code, '', { paymentId: refused.attempt.identity.id });
    }
  }
}
