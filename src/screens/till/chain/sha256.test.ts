import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { makeSha256, plainSha256 } from './sha256.ts';

const right = (text: string) => createHash('sha256').update(text, 'utf8').digest('hex');

describe('the hash of the till journal', () => {
  it('is the same by the browser and without it, for any text', async () => {
    const byBrowser = makeSha256(crypto.subtle);
    const plain = makeSha256(undefined);
    const seed = Number(process.env['TILLWAY_SEED'] ?? Date.now() % 1_000_000);
    const property = fc.asyncProperty(fc.string({ unit: 'grapheme', maxLength: 300 }), async (text) => {
      assert.equal(await plain(text), right(text));
      assert.equal(await byBrowser(text), right(text));
    });
    await fc.assert(property, { seed, numRuns: 300 });
  });

  it('is right at every length around its blocks', () => {
    for (let length = 0; length < 200; length += 1) {
      const bytes = new Uint8Array(length).fill(97);
      assert.equal(plainSha256(bytes), right('a'.repeat(length)), `${length} bytes`);
    }
  });
});
