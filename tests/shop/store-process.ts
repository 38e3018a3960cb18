// A store server in a process of its own, so that a test can kill it. It takes its order as the first message and says where it
// listens; a second message is the wish for an orderly stop. It never outlives its test.

import { silentLog } from '#foundation/log.ts';
import { startStoreServer } from '../../src/server/store-server.ts';
import { type StoreOrder, settingsOf } from './store-order.ts';

process.once('message', (order: StoreOrder) => {
  startStoreServer(settingsOf(order, silentLog)).then(
    (server) => {
      process.send?.({ url: server.url });
      process.once('message', () => void server.close().finally(() => process.exit(0)));
    },
    (trouble: unknown) => process.send?.({ trouble: trouble instanceof Error ? trouble.message : String(trouble) }),
  );
});
process.once('disconnect', () => process.exit(0));
