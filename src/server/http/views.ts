// What the API shows of sales, payments and refunds: the one place where inside words become wire words.

import { refundedOf, type Sale, type SaleStanding } from '#checkout/index.ts';
import { formatInstant, plus } from '#foundation/instant.ts';
import { formatDecimal } from '#foundation/money.ts';
import { type Charge, type DeadlinePolicy, dutyOf, type Refund } from '#payment/index.ts';
import type { PaymentView, RefundView, SaleView } from '../contract/ecr.ts';

/**
 * A payment as the till sees it: what is written, and nothing that is only likely. Shortly before the
 * deadline a reader gets a word first (settle-overdue.ts).
 */
export function paymentView(charge: Charge, refunds: readonly Refund[], policy: DeadlinePolicy): PaymentView {
  const { identity, state } = charge;
  const finalWordBy = plus(identity.createdAt, policy.finalWordMs);
  const word = state.finalWord;
  return {
    paymentId: identity.id,
    saleId: identity.saleId,
    status: word ?? (state.phase === 'awaiting-payer' ? 'awaiting-payer' : 'processing'),
    custody: dutyOf(state.phase) === 'custody',
    amount: formatDecimal(identity.amount),
    currency: identity.amount.currency,
    refunded: formatDecimal(refundedOf(charge, refunds)),
    reason: word === 'not-paid' ? (state.reason ?? (state.abandonedAt === null ? 'timed-out' : 'abandoned')) : null,
    channelCode: state.channelCode,
    channel: identity.channel,
    channelReference: state.evidence?.channelReference ?? null,
    payerAccount: state.evidence?.payerAccount ?? null,
    payerCode: charge.payerCodeMasked,
    createdAt: formatInstant(identity.createdAt),
    finalWordBy: formatInstant(finalWordBy),
    paidAt: word === 'paid' ? formatInstant(state.evidence?.paidAt ?? state.changedAt) : null,
  };
}

export function refundView(refund: Refund): RefundView {
  const { identity, state } = refund;
  const done = state.phase === 'refunded';
  return {
    refundId: identity.id,
    paymentId: refund.charge.id,
    saleId: identity.saleId,
    status: done ? 'refunded' : state.phase === 'declined' ? 'declined' : 'processing',
    amount: formatDecimal(identity.amount),
    currency: identity.amount.currency,
    reason: state.reason,
    channelCode: state.channelCode,
    createdAt: formatInstant(identity.createdAt),
    refundedAt: done ? formatInstant(state.changedAt) : null,
  };
}

export function saleView(standing: SaleStanding, policy: DeadlinePolicy): SaleView {
  const { sale, charges, refunds } = standing;
  return {
    ...saleHead(sale),
    status: standing.status,
    refunded: formatDecimal(standing.refunded),
    payments: charges.map((charge) => paymentView(charge, refunds, policy)),
    refunds: refunds.map(refundView),
  };
}

function saleHead(sale: Sale): Pick<SaleView, 'saleId' | 'amount' | 'currency' | 'description' | 'createdAt'> {
  return {
    saleId: sale.id,
    amount: formatDecimal(sale.amount),
    currency: sale.amount.currency,
    description: sale.description,
    createdAt: formatInstant(sale.createdAt),
  };
}
