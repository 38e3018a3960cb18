// The connections. Readers and rare writers share a bounded pool; the hot writes have lanes of their own (commit-lanes.ts),
// so that a slow report can never stand before a payment. Every wait has an end: for a connection, for a lock, for a
// statement, and for an answer that does not come.

import pg from 'pg';
import type { Log } from '#foundation/log.ts';
import { ConnectionLost, JournalError, named, sqlStateOf } from './journal-error.ts';

export type DatabaseLimits = {
  /** Most connections of the pool. */
  readonly connectionsMax: number;
  /** Longest wait for a connection of the pool, or for a commit lane. */
  readonly waitMs: number;
  /** PostgreSQL gives a statement up after this. */
  readonly statementMs: number;
  /** PostgreSQL gives waiting for a lock up after this. */
  readonly lockMs: number;
};

export const standardLimits: DatabaseLimits = { connectionsMax: 8, waitMs: 5000, statementMs: 5000, lockMs: 2000 };

// The client waits a little longer than the server does, so that the server's own word normally comes first.
const answerGraceMs = 2000;
const connectMs = 3000;

/** A statement by name: parsed once a connection, then only executed. */
export type Statement = { readonly name: string; readonly text: string };

export type Row = Record<string, unknown>;

/** Something that statements run on: the pool, or one connection within a transaction. */
export interface Connection {
  /**
   * Throws `ConnectionLost` when nobody told whether it was done, `StatementGivenUp` when it was not, for a reason that may pass,
   * else what PostgreSQL says.
   */
  query<R extends Row>(statement: Statement, values: readonly unknown[]): Promise<readonly R[]>;
}

export type Session = Readonly<Record<string, string | number>>;

export interface Database extends Connection {
  readonly limits: DatabaseLimits;
  /** Like `query`, and once more when the connection broke: only for what may be done twice. */
  repeatable<R extends Row>(statement: Statement, values: readonly unknown[]): Promise<readonly R[]>;
  /** Runs `work` between BEGIN and COMMIT on one connection. Throws what `work` throws, after ROLLBACK. */
  transaction<T>(work: (connection: Connection) => Promise<T>): Promise<T>;
  /** Makes one connection outside the pool, with session settings of its own. Throws `database-unreachable`. */
  connect(session: Session): Promise<OwnConnection>;
  close(): Promise<void>;
}

/** A connection that belongs to its maker. */
export interface OwnConnection extends Connection {
  end(): Promise<void>;
}

/** Opens the pool. It connects when first used; `checkReachable` says early and clearly what is wrong. */
export function openDatabase(url: string, limits: DatabaseLimits, log: Log): Database {
  const lost = (error: Error) => log.event('journal.connection.lost', { state: sqlStateOf(error) ?? 'broken' });
  const pool = new pg.Pool({
    ...clientConfig(url, limits, {}),
    max: limits.connectionsMax,
    connectionTimeoutMillis: limits.waitMs,
    idleTimeoutMillis: 30_000,
  });
  // A connection that breaks says so beside the statement that it broke under, idle or not: unheard, that would end the
  // process. The pool drops it and makes another when one is needed.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', lost));

  const onOneClient = async <T>(work: (connection: Connection) => Promise<T>): Promise<T> => {
    const client = await pool.connect().catch((error: unknown) => {
      throw waitFailure(error, url);
    });
    let broken = false;
    try {
      return await work(connectionOf(client));
    } catch (error) {
      broken = error instanceof ConnectionLost;
      throw error;
    } finally {
      client.release(broken);
    }
  };
  const query = <R extends Row>(statement: Statement, values: readonly unknown[]) =>
    onOneClient((connection) => connection.query<R>(statement, values));
  return {
    limits,
    query,
    async repeatable<R extends Row>(statement: Statement, values: readonly unknown[]) {
      try {
        return await query<R>(statement, values);
      } catch (error) {
        if (!(error instanceof ConnectionLost)) throw error;
        return await query<R>(statement, values);
      }
    },
    transaction: (work) => onOneClient((connection) => inTransaction(connection, work)),
    async connect(session) {
      const client = new pg.Client(clientConfig(url, limits, session));
      client.on('error', lost);
      try {
        await client.connect();
      } catch (error) {
        await client.end().catch(() => undefined);
        throw waitFailure(error, url);
      }
      return { ...connectionOf(client), end: () => client.end().catch(() => undefined) };
    },
    close: () => pool.end(),
  };
}

const begin: Statement = { name: 'begin', text: 'BEGIN' };
const commit: Statement = { name: 'commit', text: 'COMMIT' };
const rollback: Statement = { name: 'rollback', text: 'ROLLBACK' };

async function inTransaction<T>(connection: Connection, work: (connection: Connection) => Promise<T>): Promise<T> {
  await connection.query(begin, []);
  try {
    const value = await work(connection);
    await connection.query(commit, []);
    return value;
  } catch (error) {
    if (!(error instanceof ConnectionLost)) await connection.query(rollback, []);
    throw error;
  }
}

function connectionOf(client: pg.ClientBase): Connection {
  return {
    async query<R extends Row>(statement: Statement, values: readonly unknown[]) {
      try {
        const answer = await client.query<R>({ name: statement.name, text: statement.text, values: [...values] });
        return answer.rows;
      } catch (error) {
        throw named(error);
      }
    },
  };
}

function clientConfig(url: string, limits: DatabaseLimits, session: Session): pg.ClientConfig {
  // A plan that is made once and kept may stem from a table's first minutes, when it was empty and any plan was as good: the
  // plan is made anew each time, which costs a fraction of a millisecond for a whole batch.
  const plans = { plan_cache_mode: 'force_custom_plan', jit: 'off' };
  // A process that is cut off within a transaction would keep its locks for as long as TCP takes to notice: two hours. The attempts
  // under them could be moved by nobody, and taking up skips what is locked.
  const idle = { idle_in_transaction_session_timeout: limits.statementMs + answerGraceMs };
  const settings = { lock_timeout: limits.lockMs, TimeZone: 'UTC', ...idle, ...plans, ...session };
  return {
    connectionString: url,
    application_name: 'tillway',
    keepAlive: true,
    connectionTimeoutMillis: connectMs,
    query_timeout: limits.statementMs + answerGraceMs,
    statement_timeout: limits.statementMs,
    options: Object.entries(settings)
      .map(([name, value]) => `-c ${name}=${value}`)
      .join(' '),
  };
}

function waitFailure(error: unknown, url: string): Error {
  if (error instanceof Error && /timeout exceeded when trying to connect/.test(error.message))
    return new JournalError('database-busy', 'Every database connection stayed in use: try again shortly.', error);
  return new JournalError('database-unreachable', `PostgreSQL at ${hostOf(url)} does not answer.`, error);
}

/** Host and port of a database URL, for messages: never the password. */
export function hostOf(url: string): string {
  const parsed = URL.parse(url);
  return parsed === null ? 'the given address' : parsed.host || parsed.searchParams.get('host') || 'the local socket';
}
