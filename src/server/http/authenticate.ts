// Who calls: a device, by its API key in the Authorization header (or X-Api-Key), or by the cookie that pairing a browser set.
// Every route names who may call it; one that says nothing does not start (known-routes.ts), and is closed all the same.

import '@fastify/cookie';
import { createHash } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { DeviceId, MerchantId, StoreId } from '#foundation/id.ts';
import type { Clock } from '#foundation/instant.ts';
import type { Currency } from '#foundation/money.ts';
import type { ProblemCode } from '../contract/problem.ts';
import { ProblemError } from './problem-reply.ts';

export type Device = {
  readonly merchantId: MerchantId;
  readonly storeId: StoreId;
  readonly deviceId: DeviceId;
  readonly name: string;
  readonly storeName: string;
  readonly currency: Currency;
  readonly timeZone: string;
};

/** Finds the device whose key has this SHA-256 (hex); revoked ones are not found. */
export type FindDevice = (apiKeyHash: string) => Promise<Device | undefined>;

/** Finds the device that holds this key. Throws `busy` when too many unknown keys are being looked up. */
export type IdentifyDevice = (apiKey: string) => Promise<Device | undefined>;

export const deviceCookie = 'tillway_device';

// A revoked key is refused after this long at the latest; till then the hot path asks no database who is calling.
const rememberMs = 5_000;
const rememberCountMax = 10_000;
// Anybody can send keys that nobody has. So many look-ups may be out at once; more would only queue before the real ones.
const lookUpCountMax = 64;

export function hashApiKey(apiKey: string): string {
  return createHash('sha256').update(apiKey).digest('hex');
}

declare module 'fastify' {
  interface FastifyRequest {
    device: Device | null;
  }
  interface FastifyContextConfig {
    /** Who may call the route: anybody, a device with its key, or a device at which somebody is signed in (authenticate-person.ts). */
    access?: 'public' | 'device' | 'person';
    /** What the route refuses with, beside what every route may; for the API's description. */
    problems?: readonly ProblemCode[];
  }
}

/** The caller's device; only for routes that want one. */
export function deviceOf(request: FastifyRequest): Device {
  if (request.device === null) throw new ProblemError('not-authenticated');
  return request.device;
}

/** Remembers known devices for a few seconds, and asks once for many callers of one key. */
export function rememberDevices(find: FindDevice, clock: Clock): IdentifyDevice {
  const known = new Map<string, { readonly device: Device; readonly untilMs: number }>();
  const lookUps = new Map<string, Promise<Device | undefined>>();

  async function lookUp(hash: string): Promise<Device | undefined> {
    const askedAtMs = clock.monotonicMs();
    const device = await find(hash);
    known.delete(hash);
    if (device === undefined) return undefined;
    if (known.size >= rememberCountMax) known.clear();
    known.set(hash, { device, untilMs: askedAtMs + rememberMs });
    return device;
  }

  return async (apiKey) => {
    const hash = hashApiKey(apiKey);
    const remembered = known.get(hash);
    if (remembered !== undefined && remembered.untilMs > clock.monotonicMs()) return remembered.device;
    const underWay = lookUps.get(hash);
    if (underWay !== undefined) return await underWay;
    if (lookUps.size >= lookUpCountMax) throw new ProblemError('busy', 'Too many unknown keys are being looked up.');
    const asked = lookUp(hash).finally(() => lookUps.delete(hash));
    lookUps.set(hash, asked);
    return await asked;
  };
}

/** Lets nobody pass to a route for devices without a key that is known. */
export function authenticateDevices(app: FastifyInstance, identify: IdentifyDevice): void {
  app.decorateRequest('device', null);
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-content-type-options', 'nosniff');
    if (request.is404 || request.routeOptions.config.access === 'public') return;
    reply.header('cache-control', 'no-store');
    const key = keyOf(request);
    if (key === undefined) throw new ProblemError('not-authenticated');
    const device = await identify(key);
    if (device === undefined) throw new ProblemError('not-authenticated', 'This key is not known or was revoked.');
    request.device = device;
  });
}

function keyOf(request: FastifyRequest): string | undefined {
  const bearer = /^Bearer +(\S{1,256})$/i.exec(request.headers.authorization ?? '')?.[1];
  if (bearer !== undefined) return bearer;
  const header = request.headers['x-api-key'];
  if (typeof header === 'string' && header !== '') return header;
  const cookie = request.cookies[deviceCookie];
  if (cookie === undefined || cookie === '') return undefined;
  refuseForeignOrigin(request);
  return cookie;
}

// A browser sends the cookie by itself, so another site's page must not be able to act with it.
function refuseForeignOrigin(request: FastifyRequest): void {
  const { origin, host } = request.headers;
  if (request.method === 'GET' || request.method === 'HEAD' || origin === undefined) return;
  if (!URL.canParse(origin) || new URL(origin).host !== host) {
    throw new ProblemError('not-allowed', 'The page that asks belongs to another site.');
  }
}
