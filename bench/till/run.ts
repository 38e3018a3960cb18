// How long a scanned code waits in the till: from the last key of the scan to the moment at which the request that charges it
// leaves the page, in a real browser, at a real store server and sandbox. The design's figure is 50 ms.
//
//   node bench/till/run.ts [scans of each kind, 200]
//
// With Enter the scan is complete at once, as it is with 24 digits; a shorter code without Enter is complete when the scanner
// falls silent, and that silence is part of the figure.

import { startBrowser } from '../../tests/browser/browser.ts';
import type { Cashier } from '../../tests/browser/cashier.ts';
import { House, hurried, unhurried } from '../../tests/browser/house.ts';
import { Stage } from '../../tests/browser/stage.ts';
import { figuresOf, ms, row } from '../payments/figures.ts';

const figureMs = 50;

type Kind = { readonly name: string; readonly digits: number; readonly end: 'Enter' | 'none'; readonly gapMs: number };

const kinds: readonly Kind[] = [
  { name: '18 digits and Enter', digits: 18, end: 'Enter', gapMs: 1 },
  { name: '18 digits without Enter', digits: 18, end: 'none', gapMs: 1 },
  { name: '24 digits without Enter', digits: 24, end: 'none', gapMs: 1 },
];

async function measure(stage: Stage, cashier: Cashier, kind: Kind, scans: number): Promise<readonly number[]> {
  const walletId = await stage.house.control.openWallet('1000000.00');
  const samples: number[] = [];
  for (let count = 0; count < scans; count += 1) {
    const code = await stage.house.showCode(walletId, kind.digits);
    await cashier.key('1').click();
    await cashier.scan(code, { gapMs: kind.gapMs, prefix: '', end: kind.end });
    await cashier.untilPaid('1.00');
    const sinceKeyMs = (await cashier.charges()).at(-1)?.sinceKeyMs;
    if (sinceKeyMs !== undefined) samples.push(sinceKeyMs);
    await cashier.press('F4');
  }
  return samples;
}

const scans = Number(process.argv[2] ?? 200);
const house = await House.open();
const store = await house.openStore(unhurried);
const browser = await startBrowser();
const stage = new Stage({ browser, house, store, hurriedStore: await house.openStore(hurried) });
try {
  process.stdout.write(`${row('last key of the scan → request leaves', ['scans', 'p50', 'p99', 'max'])}\n`);
  for (const kind of kinds) {
    const cashier = await stage.newCashier();
    await measure(stage, cashier, kind, Math.min(10, scans));
    const { count, p50, p99, max } = figuresOf(await measure(stage, cashier, kind, scans));
    process.stdout.write(`${row(kind.name, [String(count), ms(p50), ms(p99), ms(max)])}`);
    process.stdout.write(`   p99 ${(p99 / figureMs).toFixed(2)} of the ${figureMs} ms allowed\n`);
  }
} finally {
  await browser.close();
  await house.close();
}
