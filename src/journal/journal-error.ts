// Trouble with the database itself, under names that a caller can act on. What the business refuses is a Result and is never
// thrown; a defect in our own SQL is thrown as PostgreSQL tells it.

/** Why the journal could not answer. */
export type JournalTrouble =
  /** Everything was in use for longer than a caller may wait. Nothing of this call was written. */
  | 'database-busy'
  /** No connection could be had, or it broke, and did not come back in time. A write may or may not have been done. */
  | 'database-unreachable'
  /** Name, password or database is wrong: waiting does not help. */
  | 'database-refused'
  /** The server is older than PostgreSQL 15. */
  | 'database-too-old'
  /** A newer program has already changed the schema: this one must not write to it. */
  | 'schema-newer'
  /** A migration that was applied differs from the one in this program. */
  | 'schema-changed'
  /** The row could not be settled against concurrent writers within a bounded number of tries. */
  | 'contention'
  | 'closed';

/** Thrown by every journal call that could not be answered; `code` is stable, the message says what to do. */
export class JournalError extends Error {
  readonly code: JournalTrouble;

  constructor(code: JournalTrouble, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'JournalError';
    this.code = code;
  }
}

/** The connection broke under a statement: nobody told whether it was done. */
export class ConnectionLost extends JournalError {
  constructor(cause: unknown) {
    super('database-unreachable', 'The connection to PostgreSQL broke before it answered.', cause);
    this.name = 'ConnectionLost';
  }
}

/** PostgreSQL gave the statement up and rolled it back, for a reason that is not ours: nothing of it was written. */
export class StatementGivenUp extends JournalError {
  constructor(cause: unknown) {
    super('database-busy', 'PostgreSQL could not carry the statement out now: try again shortly.', cause);
    this.name = 'StatementGivenUp';
  }
}

// PostgreSQL's classes 08 (connection), 57P01–57P05 (shut down, crashed, starting) and 25P03 (idle within a transaction) end the
// connection.
// https://www.postgresql.org/docs/current/errcodes-appendix.html
const endsConnection = /^(08...|57P0[1-5]|25P03)$/;

// Rolled back for sure, and no defect of ours: 40001 and 40P01 (serialization, deadlock), class 53 (memory, disk or connections used
// up), 55P03 and 57014 (lock and statement timeout), class 58 (trouble of the system), 25006 (a standby that takes no writes).
const givesUp = /^(40001|40P01|53...|55P03|57014|58...|25006)$/;

// Of those, the ones that are likely to pass when done again at once.
const passesLater = new Set(['40001', '40P01', '55P03', '57014', '53200']);

/** The SQLSTATE of an error that PostgreSQL answered with; `undefined` when it came from the connection or from us. */
export function sqlStateOf(error: unknown): string | undefined {
  // A system error such as EPIPE also has a `code` of five capitals; only PostgreSQL's errors have a severity.
  if (!(error instanceof Error) || !('severity' in error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** Tells, of an error that the driver threw while it ran a statement, whether the connection is gone. */
function endsTheConnection(error: unknown): boolean {
  const state = sqlStateOf(error);
  return state === undefined || endsConnection.test(state);
}

/** True when PostgreSQL rolled the statement back for a reason that passes. */
export function isPassing(error: unknown): boolean {
  return passesLater.has(sqlStateOf(error instanceof StatementGivenUp ? error.cause : error) ?? '');
}

/** An error that the driver threw while it ran a statement, under a name that a caller can act on; a defect stays what it is. */
export function named(error: unknown): unknown {
  if (endsTheConnection(error)) return new ConnectionLost(error);
  return givesUp.test(sqlStateOf(error) ?? '') ? new StatementGivenUp(error) : error;
}
