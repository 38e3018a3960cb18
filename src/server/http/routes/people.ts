// People: signing in and out at a device, and who works in the store. What a PIN proves is looked at in people/prove-person.ts; who
// may call a route in authenticate-person.ts.

import { z } from 'zod';
import { type Person, type PersonRefusal, personBounds, type SignedIn } from '#checkout/index.ts';
import { makeId, type PersonId, parseId } from '#foundation/id.ts';
import { durationMs, formatInstant, plus } from '#foundation/instant.ts';
import { redact } from '#foundation/redacted.ts';
import {
  changePersonBody,
  createPersonBody,
  type PersonView,
  peopleSchema,
  personSchema,
  personSessionSchema,
  type SignedInView,
  setPinBody,
  signedInSchema,
  signInBody,
} from '../../contract/people.ts';
import { problemSchema } from '../../contract/problem.ts';
import { makeSessionToken, provePerson } from '../../people/prove-person.ts';
import { deviceOf } from '../authenticate.ts';
import { personOf, signedInOf } from '../authenticate-person.ts';
import { ProblemError } from '../problem-reply.ts';
import { overrideRoutes } from './overrides.ts';
import type { App, StoreParts } from './store-parts.ts';

/** A shift and the hours around it; then the PIN is asked for again. */
const sessionLifeMs = durationMs(12 * 3_600_000);

const byPersonId = z.object({ personId: z.string() });
const manager = { access: 'person', leastRole: 'manager' } as const;

export function peopleRoutes(app: App, parts: StoreParts): void {
  signInRoute(app, parts);
  sessionRoutes(app, parts);
  listRoutes(app, parts);
  createRoute(app, parts);
  changeRoutes(app, parts);
  overrideRoutes(app, parts);
}

function signInRoute(app: App, parts: StoreParts): void {
  const { people, clock } = parts;
  app.post('/people/sign-in', {
    config: { access: 'device', problems: ['pin-wrong', 'pin-must-wait'] },
    schema: {
      operationId: 'signIn',
      tags: ['People'],
      summary: 'Sign in at this device',
      description:
        'Answers a token for this device, for 12 hours. After five wrong PINs each further try has to wait, longer each time.',
      body: signInBody,
      response: { 201: personSessionSchema, default: problemSchema },
    },
    handler: async (request, reply) => {
      const device = deviceOf(request);
      const { person, pinHash } = await provePerson({ ...people, clock }, device, request.body);
      const { token, tokenHash } = makeSessionToken();
      const now = clock.now();
      const { merchantId, deviceId } = device;
      const times = { beganAt: now, endsAt: plus(now, sessionLifeMs) };
      const session = { tokenHash, merchantId, deviceId, personId: person.id, ...times };
      const opened = await people.directory.openSession(session, pinHash);
      // The PIN was changed, or the person left, between the check and now.
      if (!opened.ok) throw new ProblemError('pin-wrong');
      people.log.event('server.person.signed-in', { personId: person.id, deviceId });
      return reply.code(201).send({ ...signedInView({ person, session }), token: token.reveal() });
    },
  });
}

function sessionRoutes(app: App, { people, clock }: StoreParts): void {
  app.post('/people/sign-out', {
    config: { access: 'person' },
    schema: {
      operationId: 'signOut',
      tags: ['People'],
      summary: 'Sign out at this device',
      response: { 204: z.null().describe('Signed out.'), default: problemSchema },
    },
    handler: async (request, reply) => {
      const { session } = signedInOf(request);
      await people.directory.endSession(session.merchantId, session.tokenHash, clock.now());
      return reply.code(204).send(null);
    },
  });

  app.get('/people/me', {
    config: { access: 'person' },
    schema: {
      operationId: 'showMe',
      tags: ['People'],
      summary: 'Who is signed in here',
      response: { 200: signedInSchema, default: problemSchema },
    },
    handler: async (request) => signedInView(signedInOf(request)),
  });
}

function listRoutes(app: App, { people }: StoreParts): void {
  app.get('/people', {
    config: { access: 'device' },
    schema: {
      operationId: 'listPeople',
      tags: ['People'],
      summary: 'The active people of the store',
      description: 'What a till shows for signing in.',
      response: { 200: peopleSchema, default: problemSchema },
    },
    handler: async (request) => {
      const listed = await people.directory.listPeople(deviceOf(request), false);
      return { people: listed.map(personView) };
    },
  });

  app.get('/people/all', {
    config: manager,
    schema: {
      operationId: 'listAllPeople',
      tags: ['People'],
      summary: 'Everybody, also who has left',
      response: { 200: peopleSchema, default: problemSchema },
    },
    handler: async (request) => {
      const listed = await people.directory.listPeople(deviceOf(request), true);
      return { people: listed.map(personView) };
    },
  });
}

function createRoute(app: App, { people, clock, random }: StoreParts): void {
  app.post('/people', {
    config: { ...manager, problems: ['person-name-taken', 'too-many-people'] },
    schema: {
      operationId: 'createPerson',
      tags: ['People'],
      summary: 'Add somebody to the store',
      description: 'Sent twice it adds nobody twice: the name is taken then.',
      body: createPersonBody,
      response: { 201: personSchema, default: problemSchema },
    },
    handler: async (request, reply) => {
      const { merchantId, storeId } = deviceOf(request);
      const { pin, ...told } = request.body;
      if (people.pins.isFull) throw new ProblemError('busy');
      const pinHash = await people.pins.hash(redact(pin));
      const now = clock.now();
      const id = makeId('person', now, random);
      const person = { id, merchantId, storeId, ...told, isActive: true, createdAt: now };
      const added = await people.directory.addPerson(person, pinHash);
      if (!added.ok) throw refusal(added.failure);
      return reply.code(201).send(personView(added.value));
    },
  });
}

function changeRoutes(app: App, { people }: StoreParts): void {
  app.patch('/people/:personId', {
    config: {
      ...manager,
      problems: ['person-not-found', 'person-name-taken', 'last-manager', 'too-many-people'],
    },
    schema: {
      operationId: 'changePerson',
      tags: ['People'],
      summary: 'Rename somebody, change their role or language, or let them go',
      description: 'A store always keeps an active manager.',
      params: byPersonId,
      body: changePersonBody,
      response: { 200: personSchema, default: problemSchema },
    },
    handler: async (request) => {
      const { name, role, language, isActive } = request.body;
      const change = {
        ...(name === undefined ? {} : { name }),
        ...(role === undefined ? {} : { role }),
        ...(language === undefined ? {} : { language }),
        ...(isActive === undefined ? {} : { isActive }),
      };
      const id = readPersonId(request.params.personId);
      const changed = await people.directory.changePerson(deviceOf(request), id, change);
      if (!changed.ok) throw refusal(changed.failure);
      people.log.event('server.person.changed', { personId: id, by: personOf(request).id });
      return personView(changed.value);
    },
  });

  app.put('/people/:personId/pin', {
    config: { ...manager, problems: ['person-not-found'] },
    schema: {
      operationId: 'setPin',
      tags: ['People'],
      summary: 'Give somebody a new PIN',
      description: 'Signs the person out everywhere.',
      params: byPersonId,
      body: setPinBody,
      response: { 204: z.null().describe('The new PIN counts.'), default: problemSchema },
    },
    handler: async (request, reply) => {
      const id = readPersonId(request.params.personId);
      if (people.pins.isFull) throw new ProblemError('busy');
      const set = await people.directory.setPin(
        deviceOf(request),
        id,
        await people.pins.hash(redact(request.body.pin)),
      );
      if (!set.ok) throw refusal(set.failure);
      people.log.event('server.pin.set', { personId: id, by: personOf(request).id });
      return reply.code(204).send(null);
    },
  });
}

function refusal(refused: PersonRefusal): ProblemError {
  switch (refused) {
    case 'person-unknown':
      return new ProblemError('person-not-found');
    case 'name-taken':
      return new ProblemError('person-name-taken');
    case 'too-many-people':
      return new ProblemError('too-many-people', `The store has ${personBounds.peopleMax} active people.`);
    default:
      return new ProblemError(refused);
  }
}

function readPersonId(text: string): PersonId {
  const id = parseId('person', text);
  if (id === undefined) throw new ProblemError('person-not-found');
  return id;
}

function personView({ id: personId, name, role, language, isActive }: Person): PersonView {
  return { personId, name, role, language, isActive };
}

function signedInView({ person, session }: SignedIn): SignedInView {
  return { person: personView(person), endsAt: formatInstant(session.endsAt) };
}
