// What every Signing must do, whatever computes it. In which order several calls end is not part of it.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Signing } from './signing.port.ts';
import { alipayKeys, merchantKeys } from './testing/alipay-side.fixture.ts';

const content = 'app_id=2021000000000001&subject=杂货 🛒';

export function signingContract(name: string, signing: Signing): void {
  const { privateKey, publicKey } = merchantKeys;
  const verified = (signature: string, text = content, key = publicKey) => signing.verify(text, signature, key);

  describe(`${name} keeps the contract of signing`, () => {
    it('proves what it signed, also the empty text', async () => {
      for (const text of [content, '']) {
        assert.equal(await verified(await signing.sign(text, privateKey), text), true);
      }
    });

    it('signs the same text in the same way, and another in another', async () => {
      const signature = await signing.sign(content, privateKey);
      assert.equal(await signing.sign(content, privateKey), signature);
      assert.notEqual(await signing.sign(`${content} `, privateKey), signature);
      assert.notEqual(await signing.sign(content, alipayKeys.privateKey), signature);
    });

    it('refuses a signature over another text', async () => {
      const signature = await signing.sign(content, privateKey);
      for (const other of [`${content} `, content.slice(1), content.replace('杂', '雜'), '']) {
        assert.equal(await verified(signature, other), false, `over ${other}`);
      }
    });

    it("refuses another key's signature", async () => {
      assert.equal(await verified(await signing.sign(content, alipayKeys.privateKey)), false);
      assert.equal(await verified(await signing.sign(content, privateKey), content, alipayKeys.publicKey), false);
    });

    it('refuses base64 in any other spelling than its own', async () => {
      const signature = await signing.sign(content, privateKey);
      const bare = signature.replace(/=+$/, '');
      const spellings = [
        ` ${signature}`,
        `${signature}\n`,
        `${bare.slice(0, 40)} ${signature.slice(40)}`,
        `${bare}====`,
      ];
      for (const spelling of spellings) assert.equal(await verified(spelling), false, JSON.stringify(spelling));
      const altered = `${signature.startsWith('A') ? 'B' : 'A'}${signature.slice(1)}`;
      assert.equal(await verified(altered), false, 'one letter changed');
    });

    it('calls what is no signature false', async () => {
      for (const nothing of ['', '=', 'none', '签名', 'AAAA']) assert.equal(await verified(nothing), false, nothing);
    });
  });
}
