// The bytes of status and confirmation, by the tables of Epson's reference.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { AnswerReader, askJobNumber, drawerPulse, drawerPulseNow, jobMark } from './escpos.ts';
import { tellProgress } from './print-job.ts';
import { readStatus } from './printer-status.ts';

const seed = Number(process.hrtime.bigint() % 2n ** 31n);
const fine = { printer: 0x12, offlineCause: 0x12, errorCause: 0x12, paper: 0x12 };

test('status bits are read by their table', () => {
  assert.deepEqual(readStatus(fine, null), { trouble: null, paper: 'present', cover: 'closed', drawer: 'unknown' });
  assert.equal(readStatus({ ...fine, printer: 0x16 }, 'high').drawer, 'open');
  assert.equal(readStatus({ ...fine, printer: 0x16 }, 'low').drawer, 'closed');
  assert.equal(readStatus({ ...fine, paper: 0x1e }, null).paper, 'low');
  assert.equal(readStatus({ ...fine, paper: 0x7e }, null).trouble, 'paper-out');
  assert.equal(readStatus({ ...fine, offlineCause: 0x36, printer: 0x1a }, null).trouble, 'cover-open');
  assert.equal(readStatus({ ...fine, errorCause: 0x1a, printer: 0x1a }, null).trouble, 'cutter-jammed');
  assert.equal(readStatus({ ...fine, errorCause: 0x32 }, null).trouble, 'printer-error');
  assert.equal(readStatus({ ...fine, printer: 0x1a }, null).trouble, 'offline');
});

test('a trouble is told in words that say what to do', () => {
  assert.equal(
    tellProgress({ state: 'printing', trouble: 'paper-out' }, 'en'),
    'The receipt printer is out of paper. Put in a new roll.',
  );
  assert.equal(
    tellProgress({ state: 'outcome-unknown', cause: 'connection-lost' }, 'zh'),
    '无法确认小票是否打出。请查看打印机，如缺失请重打。',
  );
});

test('commands are the bytes of the reference', () => {
  assert.equal(drawerPulse(5).toString('hex'), '1b70013232');
  assert.equal(drawerPulseNow(2).toString('hex'), '1014010001');
  assert.equal(
    askJobNumber(jobMark(36 ** 4 + 71)).toString('hex'),
    `1d284806003030${Buffer.from('001z').toString('hex')}`,
  );
});

test('answers are told apart however they are cut into pieces, and automatic status is passed over', () => {
  const stream = Buffer.from([
    0x12, 0x00, 0x10, 0x00, 0x00, 0x0f, 0x37, 0x22, 0x61, 0x62, 0x63, 0x31, 0x00, 0x0c, 0x1a,
  ]);
  const expected = [
    { kind: 'status', bits: 0x12 },
    { kind: 'printed', isPaperOut: false },
    { kind: 'job-number', mark: 'abc1' },
    { kind: 'printed', isPaperOut: true },
    { kind: 'status', bits: 0x1a },
  ];
  for (let cut = 0; cut <= stream.length; cut += 1) {
    const reader = new AnswerReader();
    assert.deepEqual([...reader.read(stream.subarray(0, cut)), ...reader.read(stream.subarray(cut))], expected);
  }
});

test(`whatever comes from the network, reading it ends (seed ${seed})`, () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 6 }), (pieces) => {
      const reader = new AnswerReader();
      for (const piece of pieces) reader.read(piece);
    }),
    { seed, numRuns: 2_000 },
  );
});
