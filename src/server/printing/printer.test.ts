// The printer against a simulated one: what is printed, in what order, and above all what is said when it goes wrong. On paper a
// receipt comes out once, or a person is asked.

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { until } from '../testing/until.ts';
import type { PrintProgress } from './print-job.ts';
import type { ReceiptPrinter } from './printer.ts';
import { makePrinter, receiptBytes } from './testing/printer.fixture.ts';

const progress = (printer: ReceiptPrinter, id: string) => printer.find(id)?.progress;
const reaches = (printer: ReceiptPrinter, id: string, state: PrintProgress['state']) =>
  until(`${id} ${state}`, () => progress(printer, id)?.state === state);
const numbersOn = (slips: readonly string[]) => slips.map((slip) => /Receipt (\S+)/.exec(slip)?.[1]);

function print(printer: ReceiptPrinter, id: string): void {
  const accepted = printer.print({ id, bytes: receiptBytes(id) });
  assert.equal(accepted.ok, true);
}

describe('a printer in order', () => {
  test('prints, cuts and confirms', async (context) => {
    const { simulator, printer } = await makePrinter(context);
    const told: string[] = [];
    printer.follow((view) => told.push(`${view.id} ${view.progress.state}`));
    print(printer, 'one');
    assert.deepEqual(progress(printer, 'one'), { state: 'waiting', trouble: null });
    await reaches(printer, 'one', 'printed');
    assert.equal(simulator.slips.length, 1);
    assert.match(simulator.slips[0] ?? '', /^Receipt one$/m);
    assert.deepEqual(told, ['one printing', 'one printed']);
  });

  test('prints a queue in its order, each once', async (context) => {
    const { simulator, printer } = await makePrinter(context);
    const ids = Array.from({ length: 12 }, (_, index) => `job-${index}`);
    for (const id of ids) print(printer, id);
    await reaches(printer, 'job-11', 'printed');
    assert.deepEqual(numbersOn(simulator.slips), ids);
  });

  test('confirms by the number of the job where it can', async (context) => {
    const { simulator, printer } = await makePrinter(context, { settings: { confirmation: 'job-number' } });
    print(printer, 'one');
    print(printer, 'two');
    await reaches(printer, 'two', 'printed');
    assert.deepEqual(numbersOn(simulator.slips), ['one', 'two']);
  });

  test('that never answers gets its receipts handed over', async (context) => {
    const { simulator, printer } = await makePrinter(context, {
      settings: { confirmation: 'none' },
      times: { answerMs: 60 },
    });
    simulator.switches.isSilent = true;
    print(printer, 'one');
    await reaches(printer, 'one', 'handed-over');
    await until('the slip is out', () => simulator.slips.length === 1);
  });

  test('tells low paper and prints on', async (context) => {
    const { simulator, printer } = await makePrinter(context);
    simulator.switches.isPaperLow = true;
    assert.deepEqual(await printer.status(), { trouble: null, paper: 'low', cover: 'closed', drawer: 'closed' });
    print(printer, 'one');
    await reaches(printer, 'one', 'printed');
  });

  test('that is slow is waited for while it reports no trouble within its limit', async (context) => {
    const { simulator, printer } = await makePrinter(context, { times: { confirmMs: 2_000 } });
    simulator.switches.msPerLine = 8;
    print(printer, 'one');
    await reaches(printer, 'one', 'printing');
    assert.equal(simulator.slips.length, 0);
    await reaches(printer, 'one', 'printed');
    assert.equal(simulator.slips.length, 1);
  });
});

describe('the same receipt', () => {
  test('asked for twice is printed once', async (context) => {
    const { simulator, printer } = await makePrinter(context);
    for (let count = 0; count < 3; count += 1) print(printer, 'one');
    await reaches(printer, 'one', 'printed');
    assert.deepEqual(printer.print({ id: 'one', bytes: receiptBytes('one') }), {
      ok: true,
      value: printer.find('one'),
    });
    assert.deepEqual(printer.print({ id: 'one', bytes: receiptBytes('two') }), { ok: false, failure: 'id-reused' });
    print(printer, 'last');
    await reaches(printer, 'last', 'printed');
    assert.deepEqual(numbersOn(simulator.slips), ['one', 'last']);
  });

  test('taken back while it waits is never printed', async (context) => {
    const { simulator, printer } = await makePrinter(context);
    simulator.switches.paperLines = 0;
    print(printer, 'one');
    await until('told', () => JSON.stringify(progress(printer, 'one')).includes('paper-out'));
    assert.equal(printer.cancel('one'), true);
    assert.equal(printer.cancel('one'), false);
    simulator.loadPaper();
    print(printer, 'two');
    await reaches(printer, 'two', 'printed');
    assert.deepEqual(numbersOn(simulator.slips), ['two']);
    assert.deepEqual(progress(printer, 'one'), { state: 'not-printed', cause: 'cancelled' });
  });
});

describe('before anything was sent', () => {
  test('paper out, cover open and a jammed cutter are told, and printing begins when they are mended', async (context) => {
    const { simulator, printer } = await makePrinter(context);
    const mends = [
      [
        'paper-out',
        () => {
          simulator.switches.paperLines = 0;
        },
        () => simulator.loadPaper(),
      ],
      [
        'cover-open',
        () => {
          simulator.switches.isCoverOpen = true;
        },
        () => simulator.closeCover(),
      ],
      [
        'cutter-jammed',
        () => {
          simulator.switches.isCutterJammed = true;
        },
        () => {
          simulator.switches.isCutterJammed = false;
        },
      ],
    ] as const;
    for (const [trouble, spoil, mend] of mends) {
      spoil();
      print(printer, trouble);
      await until(trouble, () => JSON.stringify(progress(printer, trouble)).includes(trouble));
      assert.deepEqual(progress(printer, trouble), { state: 'waiting', trouble });
      mend();
      await reaches(printer, trouble, 'printed');
    }
    assert.deepEqual(numbersOn(simulator.slips), ['paper-out', 'cover-open', 'cutter-jammed']);
  });

  test('a printer that is away keeps its queue, which is printed when it is back', async (context) => {
    const { simulator, printer } = await makePrinter(context);
    await simulator.unplug();
    print(printer, 'one');
    print(printer, 'two');
    await until('told', () => JSON.stringify(progress(printer, 'two')).includes('unreachable'));
    assert.deepEqual(await printer.status(), {
      trouble: 'unreachable',
      paper: 'unknown',
      cover: 'unknown',
      drawer: 'unknown',
    });
    await simulator.plugIn();
    await reaches(printer, 'two', 'printed');
    assert.deepEqual(numbersOn(simulator.slips), ['one', 'two']);
  });

  test('a printer that does not answer gets nothing', async (context) => {
    const { simulator, printer } = await makePrinter(context);
    simulator.switches.isSilent = true;
    print(printer, 'one');
    await until('told', () => JSON.stringify(progress(printer, 'one')).includes('silent'));
    assert.equal(simulator.hanging, '');
  });

  test('a receipt that nobody can want any more is given up', async (context) => {
    const { simulator, printer } = await makePrinter(context, { times: { keepMs: 60 } });
    simulator.switches.paperLines = 0;
    print(printer, 'one');
    await reaches(printer, 'one', 'not-printed');
    assert.deepEqual(progress(printer, 'one'), { state: 'not-printed', cause: 'expired' });
    simulator.loadPaper();
    print(printer, 'two');
    await reaches(printer, 'two', 'printed');
    assert.deepEqual(numbersOn(simulator.slips), ['two']);
  });

  test('the hundred-and-first waiting receipt is refused', async (context) => {
    const { simulator, printer } = await makePrinter(context);
    simulator.switches.isCoverOpen = true;
    for (let count = 0; count < 100; count += 1) print(printer, `job-${count}`);
    assert.deepEqual(printer.print({ id: 'more', bytes: receiptBytes('more') }), { ok: false, failure: 'queue-full' });
  });
});

describe('in the middle of a receipt', () => {
  test('the paper ends: it is told, a new roll finishes the receipt, and it counts as one', async (context) => {
    const { simulator, printer } = await makePrinter(context);
    simulator.switches.paperLines = 10;
    print(printer, 'one');
    print(printer, 'two');
    await until('told', () => JSON.stringify(progress(printer, 'one')).includes('paper-out'));
    assert.deepEqual(progress(printer, 'one'), { state: 'printing', trouble: 'paper-out' });
    assert.deepEqual(progress(printer, 'two'), { state: 'waiting', trouble: null });
    assert.match(simulator.hanging, /Receipt one/);
    simulator.loadPaper();
    await reaches(printer, 'two', 'printed');
    assert.deepEqual(progress(printer, 'one'), { state: 'printed' });
    assert.deepEqual(numbersOn(simulator.slips), ['one', 'two']);
  });

  for (const confirmation of ['paper-status', 'job-number'] as const) {
    test(`the line breaks: nobody knows, nothing is sent again, and the next one waits (${confirmation})`, async (context) => {
      const { simulator, printer } = await makePrinter(context, { settings: { confirmation } });
      simulator.switches.paperLines = 10;
      print(printer, 'one');
      await until('told', () => JSON.stringify(progress(printer, 'one')).includes('paper-out'));
      simulator.breakLines();
      await reaches(printer, 'one', 'outcome-unknown');
      assert.deepEqual(progress(printer, 'one'), { state: 'outcome-unknown', cause: 'connection-lost' });
      print(printer, 'two');
      await until('told', () => JSON.stringify(progress(printer, 'two')).includes('paper-out'));
      // The new roll is enough for the rest of the first receipt and a part of the second.
      simulator.loadPaper(40);
      await until('begun', () => JSON.stringify(progress(printer, 'two')).includes('"printing","trouble":"paper-out"'));
      assert.deepEqual(numbersOn(simulator.slips), ['one']);
      simulator.loadPaper();
      await reaches(printer, 'two', 'printed');
      assert.deepEqual(numbersOn(simulator.slips), ['one', 'two']);
    });
  }

  test("the line breaks while it prints on: the late confirmation of the first is not taken for the second's", async (context) => {
    const { simulator, printer } = await makePrinter(context, { times: { answerMs: 1_000, confirmMs: 2_000 } });
    simulator.switches.msPerLine = 8;
    print(printer, 'one');
    await until('begun', () => simulator.hanging.includes('Receipt one'));
    simulator.breakLines();
    await reaches(printer, 'one', 'outcome-unknown');
    print(printer, 'two');
    await reaches(printer, 'two', 'printed');
    assert.deepEqual(numbersOn(simulator.slips), ['one', 'two']);
  });

  test('it is switched off: nobody knows, and the queue goes on when it is back', async (context) => {
    const { simulator, printer } = await makePrinter(context);
    simulator.switches.paperLines = 10;
    print(printer, 'one');
    print(printer, 'two');
    await until('told', () => JSON.stringify(progress(printer, 'one')).includes('paper-out'));
    await simulator.unplug();
    await reaches(printer, 'one', 'outcome-unknown');
    simulator.switches.paperLines = 1_000;
    await simulator.plugIn();
    await reaches(printer, 'two', 'printed');
    assert.match(simulator.slips[0] ?? '', /Receipt one.*Receipt two/s);
    assert.equal(simulator.slips.length, 1);
  });

  test('it never confirms: nobody knows', async (context) => {
    const { simulator, printer } = await makePrinter(context);
    print(printer, 'zero');
    await reaches(printer, 'zero', 'printed');
    simulator.switches.isMute = true;
    print(printer, 'one');
    await reaches(printer, 'one', 'outcome-unknown');
    assert.deepEqual(progress(printer, 'one'), { state: 'outcome-unknown', cause: 'no-confirmation' });
    assert.deepEqual(numbersOn(simulator.slips), ['zero', 'one']);
    // The next one is not begun before the debt is settled.
    print(printer, 'two');
    await until('told', () => JSON.stringify(progress(printer, 'two')).includes('unsettled'));
    assert.equal(simulator.slips.length, 2);
  });

  test('we stop: what was begun is unknown, what waited was not printed, and nothing more is taken', async (context) => {
    const { simulator, printer } = await makePrinter(context);
    simulator.switches.paperLines = 10;
    print(printer, 'one');
    print(printer, 'two');
    await until('told', () => JSON.stringify(progress(printer, 'one')).includes('paper-out'));
    await printer.stop(30);
    assert.deepEqual(progress(printer, 'one'), { state: 'outcome-unknown', cause: 'stopped' });
    assert.deepEqual(progress(printer, 'two'), { state: 'not-printed', cause: 'stopped' });
    assert.deepEqual(printer.print({ id: 'three', bytes: receiptBytes('three') }), { ok: false, failure: 'stopped' });
  });
});

describe('the drawer', () => {
  test('opens, and its switch says so', async (context) => {
    const { simulator, printer } = await makePrinter(context);
    assert.deepEqual(await printer.openDrawer(), { outcome: 'opened' });
    assert.equal(simulator.isDrawerOpen, true);
    assert.equal((await printer.status()).drawer, 'open');
  });

  test('opens while the printer has no paper, before a receipt and in the middle of one', async (context) => {
    const { simulator, printer } = await makePrinter(context);
    simulator.switches.paperLines = 0;
    assert.deepEqual(await printer.openDrawer(), { outcome: 'opened' });
    simulator.closeDrawer();
    simulator.switches.paperLines = 10;
    print(printer, 'one');
    await until('told', () => JSON.stringify(progress(printer, 'one')).includes('paper-out'));
    assert.deepEqual(await printer.openDrawer(), { outcome: 'opened' });
    assert.equal(simulator.drawerOpenings, 2);
    simulator.loadPaper();
    await reaches(printer, 'one', 'printed');
  });

  test('does not open later when it could not open now', async (context) => {
    const { simulator, printer } = await makePrinter(context);
    await simulator.unplug();
    assert.deepEqual(await printer.openDrawer(), { outcome: 'not-opened', cause: 'unreachable' });
    await simulator.plugIn();
    print(printer, 'one');
    await reaches(printer, 'one', 'printed');
    assert.equal(simulator.drawerOpenings, 0);
  });

  test('without a switch is opened as far as the printer says', async (context) => {
    const { printer } = await makePrinter(context, { settings: { drawer: { pin: 5, openLevel: null } } });
    assert.deepEqual(await printer.openDrawer(), { outcome: 'opened' });
  });

  test('that is not there is not opened', async (context) => {
    const { simulator, printer } = await makePrinter(context, { settings: { drawer: null } });
    assert.deepEqual(await printer.openDrawer(), { outcome: 'not-opened', cause: 'no-drawer' });
    assert.equal(simulator.connections, 0);
  });
});
