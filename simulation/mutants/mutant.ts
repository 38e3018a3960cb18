// A mutant is the real source with one mistake put into it on purpose: what a careless engineer might have written. It is made in memory,
// when a process loads the file; nothing on disk changes. A proof that does not notice the mistake proves nothing about its absence.

/** One text that stands exactly once in the file, and what stands there instead. */
export type Edit = {
  readonly find: string;
  readonly replace: string;
  /** When the mistake is in more files than one: the other file. */
  readonly file?: string;
};

export type Mutant = {
  /** Kebab-case, unlike all others. */
  readonly name: string;
  /** What the engineer did, as a plain sentence. */
  readonly meaning: string;
  /** From the root of the repository. */
  readonly file: string;
  readonly edits: readonly [Edit, ...Edit[]];
  /** Who must catch it. The explorer sees the protocols alone; `either` is a mistake that both see. */
  readonly expectedBy: 'simulation' | 'explorer' | 'either';
  /** Where to look first, so that the suite is quick: a world's seed, or the name of a scope. Where else is looked does not depend on it. */
  readonly first?: number | string;
};

/** The files that the mutant changes. */
export function filesOf({ file, edits }: Mutant): readonly string[] {
  return [...new Set([file, ...edits.map((edit) => edit.file ?? file)])];
}

/** A file's text with the mutant's mistake in it. Throws when the mutant no longer fits the file: then it must be written anew. */
export function mutate(source: string, mutant: Mutant, file = mutant.file): string {
  let mutated = source;
  for (const { find, replace, file: own = mutant.file } of mutant.edits) {
    if (own !== file) continue;
    const count = source.split(find).length - 1;
    if (count !== 1) {
      throw new Error(
        `mutant ${mutant.name}: its text must stand exactly once in ${file}, and stands there ${count} times: ${find}`,
      );
    }
    mutated = mutated.replace(find, () => replace);
  }
  return mutated;
}
