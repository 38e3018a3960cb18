// The door of the journal: PostgreSQL behind the storage ports of payment, checkout and catalog, and a PostgreSQL of our own.
// Tests get a database of theirs from with-database.ts.

export type { LaneLimits } from './commit-lanes.ts';
export type { DatabaseLimits } from './database.ts';
export type { Directory, KnownDevice, ListedDevice, StoreEntry } from './directory.ts';
export { type EmbeddedPostgres, type EmbeddedPostgresOptions, startEmbeddedPostgres } from './embedded-postgres.ts';
export type { FactPosition, FactQuery, FactReader, StoredFact } from './fact-reader.ts';
export { JournalError, type JournalTrouble } from './journal-error.ts';
export { type Journal, type JournalOptions, openJournal } from './open-journal.ts';
export { checkReachable } from './reachable.ts';
