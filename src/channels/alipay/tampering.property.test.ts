// What a signature is for. Every byte of a signed answer is changed, taken out, and joined by another; none of these answers may
// end anything: no approval, no decline, no refund, no reversal, no "never received", no "closed". Only an answer whose signed
// text and signature are still the same may still say what it said. Both protocols, all kinds of final answers.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { below, seededRandom } from '#foundation/random.ts';
import { type Answer as GlobalAnswer, verifiedAnswer as verifiedGlobal } from './global/answer.ts';
import * as globalOutcomes from './global/outcomes.ts';
import { fromSignatureHeader } from './global/signature-header.ts';
import { parseObject, textOf } from './json-object.ts';
import { type Answer, verifiedAnswer } from './openapi/answer.ts';
import * as openapiOutcomes from './openapi/outcomes.ts';
import { pooledSigning } from './pooled-signing.ts';
import {
  alipayKeys,
  attemptId,
  chargeOf,
  clientId,
  globalAnswer,
  openapiText,
  payRequest,
  refundId,
  refundRequest,
  tradeNo,
} from './testing/alipay-side.fixture.ts';
import type { HttpAnswered } from './transport.port.ts';

const seed = Number(process.env['TILLWAY_SEED'] ?? 20_261_123);

type Named = { readonly outcome: string };

/** Every byte of the text once changed, once taken out, once with a new neighbour before it. */
function mutantsOf(text: string): readonly string[] {
  const random = seededRandom(seed);
  const bytes = Buffer.from(text);
  return [...bytes.keys()].flatMap((at) => {
    const [before, after] = [bytes.subarray(0, at), bytes.subarray(at + 1)];
    const other = Buffer.of((bytes.readUInt8(at) + 1 + below(random, 255)) % 256);
    const neighbour = Buffer.of(below(random, 128));
    const kinds = [
      [before, other, after],
      [before, after],
      [before, neighbour, bytes.subarray(at)],
    ];
    return kinds.map((parts) => Buffer.concat(parts).toString('utf8')).filter((mutant) => mutant !== text);
  });
}

function assertUnclear(reply: Named, what: string): void {
  assert.equal(reply.outcome, 'outcome-unknown', what);
}

describe(`a domestic answer with any byte changed (seed ${seed})`, () => {
  const base = { code: '10000', msg: 'Success', out_trade_no: attemptId };
  const pay = 'alipay.trade.pay';
  const [query, cancel] = ['alipay.trade.query', 'alipay.trade.cancel'];
  const [refund, refundQuery] = ['alipay.trade.refund', 'alipay.trade.fastpay.refund.query'];
  const paid = { trade_no: tradeNo, total_amount: '88.88', gmt_payment: '2026-11-23 10:00:01' };
  const refusal = { code: '40004', msg: 'Business Failed', out_trade_no: attemptId };
  const returned = { out_request_no: refundId, refund_status: 'REFUND_SUCCESS', refund_amount: '10.00' };
  const authorize = (answer: Answer) => openapiOutcomes.authorized(payRequest(), answer);
  const inquire = (answer: Answer) => openapiOutcomes.inquired(chargeOf(), answer);
  const reverse = (answer: Answer) => openapiOutcomes.reversed(chargeOf(), answer);
  const cases: readonly (readonly [string, string, object, (answer: Answer) => Named])[] = [
    ['approved', pay, { ...base, ...paid }, authorize],
    ['declined', pay, { ...refusal, sub_code: 'ACQ.PAYMENT_AUTH_CODE_INVALID', sub_msg: '支付失败' }, authorize],
    ['never-received', query, { ...refusal, sub_code: 'ACQ.TRADE_NOT_EXIST' }, inquire],
    ['closed', query, { ...base, trade_status: 'TRADE_CLOSED' }, inquire],
    ['reversed', cancel, { ...base, action: 'refund', retry_flag: 'N' }, reverse],
    ['too-late', cancel, { ...refusal, sub_code: 'ACQ.TRADE_CANCEL_TIME_OUT' }, reverse],
    ['refunded', refund, { ...base, fund_change: 'Y' }, (answer) => openapiOutcomes.refunded(refundRequest(), answer)],
    [
      'refunded',
      refundQuery,
      { ...base, ...returned },
      (answer) => openapiOutcomes.refundInquired(refundRequest(), answer),
    ],
  ];

  for (const [outcome, method, node, read] of cases) {
    it(`is never ${outcome} (${method})`, async () => {
      const told = async (text: string): Promise<Named> => {
        const answer = await verifiedAnswer(text, method, alipayKeys.publicKey, pooledSigning);
        return 'outcome' in answer ? answer : read(answer);
      };
      const text = openapiText(method, node);
      assert.equal((await told(text)).outcome, outcome, 'untouched, it is');
      const sign = textOf(parseObject(text), 'sign');
      const nodeText = JSON.stringify(node);
      for (const mutant of mutantsOf(text)) {
        // A blank around the node, or the same sign written with an escape, changes nothing that was said.
        const same = mutant.includes(nodeText) && textOf(parseObject(mutant), 'sign') === sign;
        const reply = await told(mutant);
        if (!same || reply.outcome !== outcome) assertUnclear(reply, mutant);
      }
    });
  }
});

describe(`an answer of the global API with any byte changed (seed ${seed})`, () => {
  const named = { paymentRequestId: attemptId, paymentId: tradeNo };
  const done = { result: { resultCode: 'SUCCESS', resultStatus: 'S' } };
  const paid = { ...done, ...named, paymentAmount: { currency: 'CNY', value: '8888' } };
  const refused = (resultCode: string) => ({ result: { resultCode, resultStatus: 'F' } });
  const path = (verb: string) => `/ams/api/v1/payments/${verb}`;
  const authorize = (answer: GlobalAnswer) => globalOutcomes.authorized(payRequest(), answer);
  const inquire = (answer: GlobalAnswer) => globalOutcomes.inquired(chargeOf(), answer);
  const reverse = (answer: GlobalAnswer) => globalOutcomes.reversed(chargeOf(), answer);
  const cases: readonly (readonly [string, string, object, (answer: GlobalAnswer) => Named])[] = [
    ['approved', path('pay'), paid, authorize],
    ['declined', path('pay'), refused('EXPIRED_CODE'), authorize],
    ['never-received', path('inquiryPayment'), refused('ORDER_NOT_EXIST'), inquire],
    ['closed', path('inquiryPayment'), { ...done, ...named, paymentStatus: 'CANCELLED' }, inquire],
    ['reversed', path('cancel'), { ...done, ...named }, reverse],
    ['too-late', path('cancel'), refused('CANCEL_WINDOW_EXCEED'), reverse],
    [
      'refunded',
      path('refund'),
      { ...done, refundRequestId: refundId },
      (answer) => globalOutcomes.refunded(refundRequest(), answer),
    ],
  ];

  for (const [outcome, callPath, message, read] of cases) {
    const told = async (answered: HttpAnswered): Promise<Named> => {
      const answer = await verifiedGlobal(answered, callPath, clientId, alipayKeys.publicKey, pooledSigning);
      return 'outcome' in answer ? answer : read(answer);
    };
    const answer = globalAnswer(message, { path: callPath });

    it(`is never ${outcome}, its body changed (${callPath})`, async () => {
      assert.equal((await told(answer)).outcome, outcome, 'untouched, it is');
      for (const body of mutantsOf(answer.body)) assertUnclear(await told({ ...answer, body }), body);
    });

    it(`is never ${outcome}, a header changed (${callPath})`, async () => {
      for (const name of ['client-id', 'response-time', 'signature']) {
        const value = answer.headers[name] ?? '';
        for (const mutant of mutantsOf(value)) {
          const reply = await told({ ...answer, headers: { ...answer.headers, [name]: mutant } });
          // The version of the key, a blank, or %2b for %2B leave the signature what it was.
          const same = name === 'signature' && fromSignatureHeader(mutant) === fromSignatureHeader(value);
          if (!same || reply.outcome !== outcome) assertUnclear(reply, mutant);
        }
      }
    });
  }
});
