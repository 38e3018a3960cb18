// The house of the till's bench in a process of its own, as in life: what the servers do must not slow the hand that scans.
// Tells where it is, and closes when its parent is gone.

import { House, unhurried } from '../../tests/browser/house.ts';

const house = await House.open();
const store = await house.openStore(unhurried);
process.once('disconnect', () => void house.close());
process.send?.({ storeUrl: store.url, sandboxUrl: house.sandbox.url });
