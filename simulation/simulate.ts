// npm run simulate: the whole shop, as many times as wanted.
//
//   npm run simulate -- --sales 10000000        so many sales, with a progress bar and the rate
//   npm run simulate -- --seed 7                another seed (a fresh one unless given; it is printed)
//   npm run simulate -- --world 123 --only 17   one world again, told as a story: the line that a failure prints
//
// A world that breaks a rule is made as small as it goes, told, and printed as the one line that replays it; the exit code is 1.

import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { loadSandboxKeys } from '#sandbox/index.ts';
import { parseReplayLine, replayLine } from './replay/replay-line.ts';
import { shrink } from './replay/shrink.ts';
import { Story } from './replay/trace.ts';
import { type RunProgress, type RunReport, run } from './runs/run.ts';
import { Roads } from './shop/roads.ts';
import { liveThrough, type WorldOrder, type WorldReport } from './shop/world.ts';

const say = (text: string): void => void process.stdout.write(`${text}\n`);

async function main(words: readonly string[]): Promise<number> {
  if (words.includes('--world')) return await replay(parseReplayLine(words));
  const { values } = parseArgs({
    args: [...words],
    options: { sales: { type: 'string' }, seed: { type: 'string' }, threads: { type: 'string' } },
  });
  const sales = wholeNumber('--sales', values.sales ?? '100000', 1_000_000_000);
  const seed = wholeNumber('--seed', values.seed ?? `${randomInt(2 ** 32)}`, 2 ** 32 - 1);
  const threads = values.threads === undefined ? {} : { threads: wholeNumber('--threads', values.threads, 64) };
  say(`${sales.toLocaleString('en')} sales of seed ${seed}`);
  const report = await run({ seed, sales, ...threads, onWorld: progressBar(performance.now()) });
  process.stderr.write('\n');
  tellRun(report);
  const [first] = report.failing;
  if (first === undefined) return 0;
  await tellFailure(first);
  return 1;
}

function wholeNumber(name: string, text: string, max: number): number {
  const value = Number(text);
  if (Number.isSafeInteger(value) && value >= 0 && value <= max) return value;
  throw new Error(`${name} must be a whole number from 0 to ${max}, not ${text}`);
}

function progressBar(begin: number): (progress: RunProgress) => void {
  return ({ worlds, worldCount, counts }) => {
    if (!process.stderr.isTTY && worlds % Math.ceil(worldCount / 20) !== 0) return;
    const share = worlds / worldCount;
    const bar = '█'.repeat(Math.round(share * 30)).padEnd(30, '·');
    const rate = counts.sales / ((performance.now() - begin) / 1000);
    const left = (worldCount - worlds) * (counts.sales / worlds / rate);
    const memory = Math.round(process.memoryUsage().rss / 2 ** 20);
    const text = `${bar} ${(share * 100).toFixed(1)} %  ${Math.round(rate)} sales/s  ${Math.round(left)} s left  ${memory} MiB`;
    process.stderr.write(process.stderr.isTTY ? `\r${text}  ` : `${text}\n`);
  };
}

function tellRun({ counts, hash, seconds, failing }: RunReport): void {
  const number = (value: number): string => Math.round(value).toLocaleString('en');
  say(`${number(counts.sales)} sales, ${number(counts.charges)} charges, ${number(counts.refunds)} refunds`);
  say(
    `${number(counts.fates)} things went wrong, ${number(counts.crashes)} crashes, ${number(counts.happenings)} happenings`,
  );
  say(
    `${number(counts.virtualHours)} hours of the shop in ${seconds.toFixed(1)} s: ${number(counts.sales / seconds)} sales/s`,
  );
  say(`trace hash ${hash}`);
  say(failing.length === 0 ? 'no rule was broken' : `${failing.length} worlds broke a rule`);
}

async function tellFailure(failing: WorldReport): Promise<void> {
  const roads = new Roads(await loadSandboxKeys(undefined));
  const rule = failing.violations[0]?.rule;
  if (rule === undefined) return;
  say(`\n${rule} was broken in\n${replayLine(failing.order)}\nThe world is made smaller …`);
  const smallest = await shrink(failing, rule, (order) => liveThrough(order, roads));
  await replay(smallest.order);
  say(`\n${replayLine(smallest.order)}`);
}

async function replay(order: WorldOrder): Promise<number> {
  const roads = new Roads(await loadSandboxKeys(undefined));
  const story = new Story();
  const { violations, hash } = await liveThrough(order, roads, [story]);
  for (const told of story.lines) say(told);
  say(`trace hash ${hash}`);
  for (const { rule, sale, detail } of violations)
    say(`BROKEN  ${rule}${sale === null ? '' : `, sale ${sale}`}: ${detail}`);
  if (violations.length === 0) say('no rule was broken');
  return violations.length === 0 ? 0 : 1;
}

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (trouble) {
  process.stderr.write(`${trouble instanceof Error ? trouble.message : String(trouble)}\n`);
  process.exitCode = 2;
}
