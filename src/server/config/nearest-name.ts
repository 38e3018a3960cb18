// Finds the name that was probably meant, for "did you mean" in messages about unknown settings.

// Edit distance (Levenshtein): the fewest letters to insert, delete or change.
function distance(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let i = 1; i <= left.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= right.length; j += 1) {
      const change = (row[j - 1] ?? 0) + (left[i - 1] === right[j - 1] ? 0 : 1);
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[right.length] ?? 0;
}

/** The nearest of `names`, or `undefined` when none is near enough to be what was meant. */
export function nearestName(meant: string, names: readonly string[]): string | undefined {
  const ranked = names
    .map((name) => ({ name, far: distance(meant.toLowerCase(), name.toLowerCase()) }))
    .sort((a, b) => a.far - b.far);
  const best = ranked[0];
  return best !== undefined && best.far <= Math.max(2, Math.floor(meant.length / 3)) ? best.name : undefined;
}
