// A process that judges: it is told what to judge and where to look as JSON on its command line, and prints the verdict as JSON. The
// mistake is put into the file's text when Node loads it, before its types are stripped, so the code that is judged is otherwise the
// real one. What this file imports itself must be nothing of what may be mutated.
// @see https://nodejs.org/docs/latest-v24.x/api/module.html#moduleregisterhooksoptions

import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';
import { mutants } from './every-mutant.ts';
import { type Mutant, mutate } from './mutant.ts';

export type TrialOrder = { readonly mutant: string | null; readonly places: readonly (number | string)[] };

const root = new URL('../../', import.meta.url);

/** From now on the mutant's file is loaded with its mistake; answers whether it was. */
function putIn(mutant: Mutant): () => boolean {
  const url = new URL(mutant.file, root).href;
  const source = mutate(readFileSync(fileURLToPath(url), 'utf8'), mutant);
  let isLoaded = false;
  registerHooks({
    load(address, context, nextLoad) {
      if (address !== url) return nextLoad(address, context);
      isLoaded = true;
      return { format: 'module-typescript', source, shortCircuit: true };
    },
  });
  return () => isLoaded;
}

function mutantOf(name: string): Mutant {
  const mutant = mutants.find((each) => each.name === name);
  if (mutant === undefined) throw new Error(`there is no mutant called ${name}`);
  return mutant;
}

const order: TrialOrder = JSON.parse(process.argv[2] ?? '');
const isPutIn = order.mutant === null ? () => true : putIn(mutantOf(order.mutant));
const { judge } = await import('./judge.ts');
if (!isPutIn()) throw new Error(`mutant ${order.mutant}: nothing that is judged loads its file`);
process.stdout.write(JSON.stringify(await judge(order.places)));
