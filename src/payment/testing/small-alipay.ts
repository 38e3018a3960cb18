// A channel for tests of the runner: a very small Alipay that keeps the truth about each attempt, and whose answers can be lost, held or
// scripted. It notes every call it gets in a course that the journal of the same test writes to as well, so that order can be read.

import type { PaymentAttemptId } from '#foundation/id.ts';
import { type Result, success } from '#foundation/result.ts';
import type {
  Approved,
  AuthorizeReply,
  AuthorizeRequest,
  Channel,
  ChargeReference,
  InquiryReply,
  NotSent,
  RefundInquiryReply,
  RefundReply,
  RefundRequest,
  ReversalReply,
  Unclear,
} from '../channel.port.ts';

type Trade = {
  state: 'waiting' | 'paid' | 'closed';
  readonly refunds: Set<string>;
  readonly minor: bigint;
  refundedMinor: bigint;
};

/** What becomes of an authorization: booked and answered, asked of the payer, or lost on the way there or back. */
export type Authorization = 'approve' | 'refuse' | 'ask-payer' | 'lose-request' | 'lose-answer';

const lost: Unclear = { outcome: 'outcome-unknown', cause: 'timeout' };

export class SmallAlipay implements Channel {
  /** Calls in their order, `act attempt`; shared with the journal's writes. */
  readonly course: string[];
  authorization: Authorization = 'approve';
  /** Acts whose answers are lost though they are done. */
  readonly loseAnswersOf = new Set<'inquire' | 'reverse' | 'refund' | 'inquire-refund'>();
  /** When set, a cancel of what was paid is refused as too late. */
  isTooLate = false;
  /** Called before anything is done; a test holds a call by awaiting in it. */
  onCall: (act: string, attemptId: PaymentAttemptId) => Promise<void> = async () => {};
  readonly #trades = new Map<PaymentAttemptId, Trade>();

  constructor(course: string[]) {
    this.course = course;
  }

  /** Minor units that the merchant keeps of an attempt. */
  kept(id: PaymentAttemptId): bigint {
    const trade = this.#trades.get(id);
    return trade?.state === 'paid' ? trade.minor - trade.refundedMinor : 0n;
  }

  /** Whether anything of the attempt ever arrived. */
  knows(id: PaymentAttemptId): boolean {
    return this.#trades.has(id);
  }

  /** The payer confirms what waits. */
  confirm(id: PaymentAttemptId): void {
    const trade = this.#trades.get(id);
    if (trade?.state === 'waiting') trade.state = 'paid';
  }

  approval({ attemptId, amount }: ChargeReference): Approved {
    const evidence = { channelReference: `trade of ${attemptId}`, amount, paidAt: null, payerAccount: null };
    return { outcome: 'approved', evidence };
  }

  async authorize(request: AuthorizeRequest): Promise<Result<AuthorizeReply, NotSent>> {
    await this.#enter('authorize', request.attemptId);
    if (this.authorization === 'lose-request') return success(lost);
    if (this.authorization === 'refuse')
      return success({ outcome: 'declined', reason: 'insufficient-funds', channelCode: 'BALANCE' });
    const state = this.authorization === 'ask-payer' ? 'waiting' : 'paid';
    const trade: Trade = { state, refunds: new Set(), minor: request.amount.minor, refundedMinor: 0n };
    this.#trades.set(request.attemptId, trade);
    if (this.authorization === 'ask-payer') return success({ outcome: 'awaiting-payer' });
    if (this.authorization === 'lose-answer') return success(lost);
    return success(this.approval({ ...request, channelReference: null }));
  }

  async inquire(charge: ChargeReference): Promise<Result<InquiryReply, NotSent>> {
    await this.#enter('inquire', charge.attemptId);
    const trade = this.#trades.get(charge.attemptId);
    if (this.loseAnswersOf.has('inquire')) return success(lost);
    if (trade === undefined) return success({ outcome: 'never-received' });
    if (trade.state === 'waiting') return success({ outcome: 'awaiting-payer' });
    const isClosed = trade.state === 'closed' || trade.refundedMinor === trade.minor;
    return success(isClosed ? { outcome: 'closed' } : this.approval(charge));
  }

  async reverse(charge: ChargeReference): Promise<Result<ReversalReply, NotSent>> {
    await this.#enter('reverse', charge.attemptId);
    const trade = this.#trades.get(charge.attemptId);
    if (trade === undefined) return success(this.loseAnswersOf.has('reverse') ? lost : { outcome: 'never-received' });
    if (this.isTooLate && trade.state === 'paid') return success({ outcome: 'too-late' });
    const moneyReturned = trade.state === 'paid';
    trade.state = 'closed';
    return success(this.loseAnswersOf.has('reverse') ? lost : { outcome: 'reversed', moneyReturned });
  }

  async refund(request: RefundRequest): Promise<Result<RefundReply, NotSent>> {
    await this.#enter('refund', request.charge.attemptId);
    const trade = this.#trades.get(request.charge.attemptId);
    if (trade === undefined || trade.state !== 'paid')
      return success({ outcome: 'declined', reason: 'other', channelCode: 'NO_SUCH_TRADE' });
    if (!trade.refunds.has(request.refundId)) trade.refundedMinor += request.amount.minor;
    trade.refunds.add(request.refundId);
    return success(this.loseAnswersOf.has('refund') ? lost : { outcome: 'refunded', refundedAt: null });
  }

  async inquireRefund(request: RefundRequest): Promise<Result<RefundInquiryReply, NotSent>> {
    await this.#enter('inquire-refund', request.charge.attemptId);
    if (this.loseAnswersOf.has('inquire-refund')) return success(lost);
    const isThere = this.#trades.get(request.charge.attemptId)?.refunds.has(request.refundId) === true;
    return success(isThere ? { outcome: 'refunded', refundedAt: null } : { outcome: 'never-received' });
  }

  async #enter(act: string, attemptId: PaymentAttemptId): Promise<void> {
    this.course.push(`call ${act}`);
    await this.onCall(act, attemptId);
  }
}
