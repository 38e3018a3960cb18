import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { instant } from '#foundation/instant.ts';
import { fromBeijingText, fromOffsetText, toBeijingText, toOffsetText } from './wire-time.ts';

const at = (text: string) => instant(Date.parse(text));

const moments: readonly (readonly [string, string])[] = [
  ['2026-11-23T02:00:00Z', '2026-11-23 10:00:00'],
  ['2026-11-23T15:59:59Z', '2026-11-23 23:59:59'],
  ['2026-11-23T16:00:00Z', '2026-11-24 00:00:00'],
  ['2026-12-31T15:59:59Z', '2026-12-31 23:59:59'],
  ['2026-12-31T16:00:00Z', '2027-01-01 00:00:00'],
  ['2028-02-28T16:00:00Z', '2028-02-29 00:00:00'],
  // China had summer time in 1986 to 1991; Alipay's clock never had.
  ['1988-07-01T00:00:00Z', '1988-07-01 08:00:00'],
];

describe('Beijing’s time on the wire', () => {
  for (const [utc, text] of moments) {
    it(`writes ${utc} as ${text}, and reads it back`, () => {
      assert.equal(toBeijingText(at(utc)), text);
      assert.equal(fromBeijingText(text), at(utc));
      assert.equal(toOffsetText(at(utc)), `${text.replace(' ', 'T')}+08:00`);
      assert.equal(fromOffsetText(toOffsetText(at(utc))), at(utc));
    });
  }

  it('leaves fractions out when it writes, and takes them when it reads', () => {
    assert.equal(toBeijingText(at('2026-12-31T15:59:59.999Z')), '2026-12-31 23:59:59');
    assert.equal(toOffsetText(at('2026-12-31T15:59:59.999Z')), '2026-12-31T23:59:59+08:00');
    assert.equal(fromBeijingText('2026-12-31 23:59:59.5'), at('2026-12-31T15:59:59.500Z'));
    assert.equal(fromOffsetText('2026-12-31T23:59:59.123456789+08:00'), at('2026-12-31T15:59:59.123Z'));
  });

  it('reads every offset', () => {
    for (const text of ['2027-01-01T00:00:00+08:00', '2027-01-01T00:00:00+0800', '2026-12-31T16:00:00Z']) {
      assert.equal(fromOffsetText(text), at('2026-12-31T16:00:00Z'));
    }
    assert.equal(fromOffsetText('2026-12-31T11:00:00-05:00'), at('2026-12-31T16:00:00Z'));
    assert.equal(fromOffsetText('2026-12-31T21:30:00+05:30'), at('2026-12-31T16:00:00Z'));
  });

  for (const text of [
    undefined,
    '',
    'now',
    '2026-11-23',
    '2026-11-23T10:00:00',
    '2026-11-23 10:00',
    ' 2026-11-23 10:00:00',
    '2026-11-23 10:00:00 ',
    '2026-02-30 10:00:00',
    '2026-02-29 10:00:00',
    '2026-13-01 10:00:00',
    '2026-11-23 24:00:00',
    '2026-11-23 10:60:00',
    '2026-11-23 10:00:00.1234',
    '1795428000000',
  ]) {
    it(`takes "${text}" for no time`, () => {
      assert.equal(fromBeijingText(text), null);
      assert.equal(fromOffsetText(text), null);
    });
  }

  for (const text of [
    '2026-02-30T10:00:00Z',
    '2026-11-23T10:00:00+99:00',
    '2026-11-23T24:00:00+08:00',
    '2026-11-23T10:00:00+8',
  ]) {
    it(`takes "${text}" for no time with an offset`, () => {
      assert.equal(fromOffsetText(text), null);
    });
  }
});
