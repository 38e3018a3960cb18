// A printer of ours in front of a simulated one, with waits short enough for tests.

import type { TestContext } from 'node:test';
import { receiptText } from '#checkout/index.ts';
import { makeReceipt } from '#checkout/receipt/testing/receipt.fixture.ts';
import { systemClock } from '../../ambient.ts';
import { type PrinterTimes, usualTimes } from '../print-conversation.ts';
import { NetworkPrinter } from '../printer.ts';
import { type PrinterSettings, printerSettingsSchema } from '../printer-settings.ts';
import { renderEscpos } from '../render-receipt.ts';
import { PrinterSimulator } from './printer-simulator.ts';

const shortTimes: PrinterTimes = {
  ...usualTimes,
  connectMs: 300,
  answerMs: 200,
  lookMs: 20,
  confirmMs: 300,
  stalledMs: 2_000,
  keepMs: 5_000,
  drawerMs: 300,
  settleMs: 120,
};

type Change = { readonly settings?: Partial<PrinterSettings>; readonly times?: Partial<PrinterTimes> };

export async function makePrinter(context: TestContext, { settings, times }: Change = {}) {
  const simulator = new PrinterSimulator();
  await simulator.plugIn();
  const parsed = printerSettingsSchema.parse({
    host: '127.0.0.1',
    port: simulator.port,
    drawer: { openLevel: 'high' },
    ...settings,
  });
  const printer = new NetworkPrinter(parsed, systemClock, { ...shortTimes, ...times });
  context.after(async () => {
    await printer.stop(0);
    await simulator.unplug();
  });
  return { simulator, printer };
}

/** The bytes of a receipt with this number. */
export function receiptBytes(receiptNumber: string): Buffer {
  const markup = receiptText(makeReceipt({ receiptNumber }), 48);
  return renderEscpos(markup, { columns: 48, commands: 'compatible', characters: 'gb18030' });
}
