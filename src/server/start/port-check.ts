// Looks whether a port can be listened on before anything is started, so that a taken port is told at once and nothing has to
// be stopped again.

import { createServer } from 'node:net';
import type { Clock } from '#foundation/instant.ts';
import { durationMs } from '#foundation/instant.ts';
import { explainListenTrouble, StartTrouble } from './start-trouble.ts';

function tryListen(host: string, port: number): Promise<unknown> {
  return new Promise((done) => {
    const server = createServer();
    server.once('error', done);
    server.listen({ host, port, exclusive: true }, () => server.close(() => done(null)));
  });
}

/**
 * Resolves when `port` is free (0 always is). Waits up to `patienceMs` for one that is being given up, as after a start whose
 * supervisor was killed; throws StartTrouble with the setting to change when it stays taken.
 */
export async function expectFreePort(
  name: string,
  setting: string,
  host: string,
  port: number,
  clock: Clock,
  patienceMs: number,
): Promise<void> {
  if (port === 0) return;
  const begin = clock.monotonicMs();
  for (;;) {
    const error = await tryListen(host, port);
    if (error === null) return;
    const trouble = explainListenTrouble(error, name, setting);
    if (trouble === null) throw error;
    if (clock.monotonicMs() - begin >= patienceMs) throw new StartTrouble(trouble);
    await new Promise<void>((resume) => clock.after(durationMs(100), resume));
  }
}
