// A mark names one write of one call. When the connection dies while PostgreSQL commits, nobody tells whether it did; the
// mark in the row does.

import { randomBytes } from 'node:crypto';

const process = randomBytes(9).toString('base64url');
let count = 0;

/** A mark that no other write carries: 72 random bits of this process, and a count. */
export function writeMark(): string {
  count += 1;
  return `${process}.${count.toString(36)}`;
}
