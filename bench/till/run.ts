// How long a scanned code waits in the till: from the last key of the scan to the moment at which the request that charges it
// leaves the page, in a real browser, at a real store server and sandbox. The design's figure is 50 ms.
//
//   node bench/till/run.ts [scans of each kind, 200]
//
// With Enter the scan is complete at once, as it is with 24 digits; a shorter code without Enter is complete when the scanner
// falls silent, and that silence is part of the figure. The charge also needs the sale that the till opens while the scanner is
// still sending: the column "sale" is how long after the last key its answer was there (0: before it).

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { z } from 'zod';
import { startBrowser } from '../../tests/browser/browser.ts';
import { Cashier } from '../../tests/browser/cashier.ts';
import { addScripts, counterScreen } from '../../tests/browser/stage.ts';
import { showCode } from '../../tests/browser/wallet-phone.ts';
import { SandboxControl } from '../../tests/shop/sandbox-control.ts';
import { figuresOf, ms, row } from '../payments/figures.ts';

const figureMs = 50;
const warmUp = 10;

type Kind = { readonly name: string; readonly digits: number; readonly end: 'Enter' | 'none'; readonly gapMs: number };

const kinds: readonly Kind[] = [
  { name: '18 digits and Enter, 4 ms a key', digits: 18, end: 'Enter', gapMs: 4 },
  { name: '18 digits without Enter, 4 ms a key', digits: 18, end: 'none', gapMs: 4 },
  { name: '24 digits without Enter, 4 ms a key', digits: 24, end: 'none', gapMs: 4 },
  { name: '18 digits and Enter, all keys at once', digits: 18, end: 'Enter', gapMs: 1 },
];

type Sample = { readonly chargeMs: number; readonly saleMs: number };
type Place = { readonly sandboxUrl: string; readonly walletId: string };

async function measure(cashier: Cashier, place: Place, kind: Kind, scans: number): Promise<readonly Sample[]> {
  const samples: Sample[] = [];
  for (let count = 0; count < scans; count += 1) {
    const code = await showCode(place.sandboxUrl, place.walletId, kind.digits);
    await cashier.key('1').click();
    await cashier.strike(code, { gapMs: kind.gapMs, prefix: '', end: kind.end });
    await cashier.untilPaid('1.00');
    const { requests } = await cashier.notes();
    const charge = requests.findLast(({ path }) => path.endsWith('/payments'));
    const sale = requests.findLast(({ method, path }) => method === 'POST' && path === '/api/v1/sales');
    if (charge !== undefined && sale !== undefined) {
      samples.push({ chargeMs: charge.sinceKeyMs, saleMs: Math.max(0, (sale.answeredMs ?? 0) - charge.keyMs) });
    }
    await cashier.press('F4');
  }
  return samples;
}

const scans = Number(process.argv[2] ?? 200);
const house = fork(new URL('house-process.ts', import.meta.url), {
  execArgv: ['--disable-warning=ExperimentalWarning'],
});
const [told] = await once(house, 'message');
const { storeUrl, sandboxUrl } = z.object({ storeUrl: z.string(), sandboxUrl: z.string() }).parse(told);
const browser = await startBrowser();
try {
  const walletId = await new SandboxControl(sandboxUrl).openWallet('1000000.00');
  process.stdout.write(`${row('last key → request leaves', ['scans', 'p50', 'p99', 'max', 'sale p50', 'sale p99'])}\n`);
  for (const kind of kinds) {
    const page = await browser.newPage({ viewport: counterScreen, locale: 'en' });
    await addScripts(page);
    const cashier = await Cashier.atTill(page, storeUrl, 'en');
    await measure(cashier, { sandboxUrl, walletId }, kind, warmUp);
    const samples = await measure(cashier, { sandboxUrl, walletId }, kind, scans);
    const { count, p50, p99, max } = figuresOf(samples.map(({ chargeMs }) => chargeMs));
    const sale = figuresOf(samples.map(({ saleMs }) => saleMs));
    process.stdout.write(row(kind.name, [`${count}`, ms(p50), ms(p99), ms(max), ms(sale.p50), ms(sale.p99)]));
    process.stdout.write(`   p99 is ${(p99 / figureMs).toFixed(2)} of the ${figureMs} ms allowed\n`);
    await page.close();
  }
} finally {
  await browser.close();
  house.disconnect();
}
