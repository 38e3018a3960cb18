// Several store servers on one database, each at an address of its own, that are killed one by one and all at once and come back: the
// same address, a new one, at once, or after others took up what they held. Counts what it did to them.

import { setTimeout as sleep } from 'node:timers/promises';
import { KillableStore } from './killable-store.ts';
import type { StoreOrder } from './store-order.ts';
import { Till } from './till.ts';

type Berth = { port: number; till: Till; store: KillableStore | undefined; back: Promise<void> };

export type Toll = {
  /** Servers that stood and were killed. */
  kills: number;
  /** Killed while they started; not counted among the kills. */
  killsAtStart: number;
  /** Payments and refunds that a living server took up from a dead one to end them, as far as it could still say so. */
  takeOvers: number;
  /** The same for closed payments that are only to be looked at once more, minutes later: handed on with every kill until then. */
  lookBacksTaken: number;
  /** What servers told their log as a fault of their own, and how often. */
  readonly faults: Map<string, number>;
};

// PostgreSQL may be away or reading its log when a server wants to start; a supervisor tries again, too.
const startAgainMs = 300;
const startTriesMax = 60;

export class StoreFleet {
  readonly toll: Toll = { kills: 0, killsAtStart: 0, takeOvers: 0, lookBacksTaken: 0, faults: new Map() };
  readonly #order: StoreOrder;
  readonly #berths: Berth[] = [];
  /** All that may still run, at a berth or frozen beside it. */
  readonly #running = new Set<KillableStore>();
  #isClosing = false;

  private constructor(order: StoreOrder) {
    this.#order = order;
  }

  static async start(order: StoreOrder, count: number): Promise<StoreFleet> {
    const fleet = new StoreFleet(order);
    try {
      for (let index = 0; index < count; index += 1) {
        const berth: Berth = { port: 0, till: new Till('', ''), store: undefined, back: Promise.resolve() };
        await fleet.#raise(berth);
        fleet.#berths.push(berth);
      }
    } catch (trouble) {
      await fleet.close();
      throw trouble;
    }
    return fleet;
  }

  /** The till of one server, dead or alive. */
  anyTill(draw: (below: number) => number): Till {
    const berth = this.#berths[draw(this.#berths.length)];
    if (berth === undefined) throw new Error('a fleet without servers');
    return berth.till;
  }

  /** The berths at which a server stands now. */
  standing(): readonly number[] {
    return [...this.#berths.keys()].filter((index) => this.#berths[index]?.store !== undefined);
  }

  /** Kills what stands at a berth, if it still does; from then on the berth is empty. */
  async kill(index: number): Promise<void> {
    const store = this.#take(index);
    if (store === undefined) return;
    this.toll.kills += 1;
    await this.#end(store);
  }

  /** Stops it in order: what it holds is given up at once. */
  async stop(index: number): Promise<void> {
    const store = this.#take(index);
    if (store === undefined) return;
    await store.stop();
    this.#running.delete(store);
  }

  /** Lets it stand still for so long, then kills it. */
  async freezeAndKill(index: number, forMs: number): Promise<void> {
    const store = this.#take(index);
    if (store === undefined) return;
    store.freeze();
    await sleep(forMs);
    this.toll.kills += 1;
    await this.#end(store);
  }

  /** Lets it stand still for so long, then go on as if nothing had been. */
  async freeze(index: number, forMs: number): Promise<void> {
    const store = this.#berths[index]?.store;
    store?.freeze();
    await sleep(forMs);
    store?.wake();
  }

  /** Starts one at an empty berth and kills it before or after it stands there. */
  async killAtStart(index: number, afterMs: number): Promise<void> {
    const port = this.#berths[index]?.port ?? 0;
    this.toll.killsAtStart += 1;
    await KillableStore.startAndKill({ ...this.#order, port }, afterMs);
  }

  /** Puts a server at an empty berth after a wait, in the background; at the old address unless it is to be a new one. */
  comeBack(
    index: number,
    { afterMs, elsewhere = false }: { readonly afterMs: number; readonly elsewhere?: boolean },
  ): void {
    const berth = this.#berths[index];
    if (berth === undefined) return;
    if (elsewhere) berth.port = 0;
    berth.back = sleep(afterMs).then(() => this.#raise(berth));
    // Told by `allBack`.
    berth.back.catch(() => undefined);
  }

  /** Resolves when every server that is to come back is there. Throws when one could not be started. */
  async allBack(): Promise<void> {
    await Promise.all(this.#berths.map(({ back }) => back));
  }

  /** Kills all, and waits for those that were on their way. */
  async close(): Promise<void> {
    this.#isClosing = true;
    await Promise.allSettled(this.#berths.map(({ back }) => back));
    await Promise.all([...this.#running].map((store) => this.#end(store)));
  }

  #take(index: number): KillableStore | undefined {
    const berth = this.#berths[index];
    const store = berth?.store;
    if (berth !== undefined) berth.store = undefined;
    return store;
  }

  async #end(store: KillableStore): Promise<void> {
    await store.kill();
    this.#running.delete(store);
  }

  async #raise(berth: Berth): Promise<void> {
    for (let tries = 1; !this.#isClosing; tries += 1) {
      try {
        const store = await KillableStore.start({ ...this.#order, port: berth.port }, (event, detail) =>
          this.#hear(event, detail),
        );
        berth.port = store.port;
        berth.till = new Till(store.url, this.#order.apiKey);
        berth.store = store;
        this.#running.add(store);
        return;
      } catch (trouble) {
        if (tries >= startTriesMax) throw trouble;
        // Another program took the port meanwhile: the server gets a new address.
        if (trouble instanceof Error && trouble.message.includes('EADDRINUSE')) berth.port = 0;
        else await sleep(startAgainMs);
      }
    }
  }

  #hear(event: string, detail: string): void {
    const { toll } = this;
    if (event !== 'payment.custody.taken-up') {
      const fault = `${event}: ${detail}`;
      toll.faults.set(fault, (toll.faults.get(fault) ?? 0) + 1);
    } else if (detail === 'reversed') toll.lookBacksTaken += 1;
    else toll.takeOvers += 1;
  }
}
