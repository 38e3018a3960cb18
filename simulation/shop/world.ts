// A world: one shop, one seed. It is put together here, lived through, brought to rest and judged. The plan of a world (which road, how
// many servers, at what time of day, which signature) comes from the seed like everything else.

import { type DurationMs, durationMs, type Instant, instant, plus } from '#foundation/instant.ts';
import type { Attempt } from '#payment/index.ts';
import { Auditor, type Violation } from '../auditor/index.ts';
import { hashOf } from '../faults/fates.ts';
import { Forger } from '../network/forger.ts';
import { tillLine } from '../network/till-line.ts';
import { TraceHash } from '../replay/trace.ts';
import { makeMemoryStorage } from '../storage/index.ts';
import { ringUp, startsAt } from '../workload/index.ts';
import { type AlipayManner, SimulatedAlipay } from './alipay.ts';
import { Ground, type Names } from './ground.ts';
import type { SaleNumber, Witness } from './happening.ts';
import { Machines } from './machines.ts';
import type { Roads } from './roads.ts';
import { digestWay, rsaWay } from './signing-ways.ts';
import type { Stage } from './stage.ts';

export type WorldOrder = {
  readonly seed: number;
  /** The sales to ring up, by their numbers. */
  readonly sales: readonly SaleNumber[];
  /** Only these fates strike; null: whatever the seed says. */
  readonly fates: ReadonlySet<string> | null;
};

export type WorldReport = {
  readonly order: WorldOrder;
  readonly violations: readonly Violation[];
  /** Of every line of the trace: the same on every machine. */
  readonly hash: string;
  /** Keys of the fates that struck. */
  readonly struck: readonly string[];
  readonly counts: WorldCounts;
};

export type WorldCounts = {
  readonly sales: number;
  readonly charges: number;
  readonly refunds: number;
  readonly crashes: number;
  readonly happenings: number;
  readonly virtualMs: number;
  /** How often each thing was met that a world should meet: phases written, words and refusals told, kinds of fates. */
  readonly met: Readonly<Record<string, number>>;
};

/** Hears a world from its beginning; `use` gives it the names of things. */
export type WorldWitness = Witness & { use(names: Names): void };

// After the last fault, and after the last person has gone: the longest look back (1,000 minutes) and some rounds more.
const boundMs = 20 * 3_600_000;
const peopleMs = 7 * 24 * 3_600_000;
const tillCount = 4;

export async function liveThrough(
  order: WorldOrder,
  roads: Roads,
  witnesses: readonly WorldWitness[] = [],
): Promise<WorldReport> {
  const world = new World(order, roads, witnesses);
  return await world.live();
}

class World {
  readonly #order: WorldOrder;
  readonly #ground: Ground;
  readonly #auditor = new Auditor({ finalWordMs: 30_000 });
  readonly #trace = new TraceHash();
  readonly #census = new Census();
  readonly #alipay: SimulatedAlipay;
  readonly #machines: Machines;
  readonly #storage: ReturnType<typeof makeMemoryStorage>;
  #ringing = 0;

  constructor(order: WorldOrder, roads: Roads, witnesses: readonly WorldWitness[]) {
    const { seed } = order;
    const forger = new Forger();
    const own: readonly WorldWitness[] = [this.#trace, ...witnesses];
    this.#order = order;
    this.#ground = new Ground(seed, startOf(seed), order.fates, [...own, this.#auditor, this.#census, forger]);
    const ground = this.#ground;
    for (const witness of own) witness.use(ground.names);
    this.#storage = makeMemoryStorage({ now: () => instant(Math.floor(ground.time.now)) });
    const isOpenapi = hashOf(seed, 'road') % 2 === 0;
    const way = hashOf(seed, 'signing') % 40 === 0 ? rsaWay : digestWay;
    const road = isOpenapi ? roads.openapi(way) : roads.global(way);
    const noticeParts = { ground, anyServer: () => this.#machines.anyServer() };
    const alipayParts = { keys: roads.keys, signer: way.alipay, manner: mannerOf(seed) };
    this.#alipay = new SimulatedAlipay(ground, alipayParts, noticeParts);
    const { payments, sales } = this.#storage;
    this.#machines = new Machines(
      { ground, alipay: this.#alipay, road, payments, sales },
      2 + (hashOf(seed, 'servers') % 2),
    );
    const { appId } = roads.keys.openapi;
    const ownId = isOpenapi ? appId : roads.keys.global.clientId;
    forger.begin(ground, { ...noticeParts, ownId, protocol: isOpenapi ? 'openapi' : 'global' });
  }

  async live(): Promise<WorldReport> {
    const { time, fates, start } = this.#ground;
    const stormEnds = this.#ringAll();
    await time.run((next) => next > stormEnds);
    fates.stop();
    this.#machines.endStorm();
    this.#ground.tell({ type: 'faults-stopped' });
    const stuck = await this.#comeToRest();
    this.#ground.tell({ type: 'came-to-rest', isAtRest: stuck.length === 0, stuck: stuck.slice(0, 20) });
    const { attempts, facts } = this.#storage.payments;
    const { sandbox } = this.#alipay;
    const ends = { at: time.now, attempts, facts, books: sandbox.books(), trades: sandbox.trades() };
    const violations = this.#auditor.conclude(ends);
    const { struck, ...counts } = this.#census.counted();
    const virtualMs = Math.floor(time.now - start);
    const sales = this.#order.sales.length;
    return {
      order: this.#order,
      violations,
      hash: this.#trace.digest(),
      struck,
      counts: { ...counts, sales, virtualMs },
    };
  }

  // Whoever wanted to come back has come back, a day later or two, and then everything has to end within the bound.
  async #comeToRest(): Promise<readonly string[]> {
    const { time } = this.#ground;
    const doorsClose = plus(time.now, durationMs(peopleMs));
    while (this.#ringing > 0 && time.now < doorsClose) await this.#waitFor(durationMs(120_000));
    const bound = plus(time.now, durationMs(boundMs));
    for (;;) {
      const stuck = this.#stuck();
      if (stuck.length === 0 || time.now >= bound) return stuck;
      await this.#waitFor(durationMs(10_000));
    }
  }

  async #waitFor(wait: DurationMs): Promise<void> {
    const { time } = this.#ground;
    const end = plus(time.now, wait);
    time.after(wait, () => undefined);
    await time.run((next) => next > end);
  }

  // Everybody comes in his own time; answers when the storm ends, some time after the last of them came.
  #ringAll(): Instant {
    const ground = this.#ground;
    const stage = this.#stage();
    let last = 0;
    for (const sale of this.#order.sales) {
      const begins = startsAt(ground.random(`beginning of sale ${sale}`), sale);
      last = Math.max(last, begins);
      this.#ringing += 1;
      ground.time.after(durationMs(5_000 + begins), () => {
        void ringUp(stage, sale).then(() => {
          this.#ringing -= 1;
        });
      });
    }
    return plus(ground.start, durationMs(last + 120_000));
  }

  #stage(): Stage {
    const ground = this.#ground;
    const line = { ground, serverFor: (till: number) => this.#machines.serverFor(till) };
    return {
      now: () => ground.time.now,
      rest: (wait) => ground.time.rest(wait),
      tillCount,
      line: (sale, till) => tillLine(line, sale, till),
      payers: this.#alipay.payers,
      draws: (sale) => ground.random(`people of sale ${sale}`),
      tell: (happening) => ground.tell(happening),
    };
  }

  // What is not at rest.
  #stuck(): readonly string[] {
    const stuck: string[] = [];
    if (this.#ringing > 0) stuck.push(`${this.#ringing} sales are still being rung up`);
    if (this.#ground.underWay > 0) stuck.push(`${this.#ground.underWay} messages are under way`);
    for (const { identity, state } of this.#storage.payments.unfinished) {
      stuck.push(`${this.#ground.names.attempt(identity.id)} is ${state.phase}`);
    }
    return stuck;
  }
}

// Between eight in the morning and after midnight in Beijing, and in a third of the worlds shortly before its midnight: that is where
// cancel windows and business days end.
function startOf(seed: number): Instant {
  const day = Date.UTC(2026, 0, 5 + (hashOf(seed, 'day') % 300));
  const isLate = hashOf(seed, 'evening') % 3 === 0;
  const minutes = isLate ? 15 * 60 + 20 + (hashOf(seed, 'minute') % 40) : hashOf(seed, 'minute') % (16 * 60);
  return instant(day + minutes * 60_000);
}

function mannerOf(seed: number): AlipayManner {
  const windows = (['official', 'official', 'official', 'no-cancel', 'no-refund'] as const)[
    hashOf(seed, 'windows') % 5
  ];
  return {
    cancelBlocksLaterPay: hashOf(seed, 'cancel blocks') % 4 === 0,
    windows: windows ?? 'official',
    sendsNotices: hashOf(seed, 'notices') % 4 !== 0,
  };
}

class Census implements Witness {
  readonly #struck: string[] = [];
  readonly #met = new Map<string, number>();
  #charges = 0;
  #refunds = 0;
  #crashes = 0;
  #happenings = 0;

  hear({ happening }: Parameters<Witness['hear']>[0]): void {
    this.#happenings += 1;
    switch (happening.type) {
      case 'struck':
        this.#struck.push(happening.key);
        this.#meet(`fate: ${fateKind(happening.key)}`);
        break;
      case 'server-crashed':
        this.#crashes += 1;
        break;
      case 'written':
        this.#write(happening.attempt);
        break;
      case 'till-told':
        if (happening.reply.kind === 'refused') this.#meet(`refused ${happening.reply.problem}`);
        break;
      default:
    }
  }

  #write({ kind, version, state }: Attempt): void {
    this.#meet(`${kind} ${state.phase}`);
    if (version > 1) return;
    if (kind === 'charge') this.#charges += 1;
    else this.#refunds += 1;
  }

  #meet(what: string): void {
    this.#met.set(what, (this.#met.get(what) ?? 0) + 1);
  }

  counted() {
    const [charges, refunds, crashes] = [this.#charges, this.#refunds, this.#crashes];
    const met = Object.fromEntries([...this.#met].sort(([left], [right]) => (left < right ? -1 : 1)));
    return { struck: this.#struck, charges, refunds, crashes, happenings: this.#happenings, met };
  }
}

// The kind of a fate, and what it strikes where several things may be struck by it.
const fateKinds =
  /^(?:Alipay gone|journal gone|cut off|clock jump|[a-z]+(?:-[a-z]+)?)(?: (?:till request|till answer|request|answer|notice|send|write|opening|read|time|sign of life|taking up))?/;

function fateKind(key: string): string {
  return fateKinds.exec(key)?.[0] ?? key;
}
