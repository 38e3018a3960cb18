// Who may do what at the till, as data. An act needs a role at least, and what it is worth must be within that role's limits. Where
// somebody's role is not enough another may allow it, and that is written down: who, what, why, when.

import type { Instant } from '#foundation/instant.ts';
import type { Money } from '#foundation/money.ts';
import { failure, type Result, success } from '#foundation/result.ts';
import type { DiscountLimit } from './adjustment.ts';
import { isReason } from './well-formed.ts';

/** From the least to the most. */
export const roles = ['cashier', 'supervisor', 'manager'] as const;
export type Role = (typeof roles)[number];

export const acts = [
  'sell',
  'hold-basket',
  'check-age',
  'remove-line',
  'void-basket',
  'discount-line',
  'discount-basket',
  'return-with-receipt',
  'return-without-receipt',
  'exchange',
  'reprint-receipt',
  'open-drawer',
  'open-shift',
  'count-shift',
  'close-shift',
  'cash-in',
  'cash-out',
  'see-shift-report',
  'see-custody',
] as const;
export type Act = (typeof acts)[number];

/** How far a role goes. `null` is no limit. */
export type RoleLimits = {
  readonly discount: DiscountLimit;
  /** Amounts in minor units of the store's currency, by act; an act that is not named has no limit. */
  readonly worthMinorMax: Partial<Readonly<Record<Act, bigint>>>;
};

export type Permissions = {
  readonly leastRole: Readonly<Record<Act, Role>>;
  readonly limits: Readonly<Record<Role, RoleLimits>>;
};

export type Staff = { readonly personId: string; readonly role: Role };

/** What a store starts with; each figure is for its manager to change. */
export const usualPermissions: Permissions = {
  leastRole: {
    sell: 'cashier',
    'hold-basket': 'cashier',
    'check-age': 'cashier',
    'remove-line': 'cashier',
    'void-basket': 'cashier',
    'discount-line': 'cashier',
    'discount-basket': 'supervisor',
    'return-with-receipt': 'cashier',
    'return-without-receipt': 'supervisor',
    exchange: 'cashier',
    'reprint-receipt': 'cashier',
    'open-drawer': 'supervisor',
    'open-shift': 'cashier',
    'count-shift': 'cashier',
    'close-shift': 'cashier',
    'cash-in': 'cashier',
    'cash-out': 'supervisor',
    'see-shift-report': 'supervisor',
    'see-custody': 'manager',
  },
  limits: {
    cashier: {
      discount: { rateBpsMax: 500, amountMax: null },
      worthMinorMax: { 'void-basket': 50_000n, 'return-with-receipt': 50_000n },
    },
    supervisor: {
      discount: { rateBpsMax: 3_000, amountMax: null },
      worthMinorMax: { 'return-without-receipt': 50_000n, 'cash-out': 500_000n },
    },
    manager: { discount: { rateBpsMax: 10_000, amountMax: null }, worthMinorMax: {} },
  },
};

/** `needs`: the least role that may, or `null` when nobody may. */
export type Verdict = { readonly isAllowed: true } | { readonly isAllowed: false; readonly needs: Role | null };

/** Whether a role may do an act that is worth so much; `null` for an act that is worth nothing in money. */
export function allowed(role: Role, act: Act, permissions: Permissions, worth: Money | null = null): Verdict {
  if (mayDo(role, act, permissions, worth)) return { isAllowed: true };
  return { isAllowed: false, needs: roles.find((other) => mayDo(other, act, permissions, worth)) ?? null };
}

function mayDo(role: Role, act: Act, { leastRole, limits }: Permissions, worth: Money | null): boolean {
  if (roles.indexOf(role) < roles.indexOf(leastRole[act])) return false;
  const minorMax = limits[role].worthMinorMax[act];
  return minorMax === undefined || worth === null || worth.minor <= minorMax;
}

/** How far a role's discounts may go. */
export function discountLimitOf(role: Role, permissions: Permissions): DiscountLimit {
  return permissions.limits[role].discount;
}

/** Somebody with more rights allowed one act of somebody else. */
export type Override = {
  readonly act: Act;
  readonly worth: Money | null;
  readonly reason: string;
  readonly askedBy: string;
  readonly allowedBy: string;
  readonly allowedAs: Role;
  readonly at: Instant;
};

export type OverrideRefusal = 'reason-missing' | 'own-override' | 'not-theirs-to-allow';

/** The record of a supervisor's word, or why it does not count: nobody overrules the rules for themselves. */
export function overrideBy(
  supervisor: Staff,
  asked: Pick<Override, 'act' | 'worth' | 'reason' | 'askedBy' | 'at'>,
  permissions: Permissions,
): Result<Override, OverrideRefusal> {
  if (!isReason(asked.reason)) return failure('reason-missing');
  if (asked.askedBy === supervisor.personId) return failure('own-override');
  if (!mayDo(supervisor.role, asked.act, permissions, asked.worth)) return failure('not-theirs-to-allow');
  return success({ ...asked, allowedBy: supervisor.personId, allowedAs: supervisor.role });
}

/** Whether somebody may do an act by their own role, or by an override that was given to them for it and for as much. */
export function isPermitted(
  staff: Staff,
  act: Act,
  permissions: Permissions,
  worth: Money | null,
  override: Override | null,
): boolean {
  if (mayDo(staff.role, act, permissions, worth)) return true;
  if (override === null || override.act !== act || override.askedBy !== staff.personId) return false;
  if (override.allowedBy === staff.personId || !mayDo(override.allowedAs, act, permissions, worth)) return false;
  if (worth === null) return true;
  return override.worth !== null && override.worth.currency === worth.currency && worth.minor <= override.worth.minor;
}
