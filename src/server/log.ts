// The log of operators: one JSON line an event, on stderr. It holds ids and figures; the journal is the record.

import { type DestinationStream, destination, pino } from 'pino';
import type { Log } from '#foundation/log.ts';

/**
 * Makes the log of one process; `part` names it in every line. Lines are written in the background, so that no payment waits
 * for the disk; what a kill loses is told by the journal.
 */
export function createLog(part: string, stream: DestinationStream = destination({ fd: 2, sync: false })): Log {
  const logger = pino({ base: { part, pid: process.pid }, timestamp: pino.stdTimeFunctions.isoTime }, stream);
  return {
    event(name, fields) {
      const line: Record<string, string | number | boolean> = { event: name };
      // JSON has no bigint: amounts become decimal digits.
      for (const [key, value] of Object.entries(fields)) line[key] = typeof value === 'bigint' ? String(value) : value;
      logger.info(line);
    },
  };
}
