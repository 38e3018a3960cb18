// Distribution figures and their print-out, shared by the measurements of this bench.

export type Figures = { readonly count: number; readonly p50: number; readonly p99: number; readonly max: number };

/** Percentiles by nearest rank, in the unit of the samples. */
export function figuresOf(samples: readonly number[]): Figures {
  const sorted = [...samples].sort((left, right) => left - right);
  const at = (share: number): number => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
  return { count: sorted.length, p50: at(0.5), p99: at(0.99), max: sorted.at(-1) ?? Number.NaN };
}

export function median(samples: readonly number[]): number {
  return figuresOf(samples).p50;
}

export function row(name: string, cells: readonly string[]): string {
  return `${name.padEnd(46)}${cells.map((cell) => cell.padStart(14)).join('')}`;
}

export function ms(value: number): string {
  return `${value.toFixed(1)} ms`;
}
