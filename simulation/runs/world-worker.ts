// A thread that lives through worlds, one after another, as it is told.

import { parentPort } from 'node:worker_threads';
import { loadSandboxKeys } from '#sandbox/index.ts';
import { Roads } from '../shop/roads.ts';
import { liveThrough, type WorldOrder, type WorldReport } from '../shop/world.ts';

export type WorkerAnswer = { readonly number: number; readonly report: WorldReport };

const roads = new Roads(await loadSandboxKeys(undefined));

parentPort?.on('message', ({ number, order }: { readonly number: number; readonly order: WorldOrder }) => {
  void liveThrough(order, roads).then(
    (report) => parentPort?.postMessage({ number, report } satisfies WorkerAnswer),
    // A world that cannot be lived through is a defect of the simulation: the run ends with it.
    (trouble: unknown) => {
      throw trouble;
    },
  );
});
