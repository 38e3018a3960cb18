// `tillway demo`: makes the demo store as large as somebody wants to try it with.

import type { Result } from '#foundation/result.ts';
import { systemClock, systemRandom } from '../ambient.ts';
import { addDemoProducts } from '../catalog/fill-demo.ts';
import { demoNames } from '../own-merchant.ts';
import { withJournal } from './home-directory.ts';
import { readSettings } from './read-settings.ts';
import { type ExitCode, exitCode, type Terminal } from './terminal.ts';

const barWidth = 30;

/** Adds `products` demo products to those that are there. */
export async function fillDemo(options: { readonly products: number }, terminal: Terminal): Promise<ExitCode> {
  const reading = readSettings(terminal);
  if (reading === null) return exitCode.usage;
  const { config } = reading;
  if (!config.demo) {
    terminal.note('This store is a real one (the settings say no demo): demo products are not put among its own.');
    return exitCode.trouble;
  }
  if (config.store.currency !== 'CNY') {
    terminal.note(`Demo products are priced in CNY, and the store sells in ${config.store.currency}.`);
    return exitCode.trouble;
  }
  const { products } = options;
  const added = await withJournal(config, (journal) => {
    const shelf = { journal: journal.catalog, merchantId: demoNames.merchantId, random: systemRandom() };
    return addDemoProducts({ ...shelf, at: systemClock.now() }, products, (count) => tell(terminal, count, products));
  });
  return told(added, products, terminal);
}

function tell(terminal: Terminal, count: number, all: number): void {
  const share = Math.floor((count * barWidth) / all);
  const bar = `[${'#'.repeat(share).padEnd(barWidth, '.')}]`;
  if (terminal.overwrite === undefined) terminal.note(`${count} of ${all} products`);
  else terminal.overwrite(`${bar} ${count} of ${all} products${count === all ? '\n' : ''}`);
}

type Added = Result<Awaited<ReturnType<typeof addDemoProducts>>, string>;

function told(added: Added, wanted: number, terminal: Terminal): ExitCode {
  if (!added.ok) {
    terminal.note(added.failure);
    return exitCode.trouble;
  }
  if (!added.value.ok) {
    terminal.note(
      `Stopped: a product of your own has what a demo product would have (${added.value.failure.kind}). What was added before stays.`,
    );
    return exitCode.trouble;
  }
  const count = added.value.value;
  if (count < wanted) terminal.note('More demo products cannot be made: the store has all of them.');
  terminal.out(`Added ${count} products to the demo store. Tills hear of them by themselves.`);
  return exitCode.done;
}
