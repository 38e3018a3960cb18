// One store server: the real payment service behind a gate, with everything that it reaches simulated. It may crash at any moment and
// is then gone for good; what starts afterwards on the same machine is another process with another name.

import type { NoticeRefusal, VerifiedNotice } from '#channels/alipay/index.ts';
import { durationMs } from '#foundation/instant.ts';
import type { Log } from '#foundation/log.ts';
import type { Result } from '#foundation/result.ts';
import { type Channel, type ChannelName, defaultPolicy, type PaymentJournal, PaymentService } from '#payment/index.ts';
import { alipayTransport } from '../network/alipay-link.ts';
import type { MemoryPaymentJournal, MemorySaleJournal } from '../storage/index.ts';
import type { AlipayPlace } from './alipay-place.ts';
import { Gate, type MachineClock } from './gate.ts';
import { gatedPaymentJournal, gatedSaleJournal, JournalGoneError, tellsOfJournal } from './gated-journal.ts';
import type { Ground } from './ground.ts';
import type { SaleNumber } from './happening.ts';
import { StoreDesk } from './store-desk.ts';
import type { TillReply, TillRequest } from './store-line.ts';

export type SimulatedNotice = {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

/** The road that the store takes to Alipay, over whatever transport it is given. */
export interface RoadMap {
  readonly channelName: ChannelName;
  channel(transport: ReturnType<typeof alipayTransport>, clock: ReturnType<Gate['timers']>): Channel;
  readNotice(notice: SimulatedNotice): Promise<Result<VerifiedNotice, NoticeRefusal>>;
  readonly receipt: string;
}

export type ServerPlace = {
  readonly ground: Ground;
  readonly name: string;
  readonly clock: MachineClock;
  readonly alipay: AlipayPlace;
  readonly road: RoadMap;
  readonly payments: MemoryPaymentJournal;
  readonly sales: MemorySaleJournal;
  isJournalGone(): boolean;
  isAlipayGone(): boolean;
  onCrash(): void;
};

export class StoreServer {
  readonly name: string;
  readonly #place: ServerPlace;
  readonly #gate: Gate;
  readonly #payment: PaymentService;
  readonly #desk: StoreDesk;
  readonly #sales: ReturnType<typeof gatedSaleJournal>;
  #isReady = false;

  constructor(place: ServerPlace) {
    const { ground, name, clock, alipay, road, payments } = place;
    this.name = name;
    this.#place = place;
    this.#gate = new Gate(ground, clock);
    const crash = (): void => this.crash();
    const random = ground.random(`journal of ${name}`);
    const journalRoad = { ground, gate: this.#gate, server: name, random, crash, isGone: () => place.isJournalGone() };
    const journal: PaymentJournal = gatedPaymentJournal(payments, journalRoad);
    this.#sales = gatedSaleJournal(place.sales, journalRoad);
    const timers = this.#gate.timers();
    const alipayRoad = { ground, gate: this.#gate, server: name, alipay, crash, isGone: () => place.isAlipayGone() };
    const channel = road.channel(alipayTransport(alipayRoad), timers);
    this.#payment = new PaymentService({
      journal,
      channels: { [road.channelName]: channel },
      clock: timers,
      random: ground.random(`ids of ${name}`),
      log: this.#log(),
      owner: name,
      policyOf: () => defaultPolicy,
    });
    this.#desk = new StoreDesk({
      payment: this.#payment,
      payments: journal,
      clock: this.#payment.clock,
      random: ground.random(`sale ids of ${name}`),
      channel: road.channelName,
      onTrouble: (trouble) => this.#hearTrouble(trouble),
    });
  }

  /** Whether a request would reach it: not before it has started, never after a crash. While it is paused requests wait. */
  get isListening(): boolean {
    return this.#isReady && !this.#gate.isDead;
  }

  /** Starts, and tries again each second while it cannot, as whoever watches over a server does. */
  async start(): Promise<void> {
    for (;;) {
      try {
        await this.#payment.start();
        break;
      } catch (trouble) {
        this.#hearTrouble(trouble);
        await this.#place.ground.time.rest(durationMs(1_000));
        await this.#gate.enter();
      }
    }
    this.#isReady = true;
    this.#place.ground.tell({ type: 'server-started', server: this.name });
  }

  crash(): void {
    if (this.#gate.isDead) return;
    this.#gate.kill();
    this.#place.ground.tell({ type: 'server-crashed', server: this.name });
    this.#place.onCrash();
  }

  /** Stops in good order. */
  async stop(): Promise<void> {
    this.#isReady = false;
    await this.#payment.stop();
    this.#gate.kill();
  }

  pause(ms: number): void {
    this.#place.ground.tell({ type: 'server-paused', server: this.name, ms });
    this.#gate.pause(durationMs(ms));
  }

  async serve(request: TillRequest, till: number, sale: SaleNumber): Promise<TillReply> {
    await this.#gate.enter();
    const reply = await this.#desk.answer(request, { till, sales: this.#sales.of(sale) });
    await this.#gate.enter();
    return reply;
  }

  /** Hears a notice as the notice route does; answers the receipt, or an HTTP status that asks for it again. */
  async hear(notice: SimulatedNotice): Promise<{ readonly status: number; readonly body: string }> {
    await this.#gate.enter();
    const { road } = this.#place;
    const read = await road.readNotice(notice);
    if (!read.ok) return { status: 400, body: '' };
    const { attemptNumber, reply } = read.value;
    try {
      if (reply !== null) await this.#payment.hearNotice(attemptNumber, reply);
    } catch (trouble) {
      this.#hearTrouble(trouble);
      return { status: 503, body: '' };
    }
    await this.#gate.enter();
    return { status: 200, body: road.receipt };
  }

  // What payment tells operators of trouble, if it is not the journal's, is a defect that would go unseen.
  #log(): Log {
    return {
      event: (name, { fault }) => {
        if (typeof fault === 'string' && !tellsOfJournal(fault)) this.#tellDefect(`${name}: ${fault}`);
      },
    };
  }

  #hearTrouble(trouble: unknown): void {
    if (trouble instanceof JournalGoneError) return;
    this.#tellDefect(trouble instanceof Error ? trouble.message : String(trouble));
  }

  #tellDefect(what: string): void {
    this.#place.ground.tell({ type: 'defect', server: this.name, what });
  }
}
