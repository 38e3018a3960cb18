// The published and derived signing vectors that concern OpenAPI v2 and the global API, against the sandbox's own signer.

import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { createPublicKey, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { contentOf as globalContent, parseSignatureHeader, signatureHeader } from './global/signature.ts';
import { contentOf, verifyParameters } from './openapi/signature.ts';
import { parsePrivateKey, parsePublicKey, pooledSigner, type SignType } from './signer.ts';
import { asJson, type Json, listOf, textOf } from './testing/sandbox.fixture.ts';

const file = new URL('../../fixtures/alipay-signing-vectors.json', import.meta.url);
const vectors = asJson(JSON.parse(readFileSync(file, 'utf8')));
const all = [...listOf(vectors['published']), ...listOf(vectors['derived'])];
const ofKind = (kind: string): readonly Json[] => {
  const found = all.filter((vector) => vector['kind'] === kind);
  ok(found.length > 0, `there are vectors of kind ${kind}`);
  return found;
};

const signTypeOf = (vector: Json): SignType => (vector['sign_type'] === 'RSA' ? 'RSA' : 'RSA2');

function keysOf(vector: Json): { readonly publicKey: KeyObject; readonly privateKey: KeyObject | undefined } {
  const entry = asJson(asJson(vectors['keys'])[textOf(vector['key'])]);
  const privatePem = entry['private_key_pem'];
  const publicText = entry['public_key_pem'] ?? entry['public_key'];
  const privateKey = typeof privatePem === 'string' ? parsePrivateKey(privatePem) : undefined;
  if (typeof publicText === 'string') {
    const parsed = parsePublicKey(publicText);
    ok(parsed.ok, 'the public key is readable');
    return { publicKey: parsed.value, privateKey };
  }
  ok(privateKey !== undefined, 'a vector has a key');
  return { publicKey: createPublicKey(privateKey), privateKey };
}

async function agree(vector: Json, signType: SignType, content: string | Buffer, expected: string): Promise<void> {
  const { publicKey, privateKey } = keysOf(vector);
  ok(await pooledSigner.verify(signType, content, expected, publicKey), 'the published signature verifies');
  strictEqual(await pooledSigner.verify(signType, `${content.toString()} `, expected, publicKey), false);
  if (privateKey !== undefined) strictEqual(await pooledSigner.sign(signType, content, privateKey), expected);
}

describe('signing vectors of OpenAPI v2', () => {
  for (const vector of ofKind('openapi-v2-request')) {
    it(`signs the request ${textOf(vector['id'])} as published`, async () => {
      const parameters = Object.fromEntries(Object.entries(asJson(vector['params'])).map(([k, v]) => [k, String(v)]));
      strictEqual(contentOf(parameters), vector['content']);
      const sign = textOf(vector['expected_signature']);
      await agree(vector, signTypeOf(vector), contentOf(parameters), sign);
      const { publicKey } = keysOf(vector);
      ok(await verifyParameters(pooledSigner, { ...parameters, sign }, signTypeOf(vector), publicKey));
    });
  }
  for (const vector of ofKind('openapi-v2-response')) {
    it(`signs the answer ${textOf(vector['id'])} as published`, async () => {
      const content = textOf(vector['content']);
      ok(textOf(vector['raw_response']).includes(content), 'what is signed is the raw text of the node');
      await agree(vector, signTypeOf(vector), content, textOf(vector['expected_signature']));
    });
  }
  for (const vector of ofKind('openapi-v2-notify')) {
    it(`signs the notice ${textOf(vector['id'])} without its sign_type`, async () => {
      const { sign_type: _signType, ...form } = asJson(vector['params']);
      const parameters = Object.fromEntries(Object.entries(form).map(([name, value]) => [name, String(value)]));
      strictEqual(contentOf(parameters), vector['content']);
      await agree(vector, 'RSA2', contentOf(parameters), textOf(vector['expected_signature']));
    });
  }
  for (const vector of ofKind('rsa-sha1')) {
    it(`signs ${textOf(vector['id'])} with SHA1withRSA`, () =>
      agree(vector, 'RSA', textOf(vector['content']), textOf(vector['expected_signature'])));
  }
});

describe('signing vectors of the global API', () => {
  for (const kind of ['ams-request', 'ams-response', 'ams-notify']) {
    for (const vector of ofKind(kind)) {
      it(`signs ${textOf(vector['id'])} over the raw body`, async () => {
        const [path, clientId, time, body] = ['path', 'client_id', 'time', 'body'].map((name) => textOf(vector[name]));
        ok(path !== undefined && clientId !== undefined && time !== undefined && body !== undefined);
        const content = globalContent(path, clientId, time, body);
        strictEqual(content, vector['content']);
        deepStrictEqual(globalContent(path, clientId, time, Buffer.from(body)), Buffer.from(content));
        const base64 = textOf(vector['expected_signature_base64']);
        await agree(vector, 'RSA2', content, base64);
        strictEqual(signatureHeader(base64), vector['signature_header']);
        strictEqual(parseSignatureHeader(textOf(vector['signature_header'])), base64);
      });
    }
  }
});
