// How an attempt lies in the table payment_attempt: to a JSON object that a statement unpacks, and back from a row. Money
// leaves as decimal text, for JSON's numbers are floats; instants leave as ISO 8601 and come back as Date.

import type { DeviceId, MerchantId, PaymentAttemptId, PaymentIntentId, SaleId, StoreId } from '#foundation/id.ts';
import { formatInstant, type Instant, instant } from '#foundation/instant.ts';
import { type Currency, type Money, money } from '#foundation/money.ts';
import { invariant } from '#foundation/result.ts';
import type {
  ApprovalEvidence,
  Attempt,
  AttemptIdentity,
  ChannelName,
  Charge,
  ChargeAct,
  ChargePhase,
  ChargeState,
  DeclineReason,
  InFlight,
  Refund,
  RefundAct,
  RefundPhase,
  RefundState,
  UnclearCause,
} from '#payment/index.ts';
import type { Row } from './database.ts';

/** Evidence as it lies in its jsonb column. */
type EvidenceRow = {
  readonly channelReference: string;
  readonly currency: Currency;
  readonly minor: string;
  readonly paidAt: number | null;
  readonly payerAccount: string | null;
};

/** A row of payment_attempt as the driver gives it. The CHECKs of the table vouch for the closed sets. */
export interface AttemptRow extends Row {
  readonly merchant_id: MerchantId;
  readonly id: PaymentAttemptId;
  readonly kind: 'charge' | 'refund';
  readonly store_id: StoreId;
  readonly device_id: DeviceId;
  readonly sale_id: SaleId;
  readonly intent_id: PaymentIntentId;
  readonly channel: ChannelName;
  readonly amount_minor: string;
  readonly currency: Currency;
  readonly description: string;
  readonly created_at: Date;
  readonly version: number;
  readonly phase: ChargePhase | RefundPhase;
  readonly calls: number;
  readonly in_flight_act: ChargeAct | null;
  readonly in_flight_call: number | null;
  readonly due_at: Date | null;
  readonly rounds: number;
  readonly reason: DeclineReason | null;
  readonly cause: UnclearCause | null;
  readonly channel_code: string | null;
  readonly evidence: EvidenceRow | null;
  readonly changed_at: Date;
  readonly final_word: 'paid' | 'not-paid' | null;
  readonly final_word_at: Date | null;
  readonly abandoned_at: Date | null;
  readonly refused_at: Date | null;
  readonly payer_code_masked: string | null;
  readonly charge_id: PaymentAttemptId | null;
  readonly charge_amount_minor: string | null;
  readonly charge_reference: string | null;
}

/** The columns of `AttemptRow`, of the table `p`. */
export const attemptColumns = `p.merchant_id, p.id, p.kind, p.store_id, p.device_id, p.sale_id, p.intent_id, p.channel,
  p.amount_minor, p.currency, p.description, p.created_at, p.version, p.phase, p.calls, p.in_flight_act, p.in_flight_call,
  p.due_at, p.rounds, p.reason, p.cause, p.channel_code, p.evidence, p.changed_at, p.final_word, p.final_word_at,
  p.abandoned_at, p.refused_at, p.payer_code_masked, p.charge_id, p.charge_amount_minor, p.charge_reference`;

/** The identity's columns with their types, as a statement unpacks them from JSON. */
export const identityTypes = `merchant_id text, id text, store_id text, device_id text, sale_id text, intent_id text,
  channel text, amount_minor bigint, currency text, description text, created_at timestamptz`;
export const identityNames =
  'merchant_id, id, store_id, device_id, sale_id, intent_id, channel, amount_minor, currency, description, created_at';

/** The state's columns with their types. */
export const stateTypes = `phase text, calls int, in_flight_act text, in_flight_call int, due_at timestamptz, rounds int,
  reason text, cause text, channel_code text, evidence jsonb, changed_at timestamptz, final_word text,
  final_word_at timestamptz, abandoned_at timestamptz, refused_at timestamptz`;
export const stateNames = `phase, calls, in_flight_act, in_flight_call, due_at, rounds, reason, cause, channel_code,
  evidence, changed_at, final_word, final_word_at, abandoned_at, refused_at`;

/** The identity under the names of its columns. */
export function identityRow(identity: AttemptIdentity) {
  return {
    merchant_id: identity.merchantId,
    id: identity.id,
    store_id: identity.storeId,
    device_id: identity.deviceId,
    sale_id: identity.saleId,
    intent_id: identity.intentId,
    channel: identity.channel,
    amount_minor: identity.amount.minor.toString(),
    currency: identity.amount.currency,
    description: storable(identity.description),
    created_at: formatInstant(identity.createdAt),
  };
}

/** The state under the names of its columns. */
export function stateRow(state: ChargeState | RefundState) {
  const word = 'finalWord' in state ? state : { finalWord: null, finalWordAt: null, abandonedAt: null };
  return {
    phase: state.phase,
    calls: state.calls,
    in_flight_act: state.inFlight?.act ?? null,
    in_flight_call: state.inFlight?.call ?? null,
    due_at: toTime(state.dueAt),
    rounds: state.rounds,
    reason: state.reason,
    cause: state.cause,
    channel_code: state.channelCode === null ? null : storable(state.channelCode),
    evidence: state.evidence === null ? null : evidenceRow(state.evidence),
    changed_at: formatInstant(state.changedAt),
    final_word: word.finalWord,
    final_word_at: toTime(word.finalWordAt),
    abandoned_at: toTime(word.abandonedAt),
    refused_at: toTime('refusedAt' in state ? state.refusedAt : null),
  };
}

function evidenceRow(evidence: ApprovalEvidence): EvidenceRow {
  return {
    channelReference: storable(evidence.channelReference),
    currency: evidence.amount.currency,
    minor: evidence.amount.minor.toString(),
    paidAt: evidence.paidAt,
    payerAccount: evidence.payerAccount === null ? null : storable(evidence.payerAccount),
  };
}

/**
 * Text from outside as PostgreSQL can hold it: it refuses NUL and half characters, and a payment must not stand still because
 * a channel sent one. They become U+FFFD.
 */
export function storable(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\uFFFD');
}

export function attemptOf(row: AttemptRow): Attempt {
  return row.kind === 'charge' ? chargeOf(row) : refundOf(row);
}

/** Throws when the row is a refund's: a defect in the statement that read it. */
export function chargeOf(row: AttemptRow): Charge {
  invariant(row.kind === 'charge' && row.payer_code_masked !== null, `${row.id} is a charge`);
  return {
    kind: 'charge',
    identity: identityOf(row),
    state: {
      ...stateOf(row),
      phase: row.phase as ChargePhase,
      inFlight: inFlightOf<ChargeAct>(row),
      finalWord: row.final_word,
      finalWordAt: toInstant(row.final_word_at),
      abandonedAt: toInstant(row.abandoned_at),
    },
    version: row.version,
    payerCodeMasked: row.payer_code_masked,
  };
}

/** Throws when the row is a charge's: a defect in the statement that read it. */
export function refundOf(row: AttemptRow): Refund {
  invariant(
    row.kind === 'refund' && row.charge_id !== null && row.charge_amount_minor !== null,
    `${row.id} is a refund`,
  );
  return {
    kind: 'refund',
    identity: identityOf(row),
    state: {
      ...stateOf(row),
      phase: row.phase as RefundPhase,
      inFlight: inFlightOf<RefundAct>(row),
      refusedAt: toInstant(row.refused_at),
    },
    version: row.version,
    charge: {
      id: row.charge_id,
      amount: moneyOf(row.currency, row.charge_amount_minor),
      channelReference: row.charge_reference,
    },
  };
}

function identityOf(row: AttemptRow): AttemptIdentity {
  return {
    id: row.id,
    merchantId: row.merchant_id,
    storeId: row.store_id,
    deviceId: row.device_id,
    saleId: row.sale_id,
    intentId: row.intent_id,
    channel: row.channel,
    amount: moneyOf(row.currency, row.amount_minor),
    description: row.description,
    createdAt: instant(row.created_at.getTime()),
  };
}

function stateOf(row: AttemptRow) {
  return {
    calls: row.calls,
    dueAt: toInstant(row.due_at),
    rounds: row.rounds,
    reason: row.reason,
    cause: row.cause,
    channelCode: row.channel_code,
    evidence: row.evidence === null ? null : evidenceOf(row.evidence),
    changedAt: instant(row.changed_at.getTime()),
  };
}

function evidenceOf(row: EvidenceRow): ApprovalEvidence {
  return {
    channelReference: row.channelReference,
    amount: moneyOf(row.currency, row.minor),
    paidAt: row.paidAt === null ? null : instant(row.paidAt),
    payerAccount: row.payerAccount,
  };
}

// The table's CHECK lets a refund hold a refund's acts only.
function inFlightOf<Act extends ChargeAct>(row: AttemptRow): InFlight<Act> | null {
  if (row.in_flight_act === null || row.in_flight_call === null) return null;
  return { act: row.in_flight_act as Act, call: row.in_flight_call };
}

export function moneyOf(currency: Currency, minor: string): Money {
  return money(currency, BigInt(minor));
}

export function toTime(at: Instant | null): string | null {
  return at === null ? null : formatInstant(at);
}

function toInstant(at: Date | null): Instant | null {
  return at === null ? null : instant(at.getTime());
}
