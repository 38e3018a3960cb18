// What may happen to a message under way: it arrives, and whoever gets it acts on it; or the weather takes it. A message that is
// not delayed arrives before time goes on; a delayed one whenever it likes.

import { durationMs } from '#foundation/instant.ts';
import { type Treatment, treatmentsOf } from './alipay-model.ts';
import { noticeEvent } from './answer-event.ts';
import { hear, tell } from './process-model.ts';
import type { WeatherKind } from './scope.ts';
import { actText, attemptText, messageText, processText } from './story.ts';
import {
  type Answer,
  copyOf,
  type Draft,
  fork,
  itemAt,
  type Message,
  type Move,
  type Notice,
  type Request,
  type Setting,
  spend,
  type World,
} from './world.ts';

/** Whether a message can arrive now: an answer needs its process awake. */
export function canArrive(world: World, message: Message): boolean {
  if (message.kind === 'answer') return !itemAt(world.processes, message.process).asleep;
  return message.kind === 'request' || world.processes.some(({ asleep }) => !asleep);
}

/** Every way in which the message in this place can arrive; the first is the calm one. */
export function arrivals(world: World, setting: Setting, place: number): readonly Move[] {
  const message = itemAt(world.wire, place);
  if (!canArrive(world, message)) return [];
  switch (message.kind) {
    case 'request':
      return requestArrives(world, setting, place, message);
    case 'answer':
      return answerArrives(world, setting, place, message);
    case 'notice':
      return noticeArrives(world, setting, place, message);
  }
}

function requestArrives(world: World, setting: Setting, place: number, request: Request): readonly Move[] {
  const { index, act } = request;
  const row = itemAt(world.rows, index);
  const charge = itemAt(world.rows, row.trade).attempt.identity;
  const asked = {
    request,
    trade: itemAt(world.trades, row.trade),
    now: world.now,
    age: durationMs(world.now - charge.createdAt),
    minor: Number(row.attempt.identity.amount.minor),
    scope: setting.scope,
  };
  return treatmentsOf(asked)
    .filter(({ cost }) => cost === null || world.left[cost] > 0)
    .map((treatment) => {
      const draft = fork(world);
      draft.wire.splice(place, 1);
      if (treatment.cost !== null) spend(draft, treatment.cost);
      applyTreatment(draft, request, row.trade, treatment);
      const tellIt = () => `Alipay gets "${actText(act)}" for ${attemptText(world, index)} and ${treatment.what}`;
      return { tell: tellIt, world: draft };
    });
}

/** What Alipay did with a request takes effect; its answer sets out if its caller still waits; a booking is noticed. */
export function applyTreatment(draft: Draft, request: Request, number: number, treatment: Treatment): void {
  const before = itemAt(draft.trades, number).status;
  draft.trades[number] = treatment.trade;
  const { process, index, act, call } = request;
  const isAwaited =
    process !== null && copyOf(draft, process, index)?.callsOut.some((out) => out.call === call) === true;
  if (treatment.says !== null && isAwaited) {
    draft.wire.push({ kind: 'answer', index, act, call, process, says: treatment.says, delayed: false });
  }
  if (before !== 'paid' && treatment.trade.status === 'paid') {
    draft.wire.push({ kind: 'notice', index: number, says: 'approved', forged: false, delayed: false });
  }
}

function answerArrives(world: World, setting: Setting, place: number, answer: Answer): readonly Move[] {
  const arrive = (death: Parameters<typeof hear>[3]): { readonly draft: Draft; readonly acted: boolean } => {
    const draft = fork(world);
    draft.wire.splice(place, 1);
    return { draft, acted: hear(draft, setting, answer, death) };
  };
  return withDeaths(world, setting, () => `${messageText(world, answer)} arrives`, arrive);
}

function noticeArrives(world: World, setting: Setting, place: number, notice: Notice): readonly Move[] {
  const moves: Move[] = [];
  for (const [process, { asleep }] of world.processes.entries()) {
    if (asleep) continue;
    const event = noticeEvent(notice.says, notice.index);
    const arrive = (death: Parameters<typeof hear>[3]): { readonly draft: Draft; readonly acted: boolean } => {
      const draft = fork(world);
      draft.wire.splice(place, 1);
      if (notice.forged && !setting.rules.believesForgedNotices) return { draft, acted: false };
      return { draft, acted: tell(draft, setting, { process, index: notice.index, event, fromCall: false }, death) };
    };
    const text = () => `${messageText(world, notice)} arrives at ${processText(process)}`;
    moves.push(...withDeaths(world, setting, text, arrive));
  }
  return moves;
}

type Carry = (death: Parameters<typeof hear>[3]) => { readonly draft: Draft; readonly acted: boolean };

/** A move that makes a process decide; and, while crashes are left, the same with its death between write and act. */
export function withDeaths(world: World, { scope }: Setting, text: () => string, carry: Carry): readonly Move[] {
  const { draft, acted } = carry(null);
  const moves: Move[] = [{ tell: text, world: draft }];
  if (!acted || world.left.crashes === 0) return moves;
  for (const takeUpAfterMs of scope.takeUpAfterMs) {
    const cut = carry({ takeUpAfterMs }).draft;
    spend(cut, 'crashes');
    moves.push({ tell: () => `${text()}; what follows is WRITTEN, and the process DIES before it acts`, world: cut });
  }
  return moves;
}

/** What the weather may do to the message in this place. */
export function weatherOf(world: World, { scope }: Setting, place: number): readonly Move[] {
  const message = itemAt(world.wire, place);
  if (message.delayed || (message.kind === 'answer' && message.says === 'not-sent')) return [];
  const moves: Move[] = [];
  const suffer = (kind: WeatherKind, what: string, replacement: readonly Message[]): void => {
    if (world.left[kind] === 0) return;
    const draft = fork(world);
    spend(draft, kind);
    draft.wire.splice(place, 1, ...replacement);
    moves.push({ tell: () => `${messageText(world, message)} ${what}`, world: draft });
  };
  suffer('losses', 'is LOST', []);
  suffer('delays', 'is HELD UP on its way', [{ ...message, delayed: true }]);
  if (message.kind !== 'answer' && world.wire.length < scope.messagesMax) {
    const copy = message.kind === 'request' ? { ...message, doubled: true } : message;
    suffer('doubles', 'is DOUBLED', [copy, copy]);
  }
  if (message.kind === 'answer' && message.says !== 'outcome-unknown') {
    suffer('garbles', 'is GARBLED', [{ ...message, says: 'outcome-unknown' }]);
  }
  if (message.kind === 'request' && message.process !== null && !message.doubled) {
    const { index, act, call, process } = message;
    const answer: Answer = { kind: 'answer', index, act, call, process, says: 'not-sent', delayed: false };
    suffer('unsent', 'CANNOT BE SENT', [answer]);
  }
  return moves;
}
