// Lets one tab of all do something. Web Locks are there on secure origins only; without them everybody does it, and whoever uses
// this must be right all the same: a lock saves work, it guards nothing.

/** Answers `false` without acting when another tab is at it. */
export type WhileAlone = (name: string, act: () => Promise<void>) => Promise<boolean>;

/** By the browser's Web Locks, where it has them. */
export function makeWhileAlone(locks: LockManager | undefined): WhileAlone {
  return async (name, act) => {
    if (locks === undefined) {
      await act();
      return true;
    }
    return await locks.request(name, { ifAvailable: true }, async (lock) => {
      if (lock === null) return false;
      await act();
      return true;
    });
  };
}

/** Says which things this tab has in hand, so that another does not take them up too. Without Web Locks every claim is granted. */
export type Claims = { claim(name: string): Promise<boolean>; release(name: string): void };

/** A claim lasts until it is released or the tab is gone, crashed or not. */
export function makeClaims(locks: LockManager | undefined): Claims {
  const held = new Map<string, () => void>();
  return {
    async claim(name) {
      if (locks === undefined || held.has(name)) return true;
      const { promise: granted, resolve } = Promise.withResolvers<boolean>();
      void locks.request(name, { ifAvailable: true }, (lock) => {
        resolve(lock !== null);
        if (lock === null) return undefined;
        const { promise, resolve: release } = Promise.withResolvers<void>();
        held.set(name, release);
        return promise;
      });
      return await granted;
    },
    release(name) {
      held.get(name)?.();
      held.delete(name);
    },
  };
}
