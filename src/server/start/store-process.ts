// Entry file of the store server under the supervisor.

import { redact } from '#foundation/redacted.ts';
import { portSetting } from '../config.ts';
import { createLog } from '../log.ts';
import { openStore } from './open-store.ts';
import { guardedGateway, isStoreOrder } from './orders.ts';
import { StartTrouble } from './start-trouble.ts';
import { runSupervised } from './supervised-process.ts';

runSupervised({
  name: 'store server',
  portSetting: portSetting('store'),
  async start(order) {
    if (!isStoreOrder(order)) throw new StartTrouble('The store server was given the order of another process.');
    const guarded = { databaseUrl: redact(order.databaseUrl), gateway: guardedGateway(order.gateway) };
    return openStore({ ...order, ...guarded }, createLog('store'));
  },
});
