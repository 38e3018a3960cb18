// Keeps collections within a bound by forgetting their oldest entries, a batch at a time: a Map or Set keeps the places of what
// was deleted for a while, and a walk from its front must step over them, so that deleting one at each insertion costs more
// the more is kept.

/** How many to forget at once when `max` are kept. */
export function batchOf(max: number): number {
  return Math.max(1, Math.floor(max / 16));
}

/** When more than `max` are kept, forgets the oldest batch. */
export function forgetOldest<Key>(kept: Map<Key, unknown> | Set<Key>, max: number): void {
  if (kept.size <= max) return;
  let left = Math.max(batchOf(max), kept.size - max);
  for (const key of kept.keys()) {
    kept.delete(key);
    left -= 1;
    if (left === 0) return;
  }
}
