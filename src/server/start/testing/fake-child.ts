// A process in the place of the sandbox or the store server: real IPC, real port, and as much trouble as the test asks for.
// What it is to do stands in <home>/fake.json; what it did goes to <home>/course.txt.

import { appendFileSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { z } from 'zod';
import { StartTrouble } from '../start-trouble.ts';
import { runSupervised } from '../supervised-process.ts';

const orderSchema = z.object({ kind: z.string(), home: z.string(), host: z.string(), port: z.number() });
const behaviourSchema = z.object({
  crashAfterMs: z.number().optional(),
  refuse: z.string().optional(),
  dieAtOnce: z.boolean().optional(),
});

const credentials = {
  openapi: { appId: '2021000000000001', appPrivateKey: 'a private key', alipayPublicKey: 'a public key' },
  global: { clientId: 'SANDBOX_1', privateKey: 'a private key', alipayPublicKey: 'a public key' },
};

runSupervised({
  name: 'fake child',
  portSetting: 'TILLWAY_STORE_PORT',
  async start(given) {
    const order = orderSchema.parse(given);
    const fake: unknown = JSON.parse(readFileSync(join(order.home, 'fake.json'), 'utf8'));
    const behaviour = z.record(z.string(), behaviourSchema).parse(fake)[order.kind] ?? {};
    const note = (what: string) => appendFileSync(join(order.home, 'course.txt'), `${order.kind} ${what}\n`);
    if (behaviour.refuse !== undefined) throw new StartTrouble(behaviour.refuse);
    if (behaviour.dieAtOnce === true) {
      process.stderr.write('the fake child was told to die\n');
      process.exit(7);
    }
    const server = createServer((request, reply) => {
      if (request.url === '/crash') process.exit(3);
      reply.end(String(process.pid));
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(order.port, order.host, resolve);
    });
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    note(`started`);
    if (behaviour.crashAfterMs !== undefined) setTimeout(() => process.exit(3), behaviour.crashAfterMs);
    return {
      url: `http://${order.host}:${port}`,
      details: credentials,
      async close() {
        note('stopped');
        server.close();
        server.closeAllConnections();
      },
    };
  },
});
