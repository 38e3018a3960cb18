// A server process as the explorer sees it: memory that a crash takes away, and the runner's one rule: ask the protocol, write its
// answer against the version that was seen, and only then act. Written apart from the runner (drive-attempt.flow.ts,
// take-custody.flow.ts) by the same rules; what it leaves out is said in index.ts.

import { type DurationMs, durationMs, type Instant, plus } from '#foundation/instant.ts';
import { invariant } from '#foundation/result.ts';
import {
  type Attempt,
  type Charge,
  type ChargeAct,
  type ChargeEvent,
  type DeadlinePolicy,
  dutyOf,
  type RefundEvent,
} from '#payment/index.ts';
import { answerEvent } from './answer-event.ts';
import { lyingMs, requestLifeMs, silentMs } from './scope.ts';
import {
  type Copy,
  copyOf,
  type Draft,
  isFinished,
  itemAt,
  type Row,
  type Says,
  type Setting,
  type World,
} from './world.ts';

export type Telling = {
  readonly process: number;
  readonly index: number;
  readonly event: ChargeEvent;
  /** The answer of a call goes to the memory that made it, even when the attempt has come to rest meanwhile. */
  readonly fromCall: boolean;
};

/** Ends the process between the write and the act that was to follow; others may take up what it held after so long. */
export type Death = { readonly takeUpAfterMs: DurationMs } | null;

// Looks at a row that others keep moving are bounded by the number of processes; more would be a defect of this model.
const triesMax = 8;

/** Tells a process an event: it decides, writes, acts. Answers whether an act was to follow the write. */
export function tell(draft: Draft, setting: Setting, telling: Telling, death: Death = null): boolean {
  const { process, index, event, fromCall } = telling;
  const found = copyOf(draft, process, index);
  const isAtHand = found !== null && (fromCall || !isFinished(found.attempt));
  let copy = isAtHand ? found : freshCopy(draft, index, false, found);
  let act: ChargeAct | null = null;
  for (let tries = 0; ; tries += 1) {
    invariant(tries < triesMax, 'one event is decided again and again');
    const { attempt } = copy;
    const decision = decide(attempt, event, draft.now, setting);
    if (decision === null) break;
    const look = copy.own ? mereLook(attempt, decision.next) : null;
    const row = itemAt(draft.rows, index);
    if (look === null && attempt.version !== row.attempt.version) {
      copy = { ...copy, attempt: row.attempt };
      continue;
    }
    if (look === null) draft.rows[index] = written(row, decision.next);
    copy = { ...copy, attempt: look ?? decision.next };
    act = decision.act;
    break;
  }
  if (act !== null && death !== null) crash(draft, process, death.takeUpAfterMs);
  else keep(draft, process, index, act === null ? copy : send(draft, setting, { process, index, copy, act }));
  return act !== null;
}

type Decision = { readonly next: Attempt; readonly act: ChargeAct | null } | null;

// What the rules answer, as the record that would be written.
function decide(attempt: Attempt, event: ChargeEvent, now: Instant, { rules, scope }: Setting): Decision {
  const version = attempt.version + 1;
  if (attempt.kind === 'charge') {
    const decision = rules.decideCharge(attempt, event, now, scope.policy);
    return decision === null ? null : { next: { ...attempt, state: decision.state, version }, act: decision.act };
  }
  const decision = isForRefund(event) ? rules.decideRefund(attempt, event, now, scope.policy) : null;
  return decision === null ? null : { next: { ...attempt, state: decision.state, version }, act: decision.act };
}

function isForRefund(event: ChargeEvent): event is RefundEvent {
  return ['refund-answered', 'inquire-refund-answered', 'woken', 'taken-up'].includes(event.type);
}

// What is at rest has no holder: when a late notice wakes it, anyone may take it up.
function written(row: Row, attempt: Attempt): Row {
  return isFinished(attempt) ? { ...row, attempt, holder: 'nobody', takeUpAt: null } : { ...row, attempt };
}

// While a payer is waited for, an inquiry that finds nothing new is not written.
function mereLook(before: Attempt, after: Attempt): Charge | null {
  if (before.kind !== 'charge' || after.kind !== 'charge') return null;
  const [old, next] = [before.state, after.state];
  const onlyLooks = [old.inFlight, next.inFlight].every((out) => out === null || out.act === 'inquire');
  const samePlace = old.phase === next.phase && old.abandonedAt === next.abandonedAt;
  return onlyLooks && samePlace && dutyOf(next.phase) === 'till' ? { ...after, version: before.version } : null;
}

/** An attempt as the journal has it, in a process's hand. Calls that its process made before are still out. */
export function freshCopy(draft: Draft | World, index: number, own: boolean, before: Copy | null): Copy {
  return { attempt: itemAt(draft.rows, index).attempt, own, hasCode: false, callsOut: before?.callsOut ?? [] };
}

/** Puts an attempt into a process's memory, or out of it when there is nothing left to do for it there. */
export function keep(draft: Draft, process: number, index: number, copy: Copy): void {
  const isOver = copy.callsOut.length === 0 && (!copy.own || isFinished(copy.attempt));
  place(draft, process, index, isOver ? null : copy);
}

function place(draft: Draft, process: number, index: number, copy: Copy | null): void {
  const { asleep, copies } = itemAt(draft.processes, process);
  const placed = draft.rows.map((_, other) => (other === index ? copy : (copies[other] ?? null)));
  draft.processes[process] = { asleep, copies: placed };
}

type Sending = { readonly process: number; readonly index: number; readonly copy: Copy; readonly act: ChargeAct };

/** Makes the call that was written: the request is under way from now on. */
export function send(draft: Draft, { scope }: Setting, { process, index, copy, act }: Sending): Copy {
  const call = copy.attempt.state.inFlight?.call;
  invariant(call !== undefined, 'an act without its intention written');
  const age = draft.now - copy.attempt.identity.createdAt;
  const isTooLate = act === 'authorize' && (!copy.hasCode || age > scope.policy.sendWithinMs);
  const conversation = { index, act, call, process, delayed: false } as const;
  if (isTooLate) draft.wire.push({ kind: 'answer', says: 'not-sent', ...conversation });
  else draft.wire.push({ kind: 'request', doubled: false, until: plus(draft.now, requestLifeMs), ...conversation });
  const timesOutAt = plus(draft.now, timeoutOf(act, scope.policy));
  return { ...copy, callsOut: [...copy.callsOut, { call, act, timesOutAt }] };
}

function timeoutOf(act: ChargeAct, policy: DeadlinePolicy): DurationMs {
  const timeouts = {
    authorize: policy.authorizeTimeoutMs,
    inquire: policy.inquiryTimeoutMs,
    reverse: policy.reversalTimeoutMs,
    refund: policy.refundTimeoutMs,
    'inquire-refund': policy.inquiryTimeoutMs,
  } satisfies Record<ChargeAct, DurationMs>;
  return timeouts[act];
}

export type Heard = { readonly process: number; readonly index: number; readonly call: number; readonly says: Says };

/** A call is answered, or given up: other answers of the same call are dropped, and the protocol is told. */
export function hear(draft: Draft, setting: Setting, { process, index, call, says }: Heard, death: Death): boolean {
  const copy = copyOf(draft, process, index);
  const out = copy?.callsOut.find((each) => each.call === call);
  invariant(copy !== null && out !== undefined, 'an answer to a call that is not out');
  draft.wire = draft.wire.filter(
    (other) => other.kind !== 'answer' || other.process !== process || other.index !== index || other.call !== call,
  );
  const hasCode = copy.hasCode && (out.act !== 'authorize' || says === 'not-sent');
  const callsOut = copy.callsOut.filter((each) => each !== out);
  place(draft, process, index, { ...copy, hasCode, callsOut });
  const trade = itemAt(draft.rows, index).trade;
  const event = answerEvent({ act: out.act, call, says, trade });
  return tell(draft, setting, { process, index, event, fromCall: true }, death);
}

/** The process loses its memory. It, or another, may take up what it held once it counts as dead. */
export function crash(draft: Draft, process: number, takeUpAfterMs: DurationMs): void {
  draft.processes[process] = { asleep: false, copies: draft.rows.map(() => null) };
  draft.wire = draft.wire
    .filter((message) => message.kind !== 'answer' || message.process !== process)
    .map((message) =>
      message.kind === 'request' && message.process === process ? { ...message, process: null } : message,
    );
  const takeUpAt = plus(draft.now, takeUpAfterMs);
  for (const [index, row] of draft.rows.entries()) {
    if (row.holder === process) draft.rows[index] = { ...row, holder: 'dead', takeUpAt };
  }
}

/** The process stands still: it renews nothing, its timers do not fire, what comes for it waits. */
export function fallAsleep(draft: Draft, process: number): void {
  draft.processes[process] = { ...itemAt(draft.processes, process), asleep: true };
  const takeUpAt = plus(draft.now, silentMs);
  for (const [index, row] of draft.rows.entries()) {
    if (row.holder === process) draft.rows[index] = { ...row, takeUpAt };
  }
}

/** The process goes on as if nothing had been: what another took up meanwhile it still believes to be its own. */
export function goOn(draft: Draft, process: number): void {
  draft.processes[process] = { ...itemAt(draft.processes, process), asleep: false };
  for (const [index, row] of draft.rows.entries()) {
    if (row.holder === process) draft.rows[index] = { ...row, takeUpAt: null };
  }
}

/** Custody: the attempt is the process's own from now on, and it goes on from what was written. */
export function takeUp(draft: Draft, setting: Setting, process: number, index: number, death: Death): boolean {
  const row = itemAt(draft.rows, index);
  draft.rows[index] = { ...row, holder: process, takeUpAt: null };
  const found = copyOf(draft, process, index);
  const isAtHand = found !== null && !isFinished(found.attempt);
  if (isAtHand && found.own && found.attempt.version >= row.attempt.version) return false;
  place(draft, process, index, isAtHand ? { ...found, own: true } : freshCopy(draft, index, true, found));
  return tell(draft, setting, { process, index, event: { type: 'taken-up' }, fromCall: true }, death);
}

/** When custody may take an attempt up, and who; null while a living process cares for it. */
export function takeUpOf(world: World, index: number): { readonly at: Instant; readonly by: readonly number[] } | null {
  const { attempt, holder, takeUpAt } = itemAt(world.rows, index);
  if (isFinished(attempt)) return null;
  const awake = [...world.processes.keys()].filter((process) => !itemAt(world.processes, process).asleep);
  if (takeUpAt !== null) return { at: takeUpAt, by: awake };
  const { dueAt } = attempt.state;
  if (holder === 'nobody') return { at: dueAt ?? world.now, by: awake };
  if (holder === 'dead' || dueAt === null || copyOf(world, holder, index)?.own === true) return null;
  return { at: plus(dueAt, durationMs(lyingMs)), by: awake.filter((process) => process === holder) };
}
