// What a wallet does without its page: for journeys and measurements in which only the till is looked at.

import { z } from 'zod';

/** A fresh code of so many digits. */
export async function showCode(sandboxUrl: string, walletId: string, digits = 18): Promise<string> {
  const answer = await tell(sandboxUrl, `wallets/${walletId}/codes`, { digits });
  return z.object({ code: z.string() }).parse(answer).code;
}

/** Decimal text, in the wallet's currency. */
export async function topUp(sandboxUrl: string, walletId: string, amount: string): Promise<void> {
  await tell(sandboxUrl, `wallets/${walletId}/topup`, { amount });
}

async function tell(sandboxUrl: string, path: string, body: object): Promise<unknown> {
  const response = await fetch(`${sandboxUrl}/control/v1/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`${path} at the sandbox answered ${response.status}: ${await response.text()}`);
  return await response.json();
}
