// A store server in a process of its own, so that a test can kill it. It takes its order as the first message and says where it
// listens; a second message is the wish for an orderly stop. Of its log it passes on what a test counts: payments that it took up
// from a dead process, and faults of its own. It never outlives its test.

import { flushCompileCache } from 'node:module';
import type { Log } from '#foundation/log.ts';
import { startStoreServer } from '../../src/server/store-server.ts';
import { type StoreOrder, settingsOf } from './store-order.ts';

const log: Log = {
  event(name, fields) {
    if (name !== 'payment.custody.taken-up' && !name.endsWith('.faulted')) return;
    process.send?.({ event: name, detail: String(fields['fault'] ?? fields['phase'] ?? '') });
  },
};

process.once('message', (order: StoreOrder) => {
  startStoreServer(settingsOf(order, log)).then(
    (server) => {
      process.send?.({ url: server.url });
      // It will be killed, and what is killed keeps nothing.
      flushCompileCache();
      process.once('message', () => void server.close().finally(() => process.exit(0)));
    },
    (trouble: unknown) => process.send?.({ trouble: trouble instanceof Error ? trouble.message : String(trouble) }),
  );
});
process.once('disconnect', () => process.exit(0));
