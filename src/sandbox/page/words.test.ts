// Both languages say everything, and every ready-made fault is a rule that the sandbox takes.

import { deepStrictEqual } from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseFaultRule } from '../faults/parse-rule.ts';
import { asJson, type Json } from '../testing/sandbox.fixture.ts';

const page = asJson(await import(new URL('./words.mjs', import.meta.url).href));

function namesOf(value: unknown, path = ''): readonly string[] {
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([name, inner]) => namesOf(inner, `${path}.${name}`));
}

describe("the page's words", () => {
  const { en, zh }: Json = asJson(page['words']);

  it('are the same in both languages', () => deepStrictEqual(namesOf(zh), namesOf(en)));

  it('name every ready-made fault, and each is a rule', () => {
    const faults = asJson(page['readyFaults']);
    deepStrictEqual(Object.keys(asJson(asJson(en)['ready'])), Object.keys(faults));
    for (const rule of Object.values(faults)) parseFaultRule(rule);
  });
});
