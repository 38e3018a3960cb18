// Words for what happens, and what it changed: a violation is told as a story that a person can follow, line by line.

import type { Attempt, ChargeAct } from '#payment/index.ts';
import { itemAt, keptMinor, type Message, type Move, type World } from './world.ts';

const actWords = {
  authorize: 'pay',
  inquire: 'query',
  reverse: 'cancel',
  refund: 'refund',
  'inquire-refund': 'query refund',
} as const satisfies Record<ChargeAct, string>;

export function actText(act: ChargeAct): string {
  return actWords[act];
}

/** Processes are A and B. */
export function processText(process: number): string {
  return `process ${String.fromCharCode(65 + process)}`;
}

export function attemptText(world: World, index: number): string {
  const { attempt } = itemAt(world.rows, index);
  return attempt.kind === 'charge' ? `charge ${index + 1}` : `refund ${index + 1} (${attempt.identity.amount.minor})`;
}

export function messageText(world: World, message: Message): string {
  const what = attemptText(world, message.index);
  switch (message.kind) {
    case 'request':
      return `request "${actText(message.act)}" for ${what}`;
    case 'answer':
      return `answer "${message.says}" to "${actText(message.act)}" for ${what} to ${processText(message.process)}`;
    case 'notice':
      return `${message.forged ? 'FORGED notice' : 'notice'} "${message.says}" for ${what}`;
  }
}

/** One step of a story: when, what, and every state that it changed. */
export function tellMove(before: World, move: Move): readonly string[] {
  const { world } = move;
  const time = `${(before.now / 1000).toFixed(3)} s`.padStart(13);
  return [`${time}  ${move.tell()}`, ...changes(before, world).map((line) => `${' '.repeat(17)}${line}`)];
}

function changes(before: World, after: World): readonly string[] {
  const lines: string[] = [];
  for (const [index, row] of after.rows.entries()) {
    const old = before.rows[index];
    const what = attemptText(after, index);
    if (old === undefined) lines.push(`journal: ${what} ${stateText(row.attempt)}`);
    else if (stateText(old.attempt) !== stateText(row.attempt)) {
      lines.push(`journal: ${what} ${stateText(old.attempt)} → ${stateText(row.attempt)}`);
    }
    const trade = itemAt(after.trades, index);
    const kept = before.trades[index] === undefined ? 0 : keptMinor(itemAt(before.trades, index));
    if (keptMinor(trade) !== kept) lines.push(`Alipay's book: ${kept} → ${keptMinor(trade)} for ${what}`);
    for (const [process, { copies }] of after.processes.entries()) {
      const copy = copies[index];
      const earlier = before.processes[process]?.copies[index];
      if (copy && earlier && copy.attempt.version === earlier.attempt.version && copy.attempt !== earlier.attempt) {
        lines.push(`memory of ${processText(process)}: ${what} ${stateText(copy.attempt)}`);
      }
    }
  }
  return lines;
}

function stateText({ state }: Attempt): string {
  const out = state.inFlight === null ? '' : `, ${actText(state.inFlight.act)} is out`;
  const word = 'finalWord' in state && state.finalWord !== null ? `, word "${state.finalWord}"` : '';
  const due = state.dueAt === null ? '' : `, due ${(state.dueAt / 1000).toFixed(3)} s`;
  return `[${state.phase}${word}${out}${due}]`;
}
