// What the rest of the house asks of payment: start, follow, abandon, refund, hear a notice. It joins the journal, the runner and
// custody; the rules are in the protocols.

import {
  type DeviceId,
  type MerchantId,
  makeId,
  type PaymentAttemptId,
  parseId,
  type SaleId,
  type StoreId,
} from '#foundation/id.ts';
import { type Clock, type DurationMs, durationMs, type Instant } from '#foundation/instant.ts';
import { type Money, sameMoney } from '#foundation/money.ts';
import type { Random } from '#foundation/random.ts';
import type { Redacted } from '#foundation/redacted.ts';
import { failure, type Result, success } from '#foundation/result.ts';
import { type Attempt, type ChannelName, type Charge, maskPayerCode, type Refund } from './attempt.ts';
import type { Approved, Declined } from './channel.port.ts';
import { beginCharge } from './charge-protocol.ts';
import { DoubtfulOpenings } from './doubtful-openings.flow.ts';
import { AttemptDriver, type DriverParts } from './drive-attempt.flow.ts';
import type { Idempotency, OpenChargeRefusal, Opened, OpenRefundRefusal, Owner } from './journal.port.ts';
import { wordDueAt } from './policy.ts';
import { beginRefund } from './refund-protocol.ts';
import { SharedClock } from './shared-clock.ts';
import { Custody } from './take-custody.flow.ts';

export type PaymentParts = DriverParts & {
  readonly random: Random;
  /** New for every start of a process. */
  readonly owner: Owner;
};

export type StartPayment = {
  readonly merchantId: MerchantId;
  readonly storeId: StoreId;
  readonly deviceId: DeviceId;
  readonly saleId: SaleId;
  readonly amount: Money;
  readonly description: string;
  readonly channel: ChannelName;
  readonly payerCode: Redacted<string>;
  readonly idempotency: Idempotency;
};

export type StartRefund = {
  readonly merchantId: MerchantId;
  readonly deviceId: DeviceId;
  readonly chargeId: PaymentAttemptId;
  readonly amount: Money;
  readonly idempotency: Idempotency;
};

/** What came of a notice. Its sender is told that it was received, unless it is `not-written`: then it must come again. */
export type NoticeOutcome = 'heard' | 'not-ours' | 'mismatch' | 'not-written';

// How long a caller waits for the journal when it does not say.
const standardPatience = durationMs(2_000);

export class PaymentService {
  readonly #parts: PaymentParts;
  readonly #driver: AttemptDriver;
  readonly #custody: Custody;
  /** One for each charge at most, however many readers ask. */
  readonly #settling = new Map<PaymentAttemptId, Promise<boolean>>();
  readonly #doubts: DoubtfulOpenings;
  /** The clock that this process shares with all others of its journal; right from `start` on. */
  readonly clock: Clock;

  constructor(parts: PaymentParts) {
    const clock = new SharedClock(parts.clock);
    this.clock = clock;
    this.#parts = { ...parts, clock };
    this.#driver = new AttemptDriver(this.#parts);
    this.#custody = new Custody({ ...parts, clock, driver: this.#driver });
    this.#doubts = new DoubtfulOpenings({ ...this.#parts, driver: this.#driver });
  }

  /** Learns the journal's time and begins to hold custody: from now on this process also ends what others left. */
  async start(): Promise<void> {
    await this.#custody.start();
  }

  /** An orderly stop: nothing new is done, and others may take up what is open at once. */
  async stop(): Promise<void> {
    this.#doubts.stop();
    await this.#driver.stop();
    await this.#custody.stop();
  }

  get heldCount(): number {
    return this.#driver.heldCount;
  }

  /**
   * Makes the intention durable and sends it. Answers as soon as the channel did, at the latest after `patience`, with where
   * the charge stands; the payment goes on by itself. The same idempotency key answers the same charge and sends nothing.
   */
  async startPayment(request: StartPayment, patience: DurationMs): Promise<Result<Opened<Charge>, OpenChargeRefusal>> {
    const { clock, journal, owner, random, policyOf } = this.#parts;
    const now = clock.now();
    const { merchantId, storeId, deviceId, saleId, amount, description, channel } = request;
    const id = makeId('attempt', now, random);
    const intentId = makeId('intent', now, random);
    const own = { id, merchantId, storeId, deviceId, saleId, intentId, channel, amount, description, createdAt: now };
    const charge: Charge = {
      kind: 'charge',
      identity: own,
      state: beginCharge(now, policyOf(own)),
      version: 1,
      payerCodeMasked: maskPayerCode(request.payerCode.reveal()),
    };
    const { idempotency } = request;
    const opened = await this.#doubts.watch(charge, () => journal.openCharge({ charge, owner, idempotency }));
    if (!opened.ok || opened.value.kind === 'repeated') return opened;
    const settled = this.#firstMove(id, patience);
    this.#driver.begin(opened.value.attempt, request.payerCode);
    const moved = await settled;
    return success({ kind: 'opened', attempt: moved?.kind === 'charge' ? moved : opened.value.attempt });
  }

  /** Gives back a part of an approved charge, or all of it. Answers like `startPayment`. */
  async startRefund(request: StartRefund, patience: DurationMs): Promise<Result<Opened<Refund>, OpenRefundRefusal>> {
    const { clock, journal, owner, random, policyOf } = this.#parts;
    const charge = await journal.find(request.merchantId, request.chargeId);
    if (charge?.kind !== 'charge') return failure({ kind: 'charge-unknown' });
    const now = clock.now();
    const id = makeId('attempt', now, random);
    const { deviceId, amount } = request;
    const identity = { ...charge.identity, id, deviceId, amount, createdAt: now };
    const refund: Refund = {
      kind: 'refund',
      identity,
      state: beginRefund(now, policyOf(identity)),
      version: 1,
      charge: {
        id: charge.identity.id,
        amount: charge.identity.amount,
        channelReference: charge.state.evidence?.channelReference ?? null,
      },
    };
    const { idempotency } = request;
    const opened = await this.#doubts.watch(refund, () => journal.openRefund({ refund, owner, idempotency }));
    if (!opened.ok || opened.value.kind === 'repeated') return opened;
    const settled = this.#firstMove(id, patience);
    this.#driver.begin(opened.value.attempt, null);
    const moved = await settled;
    return success({ kind: 'opened', attempt: moved?.kind === 'refund' ? moved : opened.value.attempt });
  }

  /**
   * Asks to stop waiting for the payer: one last inquiry, then the reversal. What is proven by then stands. Answers when that is
   * written; `not-written` after `patience`, or when this process stops: then it may still be done, and may be asked again.
   */
  async abandon(charge: Charge, patience: DurationMs = standardPatience): Promise<'written' | 'not-written'> {
    const told = await this.#within(patience, this.#driver.tell(charge, { type: 'abandoned' }));
    return told === true ? 'written' : 'not-written';
  }

  /** When `wordOf` gives a charge its word if nobody has; null when it has one. */
  wordDueAt({ identity, state }: Charge): Instant | null {
    return state.finalWord === null ? wordDueAt(identity.createdAt, this.#parts.policyOf(identity)) : null;
  }

  /**
   * The charge as a reader is told it. From `wordDueAt` on that is with a word: when nobody has written one, it is decided here, whoever
   * holds the charge, and what stands then is answered. An approval may be on its way into the journal at this very moment, so a
   * word is never made up from the clock alone. `no-word` when none could be written within `patience`.
   */
  async wordOf(charge: Charge, patience: DurationMs): Promise<Charge | 'no-word'> {
    const dueAt = this.wordDueAt(charge);
    if (dueAt === null || this.clock.now() < dueAt) return charge;
    const { id, merchantId } = charge.identity;
    await this.#within(patience, this.#settle(charge));
    const settled = await this.#parts.journal.find(merchantId, id);
    return settled?.kind === 'charge' && settled.state.finalWord !== null ? settled : 'no-word';
  }

  #settle(charge: Charge): Promise<boolean> {
    const { id } = charge.identity;
    const before = this.#settling.get(id);
    if (before !== undefined) return before;
    const settling = this.#driver.tell(charge, { type: 'woken' }).finally(() => this.#settling.delete(id));
    this.#settling.set(id, settling);
    return settling;
  }

  /**
   * Hears a notice whose signature has been verified. It can only make a payment end sooner. `not-written` when the journal did not take
   * it within `patience`: it may still be heard, and should be sent again.
   */
  async hearNotice(
    attemptNumber: string,
    reply: Approved | Declined,
    patience: DurationMs = standardPatience,
  ): Promise<NoticeOutcome> {
    const id = parseId('attempt', attemptNumber);
    if (id === undefined) return 'not-ours';
    // The usual case: the answer was here first. An approved charge is final, so there is nothing left to hear.
    if (reply.outcome === 'approved' && this.#driver.approvedLately(id)) return 'heard';
    return (await this.#within(patience, this.#hear(id, reply))) ?? 'not-written';
  }

  async #hear(id: PaymentAttemptId, reply: Approved | Declined): Promise<NoticeOutcome> {
    const attempt = await this.#parts.journal.findByNumber(id);
    if (attempt?.kind !== 'charge') return 'not-ours';
    if (reply.outcome === 'approved' && !sameMoney(reply.evidence.amount, attempt.identity.amount)) return 'mismatch';
    return (await this.#driver.tell(attempt, { type: 'noticed', reply })) ? 'heard' : 'not-written';
  }

  /** The newest state of an attempt. */
  async find(merchantId: MerchantId, id: PaymentAttemptId): Promise<Attempt | undefined> {
    return await this.#parts.journal.find(merchantId, id);
  }

  /** Calls `listener` after every move that this process writes; other processes' moves are seen by `find`. */
  follow(id: PaymentAttemptId, listener: (attempt: Attempt) => void): () => void {
    return this.#driver.follow(id, listener);
  }

  /** Whether this process drives the attempt, so that `follow` tells every move of it. */
  drives(id: PaymentAttemptId): boolean {
    return this.#driver.drives(id);
  }

  // What `work` answers, or `undefined` after `patience`; the work itself goes on.
  #within<Value>(patience: DurationMs, work: Promise<Value>): Promise<Value | undefined> {
    return new Promise((resolve, reject) => {
      const callOff = this.clock.after(patience, () => resolve(undefined));
      void work.then(resolve, reject).finally(callOff);
    });
  }

  #firstMove(id: PaymentAttemptId, patience: DurationMs): Promise<Attempt | undefined> {
    return new Promise((resolve) => {
      const end = (attempt: Attempt | undefined): void => {
        callOff();
        unfollow();
        resolve(attempt);
      };
      const unfollow = this.#driver.follow(id, end);
      const callOff = this.#parts.clock.after(durationMs(patience), () => end(this.#driver.current(id)));
    });
  }
}
