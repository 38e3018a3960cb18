// The reader is driven as a keyboard drives it (testing/play-keys.ts): keys with times, silences that come true when due, and
// a page on which typed keys stand until they are taken back.

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { play, type Seen, staysTyped } from './testing/play-keys.ts';

const code18 = '283456789012345678';
const code24 = '281010897274821897274821';

function keys(text: string, gapMs: number): { readonly key: string; readonly gapMs: number }[] {
  return [...text].map((key, index) => ({ key, gapMs: index === 0 ? 1_000 : gapMs }));
}

function scansOf(seen: readonly Seen[]): readonly string[] {
  return seen.flatMap(({ verdict }) => (verdict.kind === 'scanned' ? [verdict.text] : []));
}

/** Time between the last key and the verdict `scanned`. */
function delayMs(seen: readonly Seen[], lastKeyMs: number): number {
  const scan = seen.find(({ verdict }) => verdict.kind === 'scanned');
  assert.ok(scan !== undefined, 'nothing was scanned');
  return scan.atMs - lastKeyMs;
}

describe('a scanner', () => {
  it('that ends with Enter is done at the Enter, and the Enter presses no button', () => {
    const seen = play([...keys(code18, 4), { key: 'Enter', gapMs: 4 }]);
    assert.deepEqual(seen.at(-1)?.verdict, { kind: 'scanned', text: code18, typedBefore: '', undo: 0 });
    assert.equal(delayMs(seen, seen.at(-1)?.atMs ?? 0), 0);
  });

  it('that ends with Tab is done at the Tab', () => {
    assert.deepEqual(scansOf(play([...keys(code18, 4), { key: 'Tab', gapMs: 4 }])), [code18]);
  });

  it('without a terminator is done after a silence of at most 40 ms when it is fast', () => {
    for (const gapMs of [0, 1, 3, 5, 8, 10]) {
      const seen = play(keys(code18, gapMs));
      assert.deepEqual(scansOf(seen), [code18]);
      const waited = delayMs(seen, 2_000 + 17 * gapMs);
      assert.ok(waited >= 32 && waited <= 40, `${waited} ms after gaps of ${gapMs} ms`);
    }
  });

  it('that sends all 24 digits is done with the last, since no code is longer', () => {
    const seen = play(keys(code24, 4));
    assert.deepEqual(scansOf(seen), [code24]);
    assert.equal(delayMs(seen, 2_000 + 23 * 4), 0);
  });

  it('that reads two labels of eight digits one after the other gives two scans, never one code of sixteen', () => {
    const second = keys('28654329', 4).map((stroke, index) => (index === 0 ? { ...stroke, gapMs: 600 } : stroke));
    assert.deepEqual(scansOf(play([...keys('28123450', 4), ...second])), ['28123450', '28654329']);
    // Closer than any hand moves a scanner, the second is swallowed: a label may be missed, a code is never made up.
    const close = second.map((stroke, index) => (index === 0 ? { ...stroke, gapMs: 260 } : stroke));
    assert.deepEqual(scansOf(play([...keys('28123450', 4), ...close])), ['28123450']);
  });

  it('over slow Bluetooth is read whole, with 30 to 80 ms between two keys', () => {
    for (const gapMs of [30, 50, 80]) assert.deepEqual(scansOf(play(keys(code18, gapMs))), [code18]);
    for (const gapMs of [30, 50, 80]) assert.deepEqual(scansOf(play(keys(code24, gapMs))), [code24]);
  });

  it('over slow Bluetooth that stalls once in the middle is still one scan', () => {
    const stalled = keys(code18, 40).map((stroke, index) => (index === 9 ? { ...stroke, gapMs: 220 } : stroke));
    assert.deepEqual(scansOf(play(stalled)), [code18]);
  });

  it('that sends an AIM prefix is read with it, and a 24-digit code behind it fires at once', () => {
    assert.deepEqual(scansOf(play(keys(`]C1${code18}`, 3))), [`]C1${code18}`]);
    const seen = play(keys(`]Q1${code24}`, 3));
    assert.equal(delayMs(seen, 2_000 + 26 * 3), 0);
  });

  it('never fires on the first 16 digits of a longer code', () => {
    for (let length = 17; length <= 24; length += 1) {
      const code = code24.slice(0, length);
      assert.deepEqual(scansOf(play(keys(code, 6))), [code]);
    }
  });

  it('of a face-pay code of 35 characters is done with the last', () => {
    const face = `fp${'0a1b2c3d4e5'.repeat(3)}`;
    const seen = play(keys(face, 4));
    assert.deepEqual(scansOf(seen), [face]);
    assert.equal(delayMs(seen, 2_000 + 34 * 4), 0);
  });

  it('of a product is read too, so that the till can say what it is', () => {
    assert.deepEqual(scansOf(play(keys('6901234567892', 4))), ['6901234567892']);
  });

  it('that adds a line feed and a second Enter after the code has its tail swallowed', () => {
    const seen = play([...keys(code24, 4), { key: 'Enter', gapMs: 6 }, { key: 'Enter', gapMs: 6 }]);
    assert.deepEqual(
      seen.slice(-2).map(({ verdict }) => verdict.kind),
      ['swallowed', 'swallowed'],
    );
    assert.deepEqual(scansOf(seen), [code24]);
  });

  it('whose Enter comes late, after the silence has completed the code, does not press Enter', () => {
    const seen = play([...keys(code18, 5), { key: 'Enter', gapMs: 120 }]);
    assert.deepEqual(scansOf(seen), [code18]);
    assert.equal(seen.at(-1)?.verdict.kind, 'swallowed');
  });

  it('is known by its fourth key when it is fast, and by its sixth when it is slow', () => {
    const kinds = (gapMs: number) => play(keys(code18, gapMs)).map(({ verdict }) => verdict.kind);
    assert.equal(kinds(5).indexOf('claimed'), 3);
    assert.equal(kinds(70).indexOf('claimed'), 5);
  });

  it('that reads two codes in a row gives two scans', () => {
    const second = '301234567890123456';
    const enter = { key: 'Enter', gapMs: 4 };
    const seen = play([...keys(code18, 4), enter, ...keys(second, 4), enter]);
    assert.deepEqual(scansOf(seen), [code18, second]);
  });
});

describe('a person', () => {
  it('typing an amount is never taken for a scanner', () => {
    for (const gapMs of [101, 120, 160, 300]) {
      const seen = play([...keys('123456.78', gapMs), { key: 'Enter', gapMs }]);
      assert.ok(seen.every(({ verdict }) => verdict.kind === 'typing'));
    }
  });

  it('striking two keys almost at once is still typing', () => {
    const seen = play([
      { key: '1', gapMs: 900 },
      { key: '2', gapMs: 15 },
      { key: '.', gapMs: 140 },
      { key: '5', gapMs: 130 },
      { key: '0', gapMs: 20 },
    ]);
    assert.ok(seen.every(({ verdict }) => verdict.kind === 'typing'));
  });

  it('typing a whole code by hand keeps the keys in the field', () => {
    const strokes = [...keys(code18, 180), { key: 'Enter', gapMs: 180 }].map((stroke) => ({
      ...stroke,
      inField: true,
    }));
    assert.ok(play(strokes).every(({ verdict }) => verdict.kind === 'typing'));
    assert.equal(staysTyped(strokes), code18);
  });

  it('pressing Enter, Tab or an arrow alone is left alone', () => {
    for (const key of ['Enter', 'Tab', 'ArrowDown', 'F4', 'Escape']) {
      assert.deepEqual(play([{ key, gapMs: 500 }])[0]?.verdict, { kind: 'typing', begins: 'chain' });
    }
  });

  it('whose last digit runs into a fast scan keeps that digit', () => {
    const seen = play([
      { key: '1', gapMs: 900 },
      { key: '5', gapMs: 150 },
      ...keys(code18, 3).map((stroke, index) => (index === 0 ? { ...stroke, gapMs: 60 } : stroke)),
      { key: 'Enter', gapMs: 3 },
    ]);
    assert.deepEqual(seen.at(-1)?.verdict, { kind: 'scanned', text: code18, typedBefore: '5', undo: 0 });
  });

  it('typing an amount right before a scan keeps the amount', () => {
    for (const amount of ['8.80', '5', '120']) {
      const strokes = [
        ...keys(amount, 150),
        ...keys(code18, 4).map((stroke, index) => (index === 0 ? { ...stroke, gapMs: 200 } : stroke)),
      ];
      assert.deepEqual(scansOf(play(strokes)), [code18]);
      assert.equal(staysTyped(strokes), amount);
    }
  });
});

describe('a scan that stalls before it is known as one', () => {
  const stalled = (at: number, stallMs: number, gapMs: number) =>
    keys(code18, gapMs).map((stroke, index) => (index === at ? { ...stroke, gapMs: stallMs } : stroke));

  it('is put together again, and leaves no digit in the amount', () => {
    for (const at of [1, 2, 3, 4]) {
      for (const gapMs of [40, 80]) {
        const strokes = [...stalled(at, 250, gapMs), { key: 'Enter', gapMs }];
        assert.deepEqual(scansOf(play(strokes)), [code18]);
        assert.equal(staysTyped(strokes), '');
      }
    }
  });

  it('is put together without a terminator too', () => {
    const strokes = stalled(3, 350, 40);
    assert.deepEqual(scansOf(play(strokes)), [code18]);
    assert.equal(staysTyped(strokes), '');
  });

  it('is put together behind an amount that was typed right before it, and the amount stays', () => {
    const amount = keys('8.80', 150);
    for (const at of [1, 2, 3]) {
      const strokes = [
        ...amount,
        ...stalled(at, 250, 40).map((stroke, index) => (index === 0 ? { ...stroke, gapMs: 200 } : stroke)),
      ];
      assert.deepEqual(scansOf(play(strokes)), [code18]);
      assert.equal(staysTyped(strokes), '8.80');
    }
  });

  it('charges nothing when quick digits before it could be the amount or the code', () => {
    const scan = keys(code18, 4).map((stroke, index) => (index === 0 ? { ...stroke, gapMs: 200 } : stroke));
    const strokes = [...keys('28', 60), ...scan, { key: 'Enter', gapMs: 4 }];
    const seen: readonly Seen[] = play(strokes);
    assert.deepEqual(scansOf(seen), []);
    assert.equal(seen.at(-1)?.verdict.kind, 'unsure');
    const typedByHand = [...keys('12.28', 150), ...scan];
    assert.deepEqual(scansOf(play(typedByHand)), [code18]);
    assert.equal(staysTyped(typedByHand), '12.28');
  });

  it('a second time, in the middle, is never filled up with the digits of the amount', () => {
    const broken = keys(code18, 4).map((stroke, index) => ({
      ...stroke,
      gapMs: index === 0 ? 200 : index === 14 ? 600 : 4,
    }));
    const strokes = [...keys('12.30', 150), ...broken];
    assert.equal(
      play(strokes).some(({ verdict }) => verdict.kind === 'scanned' && verdict.text.startsWith('30')),
      false,
    );
    assert.match(staysTyped(strokes), /^12\.30/);
  });

  it('by a scanner slower than any we know is read by its length, and leaves no digit in the amount', () => {
    const strokes = [...keys(code18, 150), { key: 'Enter', gapMs: 150 }];
    assert.deepEqual(scansOf(play(strokes)), [code18]);
    assert.equal(staysTyped(strokes), '');
  });

  it('and gives no known code takes its digits back all the same', () => {
    const strokes = [
      ...keys('777', 40),
      ...keys('777777777', 40).map((stroke, index) => (index === 0 ? { ...stroke, gapMs: 200 } : stroke)),
    ];
    assert.deepEqual(scansOf(play(strokes)), ['777777777']);
    assert.equal(staysTyped(strokes), '');
  });
});
