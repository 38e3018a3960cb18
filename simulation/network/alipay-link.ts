// The way from a store server to Alipay and back: the transport that the real channels post with. Requests are lost, late, doubled or
// refused on the way there, answers lost, late, cut, garbled or given to others on the way back, and the server may crash just before it
// sends or just after. A doubled request is what a proxy that tries again makes of one.

import type { HttpOutcome, HttpRequest, HttpTransport } from '#channels/alipay/index.ts';
import type { PaymentAttemptId } from '#foundation/id.ts';
import type { AlipayAnswerFate, AlipayFate, AlipayRequestFate, RequestFate, SendFate } from '../faults/weather.ts';
import type { AlipayCall, AlipayPlace, PlaceAnswer } from '../shop/alipay-place.ts';
import { type Gate, never } from '../shop/gate.ts';
import type { Ground } from '../shop/ground.ts';
import { forgedAnswer } from './forged-answer.ts';

export type AlipayRoad = {
  readonly ground: Ground;
  readonly gate: Gate;
  readonly server: string;
  readonly alipay: AlipayPlace;
  crash(): void;
  /** Whether Alipay is out of reach from this server now. */
  isGone(): boolean;
};

export function alipayTransport(road: AlipayRoad): HttpTransport {
  return { post: (request, signal) => post(road, request, signal) };
}

type Sent = { readonly request: HttpRequest; readonly call: AlipayCall; readonly name: string; readonly what: string };

async function post(road: AlipayRoad, request: HttpRequest, signal: AbortSignal): Promise<HttpOutcome> {
  const { ground, gate } = road;
  const sent = nameOf(ground, request);
  const { weather, fates } = ground;
  const send = fates.of<SendFate>(`send of ${sent.name}`, weather.send);
  if (send === 'crash-before') {
    road.crash();
    return await never();
  }
  const outcome = carry(road, sent, signal);
  if (send === 'crash-after') road.crash();
  const answer = await outcome;
  await gate.enter();
  return answer;
}

// The call is named by what it is, not by when: leaving out another sale leaves this one's fates as they are.
function nameOf(ground: Ground, request: HttpRequest): Sent {
  const call = alipayCall(request);
  const name = ground.numbered(`${call.act} of ${ground.names.attempt(call.attemptId)}`);
  return { request, call, name, what: name };
}

async function carry(road: AlipayRoad, sent: Sent, signal: AbortSignal): Promise<HttpOutcome> {
  const { ground, server } = road;
  const sale = ground.names.saleOfAttempt(sent.call.attemptId);
  const tell = (from: string, to: string, fate: 'sent' | RequestFate | 'forged'): void =>
    ground.tell({ type: 'message', sale, from, to, what: sent.what, fate });
  const fate = ground.fates.of<AlipayRequestFate>(`request ${sent.name}`, ground.weather.request);
  if (fate === 'refused' || (road.isGone() && ground.fates.draw(`refusal ${sent.name}`) < 0.5)) {
    tell(server, 'Alipay', 'refused');
    await ground.travel(5);
    return { kind: 'not-sent', detail: 'connection refused' };
  }
  const lost = fate === 'lost' || fate === 'hijacked' || road.isGone();
  tell(server, 'Alipay', lost ? 'lost' : fate === 'retried' ? 'doubled' : (fate ?? 'sent'));
  const answers: Promise<HttpOutcome>[] = [aborted(signal)];
  if (!lost && fate !== 'retried') answers.push(there(road, sent, fate === 'late'));
  if (fate === 'doubled') void there(road, { ...sent, name: `${sent.name} again` }, true);
  if (!lost && fate === 'retried') answers.push(retried(road, sent));
  if (fate === 'hijacked') {
    tell('a forger', server, 'forged');
    answers.push(hijacked(road, sent));
  }
  return await Promise.race(answers);
}

async function retried(road: AlipayRoad, sent: Sent): Promise<HttpOutcome> {
  void there(road, sent, false);
  await road.ground.travel(300);
  return await there(road, { ...sent, name: `${sent.name} again` }, false);
}

async function hijacked({ ground }: AlipayRoad, { request, call, name }: Sent): Promise<HttpOutcome> {
  await ground.travel(spanOf(ground, `way there of ${name}`, false));
  return forgedAnswer(request, call) ?? (await never());
}

async function there(road: AlipayRoad, sent: Sent, isLate: boolean): Promise<HttpOutcome> {
  const { ground, server } = road;
  const { fates } = ground;
  const sale = ground.names.saleOfAttempt(sent.call.attemptId);
  await ground.travel(spanOf(ground, `way there of ${sent.name}`, isLate));
  const own = fates.of<AlipayFate>(`Alipay ${sent.name}`, ground.weather.alipay);
  ground.underWay += 1;
  const answer = await road.alipay.arrive(sent.request, sent.call, own);
  ground.underWay -= 1;
  const back = fates.of<AlipayAnswerFate>(`answer ${sent.name}`, ground.weather.answer);
  const other = otherAnswer(ground, sent.call, answer);
  const lost = back === 'lost' || road.isGone();
  const what = `answer to ${sent.what}`;
  const told = lost ? 'lost' : back === 'cut' || back === 'crossed' ? 'garbled' : (back ?? 'sent');
  ground.tell({ type: 'message', sale, from: 'Alipay', to: server, what, fate: told });
  if (lost) return await never();
  await ground.travel(spanOf(ground, `way back of ${sent.name}`, back === 'late'));
  return back === 'crossed' ? outcomeOf(other ?? answer, null) : outcomeOf(answer, back);
}

type Given = { readonly attemptId: PaymentAttemptId; readonly answer: PlaceAnswer };

const lastGiven = new WeakMap<Ground, Map<AlipayCall['act'], Given>>();

// The answer that Alipay gave last to a call of this kind about another payment: signed, and not meant for this one. A refusal of the
// domestic gateway that names no payment is not among them: nothing in it tells whose it is, and whoever mixes up such answers is believed.
function otherAnswer(ground: Ground, { act, attemptId }: AlipayCall, answer: PlaceAnswer): PlaceAnswer | undefined {
  const given = lastGiven.get(ground) ?? new Map<AlipayCall['act'], Given>();
  lastGiven.set(ground, given);
  const last = given.get(act);
  if (answer.kind === 'answered' && answer.body.includes(attemptId)) given.set(act, { attemptId, answer });
  return last === undefined || last.attemptId === attemptId ? undefined : last.answer;
}

function outcomeOf(answer: PlaceAnswer, fate: AlipayAnswerFate | null): HttpOutcome {
  if (answer.kind === 'broken' || fate === 'cut') return { kind: 'lost', cause: 'connection-lost' };
  if (fate !== 'garbled') return answer;
  // Some letters in the middle become others: still text, perhaps still JSON, and no longer what was signed.
  const middle = Math.floor(answer.body.length / 3);
  const body = answer.body.slice(0, middle) + answer.body.slice(middle).replace(/[0-9]/, 'x');
  return { ...answer, body };
}

// Mostly quick; a late one comes after the caller has given up, now and then much later.
function spanOf(ground: Ground, name: string, isLate: boolean): number {
  const draw = ground.fates.draw(name);
  return isLate ? 2_000 + draw * draw * 60_000 : 20 + draw * 80;
}

function aborted(signal: AbortSignal): Promise<HttpOutcome> {
  return new Promise((resolve) => {
    const end = (): void => resolve({ kind: 'lost', cause: 'timeout' });
    if (signal.aborted) end();
    else signal.addEventListener('abort', end, { once: true });
  });
}

const openapiActs: Readonly<Record<string, AlipayCall['act']>> = {
  'alipay.trade.pay': 'pay',
  'alipay.trade.query': 'query',
  'alipay.trade.cancel': 'cancel',
  'alipay.trade.refund': 'refund',
  'alipay.trade.fastpay.refund.query': 'refund-query',
};

const globalActs: Readonly<Record<string, AlipayCall['act']>> = {
  pay: 'pay',
  inquiryPayment: 'query',
  cancel: 'cancel',
  refund: 'refund',
  inquiryRefund: 'refund-query',
};

/** Reads what a request of either protocol asks for; throws when it asks for nothing that a channel of ours would. */
export function alipayCall({ url, body }: HttpRequest): AlipayCall {
  const method = /[?&]method=([a-z.]+)/.exec(url)?.[1];
  const act = method === undefined ? globalActs[url.slice(url.lastIndexOf('/') + 1)] : openapiActs[method];
  const [first, ...others] = body.match(/pa_[0-9a-hjkmnp-tv-z]{24}(?:_return)?/g) ?? [];
  // A refund names its own number beside the charge's.
  const number = act?.startsWith('refund') === true ? (others.find((other) => other !== first) ?? first) : first;
  if (act === undefined || number === undefined) throw new Error(`a request to ${url} that nobody knows`);
  return { act, number, attemptId: number.replace(/_return$/, '') as PaymentAttemptId };
}
