// What a browser's storage can do to a till, in our own words. Every one of them is a state that the page can name; none of them
// is an exception that somebody forgot.

/**
 * `newer-schema`: another tab runs a newer till; reloading brings this one up to date. `disk-full`: the browser gives no more
 * room. `gone`: the storage was deleted or closed under us. `refused`: the browser gives none at all (a private window, a policy).
 */
export type StorageTrouble = 'newer-schema' | 'disk-full' | 'gone' | 'refused';

/** Thrown by a store whose storage does not work; `kind` says how. */
export class StorageError extends Error {
  readonly kind: StorageTrouble;

  constructor(kind: StorageTrouble, cause?: unknown) {
    super(`the till's storage: ${kind}`, { cause });
    this.name = 'StorageError';
    this.kind = kind;
  }
}

/**
 * Our word for what a browser threw, by its name.
 * @see https://w3c.github.io/IndexedDB/#exceptions
 */
export function storageTroubleOf(error: unknown): StorageTrouble {
  if (error instanceof StorageError) return error.kind;
  const name = nameOf(error);
  if (name === 'VersionError') return 'newer-schema';
  if (name === 'QuotaExceededError') return 'disk-full';
  // NotFoundError: the stores are not there any more; UnknownError: the files under the database are gone or broken.
  if (name === 'InvalidStateError' || name === 'AbortError' || name === 'NotFoundError' || name === 'UnknownError') {
    return 'gone';
  }
  return 'refused';
}

function nameOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'name' in error ? String(error.name) : '';
}
