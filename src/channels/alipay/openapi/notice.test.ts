// Notices of the domestic gateway: what is Alipay's, what is forged, and what each says of an attempt.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { instant } from '#foundation/instant.ts';
import { money } from '#foundation/money.ts';
import {
  alipayKeys,
  attemptId,
  merchantKeys,
  otherAttemptId,
  signed,
  tradeNo,
} from '../testing/alipay-side.fixture.ts';
import { type OpenapiNoticeOwner, openapiNoticeReceipt, verifyOpenapiNotice } from './notice.ts';

type Params = Readonly<Record<string, string | undefined>>;

const own: OpenapiNoticeOwner = { appId: '2021000000000001', alipayPublicKey: alipayKeys.publicKey };

const paid: Params = {
  app_id: '2021000000000001',
  buyer_logon_id: '159****5620',
  charset: 'utf-8',
  gmt_create: '2026-11-23 10:00:00',
  gmt_payment: '2026-11-23 10:00:01',
  notify_id: '2026112300222100001055611400000001',
  notify_type: 'trade_status_sync',
  out_trade_no: attemptId,
  subject: '50% off + tax & more = 门店',
  total_amount: '88.88',
  trade_no: tradeNo,
  trade_status: 'TRADE_SUCCESS',
  version: '1.0',
};

type Signing = { readonly signsType?: true; readonly dropsEmpty?: true; readonly key?: typeof merchantKeys.privateKey };

/** The form as Alipay posts it; what of it is signed can be chosen, because Alipay's pages disagree. */
function formOf(changes: Params = {}, { signsType, dropsEmpty, key }: Signing = {}): string {
  const all = { ...paid, ...changes, ...(signsType ? { sign_type: 'RSA2' } : {}) };
  const params = Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
  const content = params
    .filter(([, value]) => !dropsEmpty || value !== '')
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
  const form = new URLSearchParams(Object.fromEntries(params));
  if (!signsType) form.append('sign_type', 'RSA2');
  form.append('sign', signed(content, key));
  return form.toString();
}

const paidAt = instant(Date.parse('2026-11-23T10:00:01+08:00'));
const evidence = { channelReference: tradeNo, amount: money('CNY', 8_888n), paidAt, payerAccount: '159****5620' };
const approved = { outcome: 'approved', evidence };
const closed = { outcome: 'declined', reason: 'closed', channelCode: 'TRADE_CLOSED' };

async function replyTo(form: string, owner = own): Promise<unknown> {
  const notice = await verifyOpenapiNotice(form, owner);
  assert.ok(notice.ok, 'the notice is proven');
  return notice.value.reply;
}

const refused = (failure: string) => ({ ok: false, failure });

describe('a notice of Alipay', () => {
  it('names the attempt, itself and the approval', async () => {
    const value = { attemptNumber: attemptId, noticeId: '2026112300222100001055611400000001', reply: approved };
    assert.deepEqual(await verifyOpenapiNotice(formOf(), own), { ok: true, value });
  });

  it('says the same, under the same number, each time it comes', async () => {
    const form = formOf();
    assert.deepEqual(await verifyOpenapiNotice(form, own), await verifyOpenapiNotice(form, own));
  });

  it('is receipted by exactly seven letters', () => {
    assert.equal(openapiNoticeReceipt, 'success');
  });

  for (const [what, changes, signing] of [
    ['with empty values signed', { body: '', passback_params: '' }, {}],
    ['with empty values left out of what is signed', { body: '', passback_params: '' }, { dropsEmpty: true }],
    ['with sign_type signed', {}, { signsType: true }],
    ['with sign_type signed and empty values left out', { body: '' }, { signsType: true, dropsEmpty: true }],
    ['with percent and plus signs, decoded once', { subject: '100%25 a+b %zz ++ & = 门店 😀' }, {}],
    ['without a number of its own', { notify_id: undefined }, {}],
    ['whose refund sum is nothing', { refund_fee: '0.00' }, {}],
    ['whose refund sum is empty', { refund_fee: '', gmt_refund: '' }, {}],
    ['of a trade that is finished', { trade_status: 'TRADE_FINISHED' }, {}],
  ] as const) {
    it(`approves ${what}`, async () => {
      assert.deepEqual(await replyTo(formOf(changes, signing)), approved);
    });
  }

  for (const [what, changes, reply] of [
    ['a partial refund', { refund_fee: '10.00', gmt_refund: '2026-11-23 11:00:00', out_biz_no: 'r1' }, null],
    ['a refund by its time alone', { gmt_refund: '2026-11-23 11:00:00' }, null],
    ['a refund whose sum is no amount', { refund_fee: 'all' }, null],
    ['a closing without payment', { trade_status: 'TRADE_CLOSED', gmt_payment: undefined }, closed],
    ['a closing with an empty time of payment', { trade_status: 'TRADE_CLOSED', gmt_payment: '' }, closed],
    ['a closing after payment', { trade_status: 'TRADE_CLOSED' }, null],
    ['a closing by a refund', { trade_status: 'TRADE_CLOSED', gmt_payment: undefined, refund_fee: '88.88' }, null],
    ['a trade that waits', { trade_status: 'WAIT_BUYER_PAY' }, null],
    ['no status', { trade_status: undefined }, null],
    ['an amount that is none', { total_amount: '88,88' }, null],
    ['too many decimals', { total_amount: '88.888' }, null],
    ['no amount', { total_amount: '' }, null],
    ['no number of Alipay', { trade_no: '' }, null],
    ['another currency', { trans_currency: 'HKD' }, null],
  ] as const) {
    it(`tells of ${what}`, async () => {
      assert.deepEqual(await replyTo(formOf(changes)), reply);
    });
  }

  it('tells its amount in the currency of the contract', async () => {
    const amount = { ...approved, evidence: { ...evidence, amount: money('HKD', 8_888n) } };
    assert.deepEqual(await replyTo(formOf(), { ...own, currency: 'HKD' }), amount);
    const yen = { ...approved, evidence: { ...evidence, amount: money('JPY', 88n) } };
    assert.deepEqual(await replyTo(formOf({ total_amount: '88' }), { ...own, currency: 'JPY' }), yen);
    assert.equal(await replyTo(formOf(), { ...own, currency: 'JPY' }), null);
  });
});

describe('a notice that is not Alipay’s, or not ours', () => {
  it('is refused when another key signed it', async () => {
    const form = formOf({}, { key: merchantKeys.privateKey });
    assert.deepEqual(await verifyOpenapiNotice(form, own), refused('bad-signature'));
  });

  it('is refused when it is for another app', async () => {
    assert.deepEqual(await verifyOpenapiNotice(formOf({ app_id: '2021000000000002' }), own), refused('not-ours'));
    assert.deepEqual(await verifyOpenapiNotice(formOf({ app_id: undefined }), own), refused('not-ours'));
  });

  for (const [name, value] of [
    ['out_trade_no', otherAttemptId],
    ['total_amount', '8888.00'],
    ['trade_status', 'TRADE_FINISHED'],
    ['app_id', '2021000000000002'],
    ['subject', ''],
  ] as const) {
    it(`is refused when ${name} was changed`, async () => {
      const form = new URLSearchParams(formOf());
      form.set(name, value);
      assert.deepEqual(await verifyOpenapiNotice(form.toString(), own), refused('bad-signature'));
    });
  }

  it('is refused when a value was put in or taken out', async () => {
    const form = new URLSearchParams(formOf());
    form.delete('gmt_create');
    assert.deepEqual(await verifyOpenapiNotice(form.toString(), own), refused('bad-signature'));
    assert.deepEqual(await verifyOpenapiNotice(`${formOf()}&extra=1`, own), refused('bad-signature'));
  });

  it('is refused when its values were decoded twice', async () => {
    const form = formOf({ subject: '100%25' }).replace('100%2525', '100%25');
    assert.deepEqual(await verifyOpenapiNotice(form, own), refused('bad-signature'));
  });

  const sign = formOf().replace(/.*&sign=/, 'sign=');
  for (const [what, form] of [
    ['empty', ''],
    ['JSON', '{"out_trade_no":"1"}'],
    ['without a signature', formOf().replace(/&sign=.*/, '')],
    ['with an empty signature', formOf().replace(/&sign=.*/, '&sign=')],
    ['without our number', formOf({ out_trade_no: undefined })],
    ['with an empty number', formOf({ out_trade_no: '' })],
    ['with a name that stands twice', `${formOf()}&trade_status=TRADE_SUCCESS`],
    ['with two signatures', `${formOf()}&${sign}`],
    ['longer than any notice', formOf({ body: 'x'.repeat(70_000) })],
  ] as const) {
    it(`is malformed: ${what}`, async () => {
      assert.deepEqual(await verifyOpenapiNotice(form, own), refused('malformed'));
    });
  }

  it('is refused whatever byte of it was changed', async () => {
    const form = formOf({ subject: 'A', buyer_logon_id: undefined });
    for (let at = 0; at < form.length; at += 1) {
      const letter = form[at] === 'x' ? 'y' : 'x';
      const mutant = `${form.slice(0, at)}${letter}${form.slice(at + 1)}`;
      const notice = await verifyOpenapiNotice(mutant, own);
      // sign_type and empty values are not signed, and say nothing.
      const said = (text: string) =>
        [...new URLSearchParams(text)].filter(([name, value]) => name !== 'sign_type' && value !== '').join('\n');
      assert.ok(!notice.ok || said(mutant) === said(form), mutant);
    }
  });
});
