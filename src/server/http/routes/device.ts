// What a till needs to know of its store, and how a browser becomes a device of it.

import { z } from 'zod';
import { openSessionBody, storeSchema } from '../../contract/ecr.ts';
import { problemSchema } from '../../contract/problem.ts';
import { deviceCookie, deviceOf, type IdentifyDevice } from '../authenticate.ts';
import { ProblemError } from '../problem-reply.ts';
import type { App, StoreParts } from './store-parts.ts';

const custodyCountMax = 200;

/** How the pairing cookie is set: out of reach of scripts, never sent from another site. */
export const cookieOptions = { path: '/', httpOnly: true, sameSite: 'strict', maxAge: 365 * 86_400 } as const;

export function deviceRoutes(app: App, parts: StoreParts, identify: IdentifyDevice): void {
  app.get('/store', {
    config: { access: 'device' },
    schema: {
      operationId: 'showStore',
      tags: ['Device'],
      summary: 'The store and device of this key',
      response: { 200: storeSchema, default: problemSchema },
    },
    handler: async (request) => {
      const device = deviceOf(request);
      const custody = await parts.paymentJournal.listCustody(device.merchantId, custodyCountMax);
      return {
        storeName: device.storeName,
        deviceName: device.name,
        currency: device.currency,
        timeZone: device.timeZone,
        finalWordMs: parts.policy.finalWordMs,
        sandboxUrl: parts.sandboxUrl,
        custodyCount: custody.length,
      };
    },
  });

  app.post('/session', {
    config: { access: 'public', problems: ['not-authenticated'] },
    schema: {
      operationId: 'openSession',
      tags: ['Device'],
      summary: 'Pair this browser with a device key',
      description:
        'Sets a cookie that scripts cannot read. Other ECRs send the key in the Authorization header instead.',
      body: openSessionBody,
      response: { 204: z.null().describe('Paired.'), default: problemSchema },
    },
    handler: async (request, reply) => {
      const device = await identify(request.body.apiKey);
      if (device === undefined) throw new ProblemError('not-authenticated', 'This key is not known or was revoked.');
      return reply.setCookie(deviceCookie, request.body.apiKey, cookieOptions).code(204).send(null);
    },
  });

  app.delete('/session', {
    config: { access: 'public' },
    schema: {
      operationId: 'closeSession',
      tags: ['Device'],
      summary: 'Unpair this browser',
      response: { 204: z.null().describe('Unpaired.') },
    },
    handler: async (_request, reply) => reply.clearCookie(deviceCookie, cookieOptions).code(204).send(null),
  });
}
