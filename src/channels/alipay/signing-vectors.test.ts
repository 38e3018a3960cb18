// The published and derived signing vectors that concern OpenAPI v2 and the global API, against the channels' own signer, verifier
// and extractor. The vectors of the certificate mode keep their text here too: only their keys are of another kind.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { verifyGlobalNotice } from './global/notice.ts';
import { fromSignatureHeader, signContent as globalContent, toSignatureHeader } from './global/signature-header.ts';
import { type JsonObject, objectOf } from './json-object.ts';
import { verifiedAnswer } from './openapi/answer.ts';
import { verifyOpenapiNotice } from './openapi/notice.ts';
import { signContent } from './openapi/request.ts';
import { cutAnswer } from './openapi/response-node.ts';
import { pooledSigning } from './pooled-signing.ts';
import { mustText, vectorKey, vectorsOf } from './testing/alipay-side.fixture.ts';

function textsOf(object: JsonObject | undefined): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(object ?? {}).map(([name, value]) => [name, String(value)]));
}

async function agree(vector: JsonObject, content: string, signature: string): Promise<void> {
  const { publicKey, privateKey } = vectorKey(mustText(vector, 'key'));
  assert.equal(content, mustText(vector, 'content'));
  assert.equal(await pooledSigning.verify(content, signature, publicKey), true);
  assert.equal(await pooledSigning.verify(`${content} `, signature, publicKey), false);
  if (privateKey !== undefined) assert.equal(await pooledSigning.sign(content, privateKey), signature);
}

describe('signing vectors of OpenAPI v2', () => {
  for (const vector of vectorsOf('openapi-v2-request')) {
    it(`signs the request ${mustText(vector, 'id')} as published`, async () => {
      await agree(vector, signContent(textsOf(objectOf(vector, 'params'))), mustText(vector, 'expected_signature'));
    });
  }

  for (const vector of vectorsOf('openapi-v2-response')) {
    it(`proves the answer ${mustText(vector, 'id')}`, async () => {
      const [method, raw] = [mustText(vector, 'method'), mustText(vector, 'raw_response')];
      const cut = cutAnswer(raw, `${method.replaceAll('.', '_')}_response`);
      assert.deepEqual(cut, { node: mustText(vector, 'content'), sign: mustText(vector, 'expected_signature') });
      await agree(vector, cut.node, mustText(vector, 'expected_signature'));
      const { publicKey } = vectorKey(mustText(vector, 'key'));
      const answer = await verifiedAnswer(raw, method, publicKey, pooledSigning);
      assert.ok('node' in answer);
      assert.deepEqual(answer.node, JSON.parse(mustText(vector, 'content')));
      const forged = await verifiedAnswer(raw.replace('"code":"', '"code": "'), method, publicKey, pooledSigning);
      assert.deepEqual(forged, { outcome: 'outcome-unknown', cause: 'bad-signature', channelCode: forgedCode(answer) });
    });
  }

  for (const vector of vectorsOf('openapi-v2-response-extraction')) {
    it(`cuts the node of ${mustText(vector, 'id')}`, () => {
      const cut = cutAnswer(mustText(vector, 'raw_response'), mustText(vector, 'response_key'));
      assert.equal(cut?.node, mustText(vector, 'content'));
    });
  }

  for (const vector of vectorsOf('openapi-v2-notify')) {
    it(`proves the notice ${mustText(vector, 'id')}`, async () => {
      const { publicKey } = vectorKey(mustText(vector, 'key'));
      const own = { appId: '2021000000000001', alipayPublicKey: publicKey };
      const notice = await verifyOpenapiNotice(mustText(vector, 'form_body'), own);
      assert.ok(notice.ok);
      assert.equal(notice.value.attemptNumber, 'RS_20261123_0001');
      assert.equal(notice.value.reply?.outcome, 'approved');
    });
  }
});

function forgedCode({ code, subCode }: { readonly code: string; readonly subCode: string }): string {
  return subCode === '' ? code : subCode;
}

describe('signing vectors of the global API', () => {
  for (const vector of [...vectorsOf('ams-request'), ...vectorsOf('ams-response'), ...vectorsOf('ams-notify')]) {
    it(`signs ${mustText(vector, 'id')} as derived`, async () => {
      const message = {
        path: mustText(vector, 'path'),
        clientId: mustText(vector, 'client_id'),
        time: mustText(vector, 'time'),
        body: mustText(vector, 'body'),
      };
      const signature = mustText(vector, 'expected_signature_base64');
      await agree(vector, globalContent(message), signature);
      assert.equal(toSignatureHeader(signature), mustText(vector, 'signature_header'));
      assert.equal(fromSignatureHeader(mustText(vector, 'signature_header')), signature);
    });
  }

  for (const vector of vectorsOf('ams-notify')) {
    it(`proves the notice ${mustText(vector, 'id')}`, async () => {
      const { publicKey } = vectorKey(mustText(vector, 'key'));
      const headers = {
        'client-id': mustText(vector, 'client_id'),
        'request-time': mustText(vector, 'time'),
        signature: mustText(vector, 'signature_header'),
      };
      const notice = { path: mustText(vector, 'path'), headers, body: mustText(vector, 'body') };
      const own = { clientId: mustText(vector, 'client_id'), alipayPublicKey: publicKey };
      const verified = await verifyGlobalNotice(notice, own);
      assert.ok(verified.ok);
      assert.equal(verified.value.reply?.outcome, 'approved');
    });
  }
});
