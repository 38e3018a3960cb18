// Entry file of the Alipay sandbox under the supervisor.

import { formatInstant } from '#foundation/instant.ts';
import { systemClock } from '../ambient.ts';
import { portSetting } from '../config.ts';
import { createLog } from '../log.ts';
import { openSandbox } from './open-sandbox.ts';
import { isSandboxOrder } from './orders.ts';
import { StartTrouble } from './start-trouble.ts';
import { runSupervised } from './supervised-process.ts';

runSupervised({
  name: 'sandbox',
  portSetting: portSetting('sandbox'),
  async start(order) {
    if (!isSandboxOrder(order)) throw new StartTrouble('The sandbox was given the order of another process.');
    const sandbox = await openSandbox(order, formatInstant(systemClock.now()), createLog('sandbox'));
    return { url: sandbox.url, details: sandbox.credentials, close: () => sandbox.close() };
  },
});
