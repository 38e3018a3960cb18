// The till's journal: entries in, and what the server knows of a device's chains. Any ECR may keep one; ours does.

import { z } from 'zod';
import {
  entriesReader,
  type KeptEntry,
  Problems,
  receiveTillEntries,
  type Till,
  type TillEntry,
  unread,
} from '#checkout/index.ts';
import { formatInstant } from '#foundation/instant.ts';
import { problemSchema } from '../../contract/problem.ts';
import {
  entriesMax,
  sendEntriesBody,
  tillChainsSchema,
  tillEntriesSchema,
  tillForksSchema,
  tillQuestionsSchema,
  tillReceiptSchema,
} from '../../contract/till.ts';
import type { DocumentParts } from '../../receipts/document-parts.ts';
import { deviceOf } from '../authenticate.ts';
import { ProblemError } from '../problem-reply.ts';
import type { App } from './store-parts.ts';

/** A message of entries is larger than anything else that the API takes: one document of the most lines must fit. */
export const entriesBodyLimit = 16 * 1024 * 1024;

const pageQuery = z.strictObject({
  after: z.coerce.number().int().min(0).default(0).describe('The last number of the page before.'),
  limit: z.coerce.number().int().min(1).max(entriesMax).default(100),
});
const limitQuery = z.strictObject({ limit: z.coerce.number().int().min(1).max(200).default(50) });

export function tillRoutes(app: App, parts: DocumentParts): void {
  sendingRoutes(app, parts);
  readingRoutes(app, parts);
  attentionRoutes(app, parts);
}

function sendingRoutes(app: App, { tills, sha256, onTaken }: DocumentParts): void {
  app.post('/till/journal', {
    bodyLimit: entriesBodyLimit,
    config: { access: 'device', problems: ['chain-of-another-till'] },
    schema: {
      operationId: 'sendTillEntries',
      tags: ['Till journal'],
      summary: "Send entries of this till's journal",
      description:
        'In any order and as often as needed: the same entry again is nothing, so no Idempotency-Key is needed. Each entry is taken ' +
        'in one transaction with what follows from it. A document that the server reckons otherwise is kept and questioned.',
      body: sendEntriesBody,
      response: { 200: tillReceiptSchema, default: problemSchema },
    },
    handler: async (request) => {
      const { merchantId, storeId, deviceId } = deviceOf(request);
      const till: Till = { merchantId, storeId, deviceId };
      const { chainId } = request.body;
      const received = await receiveTillEntries({ journal: tills, sha256 }, till, chainId, readEntries(request.body));
      if (!received.ok) {
        if (received.failure === 'chain-of-another-till') throw new ProblemError('chain-of-another-till');
        throw new ProblemError('invalid-request', 'Every entry must be of the chain that "chainId" names.');
      }
      if (received.value.entries.some(({ outcome }) => outcome === 'accepted')) onTaken();
      return { ...received.value, entries: [...received.value.entries] };
    },
  });

  app.get('/till/journal', {
    config: { access: 'device' },
    schema: {
      operationId: 'showTillChains',
      tags: ['Till journal'],
      summary: "What the server has of this device's chains",
      description:
        'A till that lost its storage sees here up to which number its old chain is known, and begins a new one.',
      response: { 200: tillChainsSchema, default: problemSchema },
    },
    handler: async (request) => {
      const { merchantId, deviceId } = deviceOf(request);
      const chains = await tills.chainsOf(merchantId, deviceId);
      const lastShiftNumber = await tills.lastShiftNumber(merchantId, deviceId);
      const views = chains.map(({ chainId, lastNumber, lastHash, startedAt, lastAt }) => ({
        ...{ chainId, lastNumber, lastHash },
        startedAt: formatInstant(startedAt),
        lastAt: lastAt === null ? null : formatInstant(lastAt),
      }));
      return { chains: views, lastShiftNumber };
    },
  });
}

/** The entries in our own type. The schema has their shape; kinds and texts are checkout's to read. */
function readEntries(body: { readonly entries: unknown }): readonly TillEntry[] {
  const problems = new Problems();
  const read = entriesReader(body.entries, 'entries', problems);
  if (read !== unread) return read;
  const errors = problems.all.slice(0, 20).map((line) => {
    const [field = '', ...message] = line.split(': ');
    return { field, message: message.join(': ') };
  });
  throw new ProblemError('invalid-request', `${problems.all.slice(0, 3).join('; ')}.`, { errors });
}

function readingRoutes(app: App, { tills }: DocumentParts): void {
  app.get('/till/journal/:chainId/entries', {
    config: { access: 'device', problems: ['chain-not-found'] },
    schema: {
      operationId: 'listTillEntries',
      tags: ['Till journal'],
      summary: 'Read the entries of a chain of this store, in their order',
      params: z.object({ chainId: z.string() }),
      querystring: pageQuery,
      response: { 200: tillEntriesSchema, default: problemSchema },
    },
    handler: async (request) => {
      const { merchantId, storeId } = deviceOf(request);
      const { after, limit } = request.query;
      const chain = await tills.findChain(merchantId, request.params.chainId);
      if (chain === undefined || chain.storeId !== storeId) throw new ProblemError('chain-not-found');
      const entries = await tills.entriesAfter(merchantId, chain.chainId, after, limit);
      const last = entries.at(-1)?.entry.number ?? chain.lastNumber;
      return { entries: entries.map(entryView), next: last < chain.lastNumber ? last : null };
    },
  });
}

function attentionRoutes(app: App, { tills }: DocumentParts): void {
  app.get('/till/forks', {
    config: { access: 'device' },
    schema: {
      operationId: 'listTillForks',
      tags: ['Till journal'],
      summary: 'Entries under one number that differ: a till was copied',
      querystring: limitQuery,
      response: { 200: tillForksSchema, default: problemSchema },
    },
    handler: async (request) => {
      const { merchantId, storeId } = deviceOf(request);
      const forks = await tills.listForks({ merchantId, storeId, limit: request.query.limit });
      return { forks: forks.map((fork) => ({ ...fork, receivedAt: formatInstant(fork.receivedAt) })) };
    },
  });

  app.get('/till/questions', {
    config: { access: 'device' },
    schema: {
      operationId: 'listTillQuestions',
      tags: ['Till journal'],
      summary: 'Entries that wait for something or do not agree with what the server reckons',
      querystring: limitQuery,
      response: { 200: tillQuestionsSchema, default: problemSchema },
    },
    handler: async (request) => {
      const { merchantId, storeId } = deviceOf(request);
      const questions = await tills.listQuestions({ merchantId, storeId, limit: request.query.limit });
      return { questions: questions.map((each) => ({ ...entryView(each), deviceId: each.deviceId })) };
    },
  });
}

function entryView({ entry, standing, question, receivedAt }: KeptEntry) {
  return { entry, standing, question, receivedAt: formatInstant(receivedAt) };
}
