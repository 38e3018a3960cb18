// Sends notices until the merchant acknowledges them or the schedule ends. Each send goes through the fault book, so that a
// notice can be lost, late, doubled, overtaken or badly signed. What is still waiting after a restart is sent then.
// @see facts A.11

import { type Clock, durationMs, type Instant, plus } from '#foundation/instant.ts';
import type { Log } from '#foundation/log.ts';
import type { FaultBook } from '../faults/fault-book.ts';
import type { NoticePlan } from '../faults/plan.ts';
import { batchOf } from '../forget-oldest.ts';
import type { NoticeSettings } from '../settings.ts';
import type { Notice, NoticeEvent, NoticeRecord, NoticeSend } from './notice.ts';

/** Signs and posts one notice, and reads the answer. Never rejects. */
export type NoticePost = (
  notice: Notice,
  manner: { readonly at: Instant; readonly wronglySigned: boolean; readonly timeoutMs: number },
) => Promise<Pick<NoticeSend, 'outcome' | 'detail'>>;

const recordsMax = 20_000;
const sendingMax = 64;

export type NoticeDeskParts = {
  readonly clock: Clock;
  readonly settings: NoticeSettings;
  readonly faults: FaultBook;
  readonly log: Log;
  readonly post: NoticePost;
  readonly record: (event: NoticeEvent) => void;
};

export class NoticeDesk {
  readonly #parts: NoticeDeskParts;
  readonly #records = new Map<string, NoticeRecord>();
  readonly #timers = new Map<string, () => void>();
  /** Sends held back until another notice has overtaken them. */
  readonly #held = new Map<string, () => void>();
  readonly #queue: (() => Promise<void>)[] = [];
  #sending = 0;
  #closed = false;

  constructor(parts: NoticeDeskParts) {
    this.#parts = parts;
  }

  apply(event: NoticeEvent): void {
    if (event.type === 'notice-queued') {
      const { notice } = event;
      this.#records.set(notice.noticeId, { notice, sends: [], status: 'waiting', nextAt: notice.queuedAt });
      if (this.#records.size > recordsMax) this.#forgetSome();
      return;
    }
    const known = this.#records.get(event.noticeId);
    if (known === undefined) return;
    const waits = event.nextAt !== undefined;
    const status = event.send.outcome === 'acknowledged' ? 'delivered' : waits ? 'waiting' : 'given-up';
    this.#records.set(event.noticeId, { ...known, sends: [...known.sends, event.send], status, nextAt: event.nextAt });
  }

  queue(notice: Notice): void {
    this.#parts.record({ type: 'notice-queued', notice });
    this.#later(notice.noticeId, this.#parts.settings.delayMs, () => this.#begin(notice.noticeId));
  }

  /** Takes up what was waiting when the sandbox stopped. */
  resume(): void {
    const now = this.#parts.clock.now();
    for (const { notice, status, nextAt } of this.#records.values()) {
      if (status !== 'waiting') continue;
      this.#later(notice.noticeId, (nextAt ?? now) - now, () => this.#begin(notice.noticeId));
    }
  }

  /** Newest first. */
  list(): readonly NoticeRecord[] {
    return [...this.#records.values()].reverse();
  }

  close(): void {
    this.#closed = true;
    for (const callOff of this.#timers.values()) callOff();
    this.#timers.clear();
    this.#held.clear();
    this.#queue.splice(0);
  }

  // One send, as its plan wants it: held, late, lost, twice.
  #begin(noticeId: string): void {
    const known = this.#records.get(noticeId);
    if (known === undefined || known.status !== 'waiting' || this.#closed) return;
    const { notice } = known;
    const plan = this.#parts.faults.planNotice({
      protocol: notice.protocol,
      method: 'notify',
      outTradeNo: notice.outTradeNo,
      walletId: notice.walletId,
      amount: notice.amount,
    });
    const go = (): void => this.#enqueue(notice, plan);
    if (plan.heldMsMax !== undefined) {
      const release = (): void => {
        if (this.#held.delete(noticeId)) go();
      };
      this.#held.set(noticeId, release);
      this.#later(noticeId, plan.heldMsMax, release);
    } else if (plan.delayMs > 0) this.#later(noticeId, plan.delayMs, go);
    else go();
  }

  #enqueue(notice: Notice, plan: NoticePlan): void {
    this.#queue.push(async () => {
      if (plan.lost !== undefined) {
        this.#conclude(notice, { outcome: 'lost', detail: 'by a fault rule' }, plan.lost === 'for-good');
        return;
      }
      const send = () =>
        this.#parts.post(notice, {
          at: this.#parts.clock.now(),
          wronglySigned: plan.wronglySigned,
          timeoutMs: this.#parts.settings.timeoutMs,
        });
      const [answer] = await Promise.all(plan.doubled ? [send(), send()] : [send()]);
      if (answer !== undefined) this.#conclude(notice, answer, false);
      this.#releaseHeld(notice.noticeId);
    });
    this.#pump();
  }

  #pump(): void {
    while (this.#sending < sendingMax && !this.#closed) {
      const next = this.#queue.shift();
      if (next === undefined) return;
      this.#sending += 1;
      void next().finally(() => {
        this.#sending -= 1;
        this.#pump();
      });
    }
  }

  #conclude(notice: Notice, answer: Pick<NoticeSend, 'outcome' | 'detail'>, forGood: boolean): void {
    if (this.#closed) return;
    const { clock, settings, record, log } = this.#parts;
    const at = clock.now();
    const sends = (this.#records.get(notice.noticeId)?.sends.length ?? 0) + 1;
    const gap = settings.gapsMs[notice.protocol][sends - 1];
    const again = answer.outcome !== 'acknowledged' && !forGood && gap !== undefined;
    const wait = durationMs(again ? gap / settings.speedUp : 0);
    record({
      type: 'notice-sent',
      noticeId: notice.noticeId,
      send: { at, ...answer },
      ...(again ? { nextAt: plus(at, wait) } : {}),
    });
    if (again) this.#later(notice.noticeId, wait, () => this.#begin(notice.noticeId));
    else if (answer.outcome !== 'acknowledged')
      log.event('sandbox.notice.given-up', { noticeId: notice.noticeId, sends, outcome: answer.outcome });
  }

  #releaseHeld(exceptId: string): void {
    for (const [noticeId, release] of this.#held) {
      if (noticeId === exceptId) continue;
      this.#timers.get(noticeId)?.();
      this.#timers.delete(noticeId);
      release();
    }
  }

  #later(noticeId: string, waitMs: number, act: () => void): void {
    this.#timers.get(noticeId)?.();
    this.#timers.set(
      noticeId,
      this.#parts.clock.after(durationMs(waitMs), () => {
        this.#timers.delete(noticeId);
        act();
      }),
    );
  }

  // One that waits is never forgotten.
  #forgetSome(): void {
    let left = batchOf(recordsMax);
    for (const [noticeId, { status }] of this.#records) {
      if (status === 'waiting') continue;
      this.#records.delete(noticeId);
      left -= 1;
      if (left === 0) return;
    }
  }
}
