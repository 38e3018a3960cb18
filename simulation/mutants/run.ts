// Tries every mutant and prints who caught it, where and after how much; then the code as it is, which nobody may catch.
//
//   node simulation/mutants/run.ts                  all of them
//   --only no-cancel-after-last-query               one
//   --in 1,2,3,charge                               look in these worlds and scopes only, whoever is expected to catch it
//   --no-control                                    without the code as it is

import { parseArgs } from 'node:util';
import { mutants } from './every-mutant.ts';
import type { Place, Verdict } from './judge.ts';
import type { Mutant } from './mutant.ts';
import { placesFor, scopes, tryOut, worlds } from './try-mutant.ts';

const say = (text: string): void => void process.stdout.write(`${text}\n`);
const sideBySide = 2;

async function main(): Promise<boolean> {
  const { values } = parseArgs({
    options: { only: { type: 'string' }, in: { type: 'string' }, 'no-control': { type: 'boolean', default: false } },
  });
  const named = values.only?.split(',');
  const chosen = mutants.filter(({ name }) => named === undefined || named.includes(name));
  if (chosen.length === 0) throw new Error(`there is no mutant called ${values.only}`);
  say('| mutant | what was done | caught by | after | seconds |');
  say('| --- | --- | --- | --- | --- |');
  const waiting = [...chosen];
  let isGood = true;
  const work = async (): Promise<void> => {
    for (let mutant = waiting.shift(); mutant !== undefined; mutant = waiting.shift()) {
      const verdict = await tryOut({ mutant: mutant.name, places: placesOf(mutant, values.in) });
      if (verdict.caught === null) isGood = false;
      say(row(mutant.name, mutant.meaning, verdict));
    }
  };
  await Promise.all(Array.from({ length: sideBySide }, work));
  if (values['no-control'] || named !== undefined) return isGood;
  const control = await tryOut({ mutant: null, places: [...scopes, ...worlds] });
  say(row('(none)', 'The code as it is.', control));
  return isGood && control.caught === null;
}

function placesOf(mutant: Mutant, wanted: string | undefined): readonly Place[] {
  if (wanted === undefined) return placesFor(mutant);
  return wanted.split(',').map((place) => (/^\d+$/.test(place) ? Number(place) : place));
}

function row(name: string, meaning: string, { caught, sales, states, seconds, unfinished }: Verdict): string {
  const by = caught === null ? '**nobody**' : `${caught.by}: ${caught.rule}`;
  const where =
    caught === null ? '' : caught.by === 'simulation' ? `world ${caught.world}, ` : `scope ${caught.scope}, `;
  const after = [sales > 0 ? `${sales} sales` : '', states > 0 ? `${states} states` : ''].filter((text) => text !== '');
  const gap = unfinished.length === 0 ? '' : ` (unfinished: ${unfinished.join('; ')})`;
  return `| ${name} | ${meaning} | ${by} | ${where}${after.join(', ')}${gap} | ${seconds.toFixed(1)} |`;
}

process.exitCode = (await main()) ? 0 : 1;
