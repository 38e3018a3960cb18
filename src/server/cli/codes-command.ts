// `tillway codes`: payment codes from wallets of the local sandbox, as a customer's app would show them.

import { z } from 'zod';
import { readRunFile } from '../start/run-file.ts';
import { callJson } from './json-client.ts';
import { readSettings } from './read-settings.ts';
import { type ExitCode, exitCode, type Terminal } from './terminal.ts';

export type MakeCodes = {
  readonly wallet: string | undefined;
  readonly digits: number | undefined;
  readonly count: number;
  readonly balance: string;
};

const walletSchema = z.object({ walletId: z.string() });
const codeSchema = z.object({ code: z.string(), expiresAt: z.string() });

/** Prints one code a line; the wallet and what else is to be known goes beside it. */
export async function makeCodes(options: MakeCodes, terminal: Terminal): Promise<ExitCode> {
  const reading = readSettings(terminal);
  if (reading === null) return exitCode.usage;
  const run = readRunFile(reading.config.home);
  if (!run.ok || run.value.sandbox === undefined) {
    terminal.note(run.ok ? 'No sandbox runs here: codes of real wallets come from the Alipay app.' : run.failure);
    return exitCode.trouble;
  }
  const control = `${run.value.sandbox.url.replace(/\/$/, '')}/control/v1`;
  let walletId = options.wallet;
  if (walletId === undefined) {
    const currency = reading.config.store.currency;
    const made = await callJson(
      { method: 'POST', url: `${control}/wallets`, body: { balance: options.balance, currency } },
      walletSchema,
    );
    if (!made.ok) return tell(terminal, made.failure);
    walletId = made.value.walletId;
    terminal.note(`Made wallet ${walletId} with ${options.balance} ${currency}.`);
  }
  for (let made = 0; made < options.count; made += 1) {
    const body = options.digits === undefined ? {} : { digits: options.digits };
    const url = `${control}/wallets/${encodeURIComponent(walletId)}/codes`;
    const code = await callJson({ method: 'POST', url, body }, codeSchema);
    if (!code.ok) return tell(terminal, code.failure);
    terminal.out(code.value.code);
  }
  terminal.note(`Each pays once, within a minute. More of this wallet: tillway codes --wallet ${walletId}`);
  return exitCode.done;
}

function tell(terminal: Terminal, sentence: string): ExitCode {
  terminal.note(sentence);
  return exitCode.trouble;
}
