// A stage with nothing on it but a clock that is moved by hand, wallets without money and the toy store. A test plays one sale on it
// and reads what was asked, told and left.

import { setImmediate } from 'node:timers/promises';
import { type DurationMs, durationMs, type Instant, instant } from '#foundation/instant.ts';
import { digits, type Random, seededRandom } from '#foundation/random.ts';
import { invariant } from '#foundation/result.ts';
import type { Happening, SaleNumber } from '../../shop/happening.ts';
import type { PayerSide, Stage } from '../../shop/stage.ts';
import type { StoreLine, TillReply, TillRequest } from '../../shop/store-line.ts';
import { afterwards } from '../afterwards.ts';
import { habits } from '../habits.ts';
import { planSale, playSale, type SalePlan } from '../ring-up.ts';
import { type Mood, ToyStore } from './toy-store.ts';

export type Asked = { readonly at: number; readonly till: number; readonly request: TillRequest };
export type Loss = 'request' | 'answer' | null;

const wayMs = 10;
const timeoutMs = 4_000;

export class ToyStage implements Stage {
  readonly tillCount = 3;
  readonly store: ToyStore;
  readonly asked: Asked[] = [];
  readonly told: Happening[] = [];
  readonly walletOfCode = new Map<string, string>();
  /** What happens to the request just asked, the `nth` of all from 1. */
  loses: (request: TillRequest, nth: number) => Loss = () => null;
  moodFor: (request: TillRequest) => Mood = () => this.store.mood;
  readonly #seed: number;
  readonly #codes: Random;
  readonly #listeners = new Map<string, () => void>();
  readonly #waiting = new Map<string, Parameters<ToyStore['end']>[0]>();
  readonly #timers: { readonly at: number; readonly wake: () => void }[] = [];
  #now = 0;

  constructor(mood: Mood, seed = 1) {
    this.#seed = seed;
    this.#codes = seededRandom(seed ^ 0xc0de);
    this.store = new ToyStore(mood);
    this.store.onWaiting = (code, paymentId) => {
      const walletId = this.walletOfCode.get(code);
      if (walletId === undefined) return;
      this.#waiting.set(walletId, paymentId);
      this.#listeners.get(walletId)?.();
    };
  }

  now(): Instant {
    return instant(this.#now);
  }

  rest(wait: DurationMs): Promise<void> {
    return new Promise((wake) => {
      this.#timers.push({ at: this.#now + wait, wake });
    });
  }

  draws(sale: SaleNumber): Random {
    return seededRandom(this.#seed * 1_000_003 + sale);
  }

  tell(happening: Happening): void {
    this.told.push(happening);
  }

  line(_sale: SaleNumber, till: number): StoreLine {
    return { ask: (request) => this.#ask(till, request) };
  }

  payers: PayerSide = {
    openWallet: () => `wallet ${this.#listeners.size + 1}`,
    showCode: (walletId) => {
      const code = `25${digits(this.#codes, 16)}`;
      this.walletOfCode.set(code, walletId);
      return code;
    },
    onAsked: (walletId, listener) => {
      this.#listeners.set(walletId, listener);
    },
    answer: (walletId, accept) => {
      const paymentId = this.#waiting.get(walletId);
      return paymentId !== undefined && this.store.end(paymentId, accept ? 'paid' : 'not-paid');
    },
  };

  /** Moves the clock from wait to wait until `act` has ended. */
  async runs(act: Promise<void>): Promise<void> {
    let hasEnded = false;
    const ended = act.finally(() => {
      hasEnded = true;
    });
    ended.catch(() => undefined);
    for (;;) {
      await setImmediate();
      if (hasEnded) return await ended;
      const next = this.#timers.reduce((first, timer) => (timer.at < first.at ? timer : first), {
        at: Number.POSITIVE_INFINITY,
        wake: () => {},
      });
      invariant(next.at < Number.POSITIVE_INFINITY, 'the sale waits for something');
      this.#timers.splice(this.#timers.indexOf(next), 1);
      this.#now = next.at;
      next.wake();
    }
  }

  async #ask(till: number, request: TillRequest): Promise<TillReply> {
    this.asked.push({ at: this.#now, till, request });
    this.store.mood = this.moodFor(request);
    const loss = this.loses(request, this.asked.length);
    const reply = loss === 'request' ? undefined : this.store.answer(request);
    const isHeard = loss === null && reply !== undefined;
    await this.rest(durationMs(isHeard ? wayMs : timeoutMs));
    return isHeard ? reply : { kind: 'no-answer' };
  }
}

export type Played = {
  readonly stage: ToyStage;
  readonly asked: readonly Asked[];
  readonly kinds: readonly string[];
  readonly pays: readonly (Asked & { readonly request: TillRequest & { readonly kind: 'pay' } })[];
  readonly endedAtMs: number;
  readonly story: readonly string[];
  readonly left: readonly Extract<Happening, { type: 'till-left' }>[];
};

export type Casting = Partial<Omit<SalePlan, 'habit' | 'afterwards'>> & {
  readonly mood?: Mood;
  readonly seed?: number;
  readonly habit?: string;
  readonly afterwards?: string;
  readonly loses?: ToyStage['loses'];
  readonly refundLooks?: number;
  /** The store's mood for each request, where it changes. */
  readonly moodFor?: (request: TillRequest) => Mood;
};

function rowNamed<Row extends { readonly name: string }>(table: readonly Row[], name: string): Row {
  const row = table.find((candidate) => candidate.name === name);
  invariant(row !== undefined, `there is a row named ${name}`);
  return row;
}

/** Plays one sale as cast; what is not said is plain. */
export async function play(casting: Casting): Promise<Played> {
  const { mood = 'paid', seed = 1, loses, moodFor, refundLooks = 0, habit = 'plain', ...rest } = casting;
  const stage = new ToyStage(mood, seed);
  if (loses !== undefined) stage.loses = loses;
  stage.store.refundLooks = refundLooks;
  if (moodFor !== undefined) stage.moodFor = moodFor;
  const plan: SalePlan = {
    ...planSale(stage.draws(0), stage.tillCount),
    ...rest,
    habit: rowNamed(habits, habit),
    afterwards: rowNamed(afterwards, casting.afterwards ?? 'nothing'),
  };
  await stage.runs(playSale(stage, 0, plan));
  return whatWasPlayed(stage);
}

export function whatWasPlayed(stage: ToyStage): Played {
  const { asked, told } = stage;
  return {
    stage,
    asked,
    kinds: asked.map(({ request }) => request.kind),
    pays: asked.flatMap(({ request, ...rest }) => (request.kind === 'pay' ? [{ ...rest, request }] : [])),
    endedAtMs: stage.now(),
    story: told.flatMap((happening) => (happening.type === 'person-did' ? [happening.what] : [])),
    left: told.filter((happening) => happening.type === 'till-left'),
  };
}
