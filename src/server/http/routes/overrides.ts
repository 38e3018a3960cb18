// A supervisor's word: somebody with more rights types a PIN at the till where somebody else is signed in, and one act is allowed, once,
// for five minutes.

import { z } from 'zod';
import {
  allowed,
  makeOverrideId,
  overrideBy,
  overrideLifeMs,
  parseOverrideId,
  type RecordedOverride,
} from '#checkout/index.ts';
import { formatInstant, plus } from '#foundation/instant.ts';
import { formatDecimal, type Money } from '#foundation/money.ts';
import { createOverrideBody, type OverrideView, overridePageSchema, overrideSchema } from '../../contract/people.ts';
import { problemSchema } from '../../contract/problem.ts';
import { provePerson } from '../../people/prove-person.ts';
import { type Device, deviceOf } from '../authenticate.ts';
import { personOf, roleTooLow, signedInOf } from '../authenticate-person.ts';
import { ProblemError } from '../problem-reply.ts';
import { readAmount, readCurrency } from '../request-fields.ts';
import type { App, StoreParts } from './store-parts.ts';

const pageQuery = z.strictObject({
  before: z.string().optional().describe('The last override id of the page before.'),
  limit: z.coerce.number().int().min(1).max(200).default(50),
});

export function overrideRoutes(app: App, parts: StoreParts): void {
  createRoute(app, parts);
  app.get('/people/overrides', {
    config: { access: 'person', leastRole: 'manager' },
    schema: {
      operationId: 'listOverrides',
      tags: ['People'],
      summary: "The store's overrides, newest first",
      querystring: pageQuery,
      response: { 200: overridePageSchema, default: problemSchema },
    },
    handler: async (request) => {
      const { merchantId, storeId } = deviceOf(request);
      const { limit, before: asked } = request.query;
      const before = asked === undefined ? null : parseOverrideId(asked);
      if (before === undefined) throw new ProblemError('invalid-request', 'before is not the id of an override.');
      const listed = await parts.people.overrides.list({ merchantId, storeId, before, limit });
      return {
        overrides: listed.map(overrideView),
        next: listed.length < limit ? null : (listed.at(-1)?.id ?? null),
      };
    },
  });
}

function createRoute(app: App, { people, clock, random }: StoreParts): void {
  app.post('/people/overrides', {
    config: {
      access: 'person',
      problems: [
        ...(['pin-wrong', 'pin-must-wait', 'override-own', 'role-too-low'] as const),
        ...(['invalid-amount', 'unknown-currency', 'currency-not-taken'] as const),
      ],
    },
    schema: {
      operationId: 'createOverride',
      tags: ['People'],
      summary: 'Let a supervisor allow one act of whoever is signed in',
      description: 'The override counts once, within five minutes, for the session that asked.',
      body: createOverrideBody,
      response: { 201: overrideSchema, default: problemSchema },
    },
    handler: async (request, reply) => {
      const device = deviceOf(request);
      const { session, person: asking } = signedInOf(request);
      const { act, reason, subject, personId, pin } = request.body;
      const worth = request.body.worth === null ? null : readWorth(device, request.body.worth);
      const { person } = await provePerson({ ...people, clock }, device, { personId, pin });
      const at = clock.now();
      const supervisor = { personId: person.id, role: person.role };
      const asked = { act, worth, reason, askedBy: asking.id, at };
      const allowedBy = overrideBy(supervisor, asked, people.permissions);
      if (!allowedBy.ok) {
        if (allowedBy.failure !== 'own-override') {
          const verdict = allowed(person.role, act, people.permissions, worth);
          throw roleTooLow(verdict.isAllowed ? null : verdict.needs);
        }
        throw new ProblemError('override-own');
      }
      const { merchantId, storeId, deviceId } = device;
      const place = { merchantId, storeId, deviceId, sessionHash: session.tokenHash };
      const id = makeOverrideId(at, random);
      const override = { ...allowedBy.value, id, ...place, subject, usedAt: null, usedFor: null };
      await people.overrides.record(override);
      people.log.event('server.override.recorded', { overrideId: id, act, by: person.id, for: personOf(request).id });
      return reply.code(201).send(overrideView(override));
    },
  });
}

function readWorth(device: Device, worth: { readonly amount: string; readonly currency: string }): Money {
  const currency = readCurrency(worth.currency);
  if (currency !== device.currency) {
    throw new ProblemError('currency-not-taken', `The currency of this store is ${device.currency}.`);
  }
  return readAmount(worth.amount, currency);
}

function overrideView(override: RecordedOverride): OverrideView {
  const { worth, usedAt } = override;
  return {
    overrideId: override.id,
    by: override.allowedBy,
    for: override.askedBy,
    act: override.act,
    worth: worth === null ? null : { amount: formatDecimal(worth), currency: worth.currency },
    reason: override.reason,
    subject: override.subject,
    at: formatInstant(override.at),
    usableUntil: formatInstant(plus(override.at, overrideLifeMs)),
    usedAt: usedAt === null ? null : formatInstant(usedAt),
    usedFor: override.usedFor,
  };
}
