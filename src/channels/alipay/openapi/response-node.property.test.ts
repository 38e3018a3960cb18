// The extractor against text that nobody wrote by hand. It must cut exactly the node's own bytes, whatever stands inside and
// around it, and call everything else unreadable; it must never throw, and never take longer than the text is long.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { cutAnswer } from './response-node.ts';

const seed = Number(process.env['TILLWAY_SEED'] ?? 20_261_123);
const key = 'alipay_trade_pay_response';

const blank = fc.string({ unit: fc.constantFrom(' ', '\t', '\r', '\n'), maxLength: 3 });

/** JSON text with every freedom that JSON leaves: blanks anywhere, letters written as escapes, slashes with and without. */
const jsonText: fc.Arbitrary<string> = fc
  .tuple(fc.jsonValue({ maxDepth: 4 }), fc.array(fc.tuple(blank, fc.nat(3)), { minLength: 1, maxLength: 40 }))
  .map(([value, choices]) => write(value, choices));

const nodeText: fc.Arbitrary<string> = fc
  .tuple(
    fc.dictionary(
      fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('sign', key, '}', '"', '\\')),
      fc.jsonValue(),
    ),
    fc.array(fc.tuple(blank, fc.nat(3)), { minLength: 1, maxLength: 40 }),
  )
  .map(([value, choices]) => write(value, choices));

type Choices = readonly (readonly [string, number])[];

function write(value: unknown, choices: Choices): string {
  let taken = 0;
  const next = () => choices[taken++ % choices.length] ?? (['', 0] as const);
  const gap = () => next()[0];
  const text = (raw: string): string => {
    let out = '';
    for (let at = 0; at < raw.length; at += 1) out += letter(raw.charCodeAt(at), next()[1]);
    return `"${out}"`;
  };
  const any = (each: unknown): string => {
    if (typeof each === 'string') return text(each);
    if (Array.isArray(each)) return `[${gap()}${each.map((one) => `${any(one)}${gap()}`).join(`,${gap()}`)}]`;
    if (typeof each === 'object' && each !== null) {
      const members = Object.entries(each).map(([name, one]) => `${text(name)}${gap()}:${gap()}${any(one)}${gap()}`);
      return `{${gap()}${members.join(`,${gap()}`)}}`;
    }
    return JSON.stringify(each);
  };
  return any(value);
}

function letter(unit: number, choice: number): string {
  const plain = String.fromCharCode(unit);
  const must = unit < 0x20 || plain === '"' || plain === '\\' || (unit >= 0xd800 && unit <= 0xdfff);
  if (choice === 3 || (must && !'"\\'.includes(plain))) return `\\u${unit.toString(16).padStart(4, '0')}`;
  if (must || (plain === '/' && choice === 2)) return `\\${plain}`;
  return plain;
}

const base64 = fc.base64String({ minLength: 4, maxLength: 344 });

describe(`cutting the node out of an answer (seed ${seed})`, () => {
  it('gives back exactly the text that was put in, wherever it stands', () => {
    const member = fc.tuple(fc.constantFrom('alipay_cert_sn', 'x', 'trace', 'sign_type', 'error_response'), jsonText);
    const answer = fc.tuple(
      nodeText,
      base64,
      fc.uniqueArray(member, { selector: ([name]) => name, maxLength: 3 }),
      blank,
    );
    fc.assert(
      fc.property(answer, fc.infiniteStream(fc.nat(5)), ([node, sign, others, gap], order) => {
        const own = [`"${key}"${gap}:${gap}${node}`, `"sign"${gap}:${gap}${JSON.stringify(sign)}`];
        const members = [...own, ...others.map(([name, text]) => `"${name}":${text}`)];
        const shuffled = members
          .map((text) => ({ text, at: order.next().value }))
          .sort((left, right) => left.at - right.at)
          .map(({ text }) => text);
        const text = `${gap}{${gap}${shuffled.join(`${gap},${gap}`)}${gap}}${gap}`;
        assert.deepEqual(cutAnswer(text, key), { node, sign });
      }),
      { seed, numRuns: 600 },
    );
  });

  it('refuses an answer in which any name stands twice, also when one is written with escapes', () => {
    const escaped = fc.constantFrom(
      `"${key}"`,
      '"\\u0061lipay_trade_pay_response"',
      '"alipay\\u005ftrade_pay_response"',
    );
    fc.assert(
      fc.property(nodeText, nodeText, escaped, escaped, fc.boolean(), (first, second, left, right, signLast) => {
        const nodes = `${left}:${first},${right}:${second}`;
        assert.equal(cutAnswer(signLast ? `{${nodes},"sign":"x"}` : `{"sign":"x",${nodes}}`, key), undefined);
        assert.equal(cutAnswer(`{"${key}":${first},"sign":"x","\\u0073ign":"y"}`, key), undefined);
      }),
      { seed, numRuns: 200 },
    );
  });

  it('never throws, and what it cuts always stands in the text', () => {
    const pieces = fc.constantFrom(
      '{',
      '}',
      '[',
      ']',
      '"',
      '\\',
      ':',
      ',',
      ' ',
      '1',
      'null',
      `"${key}"`,
      '"sign"',
      '\\u',
      '/',
    );
    const soup = fc.array(fc.oneof({ weight: 4, arbitrary: pieces }, fc.string({ unit: 'binary', maxLength: 5 })));
    fc.assert(
      fc.property(
        fc.oneof(
          soup.map((each) => each.join('')),
          fc.string({ unit: 'binary' }),
        ),
        (text) => {
          const cut = cutAnswer(text, key);
          if (cut !== undefined) assert.ok(text.includes(cut.node) && cut.node.startsWith('{'));
        },
      ),
      { seed, numRuns: 3_000 },
    );
  });

  it('never throws on an answer with any one letter changed, put in or taken out', () => {
    const answer = `{"${key}":{"code":"10000","list":[{"a":"}"},[]],"text":"\\"\\\\\\u0041"},"sign":"AA=="}`;
    for (let at = 0; at < answer.length; at += 1) {
      for (const put of ['', '{', '}', '"', '\\', ',', ':', 'x']) {
        for (const width of [0, 1]) {
          const changed = answer.slice(0, at) + put + answer.slice(at + width);
          const cut = cutAnswer(changed, key);
          if (cut !== undefined) assert.ok(changed.includes(cut.node));
        }
      }
    }
  });

  it('reads a megabyte of nesting or of blanks in a moment', () => {
    for (const filler of [
      '['.repeat(1_000_000),
      ' '.repeat(1_000_000),
      '"\\"'.repeat(300_000),
      '{"a":'.repeat(200_000),
    ]) {
      assert.equal(cutAnswer(`{"${key}":${filler}`, key), undefined);
    }
  });
});
