// Figures for operators, counted from the same events that the log gets, so that the two never disagree.

import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import type { Log } from '#foundation/log.ts';

export type Metrics = {
  readonly contentType: string;
  text(): Promise<string>;
  /** The log that also counts. */
  readonly log: Log;
};

const toldWordSeconds = [0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 15, 20, 25, 30, 60];

export function createMetrics(log: Log, heldCount: () => number): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const moves = new Counter({
    name: 'tillway_payment_moves_total',
    help: 'Moves of payments and refunds by kind and phase reached.',
    labelNames: ['kind', 'phase'],
    registers,
  });
  const seconds = new Histogram({
    name: 'tillway_payment_word_seconds',
    help: "From the scan to the till's final word.",
    labelNames: ['word'],
    buckets: toldWordSeconds,
    registers,
  });
  const faults = new Counter({
    name: 'tillway_faults_total',
    help: 'Events that an operator should look at.',
    labelNames: ['event'],
    registers,
  });
  new Gauge({
    name: 'tillway_payments_in_hand',
    help: 'Payments that this process works on and that are not at rest.',
    registers,
    collect() {
      this.set(heldCount());
    },
  });
  return {
    contentType: registry.contentType,
    text: () => registry.metrics(),
    log: {
      event(name, fields) {
        const [, kind = '', phase = ''] = name.split('.');
        if (kind === 'charge' || kind === 'refund') moves.inc({ kind, phase });
        if (phase === 'faulted' || phase === 'unavailable') faults.inc({ event: name });
        const word = kind === 'charge' ? wordOf(phase) : undefined;
        if (word !== undefined) seconds.observe({ word }, Number(fields['elapsedMs'] ?? 0) / 1_000);
        log.event(name, fields);
      },
    },
  };
}

function wordOf(phase: string): 'paid' | 'not-paid' | undefined {
  if (phase === 'approved') return 'paid';
  return phase === 'declined' || phase === 'reversing' ? 'not-paid' : undefined;
}
