// The runner: for every event it asks the protocol, writes the answer, and only then acts. It holds the attempts that this
// process works on in memory with one timer each; a waiting payment costs a row and a timer, no thread and no connection.
// If the process dies, what it wrote is enough for another to go on (take-custody.flow.ts).

import type { PaymentAttemptId } from '#foundation/id.ts';
import { between, type Clock, type DurationMs, durationMs, type Instant, instant, plus } from '#foundation/instant.ts';
import type { Log } from '#foundation/log.ts';
import type { Redacted } from '#foundation/redacted.ts';
import { invariant, unreachable } from '#foundation/result.ts';
import type { Attempt, ChannelName, Charge, ChargeAct, RefundAct } from './attempt.ts';
import type { Channel, NotSent, Unclear } from './channel.port.ts';
import { chargeReference, refundRequest } from './channel-request.ts';
import { type ChargeEvent, dutyOf } from './charge-phases.ts';
import { decideCharge } from './charge-protocol.ts';
import { factsOf } from './fact.ts';
import type { PaymentJournal } from './journal.port.ts';
import { callTimeoutMs, type DeadlinePolicy } from './policy.ts';
import { decideRefund, isRefundEvent } from './refund-protocol.ts';

export type DriverParts = {
  readonly journal: PaymentJournal;
  readonly channels: Readonly<Partial<Record<ChannelName, Channel>>>;
  readonly clock: Clock;
  readonly log: Log;
  readonly policyOf: (attempt: Attempt['identity']) => DeadlinePolicy;
};

/** An attempt in this process's hands. `payerCode` lives here and nowhere else, until the request has been answered. */
type Held = {
  attempt: Attempt;
  payerCode: Redacted<string> | null;
  /** Events of one attempt are decided one after another. */
  turn: Promise<unknown>;
  callOffTimer: (() => void) | null;
  /** False when another process holds the attempt and this one only passed on an event: then it sets no timer. */
  own: boolean;
  callsOut: number;
  /** The moment when it was taken in hand, by both clocks. */
  readonly since: { readonly at: Instant; readonly monotonicMs: number };
};

// A journal that cannot be written is tried again until it can: the next act waits for it, and nothing is lost meanwhile.
const journalRetryMs = [50, 100, 200, 400, 800, 1_600, 2_000] as const;

const approvedCountMax = 10_000;

export class AttemptDriver {
  readonly #parts: DriverParts;
  readonly #held = new Map<PaymentAttemptId, Held>();
  readonly #listeners = new Map<PaymentAttemptId, Set<(attempt: Attempt) => void>>();
  readonly #calls = new Set<AbortController>();
  /** The last charges that this process wrote as approved; the oldest are forgotten. */
  readonly #approved = new Set<PaymentAttemptId>();
  #stopped = false;

  constructor(parts: DriverParts) {
    this.#parts = parts;
  }

  /** Number of attempts in hand: what `/metrics` shows and an orderly stop drains. */
  get heldCount(): number {
    return this.#held.size;
  }

  /** Goes on with an attempt whose first call is written and not yet made. */
  begin(attempt: Attempt, payerCode: Redacted<string> | null): void {
    const held = this.#hold(attempt, payerCode, true);
    this.#schedule(held);
    const act = attempt.state.inFlight?.act;
    if (act !== undefined) this.#make(held, act);
  }

  /** Goes on with an attempt that custody has just made this process's own. */
  async resume(attempt: Attempt): Promise<void> {
    const held = this.#held.get(attempt.identity.id) ?? this.#hold(attempt, null, true);
    held.own = true;
    await this.#queue(held, { type: 'taken-up' });
  }

  /**
   * Tells the protocol an event about an attempt, in hand here or not. Resolves when what follows from it is written, however long
   * the journal is away; with `false` when this process stopped before that.
   */
  async tell(attempt: Attempt, event: ChargeEvent): Promise<boolean> {
    const held = this.#held.get(attempt.identity.id) ?? this.#hold(attempt, null, false);
    return await this.#queue(held, event);
  }

  /** The newest state known here, if this process has the attempt in hand. */
  current(id: PaymentAttemptId): Attempt | undefined {
    return this.#held.get(id)?.attempt;
  }

  /** Whether this process lately wrote the charge as approved. */
  approvedLately(id: PaymentAttemptId): boolean {
    return this.#approved.has(id);
  }

  /** Whether the attempt is this process's own duty. */
  drives(id: PaymentAttemptId): boolean {
    return this.#held.get(id)?.own ?? false;
  }

  /** Whether this process drives the attempt and knows of this state or a newer one: then its timer is set. */
  knows({ identity, version }: Attempt): boolean {
    return this.drives(identity.id) && (this.current(identity.id)?.version ?? 0) >= version;
  }

  /** Calls `listener` after every written move that this process makes or meets; returns a function that ends it. */
  follow(id: PaymentAttemptId, listener: (attempt: Attempt) => void): () => void {
    const listeners = this.#listeners.get(id) ?? new Set();
    this.#listeners.set(id, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0) this.#listeners.delete(id);
    };
  }

  /** Ends timers and calls. What is in hand stays in the journal as it is, for the next process. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const call of this.#calls) call.abort();
    const turns: Promise<unknown>[] = [];
    for (const held of this.#held.values()) {
      held.callOffTimer?.();
      turns.push(held.turn);
    }
    await Promise.allSettled(turns);
  }

  #hold(attempt: Attempt, payerCode: Redacted<string> | null, own: boolean): Held {
    const { clock } = this.#parts;
    const at = instant(Math.max(clock.now(), attempt.state.changedAt));
    const since = { at, monotonicMs: clock.monotonicMs() };
    const held: Held = { attempt, payerCode, turn: Promise.resolve(), callOffTimer: null, own, callsOut: 0, since };
    this.#held.set(attempt.identity.id, held);
    return held;
  }

  #queue(held: Held, event: ChargeEvent): Promise<boolean> {
    const turn = held.turn
      .then(() => this.#decide(held, event))
      .then(
        () => true,
        // A defect in one turn must not stop the next; it is told, and the timer brings the attempt back.
        (trouble: unknown) => {
          this.#report(held, trouble);
          return false;
        },
      );
    held.turn = turn;
    return turn;
  }

  #report(held: Held, trouble: unknown): void {
    const name = trouble instanceof Error ? trouble.message : 'unknown';
    this.#parts.log.event('payment.attempt.faulted', { attemptId: held.attempt.identity.id, fault: name });
    if (!this.#stopped) this.#wakeAfter(held, durationMs(journalRetryMs[6]));
  }

  // Ask, write, then act. When another write came first the attempt is loaded and the event decided anew; so it is when the
  // journal could not be written, for time has passed meanwhile and an approval may have become a late one.
  async #decide(held: Held, event: ChargeEvent): Promise<void> {
    let isInDoubt = false;
    for (let tries = 0; ; tries += 1) {
      const before = held.attempt;
      const decision = this.#ask(held, event);
      if (decision === null) break;
      const looking = held.own ? mereLook(before, decision.state) : null;
      if (looking !== null) {
        held.attempt = looking;
        if (decision.act !== null && !this.#stopped) this.#make(held, decision.act);
        break;
      }
      const written = await this.#tryWrite(held, decision.state, tries, isInDoubt);
      isInDoubt ||= written === 'unanswered';
      if (written === 'unanswered' || written === 'overtaken') continue;
      held.attempt = written;
      this.#announce(before, written);
      if (decision.act !== null && !this.#stopped) this.#make(held, decision.act);
      break;
    }
    this.#settle(held);
  }

  async #tryWrite(
    held: Held,
    next: Attempt['state'],
    tries: number,
    isInDoubt: boolean,
  ): Promise<Attempt | 'unanswered' | 'overtaken'> {
    const { journal, clock } = this.#parts;
    try {
      const written = await journal.advance(held.attempt, next, factsOf(held.attempt, next));
      if (written !== undefined) return written;
      const { version, identity } = held.attempt;
      const fresh = await journal.find(identity.merchantId, identity.id);
      invariant(fresh !== undefined, `attempt ${identity.id} is in hand but not in the journal`);
      // A write that nobody answered may be what came first: then its act is still to be made.
      if (isInDoubt && fresh.version === version + 1 && isSameStep(fresh.state, next)) return fresh;
      held.attempt = fresh;
      this.#tellListeners(fresh);
      return 'overtaken';
    } catch (trouble) {
      if (this.#stopped) throw trouble;
      this.#tellUnavailable(held, trouble, tries);
      const wait = durationMs(journalRetryMs[Math.min(tries, journalRetryMs.length - 1)] ?? 2_000);
      await new Promise<void>((resolve) => clock.after(wait, resolve));
      return 'unanswered';
    }
  }

  #tellUnavailable(held: Held, trouble: unknown, tries: number): void {
    if (tries % 10 !== 0) return;
    const fault = trouble instanceof Error ? trouble.message : 'unknown';
    this.#parts.log.event('payment.journal.unavailable', { attemptId: held.attempt.identity.id, tries, fault });
  }

  #ask(held: Held, event: ChargeEvent): { state: Attempt['state']; act: ChargeAct | RefundAct | null } | null {
    const { attempt } = held;
    const policy = this.#parts.policyOf(attempt.identity);
    const now = this.#now(held);
    if (attempt.kind === 'charge') return decideCharge(attempt, event, now, policy);
    return isRefundEvent(event) ? decideRefund(attempt, event, now, policy) : null;
  }

  // The journal's clock may be set back, and all that share it follow; a payment's deadline does not move with it. Since an attempt is
  // in hand at least so much time has passed as the clock says that nobody can set.
  #now({ since }: Held): Instant {
    const { clock } = this.#parts;
    const passed = plus(since.at, durationMs(clock.monotonicMs() - since.monotonicMs));
    return instant(Math.floor(Math.max(clock.now(), passed)));
  }

  #announce(before: Attempt, after: Attempt): void {
    if (after.state.phase === 'approved') this.#rememberApproved(after.identity.id);
    if (before.state.phase !== after.state.phase) {
      this.#parts.log.event(`payment.${after.kind}.${after.state.phase}`, {
        attemptId: after.identity.id,
        saleId: after.identity.saleId,
        storeId: after.identity.storeId,
        calls: after.state.calls,
        elapsedMs: after.state.changedAt - after.identity.createdAt,
        ...(after.state.cause === null ? {} : { cause: after.state.cause }),
        ...(after.state.reason === null ? {} : { reason: after.state.reason }),
      });
    }
    this.#tellListeners(after);
  }

  #tellListeners(attempt: Attempt): void {
    for (const listener of this.#listeners.get(attempt.identity.id) ?? []) listener(attempt);
  }

  #rememberApproved(id: PaymentAttemptId): void {
    const oldest = this.#approved.size >= approvedCountMax ? this.#approved.values().next().value : undefined;
    if (oldest !== undefined) this.#approved.delete(oldest);
    this.#approved.add(id);
  }

  #settle(held: Held): void {
    this.#schedule(held);
    const { dueAt, inFlight } = held.attempt.state;
    const atRest = dueAt === null && inFlight === null;
    const passedOn = !held.own && held.callsOut === 0;
    const { id } = held.attempt.identity;
    if ((atRest || passedOn) && this.#held.get(id) === held) this.#held.delete(id);
  }

  #schedule(held: Held): void {
    held.callOffTimer?.();
    held.callOffTimer = null;
    const { dueAt } = held.attempt.state;
    if (dueAt !== null && held.own && !this.#stopped) this.#wakeAfter(held, between(this.#now(held), dueAt));
  }

  #wakeAfter(held: Held, wait: DurationMs): void {
    held.callOffTimer?.();
    held.callOffTimer = this.#parts.clock.after(wait, () => {
      held.callOffTimer = null;
      void this.#queue(held, { type: 'woken' });
    });
  }

  // Makes the call that was just written, and tells its answer. Not awaited: the turn is free for other events meanwhile.
  #make(held: Held, act: ChargeAct | RefundAct): void {
    const { attempt } = held;
    const call = attempt.state.inFlight?.call;
    invariant(call !== undefined, 'an act without its intention written');
    const policy = this.#parts.policyOf(attempt.identity);
    const controller = new AbortController();
    this.#calls.add(controller);
    held.callsOut += 1;
    const callOff = this.#parts.clock.after(callTimeoutMs(act, policy), () => controller.abort());
    void this.#request(held, attempt, act, call, controller.signal)
      .catch((trouble: unknown): ChargeEvent => {
        this.#report(held, trouble);
        return unansweredEvent(act, call, {
          ok: true,
          value: { outcome: 'outcome-unknown', cause: 'connection-lost' },
        });
      })
      .then((event) => {
        callOff();
        this.#calls.delete(controller);
        held.callsOut -= 1;
        // The attempt may have come to rest meanwhile; a late answer can still be news.
        if (!this.#held.has(attempt.identity.id)) this.#held.set(attempt.identity.id, held);
        if (!this.#stopped) void this.tell(attempt, event);
      });
  }

  async #request(
    held: Held,
    attempt: Attempt,
    act: ChargeAct | RefundAct,
    call: number,
    signal: AbortSignal,
  ): Promise<ChargeEvent> {
    const channel = this.#parts.channels[attempt.identity.channel];
    if (channel === undefined) {
      return unansweredEvent(act, call, { ok: false, failure: { kind: 'not-sent', detail: 'no such channel here' } });
    }
    const charge = chargeReference(attempt);
    switch (act) {
      case 'authorize':
        return { type: 'authorize-answered', call, reply: await this.#authorize(held, channel, signal) };
      case 'inquire':
        return { type: 'inquire-answered', call, reply: await channel.inquire(charge, signal) };
      case 'reverse':
        return { type: 'reverse-answered', call, reply: await channel.reverse(charge, signal) };
      case 'refund':
        return { type: 'refund-answered', call, reply: await channel.refund(refundRequest(attempt), signal) };
      case 'inquire-refund':
        return {
          type: 'inquire-refund-answered',
          call,
          reply: await channel.inquireRefund(refundRequest(attempt), signal),
        };
      default:
        return unreachable(act);
    }
  }

  async #authorize(held: Held, channel: Channel, signal: AbortSignal): ReturnType<Channel['authorize']> {
    const { identity } = held.attempt;
    const { payerCode } = held;
    const age = between(identity.createdAt, this.#now(held));
    // Without its code, or so late that others may have taken the attempt up, the request is provably not sent.
    if (payerCode === null || age > this.#parts.policyOf(identity).sendWithinMs) {
      return { ok: false, failure: { kind: 'not-sent', detail: 'too late to send' } };
    }
    const { id: attemptId, amount, description, merchantId, storeId, deviceId, createdAt: at } = identity;
    const request = { attemptId, amount, payerCode, description, merchantId, storeId, deviceId, at };
    const reply = await channel.authorize(request, signal);
    if (reply.ok) held.payerCode = null;
    return reply;
  }
}

// The same phase with the same call out: two states of one attempt that only differ by when they were decided.
function isSameStep(left: Attempt['state'], right: Attempt['state']): boolean {
  const { phase, inFlight } = right;
  return left.phase === phase && left.inFlight?.act === inFlight?.act && left.inFlight?.call === inFlight?.call;
}

// While a payer is waited for, an inquiry that finds nothing new is not written: it has no effect to answer for, and a process
// that takes the attempt up asks by itself. A thousand waiting payers then cost the journal nothing.
function mereLook(before: Attempt, next: Attempt['state']): Charge | null {
  if (before.kind !== 'charge' || !('abandonedAt' in next)) return null;
  const { state } = before;
  const onlyLooks = [state.inFlight, next.inFlight].every((call) => call === null || call.act === 'inquire');
  const samePlace =
    state.phase === next.phase && dutyOf(next.phase) === 'till' && state.abandonedAt === next.abandonedAt;
  return onlyLooks && samePlace ? { ...before, state: next } : null;
}

type Unanswered = { readonly ok: true; readonly value: Unclear } | { readonly ok: false; readonly failure: NotSent };

// An event for a call that no channel answered.
function unansweredEvent(act: ChargeAct | RefundAct, call: number, reply: Unanswered): ChargeEvent {
  switch (act) {
    case 'authorize':
      return { type: 'authorize-answered', call, reply };
    case 'inquire':
      return { type: 'inquire-answered', call, reply };
    case 'reverse':
      return { type: 'reverse-answered', call, reply };
    case 'refund':
      return { type: 'refund-answered', call, reply };
    case 'inquire-refund':
      return { type: 'inquire-refund-answered', call, reply };
    default:
      return unreachable(act);
  }
}
