// How `npm test` tells of tests: one line a file, every failure in full where it happens, and the counts at the end. Thousands of
// passing tests are not worth a line each.

import { relative } from 'node:path';

const nameOf = (file) => (file === undefined ? '?' : relative(process.cwd(), file));

function failureLines({ file, line, name, details }) {
  // node:test wraps what was thrown; the cause is what a person needs.
  const error = details.error?.cause ?? details.error;
  const text = String(error?.stack ?? error?.message ?? error).replaceAll(/^/gm, '      ');
  return `  not ok  ${nameOf(file)}:${line ?? '?'}  ${name}\n${text}\n`;
}

function fileLine({ file, counts, success, duration_ms }) {
  const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : '';
  const state = success ? 'ok    ' : 'NOT OK';
  return `  ${state}  ${nameOf(file)}  ${counts.passed} passed${skipped}  ${(duration_ms / 1000).toFixed(1)} s\n`;
}

/** A reporter of node:test. */
export default async function* report(events) {
  const failed = [];
  let totals = {};
  for await (const { type, data } of events) {
    // A suite fails with its tests, and the tests are told.
    if (type === 'test:fail' && data.details.error?.failureType !== 'subtestsFailed') {
      failed.push(`${nameOf(data.file)}: ${data.name}`);
      yield failureLines(data);
    } else if (type === 'test:diagnostic' && /\bseed\b/.test(data.message)) {
      // What was drawn, and how to draw it again.
      yield `          ${data.message}\n`;
    } else if (type === 'test:summary' && data.file !== undefined) yield fileLine(data);
    else if (type === 'test:summary') totals = { ...data.counts, duration_ms: Math.round(data.duration_ms) };
  }
  if (failed.length > 0) yield `\nFailed:\n${failed.map((name) => `  ${name}\n`).join('')}`;
  yield '\n';
  for (const [name, value] of Object.entries(totals)) yield `# ${name} ${value}\n`;
}
