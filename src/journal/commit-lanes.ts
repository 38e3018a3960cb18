// Group commit. A durable write costs a round trip and a flush of PostgreSQL's log however many rows it carries, so calls that
// wait at the same moment go together: one statement, one commit, each caller its own outcome. Nobody waits for a timer. A
// lane that is free takes all that has come in during this turn of the event loop; what comes while the lanes are busy makes
// the next batch. Under light load a batch is one call; under heavy load batches grow by themselves.
//
// One member's trouble is not the others': when a batch throws, its members run one by one. When the connection dies under a
// batch nobody knows whether it was committed; its members run again marked `inDoubt`, and the work reads back what was done.

import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '#foundation/log.ts';
import type { Connection, Database, OwnConnection, Row, Session, Statement } from './database.ts';
import { ConnectionLost, isPassing, JournalError } from './journal-error.ts';

/** One kind of write, done for many callers at once. */
export interface BatchWork<Ask, Outcome> {
  /** Writes in one commit and answers one outcome for each member, in their order. */
  run(connection: Connection, members: readonly Member<Ask>[]): Promise<readonly Outcome[]>;
}

export type Member<Ask> = {
  readonly ask: Ask;
  /** An earlier try of this very call may have been committed unseen. */
  readonly inDoubt: boolean;
};

export type LaneLimits = {
  readonly lanes: number;
  readonly batchMax: number;
  /** Callers that may wait; one more is refused at once. */
  readonly queueMax: number;
};

export const standardLanes: LaneLimits = { lanes: 2, batchMax: 128, queueMax: 20_000 };

export interface CommitLanes {
  /** A door for one kind of write. Its calls throw `database-busy`, `database-unreachable` or what PostgreSQL says. */
  door<Ask, Outcome>(work: BatchWork<Ask, Outcome>): (ask: Ask) => Promise<Outcome>;
  /** Waits for what is queued, then closes the connections. */
  close(): Promise<void>;
}

// The statements of a lane look up single rows by key and nothing else, so a lane plans index look-ups only.
const laneSession: Session = { enable_seqscan: 'off', enable_hashjoin: 'off', enable_mergejoin: 'off' };

// Once the tables have grown and are counted, a plan that is made once stays right, and making it anew for each batch is a third
// of a millisecond saved. While they are young the plan follows their real size (see database.ts).
const grown: Statement = {
  name: 'tables-grown',
  text: `SELECT bool_and(reltuples >= 1000) AS grown FROM pg_class
WHERE oid IN (to_regclass('sale'), to_regclass('payment_intent'), to_regclass('payment_attempt'))`,
};
const keepPlans: Statement = { name: 'keep-plans', text: 'SET plan_cache_mode = force_generic_plan' };

interface GrownRow extends Row {
  readonly grown: boolean;
}

async function openLane(database: Database): Promise<OwnConnection> {
  const connection = await database.connect(laneSession);
  const [row] = await connection.query<GrownRow>(grown, []);
  if (row?.grown === true) await connection.query(keepPlans, []);
  return connection;
}

const reconnectMs = 100;
const passingTriesMax = 5;

type Waiting<Ask, Outcome> = {
  readonly ask: Ask;
  readonly deadline: number;
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (reason: unknown) => void;
  inDoubt: boolean;
};

// A queue seen without its types, so that lanes can serve all kinds.
type Queue = {
  /** When the oldest member must have its answer; `undefined` when nobody waits. */
  head(): number | undefined;
  take(): (connection: Connection) => Promise<void>;
  expire(now: number, trouble: JournalError): void;
};

export function openCommitLanes(database: Database, limits: LaneLimits, log: Log): CommitLanes {
  return new Lanes(database, limits, log);
}

class Lanes implements CommitLanes {
  readonly #database: Database;
  readonly #limits: LaneLimits;
  readonly #log: Log;
  readonly #queues: Queue[] = [];
  readonly #idle: Lane[];
  readonly #busy = new Set<Promise<void>>();
  #waiting = 0;
  #scheduled = false;
  #closing = false;

  constructor(database: Database, limits: LaneLimits, log: Log) {
    this.#database = database;
    this.#limits = limits;
    this.#log = log;
    this.#idle = Array.from({ length: limits.lanes }, () => ({ connection: undefined }));
  }

  door<Ask, Outcome>(work: BatchWork<Ask, Outcome>): (ask: Ask) => Promise<Outcome> {
    const members: Waiting<Ask, Outcome>[] = [];
    this.#queues.push(queueOf(members, work, this.#limits.batchMax));
    return async (ask) => {
      if (this.#closing) throw new JournalError('closed', 'The journal is closed.');
      if (this.#waiting >= this.#limits.queueMax)
        throw new JournalError('database-busy', 'Too many writes wait for the database: try again shortly.');
      this.#waiting += 1;
      try {
        const deadline = performance.now() + this.#database.limits.waitMs;
        return await new Promise<Outcome>((resolve, reject) => {
          members.push({ ask, deadline, resolve, reject, inDoubt: false });
          this.#schedule();
        });
      } finally {
        this.#waiting -= 1;
      }
    };
  }

  async close(): Promise<void> {
    this.#closing = true;
    while (this.#waiting > 0 || this.#busy.size > 0) await sleep(5);
    await Promise.all(this.#idle.map(drop));
  }

  // After this turn of the event loop, so that all calls that came in with it go together.
  #schedule(): void {
    if (!this.#scheduled) setImmediate(() => this.#start());
    this.#scheduled = true;
  }

  // One lane for each kind that waits, as far as there are lanes.
  #start(): void {
    this.#scheduled = false;
    const kinds = this.#queues.filter((queue) => queue.head() !== undefined).length;
    for (const lane of this.#idle.splice(0, kinds)) {
      const driving = this.#drive(lane).finally(() => this.#busy.delete(driving));
      this.#busy.add(driving);
    }
  }

  async #drive(lane: Lane): Promise<void> {
    for (let queue = this.#oldest(); queue !== undefined; queue = this.#oldest()) {
      try {
        lane.connection ??= await openLane(this.#database);
        const work = queue.take();
        await work(lane.connection);
      } catch (trouble) {
        const hadConnection = lane.connection !== undefined;
        await drop(lane);
        this.#expire(trouble);
        // A connection that broke is replaced at once; one that could not be made is tried for in a while.
        if (!hadConnection) await sleep(reconnectMs);
      }
    }
    this.#idle.push(lane);
  }

  #oldest(): Queue | undefined {
    return this.#queues.reduce<Queue | undefined>((best, queue) => {
      const head = queue.head();
      return head === undefined || (best !== undefined && head >= (best.head() ?? 0)) ? best : queue;
    }, undefined);
  }

  #expire(trouble: unknown): void {
    const named =
      trouble instanceof JournalError ? trouble : new JournalError('database-unreachable', 'No commit lane.', trouble);
    for (const queue of this.#queues) queue.expire(performance.now(), named);
    this.#log.event('journal.lane.lost', { code: named.code });
  }
}

type Lane = { connection: OwnConnection | undefined };

async function drop(lane: Lane): Promise<void> {
  const connection = lane.connection;
  lane.connection = undefined;
  await connection?.end();
}

function queueOf<Ask, Outcome>(
  members: Waiting<Ask, Outcome>[],
  work: BatchWork<Ask, Outcome>,
  batchMax: number,
): Queue {
  const expire = (now: number, trouble: JournalError) => {
    for (const member of members.splice(0)) {
      if (member.deadline > now) members.push(member);
      else member.reject(member.inDoubt ? new ConnectionLost(trouble) : trouble);
    }
  };
  return {
    head: () => members[0]?.deadline,
    expire,
    take() {
      expire(performance.now(), new JournalError('database-busy', 'The database did not get to this write in time.'));
      const batch = members.splice(0, batchMax);
      return async (connection) => {
        try {
          await settle(connection, work, batch);
        } catch (lost) {
          // Those who have no answer yet stand first in the queue again: the next connection reads back what was done.
          for (const member of batch) member.inDoubt = true;
          members.unshift(...batch);
          throw lost;
        }
      };
    },
  };
}

/** Answers every member of the batch, or throws `ConnectionLost` with `batch` holding those who have no answer. */
async function settle<Ask, Outcome>(
  connection: Connection,
  work: BatchWork<Ask, Outcome>,
  batch: Waiting<Ask, Outcome>[],
): Promise<void> {
  if (batch.length === 0) return;
  if (batch.length > 1) {
    try {
      const outcomes = await work.run(connection, batch);
      for (const [index, member] of batch.splice(0).entries()) answer(member, outcomes[index]);
      return;
    } catch (error) {
      if (error instanceof ConnectionLost) throw error;
      // A work of more than one statement may have committed some before it threw.
      for (const member of batch) member.inDoubt = true;
    }
  }
  for (let member = batch[0]; member !== undefined; member = batch[0]) {
    await settleOne(connection, work, member);
    batch.shift();
  }
}

async function settleOne<Ask, Outcome>(
  connection: Connection,
  work: BatchWork<Ask, Outcome>,
  member: Waiting<Ask, Outcome>,
): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      const outcomes = await work.run(connection, [member]);
      answer(member, outcomes[0]);
      return;
    } catch (error) {
      if (error instanceof ConnectionLost) throw error;
      member.inDoubt = true;
      // Others stand behind this one: it is tried again within its own time and no longer.
      if (isPassing(error) && tries < passingTriesMax && performance.now() < member.deadline) continue;
      member.reject(error);
      return;
    }
  }
}

function answer<Ask, Outcome>(member: Waiting<Ask, Outcome>, outcome: Outcome | undefined): void {
  if (outcome === undefined) member.reject(new Error('a batch left a member without an outcome'));
  else member.resolve(outcome);
}
