// Everything that can happen next in a world. The first move is the calm one: messages arrive, timers fire, time goes on, and the
// weather does nothing. A world in which nothing of that is left is at rest.

import { type Instant, instant, plus } from '#foundation/instant.ts';
import { dutyOf } from '#payment/index.ts';
import { bookings } from './alipay-model.ts';
import { applyTreatment, arrivals, canArrive, weatherOf, withDeaths } from './message-moves.ts';
import { crash, type Death, fallAsleep, goOn, hear, takeUp, takeUpOf, tell } from './process-model.ts';
import { type Scope, slipsMs } from './scope.ts';
import { firstOpening, laterOpenings } from './shop-moves.ts';
import { actText, attemptText, processText } from './story.ts';
import { type Draft, fork, isFinished, itemAt, type Move, type Setting, spend, type World } from './world.ts';

/** All moves, the calm one first. `progress` counts those at the front that are no weather and nobody's choice. */
export type Moves = { readonly moves: readonly Move[]; readonly progress: number };

export function movesOf(world: World, setting: Setting): Moves {
  const moves: Move[] = [...firstOpening(world, setting)];
  for (const [place] of world.wire.entries()) {
    if (!isRepeated(world, place)) moves.push(...arrivals(world, setting, place));
  }
  moves.push(...timers(world, setting), ...custody(world, setting), ...reads(world, setting));
  moves.push(...wakings(world), ...releases(world));
  const next = isUrgent(world, setting) ? null : nextMoment(world, setting);
  if (next !== null) {
    const later: Draft = { ...fork(world), now: next };
    moves.push({ tell: () => `time goes on to ${(next / 1000).toFixed(3)} s`, world: later });
  }
  const progress = moves.length;
  for (const [place] of world.wire.entries()) {
    if (!isRepeated(world, place)) moves.push(...weatherOf(world, setting, place));
  }
  moves.push(
    ...slips(world, setting),
    ...laterOpenings(world, setting),
    ...payerActs(world),
    ...abandons(world, setting),
  );
  moves.push(...trouble(world, setting), ...forgeries(world));
  return { moves, progress };
}

/** At rest: nothing is open on either side, and nothing is under way. */
export function isAtRest(world: World): boolean {
  const isQuiet = world.processes.every(({ asleep, copies }) => !asleep && copies.every((copy) => copy === null));
  const isSettled = world.rows.every(({ attempt }) => isFinished(attempt));
  const isOpen = world.trades.some(({ status }) => status === 'held');
  return world.rows.length > 0 && world.wire.length === 0 && isQuiet && isSettled && !isOpen;
}

function isRepeated(world: World, place: number): boolean {
  const message = itemAt(world.wire, place);
  return world.wire.indexOf(message) < place;
}

// ── time ───────────────────────────────────────────────────────────────────────────────────────────────────────────────

/** Moments at which something is due, as far as someone is awake to whom it matters. */
function* moments(world: World, { scope }: Setting): Generator<Instant> {
  for (const { asleep, copies } of world.processes) {
    if (asleep) continue;
    for (const copy of copies) {
      if (copy === null) continue;
      const { dueAt } = copy.attempt.state;
      if (copy.own && dueAt !== null) yield dueAt;
      for (const { timesOutAt } of copy.callsOut) yield timesOutAt;
    }
  }
  const isAnyoneAwake = world.processes.some(({ asleep }) => !asleep);
  for (const index of world.rows.keys()) {
    const custodyAt = takeUpOf(world, index);
    if (custodyAt !== null && custodyAt.by.length > 0) yield custodyAt.at;
    const readAt = isAnyoneAwake ? readOf(world, index, scope) : null;
    if (readAt !== null) yield readAt;
  }
  for (const { held } of world.trades) if (held !== null) yield held.until;
  for (const message of world.wire) if (message.kind === 'request') yield message.until;
}

function isUrgent(world: World, setting: Setting): boolean {
  if (world.wire.some((message) => !message.delayed && canArrive(world, message))) return true;
  for (const moment of moments(world, setting)) if (moment <= world.now) return true;
  return false;
}

function nextMoment(world: World, setting: Setting): Instant | null {
  let next: number | null = null;
  for (const moment of moments(world, setting)) if (next === null || moment < next) next = moment;
  return next === null || next <= world.now ? null : instant(next);
}

// Timers that are set after a slip stand otherwise to the deadline than those that answer at once.
function slips(world: World, setting: Setting): readonly Move[] {
  const isUnderWay = world.wire.some((message) => !message.delayed);
  if (world.left.slips === 0 || !isUnderWay) return [];
  const moves: Move[] = [];
  const limit = [...moments(world, setting)].reduce(
    (first, moment) => Math.min(first, moment),
    Number.POSITIVE_INFINITY,
  );
  for (const slipMs of slipsMs) {
    const now = plus(world.now, slipMs);
    if (now >= limit) continue;
    const draft: Draft = { ...fork(world), now };
    spend(draft, 'slips');
    moves.push({ tell: () => `${slipMs} ms PASS while messages are under way`, world: draft });
  }
  return moves;
}

// ── processes ──────────────────────────────────────────────────────────────────────────────────────────────────────────

function timers(world: World, setting: Setting): readonly Move[] {
  const moves: Move[] = [];
  for (const [process, { asleep, copies }] of world.processes.entries()) {
    if (asleep) continue;
    for (const [index, copy] of copies.entries()) {
      if (copy === null) continue;
      const who = `${processText(process)}: ${attemptText(world, index)}`;
      for (const { call, act, timesOutAt } of copy.callsOut) {
        if (timesOutAt > world.now) continue;
        const giveUp = (death: Death) =>
          carry(world, (d) => hear(d, setting, { process, index, call, says: 'timeout' }, death));
        moves.push(...withDeaths(world, setting, () => `${who}: no answer to "${actText(act)}" in time`, giveUp));
      }
      const { dueAt } = copy.attempt.state;
      if (!copy.own || dueAt === null || dueAt > world.now) continue;
      const told = { process, index, event: { type: 'woken' }, fromCall: true } as const;
      moves.push(
        ...withDeaths(
          world,
          setting,
          () => `${who} is due`,
          (death) => carry(world, (d) => tell(d, setting, told, death)),
        ),
      );
    }
  }
  return moves;
}

function carry(world: World, act: (draft: Draft) => boolean): { readonly draft: Draft; readonly acted: boolean } {
  const draft = fork(world);
  return { draft, acted: act(draft) };
}

function custody(world: World, setting: Setting): readonly Move[] {
  const moves: Move[] = [];
  for (const index of world.rows.keys()) {
    const due = takeUpOf(world, index);
    if (due === null || due.at > world.now) continue;
    for (const process of due.by) {
      const take = (death: Death) => carry(world, (draft) => takeUp(draft, setting, process, index, death));
      const text = () => `${processText(process)} TAKES UP ${attemptText(world, index)}`;
      moves.push(...withDeaths(world, setting, text, take));
    }
  }
  return moves;
}

// From a margin before the deadline on, whoever asks for a payment without a word makes the word first (docs/decisions/0003). The till
// asks then; when something has just been set in motion for it, and there is still no word, it asks again when that is due.
function readOf(world: World, index: number, { policy }: Scope): Instant | null {
  const { attempt } = itemAt(world.rows, index);
  if (attempt.kind !== 'charge' || attempt.state.finalWord !== null) return null;
  const wordDueAt = attempt.identity.createdAt + policy.finalWordMs - policy.marginMs;
  return instant(Math.max(wordDueAt, attempt.state.dueAt ?? 0));
}

function reads(world: World, setting: Setting): readonly Move[] {
  const moves: Move[] = [];
  for (const index of world.rows.keys()) {
    const readAt = readOf(world, index, setting.scope);
    if (readAt === null || readAt > world.now) continue;
    for (const [process, { asleep }] of world.processes.entries()) {
      if (asleep) continue;
      const told = { process, index, event: { type: 'woken' }, fromCall: false } as const;
      const text = () => `the till asks ${processText(process)} for the word of ${attemptText(world, index)}`;
      moves.push(...withDeaths(world, setting, text, (death) => carry(world, (d) => tell(d, setting, told, death))));
    }
  }
  return moves;
}

function wakings(world: World): readonly Move[] {
  const moves: Move[] = [];
  for (const [process, { asleep }] of world.processes.entries()) {
    if (!asleep) continue;
    const draft = fork(world);
    goOn(draft, process);
    moves.push({ tell: () => `${processText(process)} GOES ON as if nothing had been`, world: draft });
  }
  return moves;
}

function trouble(world: World, { scope }: Setting): readonly Move[] {
  const moves: Move[] = [];
  for (const [process, { asleep, copies }] of world.processes.entries()) {
    if (copies.every((copy) => copy === null)) continue;
    for (const takeUpAfterMs of world.left.crashes > 0 ? scope.takeUpAfterMs : []) {
      const draft = fork(world);
      spend(draft, 'crashes');
      crash(draft, process, takeUpAfterMs);
      moves.push({ tell: () => `${processText(process)} DIES`, world: draft });
    }
    if (world.left.sleeps === 0 || asleep) continue;
    const draft = fork(world);
    spend(draft, 'sleeps');
    fallAsleep(draft, process);
    moves.push({ tell: () => `${processText(process)} STANDS STILL`, world: draft });
  }
  return moves;
}

// ── people, and Alipay by itself ───────────────────────────────────────────────────────────────────────────────────────

function releases(world: World): readonly Move[] {
  const moves: Move[] = [];
  for (const [number, trade] of world.trades.entries()) {
    const { held } = trade;
    if (trade.status !== 'held' || held === null) continue;
    const waiting = {
      what: 'waits for the payer',
      trade: { ...trade, status: 'waiting', held: null },
      says: 'awaiting-payer',
      cost: null,
    } as const;
    for (const treatment of [...bookings(trade), waiting]) {
      const draft = fork(world);
      applyTreatment(draft, held.request, number, treatment);
      const text = () => `Alipay goes on with what it held up for ${attemptText(world, number)} and ${treatment.what}`;
      moves.push({ tell: text, world: draft });
    }
  }
  return moves;
}

function payerActs(world: World): readonly Move[] {
  const moves: Move[] = [];
  for (const [number, trade] of world.trades.entries()) {
    if (trade.status === 'paid' && !trade.windowClosed && world.left.windowCloses > 0) {
      const draft = fork(world);
      spend(draft, 'windowCloses');
      draft.trades[number] = { ...trade, windowClosed: true };
      moves.push({ tell: () => `the cancel window CLOSES for ${attemptText(world, number)}`, world: draft });
    }
    if (trade.status !== 'waiting') continue;
    const confirmed = fork(world);
    confirmed.trades[number] = { ...bookings(trade)[0].trade };
    confirmed.wire.push({ kind: 'notice', index: number, says: 'approved', forged: false, delayed: false });
    moves.push({ tell: () => `the payer CONFIRMS ${attemptText(world, number)}: Alipay BOOKS it`, world: confirmed });
    const refused = fork(world);
    refused.trades[number] = { ...trade, status: 'closed' };
    moves.push({ tell: () => `the payer refuses ${attemptText(world, number)}: Alipay closes it`, world: refused });
  }
  return moves;
}

function abandons(world: World, setting: Setting): readonly Move[] {
  const moves: Move[] = [];
  if (world.left.abandons === 0) return moves;
  for (const [index, { attempt }] of world.rows.entries()) {
    if (attempt.kind !== 'charge' || dutyOf(attempt.state.phase) !== 'till' || attempt.state.abandonedAt !== null)
      continue;
    for (const [process, { asleep }] of world.processes.entries()) {
      if (asleep) continue;
      const told = { process, index, event: { type: 'abandoned' }, fromCall: false } as const;
      const ask = (death: Death) =>
        carry(world, (draft) => {
          spend(draft, 'abandons');
          return tell(draft, setting, told, death);
        });
      const text = () => `the till asks ${processText(process)} to STOP WAITING for ${attemptText(world, index)}`;
      moves.push(...withDeaths(world, setting, text, ask));
    }
  }
  return moves;
}

function forgeries(world: World): readonly Move[] {
  const moves: Move[] = [];
  if (world.left.forgeries === 0) return moves;
  for (const [index, { attempt }] of world.rows.entries()) {
    if (attempt.kind !== 'charge') continue;
    const draft = fork(world);
    spend(draft, 'forgeries');
    draft.wire.push({ kind: 'notice', index, says: 'approved', forged: true, delayed: false });
    moves.push({ tell: () => `somebody FORGES a notice "approved" for ${attemptText(world, index)}`, world: draft });
  }
  return moves;
}
