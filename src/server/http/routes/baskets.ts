// Baskets on hold: put there at one till, claimed by one, or given up. Claiming is one write with one winner; its key lets the winner ask
// again when the answer was lost.

import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import {
  allowed,
  type Basket,
  type HeldBasket,
  type HeldBasketId,
  heldBasketBounds,
  heldBasketLifeMs,
  makeHeldBasketId,
  type NotHeld,
  noPromotions,
  type OverrideUse,
  type OverrideUseRefusal,
  type PersonPlace,
  parseHeldBasketId,
  parseOverrideId,
  priceBasket,
  readBasket,
} from '#checkout/index.ts';
import { formatInstant, plus } from '#foundation/instant.ts';
import { formatDecimal } from '#foundation/money.ts';
import {
  claimedBasketSchema,
  type HeldBasketView,
  heldBasketSchema,
  heldBasketsSchema,
  holdBasketBody,
  voidBasketQuery,
} from '../../contract/baskets.ts';
import { type ProblemCode, problemSchema } from '../../contract/problem.ts';
import { type Device, deviceOf } from '../authenticate.ts';
import { personOf, roleTooLow, signedInOf, staffOf } from '../authenticate-person.ts';
import { ProblemError } from '../problem-reply.ts';
import { nameRequest, requireIdempotencyKey } from '../request-fields.ts';
import type { App, StoreParts } from './store-parts.ts';

const byId = z.object({ heldBasketId: z.string() });
const hold = { access: 'person', act: 'hold-basket' } as const;
const keyProblems = ['idempotency-key-missing', 'idempotency-key-invalid', 'idempotency-key-reused'] as const;
const goneProblems = [
  'held-basket-not-found',
  'held-basket-claimed',
  'held-basket-voided',
  'held-basket-expired',
] as const;
// The longest basket text, with its quotes escaped and its characters in UTF-8.
const bodyLimit = 8 * 1024 * 1024;
const namedErrorsMax = 20;

const keyHeader = (what: string) =>
  z.object({
    'idempotency-key': z.string().optional().describe(`Required. New for each ${what}, the same on a retry of it.`),
  });

export function basketRoutes(app: App, parts: StoreParts): void {
  holdRoute(app, parts);
  listRoute(app, parts);
  claimRoute(app, parts);
  voidRoute(app, parts);
}

function holdRoute(app: App, parts: StoreParts): void {
  app.post('/baskets/held', {
    bodyLimit,
    config: {
      ...hold,
      problems: [...keyProblems, 'currency-not-taken', 'basket-voided', 'basket-already-held', 'too-many-held'],
    },
    schema: {
      operationId: 'holdBasket',
      tags: ['Baskets'],
      summary: 'Put a basket on hold',
      description: 'Kept for seven days; any till of the store may claim it.',
      headers: keyHeader('holding'),
      body: holdBasketBody,
      response: { 201: heldBasketSchema, 200: heldBasketSchema, default: problemSchema },
    },
    handler: async (request, reply) => {
      const device = deviceOf(request);
      const key = requireIdempotencyKey(request);
      const { basketText, note } = request.body;
      const basket = readHeldBasket(basketText, device);
      const at = parts.clock.now();
      const { merchantId, storeId, deviceId } = device;
      const held: HeldBasket = {
        id: makeHeldBasketId(at, parts.random),
        ...{ merchantId, storeId, deviceId, note },
        basketId: basket.id,
        lineCount: basket.lines.length,
        total: priceBasket(basket, noPromotions).total,
        heldBy: personOf(request).id,
        heldAt: at,
        expiresAt: plus(at, heldBasketLifeMs),
      };
      const named = nameRequest(device, 'hold', key, [basketText, note], parts.fingerprintKey);
      const done = await parts.heldBaskets.hold(held, basketText, named);
      if (!done.ok) throw holdRefusal[done.failure]();
      const view = await viewOf(parts, device, done.value.held);
      return reply.code(done.value.kind === 'held' ? 201 : 200).send(view);
    },
  });
}

const holdRefusal = {
  'key-reused': () => new ProblemError('idempotency-key-reused'),
  'already-held': () => new ProblemError('basket-already-held'),
  'too-many-held': () => new ProblemError('too-many-held', `${heldBasketBounds.heldMax} baskets are on hold.`),
};

// Strict, so that no till gets what another could not read.
function readHeldBasket(basketText: string, device: Device): Basket {
  const read = readBasket(basketText);
  if (!read.ok) {
    const errors = read.failure.slice(0, namedErrorsMax).map((problem) => {
      const [field = 'basket', ...rest] = problem.split(': ');
      return { field, message: rest.join(': ') };
    });
    const list = errors.map(({ field, message }) => `${field}: ${message}`).join('; ');
    throw new ProblemError('invalid-request', `The basket cannot be read. ${list}.`, { errors });
  }
  if (read.value.currency !== device.currency) {
    throw new ProblemError('currency-not-taken', `The currency of this store is ${device.currency}.`);
  }
  if (read.value.voided !== null) throw new ProblemError('basket-voided');
  return read.value;
}

function listRoute(app: App, parts: StoreParts): void {
  app.get('/baskets/held', {
    config: hold,
    schema: {
      operationId: 'listHeldBaskets',
      tags: ['Baskets'],
      summary: 'The baskets on hold in this store, oldest first',
      response: { 200: heldBasketsSchema, default: problemSchema },
    },
    handler: async (request) => {
      const device = deviceOf(request);
      const names = await namesOf(parts, device);
      const held = await parts.heldBaskets.listHeld(device, parts.clock.now());
      return { baskets: held.map((basket) => heldView(basket, names)) };
    },
  });
}

function claimRoute(app: App, parts: StoreParts): void {
  app.post('/baskets/held/:heldBasketId/claim', {
    config: { ...hold, problems: [...keyProblems, ...goneProblems] },
    schema: {
      operationId: 'claimHeldBasket',
      tags: ['Baskets'],
      summary: 'Take a basket from hold',
      description:
        'Of all who claim it exactly one gets it. The same device gets it again by the same key, when its answer was lost.',
      params: byId,
      headers: keyHeader('claim'),
      response: { 200: claimedBasketSchema, default: problemSchema },
    },
    handler: async (request) => {
      const device = deviceOf(request);
      const key = requireIdempotencyKey(request);
      const id = readHeldId(request);
      const by = { deviceId: device.deviceId, personId: personOf(request).id };
      const claimed = await parts.heldBaskets.claim(device, { id, ...by, key, at: parts.clock.now() });
      if (!claimed.ok) {
        throw claimed.failure === 'key-reused'
          ? new ProblemError('idempotency-key-reused')
          : new ProblemError(goneCodes[claimed.failure]);
      }
      return { ...(await viewOf(parts, device, claimed.value.held)), basketText: claimed.value.basketText };
    },
  });
}

function voidRoute(app: App, parts: StoreParts): void {
  app.delete('/baskets/held/:heldBasketId', {
    config: {
      access: 'person',
      act: 'void-basket',
      problems: [
        ...goneProblems,
        ...(['override-not-found', 'override-used', 'override-expired', 'override-does-not-fit'] as const),
      ],
    },
    schema: {
      operationId: 'voidHeldBasket',
      tags: ['Baskets'],
      summary: 'Give a held basket up',
      description: 'Where the basket is worth more than your role may void, an override for `void-basket` is wanted.',
      params: byId,
      querystring: voidBasketQuery,
      response: { 204: z.null().describe('Given up; asked again it is the same.'), default: problemSchema },
    },
    handler: async (request, reply) => {
      const device = deviceOf(request);
      const id = readHeldId(request);
      const at = parts.clock.now();
      const found = await parts.heldBaskets.findHeld(device, id, at);
      if (!found.ok && found.failure !== 'held-voided') throw new ProblemError(goneCodes[found.failure]);
      if (found.ok) {
        const override = overrideFor(request, parts, found.value, request.query.overrideId);
        const { reason } = request.query;
        const voiding = { id, personId: personOf(request).id, reason, at, override };
        const done = await parts.heldBaskets.voidHeld(device, voiding);
        if (!done.ok) throw new ProblemError(voidCodes[done.failure]);
      }
      return reply.code(204).send(null);
    },
  });
}

/** What a voiding is allowed by, beside the person's own role: `null` when that is enough. */
function overrideFor(
  request: FastifyRequest,
  { people, clock }: StoreParts,
  held: HeldBasket,
  asked: string | undefined,
) {
  const staff = staffOf(request);
  const verdict = allowed(staff.role, 'void-basket', people.permissions, held.total);
  if (verdict.isAllowed) return null;
  if (asked === undefined) throw roleTooLow(verdict.needs);
  const id = parseOverrideId(asked);
  if (id === undefined) throw new ProblemError('override-not-found');
  const { tokenHash: sessionHash } = signedInOf(request).session;
  const act = 'void-basket' as const;
  const use: OverrideUse = { id, sessionHash, staff, act, worth: held.total, usedFor: held.id, at: clock.now() };
  return { use, permissions: people.permissions };
}

const goneCodes = {
  'held-unknown': 'held-basket-not-found',
  'held-claimed': 'held-basket-claimed',
  'held-voided': 'held-basket-voided',
  'held-expired': 'held-basket-expired',
} as const satisfies Record<NotHeld, ProblemCode>;

const voidCodes = {
  ...goneCodes,
  'override-unknown': 'override-not-found',
  'override-used': 'override-used',
  'override-expired': 'override-expired',
  'override-does-not-fit': 'override-does-not-fit',
} as const satisfies Record<NotHeld | OverrideUseRefusal, ProblemCode>;

function readHeldId(request: FastifyRequest<{ Params: { heldBasketId: string } }>): HeldBasketId {
  const id = parseHeldBasketId(request.params.heldBasketId);
  if (id === undefined) throw new ProblemError('held-basket-not-found');
  return id;
}

async function namesOf({ people }: StoreParts, place: PersonPlace): Promise<ReadonlyMap<string, string>> {
  return new Map((await people.directory.listPeople(place, true)).map(({ id, name }) => [id, name]));
}

async function viewOf(parts: StoreParts, place: PersonPlace, held: HeldBasket): Promise<HeldBasketView> {
  const holder = await parts.people.directory.findPerson(place, held.heldBy);
  return heldView(held, new Map(holder === undefined ? [] : [[holder.id, holder.name]]));
}

function heldView(held: HeldBasket, names: ReadonlyMap<string, string>): HeldBasketView {
  return {
    heldBasketId: held.id,
    basketId: held.basketId,
    note: held.note,
    lineCount: held.lineCount,
    total: formatDecimal(held.total),
    currency: held.total.currency,
    heldBy: held.heldBy,
    heldByName: names.get(held.heldBy) ?? '',
    deviceId: held.deviceId,
    heldAt: formatInstant(held.heldAt),
    expiresAt: formatInstant(held.expiresAt),
  };
}
