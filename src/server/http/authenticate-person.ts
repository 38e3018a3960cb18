// Who is signed in: a person, by the token in x-tillway-person, at the device whose key came with it. A route with access 'person' lets
// nobody else in, and may name the act that it is (whose least role is the store's rule) or a least role.

import type { FastifyInstance, FastifyRequest } from 'fastify';
import {
  type Act,
  allowed,
  type Permissions,
  type Person,
  type PersonDirectory,
  type Role,
  roles,
  type SignedIn,
  type Staff,
} from '#checkout/index.ts';
import type { Clock } from '#foundation/instant.ts';
import { personHeader } from '../contract/people.ts';
import { readSessionToken } from '../people/prove-person.ts';
import { deviceOf } from './authenticate.ts';
import { ProblemError } from './problem-reply.ts';

declare module 'fastify' {
  interface FastifyRequest {
    signedIn: SignedIn | null;
  }
  interface FastifyContextConfig {
    /** With access 'person': what is done here, so that the store's permissions say who may. */
    act?: Act;
    /** With access 'person': the least role, where no permission of the store can change it. */
    leastRole?: Role;
  }
}

export type PersonGate = {
  readonly directory: PersonDirectory;
  readonly permissions: Permissions;
  readonly clock: Clock;
};

/** Who is signed in; only for routes with access 'person'. */
export function signedInOf(request: FastifyRequest): SignedIn {
  if (request.signedIn === null) throw new ProblemError('person-not-signed-in');
  return request.signedIn;
}

export function personOf(request: FastifyRequest): Person {
  return signedInOf(request).person;
}

/** The same person as permissions know them. */
export function staffOf(request: FastifyRequest): Staff {
  const { id: personId, role } = personOf(request);
  return { personId, role };
}

/** Lets nobody pass to a route for people who is not signed in at this device, or whose role is not enough. After devices. */
export function authenticatePeople(app: FastifyInstance, { directory, permissions, clock }: PersonGate): void {
  app.decorateRequest('signedIn', null);
  app.addHook('onRequest', async (request) => {
    const { access, act, leastRole } = request.routeOptions.config;
    if (request.is404 || access !== 'person') return;
    const { merchantId, storeId, deviceId } = deviceOf(request);
    const header = request.headers[personHeader];
    const tokenHash = typeof header === 'string' ? readSessionToken(header) : undefined;
    if (tokenHash === undefined) throw new ProblemError('person-not-signed-in');
    const found = await directory.findSession(merchantId, deviceId, tokenHash, clock.now());
    // A device that was moved to another store takes nobody with it.
    if (found === undefined || found.person.storeId !== storeId) {
      throw new ProblemError('person-not-signed-in', 'The session has ended, or belongs to another device.');
    }
    const { role } = found.person;
    if (leastRole !== undefined && roles.indexOf(role) < roles.indexOf(leastRole)) throw roleTooLow(leastRole);
    const verdict = act === undefined ? null : allowed(role, act, permissions);
    if (verdict !== null && !verdict.isAllowed) throw roleTooLow(verdict.needs);
    request.signedIn = found;
  });
}

/** The refusal that names who could. */
export function roleTooLow(needs: Role | null): ProblemError {
  if (needs === null) return new ProblemError('role-too-low', 'Nobody in this store may do that.');
  return new ProblemError('role-too-low', `It needs the role "${needs}".`, { needs });
}
