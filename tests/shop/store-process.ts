// A store server in a process of its own, so that a test can kill it. It takes its order as the first message, says where it listens,
// and lives until it is killed or its test is gone.

import { silentLog } from '#foundation/log.ts';
import { startStoreServer } from '../../src/server/store-server.ts';
import { type StoreOrder, settingsOf } from './store-order.ts';

process.once('message', (order: StoreOrder) => {
  startStoreServer(settingsOf(order, silentLog)).then(
    ({ url }) => process.send?.({ url }),
    (trouble: unknown) => process.send?.({ trouble: trouble instanceof Error ? trouble.message : String(trouble) }),
  );
});
process.once('disconnect', () => process.exit(0));
