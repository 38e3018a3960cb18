// The sandbox of the bench: answers at once, never asks for a password below 100,000 yuan, and lets codes live for an hour so that
// they can be made before the clock runs.

import { startSandbox } from '#sandbox/index.ts';
import { runChild } from './child.ts';

runChild(async (order) => {
  const sandbox = await startSandbox({
    port: 0,
    settings: {
      times: { codeLifeMs: 3_600_000 },
      passwordAboveMinor: BigInt(order['passwordAboveMinor'] ?? '10000000'),
    },
  });
  const { openapi } = sandbox.credentials;
  return { url: sandbox.url, ...openapi };
});
