// The API's description (OpenAPI 3.1), made from the routes themselves: their schemas, who may call them (`access`) and what they refuse
// with (`problems`), so that it cannot say what the server does not do.

import { STATUS_CODES } from 'node:http';
import type { FastifyDynamicSwaggerOptions } from '@fastify/swagger';
import type { FastifyContextConfig } from 'fastify';
import { jsonSchemaTransform, jsonSchemaTransformObject } from 'fastify-type-provider-zod';
import { personHeader } from '../contract/people.ts';
import { makeProblem, type ProblemCode, problems } from '../contract/problem.ts';

const info = {
  title: 'Tillway ECR API',
  version: '1.0.0',
  description:
    'Connect a till: create a sale, pay it with the code that the customer shows, follow it, give back.\n\n' +
    'Amounts are decimal text in major units. Every act that moves money wants an `Idempotency-Key`: the same key with the ' +
    'same body answers what the first call made, so a retry is always safe. Errors are problem+json with a stable `code`.\n\n' +
    '`paid` and `not-paid` come before the deadline (30 s from the scan). `not-paid` with `custody: true` means that a ' +
    'reversal is still being confirmed; it ends by itself and nobody has to do anything.',
};

const securitySchemes = {
  deviceKey: { type: 'http', scheme: 'bearer', description: 'The key of the device.' },
  deviceKeyHeader: {
    type: 'apiKey',
    in: 'header',
    name: 'X-Api-Key',
    description: 'The same key in a header of its own.',
  },
  deviceCookie: { type: 'apiKey', in: 'cookie', name: 'tillway_device', description: 'Set by POST /api/v1/session.' },
} as const;

/** Beside the device's key, where somebody must be signed in. */
const personScheme = {
  personToken: {
    type: 'apiKey',
    in: 'header',
    name: personHeader,
    description: 'The token of whoever is signed in, from POST /api/v1/people/sign-in.',
  },
} as const;

const anyOfThem = Object.keys(securitySchemes).map((name) => ({ [name]: [] }));
const eachWithPerson = anyOfThem.map((one) => ({ ...one, personToken: [] }));

type Responses = Record<string, unknown>;
type Operation = {
  operationId?: string;
  parameters?: { name: string; in: string; required?: boolean; description?: string }[];
  requestBody?: unknown;
  responses: Responses;
};

/** What @fastify/swagger is registered with. */
export function describeApi(): FastifyDynamicSwaggerOptions {
  const configs = new Map<string, FastifyContextConfig>();
  return {
    openapi: {
      openapi: '3.1.0',
      info,
      servers: [{ url: '/', description: 'This store server.' }],
      tags: [
        { name: 'Sales', description: 'What is sold, by its amount.' },
        { name: 'Payments', description: 'How it is paid.' },
        { name: 'Refunds', description: 'What is given back.' },
        { name: 'Catalogue', description: 'What is sold, and for how much.' },
        { name: 'Device', description: 'Who asks.' },
        { name: 'People', description: 'Who is signed in, who works here, and who allowed what.' },
        { name: 'Baskets', description: 'Baskets on hold.' },
        { name: 'Till journal', description: 'What a till writes first: numbered without gaps, chained by hash.' },
        { name: 'Documents', description: 'Closed sales and returns.' },
        { name: 'Shifts', description: 'Shifts and days, as they were closed.' },
      ],
      components: { securitySchemes: { ...securitySchemes, ...personScheme } },
      security: anyOfThem,
    },
    transform(given) {
      const made = jsonSchemaTransform(given);
      const { config = {} } = given.route;
      const operationId = made.schema?.['operationId'];
      if (typeof operationId === 'string') configs.set(operationId, config);
      if (config.access === 'public') return { ...made, schema: { ...made.schema, security: [] } };
      return config.access === 'person' ? { ...made, schema: { ...made.schema, security: eachWithPerson } } : made;
    },
    transformObject(given) {
      const made = jsonSchemaTransformObject(given);
      for (const path of Object.values(made.paths ?? {})) {
        for (const operation of Object.values(path ?? {})) {
          if (isOperation(operation)) complete(operation, configs.get(operation.operationId ?? '') ?? {});
        }
      }
      return made;
    },
  };
}

function isOperation(value: unknown): value is Operation {
  return typeof value === 'object' && value !== null && 'responses' in value;
}

function complete(operation: Operation, config: FastifyContextConfig): void {
  for (const parameter of operation.parameters ?? []) {
    if (parameter.in !== 'header' || parameter.name !== 'idempotency-key') continue;
    parameter.name = 'Idempotency-Key';
    // The schema takes a request without it, so that the refusal has a code of its own.
    parameter.required = config.problems?.includes('idempotency-key-missing') === true;
  }
  const { default: _any, ...responses } = operation.responses;
  operation.responses = { ...responses, ...problemResponses(codesOf(operation, config)), default: anyProblem };
}

function codesOf(operation: Operation, config: FastifyContextConfig): readonly ProblemCode[] {
  const ofBody = ['malformed-json', 'body-too-large', 'unsupported-media-type'] as const;
  return [
    'invalid-request',
    ...(operation.requestBody === undefined ? [] : ofBody),
    ...(config.access === 'public' ? [] : (['not-authenticated', 'not-allowed'] as const)),
    ...(config.access === 'person' ? (['person-not-signed-in'] as const) : []),
    ...(config.act === undefined && config.leastRole === undefined ? [] : (['role-too-low'] as const)),
    ...(config.problems ?? []),
    ...(['busy', 'internal'] as const),
  ];
}

const problemReference = { $ref: '#/components/schemas/Problem' };
const anyProblem = {
  description: 'Any other trouble, in the same form.',
  content: { 'application/problem+json': { schema: problemReference } },
};

// One response for each status, with every code that it may carry as an example.
function problemResponses(codes: readonly ProblemCode[]): Responses {
  const responses: Responses = {};
  for (const status of new Set(codes.map((code) => problems[code].status))) {
    const own = [...new Set(codes)].filter((code) => problems[code].status === status);
    const examples = own.map((code) => [code, { summary: problems[code].title, value: example(code) }]);
    responses[status] = {
      description: `${STATUS_CODES[status]}: ${own.map((code) => `\`${code}\``).join(', ')}.`,
      content: { 'application/problem+json': { schema: problemReference, examples: Object.fromEntries(examples) } },
    };
  }
  return responses;
}

function example(code: ProblemCode): unknown {
  return makeProblem(code, '', 'req_01kt8m5z2q4v7n0c3b6x9d1f');
}
