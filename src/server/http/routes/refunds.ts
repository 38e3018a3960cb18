// Refunds: asked for, looked at. A refund whose answer is unclear goes on by itself under its own number.

import { z } from 'zod';
import { formatDecimal } from '#foundation/money.ts';
import type { OpenRefundRefusal } from '#payment/index.ts';
import { createRefundBody, refundSchema } from '../../contract/ecr.ts';
import { problemSchema } from '../../contract/problem.ts';
import { deviceOf } from '../authenticate.ts';
import { ProblemError } from '../problem-reply.ts';
import { nameRequest, readAmount, readAttemptId, requireIdempotencyKey } from '../request-fields.ts';
import { refundView } from '../views.ts';
import { findCharge } from './payments.ts';
import type { App, StoreParts } from './store-parts.ts';

const idempotencyHeader = z.object({
  'idempotency-key': z.string().optional().describe('Required. New for each refund, the same on a retry of it.'),
});

export function refundRoutes(app: App, parts: StoreParts): void {
  app.post('/payments/:paymentId/refunds', {
    config: {
      access: 'device',
      problems: [
        ...(['idempotency-key-missing', 'idempotency-key-invalid', 'idempotency-key-reused'] as const),
        ...(['invalid-amount', 'payment-not-found', 'payment-not-paid', 'refund-exceeds'] as const),
      ],
    },
    schema: {
      operationId: 'createRefund',
      tags: ['Refunds'],
      summary: 'Give back a part of a payment, or all of it',
      params: z.object({ paymentId: z.string() }),
      headers: idempotencyHeader,
      body: createRefundBody,
      response: { 201: refundSchema, 200: refundSchema, default: problemSchema },
    },
    handler: async (request, reply) => {
      const device = deviceOf(request);
      const key = requireIdempotencyKey(request);
      const charge = await findCharge(parts, device, request.params.paymentId);
      const amount = readAmount(request.body.amount, charge.identity.amount.currency);
      const chargeId = charge.identity.id;
      const body = [chargeId, formatDecimal(amount)];
      const idempotency = nameRequest(device, 'refund', key, body, parts.fingerprintKey);
      const { merchantId, deviceId } = device;
      const started = await parts.payment.startRefund(
        { merchantId, deviceId, chargeId, amount, idempotency },
        parts.patience,
      );
      if (!started.ok) throw refusal(started.failure);
      return reply.code(started.value.kind === 'opened' ? 201 : 200).send(refundView(started.value.attempt));
    },
  });

  app.get('/refunds/:refundId', {
    config: { access: 'device', problems: ['refund-not-found'] },
    schema: {
      operationId: 'findRefund',
      tags: ['Refunds'],
      summary: 'Look at a refund',
      params: z.object({ refundId: z.string() }),
      response: { 200: refundSchema, default: problemSchema },
    },
    handler: async (request) => {
      const device = deviceOf(request);
      const id = readAttemptId(request.params.refundId, 'refund-not-found');
      const refund = await parts.payment.find(device.merchantId, id);
      if (refund?.kind !== 'refund' || refund.identity.storeId !== device.storeId) {
        throw new ProblemError('refund-not-found');
      }
      return refundView(refund);
    },
  });
}

function refusal(refused: OpenRefundRefusal): ProblemError {
  switch (refused.kind) {
    case 'key-reused':
      return new ProblemError('idempotency-key-reused');
    case 'charge-unknown':
      return new ProblemError('payment-not-found');
    case 'charge-not-approved':
      return new ProblemError('payment-not-paid');
    case 'exceeds': {
      const refundable = formatDecimal(refused.refundable);
      return new ProblemError('refund-exceeds', `At most ${refundable} is left.`, { refundable });
    }
  }
}
