// A value that can be watched. The screens' models live outside React, because a scan must act in the same turn of the
// event loop as its last key, not after a render.

import { useSyncExternalStore } from 'react';

export class Observable<State> {
  #state: State;
  readonly #watchers = new Set<() => void>();

  constructor(initial: State) {
    this.#state = initial;
  }

  readonly get = (): State => this.#state;

  set(next: State): void {
    if (Object.is(next, this.#state)) return;
    this.#state = next;
    for (const watcher of [...this.#watchers]) watcher();
  }

  change(part: Partial<State>): void {
    this.set({ ...this.#state, ...part });
  }

  readonly subscribe = (watcher: () => void): (() => void) => {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  };
}

export function useObservable<State>(observable: Observable<State>): State {
  return useSyncExternalStore(observable.subscribe, observable.get);
}
