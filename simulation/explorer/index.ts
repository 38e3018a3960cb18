// The door of the explorer: every order of what may happen to a payment, within stated bounds, under the real rules of payment.
//
// What is real: beginCharge, decideCharge, beginRefund, decideRefund, and the default policy. What is a model, written apart from the code
// that it stands for: journal rows with versions, processes (memory, write then act, crash, standing still, taking up), the
// network, Alipay, the till, the store. What the model leaves out, and so does not show:
//
// - Time stands still except to go on to the next moment at which something is due (a timer, a call's timeout, custody, the till's
//   question, the end of a held-up request), and by a slip of 0.7 or 1.9 s where a scope has slips. Every order of messages and
//   timers is tried; not every distance between them.
// - Deciding and writing are one step, and the journal always answers. A write that is late, lost or unanswered is simulation's.
// - Clocks agree. Clocks that jump and drift are simulation's.
// - Messages that are not delayed arrive before time goes on. A delayed request arrives within 120 s, and what Alipay holds up inside is
//   booked within 22 h, before the last look-back; later only a notice would tell.
// - Notices come again until they are heard only in so far as a lost one costs one of the losses.
// - A payer code pays once: a request that comes second under a number finds what the first left.
// - A process that dies has forgotten everything at once and is back at once under another name; others find its attempts when it
//   counts as dead.
// - A sale has at most two charges, a charge of 10 at most three refunds.

export { type Exploration, explore, type Violation } from './explore.ts';
export { type Invariant, invariants } from './invariants.ts';
export { calm, formatBounds, makeScope, type Scope, type Weather } from './scope.ts';
export { longScopes, pairScopes, quickScopes } from './scopes.ts';
export { type ProtocolRules, realRules } from './world.ts';
