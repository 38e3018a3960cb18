// What the sandbox knows: trades, books, notices, apps, time. Read-only, but for registering an app and moving the clock.

import type { FastifyInstance } from 'fastify';
import { formatInstant } from '#foundation/instant.ts';
import { digits } from '#foundation/random.ts';
import type { SettableClock } from '../clock.ts';
import { protocols, type Trade } from '../engine/trade.ts';
import { Fields } from '../field-reader.ts';
import type { Sandbox } from '../sandbox.ts';
import { parsePublicKey } from '../signer.ts';
import { Problem } from './problem.ts';
import { callsView, newest, noticeView, tradeView } from './views.ts';

const listMax = 100;
const appsMax = 1_000;
const advanceMsMax = 400 * 86_400_000;

export function serveState(scope: FastifyInstance, sandbox: Sandbox, settable: SettableClock | undefined): void {
  scope.get<{ Querystring: { outTradeNo?: string } }>('/trades', async ({ query }) =>
    listTrades(sandbox, query.outTradeNo),
  );
  scope.get('/books', async () => {
    const { latest, ...report } = sandbox.state.books.report();
    return { ...report, latest: latest.map((line) => ({ ...line, at: formatInstant(line.at) })) };
  });
  scope.get<{ Querystring: { outTradeNo?: string } }>('/notices', async ({ query }) => ({
    notices: sandbox.notices
      .list()
      .filter(({ notice }) => query.outTradeNo === undefined || notice.outTradeNo === query.outTradeNo)
      .slice(0, listMax)
      .map(noticeView),
  }));
  scope.get('/apps', async () => ({
    apps: sandbox.apps.all().map(({ appId, protocol, registeredAt }) => ({
      appId,
      protocol,
      registeredAt: formatInstant(registeredAt),
    })),
    alipayPublicKey: sandbox.alipayPublicKey,
  }));
  scope.post('/apps', async (request, reply) => reply.code(201).send(registerApp(sandbox, request.body)));
  scope.get('/clock', async () => ({ now: formatInstant(sandbox.clock.now()), settable: settable !== undefined }));
  scope.post('/clock', async (request) => {
    const fields = new Fields(request.body ?? {});
    fields.only(['advanceMs']);
    const advanceMs = fields.whole('advanceMs', 0, advanceMsMax);
    if (settable === undefined)
      throw new Problem(409, 'clock-not-settable', 'Start the sandbox with a settable clock to move its time.');
    settable.advance(advanceMs);
    sandbox.engine.closeDue(settable.now());
    return { now: formatInstant(settable.now()), settable: true };
  });
}

function listTrades(sandbox: Sandbox, outTradeNo: string | undefined): object {
  sandbox.engine.closeDue(sandbox.clock.now());
  if (outTradeNo === undefined)
    return { trades: newest(sandbox.state.trades.values(), listMax).map((trade) => tradeView(sandbox, trade)) };
  const trades = tradesOfOrder(sandbox, outTradeNo);
  return { trades: trades.map((trade) => tradeView(sandbox, trade)), calls: callsView(sandbox, outTradeNo) };
}

/** The trades of one order number as they stand now: one at most for each app. */
export function tradesOfOrder(sandbox: Sandbox, outTradeNo: string): readonly Trade[] {
  const { apps, engine, clock } = sandbox;
  return apps
    .all()
    .map(({ appId }) => engine.find({ merchantId: appId, tradeNo: undefined, outTradeNo }, clock.now(), true))
    .filter((trade) => trade !== undefined);
}

function registerApp(sandbox: Sandbox, body: unknown): object {
  const fields = new Fields(body ?? {});
  fields.only(['publicKey', 'protocol']);
  const protocol = fields.optionalOneOf('protocol', protocols) ?? 'openapi';
  const publicKey = fields.text('publicKey', { max: 8_192 });
  const key = parsePublicKey(publicKey);
  if (!key.ok) throw fields.problem('publicKey', key.failure);
  if (sandbox.apps.all().length >= appsMax) throw new Problem(409, 'too-many-apps', `At most ${appsMax} apps.`);
  const head = protocol === 'openapi' ? '2021' : 'SANDBOX_';
  const length = protocol === 'openapi' ? 12 : 18;
  let appId = `${head}${digits(sandbox.random, length)}`;
  while (sandbox.apps.has(appId)) appId = `${head}${digits(sandbox.random, length)}`;
  sandbox.record({ type: 'app-registered', at: sandbox.clock.now(), appId, protocol, publicKey });
  return {
    protocol,
    ...(protocol === 'openapi' ? { appId } : { clientId: appId }),
    alipayPublicKey: sandbox.alipayPublicKey,
  };
}
