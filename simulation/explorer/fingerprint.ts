// When two worlds are the same: nothing that the rules or the model look at tells them apart. What is left out or made relative,
// and why nothing is lost by it, is said at each place. A fingerprint is exact text, never a hash: two worlds with different futures
// cannot be taken for one by chance.

import type { Instant } from '#foundation/instant.ts';
import { type Attempt, type ChargeAct, type ChargePhase, dutyOf, type RefundPhase } from '#payment/index.ts';
import { type Scope, weatherKinds } from './scope.ts';
import { type Copy, itemAt, type Message, type Row, type Says, type Trade, type World } from './world.ts';

const phaseLetters = {
  authorizing: 'a',
  'awaiting-payer': 'w',
  unclear: 'u',
  approved: 'A',
  declined: 'd',
  reversing: 'r',
  watching: 'W',
  reversed: 'R',
  returning: 't',
  returned: 'T',
  requesting: 'q',
  refunded: 'F',
} as const satisfies Record<ChargePhase | RefundPhase, string>;

const actLetters = {
  authorize: 'p',
  inquire: 'i',
  reverse: 'c',
  refund: 'f',
  'inquire-refund': 'j',
} as const satisfies Record<ChargeAct, string>;

const saysLetters = {
  approved: 'A',
  declined: 'd',
  'awaiting-payer': 'w',
  'outcome-unknown': 'u',
  timeout: 't',
  'not-sent': 'n',
  'never-received': 'v',
  closed: 'x',
  reversed: 'r',
  'too-late': 'l',
  refunded: 'f',
} as const satisfies Record<Says, string>;

const statusLetters = {
  unknown: 'u',
  held: 'h',
  waiting: 'w',
  paid: 'p',
  closed: 'c',
  refused: 'r',
} as const satisfies Record<Trade['status'], string>;

// Custody's wait grows with the rounds up to a largest one, whatever the policy (policy.ts); there are fewer look-backs than that.
const roundsMax = 24;

/** Beyond this a charge's age no longer matters: every figure that its rules compare it with has been passed. */
function ageMaxMs({ policy }: Scope): number {
  return Math.max(policy.payerCodeLifeMs, policy.finalWordMs, policy.sendWithinMs) + 1;
}

/** The text that equal worlds share. */
export function fingerprintOf(world: World, scope: Scope): string {
  const oldestMs = ageMaxMs(scope);
  let text = '';
  for (const kind of weatherKinds) text += world.left[kind];
  for (const minor of world.wishes) text += `+${minor}`;
  for (const [index, row] of world.rows.entries()) {
    text += `|${rowText(row, world.now, oldestMs)}${tradeText(itemAt(world.trades, index), world)}`;
  }
  for (const { asleep, copies } of world.processes) {
    text += asleep ? '/z' : '/';
    for (const [index, copy] of copies.entries()) {
      text += copy === null ? '.' : `,${copyText(copy, itemAt(world.rows, index), world.now)}`;
    }
  }
  const messages: string[] = [];
  for (const message of world.wire) messages.push(messageText(message, world));
  return `${text}#${messages.sort().join(';')}`;
}

// Only the span from now matters: nothing compares an instant of one world with one of another.
function span(at: Instant | null, now: Instant): string {
  return at === null ? '-' : (at - now).toString(36);
}

function rowText({ attempt, holder, takeUpAt }: Row, now: Instant, oldestMs: number): string {
  const who = holder === 'nobody' ? 'n' : holder === 'dead' ? 'x' : String(holder);
  // A refund's rules do not look at its age.
  const age = attempt.kind === 'refund' ? '' : Math.min(now - attempt.identity.createdAt, oldestMs).toString(36);
  return `${stateText(attempt, attempt.state.calls, now)}${age}${who}${span(takeUpAt, now)}`;
}

// Call numbers are compared with each other and with nothing else, so they are told as their distance from the row's. `changedAt` and `finalWordAt` are records that no rule reads; when the word was
// given is checked in the move that gives it. Of `cause` only its effect on the wait before the next inquiry counts, of `reason`
// only whether there is one, of the evidence the same: it is always the charge's own.
function stateText({ state }: Attempt, calls: number, now: Instant): string {
  const { phase, inFlight, dueAt, rounds, cause, reason, evidence } = state;
  const out = inFlight === null ? '' : `${actLetters[inFlight.act]}${calls - inFlight.call}`;
  const isOpen = dueAt !== null || inFlight !== null;
  const refused = 'refusedAt' in state && isOpen && state.refusedAt !== null ? `r${span(state.refusedAt, now)}` : '';
  const heard = cause === null ? '' : cause === 'system-error' || cause === 'unknown-code' ? 's' : 'l';
  const known = `${reason === null ? '' : '!'}${evidence === null ? '' : '$'}`;
  const round = Math.min(rounds, roundsMax).toString(36);
  const own = `${phaseLetters[phase]}${out}${calls - state.calls}${refused}${heard}${known}${round}`;
  return `${own}:${span(dueAt, now)}${'finalWord' in state ? wordText(state, now) : ''}:`;
}

// When the till gave up matters while it is the till's turn; afterwards only that it did.
function wordText(state: Extract<Attempt, { kind: 'charge' }>['state'], now: Instant): string {
  const word = state.finalWord === null ? '' : state.finalWord === 'paid' ? 'P' : 'N';
  if (state.abandonedAt === null) return word;
  return `${word}b${dutyOf(state.phase) === 'till' ? span(state.abandonedAt, now) : ''}`;
}

function tradeText(trade: Trade, { now, rows }: World): string {
  const { status, takenMinor, cancelled, refunds, windowClosed, held } = trade;
  const given = refunds.map(({ number, minor }) => `${number}f${minor}`).sort();
  const inside = held === null ? '' : `${messageText(held.request, { now, rows })}@${span(held.until, now)}`;
  const flags = `${cancelled ? 'C' : ''}${windowClosed ? 'L' : ''}${takenMinor}`;
  return `${statusLetters[status]}${flags}${given.join()}${inside}`;
}

// A copy that is the row itself is told by a sign. One that lags loses its write by whatever number of versions.
function copyText(copy: Copy, row: Row, now: Instant): string {
  const { calls } = row.attempt.state;
  const lags = copy.attempt.version !== row.attempt.version;
  const state = copy.attempt === row.attempt ? '=' : `${lags ? '<' : '>'}${stateText(copy.attempt, calls, now)}`;
  const out: string[] = [];
  for (const { act, call, timesOutAt } of copy.callsOut) {
    out.push(`${actLetters[act]}${calls - call}@${span(timesOutAt, now)}`);
  }
  return `${copy.own ? 'o' : ''}${copy.hasCode ? 'k' : ''}${state}${out.sort().join()}`;
}

function messageText(message: Message, { now, rows }: Pick<World, 'now' | 'rows'>): string {
  const { index, delayed } = message;
  const late = delayed ? 'l' : '';
  const { calls } = itemAt(rows, index).attempt.state;
  switch (message.kind) {
    case 'request': {
      const from = message.process === null ? 'x' : `${message.process}.${calls - message.call}`;
      return `r${index}${actLetters[message.act]}${from}${late}${message.doubled ? 'd' : ''}${span(message.until, now)}`;
    }
    case 'answer':
      return `a${index}${actLetters[message.act]}${message.process}.${calls - message.call}${saysLetters[message.says]}${late}`;
    case 'notice':
      return `n${index}${saysLetters[message.says]}${message.forged ? 'F' : ''}${late}`;
  }
}
