// A log line is an event name in three parts and plain fields: ids and numbers, never free text from outside. Payer codes,
// keys and signatures have no loggable type. The journal is the record; the log is for operators.

export type LogFields = Readonly<Record<string, string | number | bigint | boolean>>;

export interface Log {
  event(name: `${string}.${string}.${string}`, fields: LogFields): void;
}

/** For tests and tools that have nobody to tell. */
export const silentLog: Log = { event() {} };
