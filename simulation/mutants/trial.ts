// A process that judges: it is told what to judge and where to look as JSON on its command line, and prints the verdict as JSON. The
// mistake is put into the file's text when Node loads it, before its types are stripped, so the code that is judged is otherwise the
// real one. What this file imports itself must be nothing of what may be mutated.
// @see https://nodejs.org/docs/latest-v24.x/api/module.html#moduleregisterhooksoptions

import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import { mutants } from './every-mutant.ts';
import { filesOf, type Mutant, mutate } from './mutant.ts';

export type TrialOrder = { readonly mutant: string | null; readonly places: readonly (number | string)[] };

const root = new URL('../../', import.meta.url);

/** From now on the mutant's files are loaded with its mistake; answers which of them never were. */
function putIn(mutant: Mutant): () => readonly string[] {
  const sources = new Map<string, string>();
  for (const file of filesOf(mutant)) {
    const url = new URL(file, root);
    sources.set(url.href, mutate(readFileSync(fileURLToPath(url), 'utf8'), mutant, file));
  }
  const waiting = new Set(sources.keys());
  registerHooks({
    load(address, context, nextLoad) {
      const source = sources.get(address);
      if (source === undefined) return nextLoad(address, context);
      waiting.delete(address);
      return { format: 'module-typescript', source, shortCircuit: true };
    },
  });
  return () => [...waiting];
}

function mutantOf(name: string): Mutant {
  const mutant = mutants.find((each) => each.name === name);
  if (mutant === undefined) throw new Error(`there is no mutant called ${name}`);
  return mutant;
}

const order: TrialOrder = JSON.parse(process.argv[2] ?? '');
const notLoaded = order.mutant === null ? () => [] : putIn(mutantOf(order.mutant));
const { judge } = await import('./judge.ts');
if (notLoaded().length > 0)
  throw new Error(`mutant ${order.mutant}: nothing that is judged loads ${notLoaded().join(', ')}`);
process.stdout.write(JSON.stringify(await judge(order.places)));
