// What the shop begins: a charge when the cashier scans, a refund when the store asks for one, each as the journal allows. The
// journal's two rules are modelled here: one standing charge a sale, and refunds that never sum to more than was taken.

import { type Charge, type ChargePhase, maskPayerCode, type Refund } from '#payment/index.ts';
import { withDeaths } from './message-moves.ts';
import { crash, type Death, keep, send } from './process-model.ts';
import { chargeMinor } from './scope.ts';
import { attemptText, processText } from './story.ts';
import {
  type Copy,
  type Draft,
  fork,
  identityOf,
  itemAt,
  type Move,
  type Setting,
  spend,
  unknownTrade,
  type World,
} from './world.ts';

const undone: readonly ChargePhase[] = ['declined', 'reversed', 'returned'];

/** The sale's first charge: every path of an empty world begins with it. */
export function firstOpening(world: World, setting: Setting): readonly Move[] {
  return world.rows.length === 0 ? openCharge(world, setting) : [];
}

/** Another try for the same sale, and refunds of what was paid. */
export function laterOpenings(world: World, setting: Setting): readonly Move[] {
  if (world.rows.length === 0) return [];
  const charges = world.rows.filter(({ attempt }) => attempt.kind === 'charge');
  const isFree = charges.every(({ attempt }) => undone.some((phase) => phase === attempt.state.phase));
  const again = isFree && charges.length < setting.scope.charges ? openCharge(world, setting) : [];
  return [...again, ...openRefund(world, setting)];
}

function awakeProcess(world: World): number | null {
  const process = world.processes.findIndex(({ asleep }) => !asleep);
  return process < 0 ? null : process;
}

function openCharge(world: World, setting: Setting): readonly Move[] {
  const process = awakeProcess(world);
  if (process === null) return [];
  const index = world.rows.length;
  const charge: Charge = {
    kind: 'charge',
    identity: identityOf(index, chargeMinor, world.now),
    state: setting.rules.beginCharge(world.now, setting.scope.policy),
    version: 1,
    payerCodeMasked: maskPayerCode(''),
  };
  const open = (draft: Draft, hasCode: boolean, death: Death): void => {
    draft.rows.push({ attempt: charge, holder: process, takeUpAt: null, trade: index });
    draft.trades.push(unknownTrade);
    begin(draft, setting, { process, index, copy: { attempt: charge, own: true, hasCode, callsOut: [] } }, death);
  };
  const text = () => `the cashier scans: ${processText(process)} opens charge ${index + 1}`;
  const carry = (death: Death) => {
    const draft = fork(world);
    open(draft, true, death);
    return { draft, acted: true };
  };
  const moves = [...withDeaths(world, setting, text, carry)];
  if (world.left.doubts > 0) {
    const doubtful = fork(world);
    spend(doubtful, 'doubts');
    open(doubtful, false, null);
    moves.push({
      tell: () => `${text()}, but is NOT TOLD that it was written, and goes on without the code`,
      world: doubtful,
    });
  }
  return moves;
}

function begin(
  draft: Draft,
  setting: Setting,
  sending: { process: number; index: number; copy: Copy },
  death: Death,
): void {
  const { process, index, copy } = sending;
  const act = copy.attempt.state.inFlight?.act;
  if (death !== null) crash(draft, process, death.takeUpAfterMs);
  else keep(draft, process, index, act === undefined ? copy : send(draft, setting, { ...sending, act }));
}

function openRefund(world: World, setting: Setting): readonly Move[] {
  const [minor, ...wishes] = world.wishes;
  const process = awakeProcess(world);
  const trade = world.rows.findIndex(({ attempt }) => attempt.kind === 'charge' && attempt.state.phase === 'approved');
  if (minor === undefined || process === null || trade < 0) return [];
  const given = world.rows.reduce((sum, row) => sum + refundMinor(row.attempt, trade, row.trade), 0);
  if (given + minor > chargeMinor) {
    const refused = { ...fork(world), wishes };
    return [{ tell: () => `the store asks to refund ${minor}: refused, it exceeds what was taken`, world: refused }];
  }
  const index = world.rows.length;
  const { identity, state } = itemAt(world.rows, trade).attempt;
  const refund: Refund = {
    kind: 'refund',
    identity: identityOf(index, minor, world.now),
    state: setting.rules.beginRefund(world.now, setting.scope.policy),
    version: 1,
    charge: { id: identity.id, amount: identity.amount, channelReference: state.evidence?.channelReference ?? null },
  };
  const carry = (death: Death) => {
    const draft = { ...fork(world), wishes };
    draft.rows.push({ attempt: refund, holder: process, takeUpAt: null, trade });
    draft.trades.push(unknownTrade);
    begin(
      draft,
      setting,
      { process, index, copy: { attempt: refund, own: true, hasCode: false, callsOut: [] } },
      death,
    );
    return { draft, acted: true };
  };
  const text = () => `the store asks ${processText(process)} to refund ${minor} of ${attemptText(world, trade)}`;
  return withDeaths(world, setting, text, carry);
}

// A refund counts until it is declined.
function refundMinor(attempt: Charge | Refund, trade: number, ofTrade: number): number {
  const counts = attempt.kind === 'refund' && ofTrade === trade && attempt.state.phase !== 'declined';
  return counts ? Number(attempt.identity.amount.minor) : 0;
}
