// The door of the auditor: it hears a world, and says whether money is right in it.

export { Auditor, type AuditorRules } from './auditor.ts';
export type { Limits } from './hearing.ts';
export { type RuleName, ruleNames, type Violation } from './violation.ts';
export type { BooksAtEnd, FactAtEnd, TradeAtEnd, WorldEnd } from './world-end.ts';
