// What a supervisor and its processes say to each other over Node's IPC channel. Secrets travel here and not in arguments or
// the environment, where other programs of the machine could read them.

import { z } from 'zod';

/** A child's words. Each process sends exactly one of these after its order. */
export const childWordSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('ready'), url: z.url(), details: z.unknown().optional() }),
  /** A sentence for the person at the terminal. */
  z.object({ kind: z.literal('failed'), sentence: z.string() }),
]);

export type ChildWord = z.infer<typeof childWordSchema>;

/** The supervisor's words: first the order, at the end `stop`. */
export type SupervisorWord = { readonly kind: 'order'; readonly order: unknown } | { readonly kind: 'stop' };

export function isSupervisorWord(word: unknown): word is SupervisorWord {
  if (typeof word !== 'object' || word === null) return false;
  const kind: unknown = Reflect.get(word, 'kind');
  return kind === 'order' || kind === 'stop';
}
