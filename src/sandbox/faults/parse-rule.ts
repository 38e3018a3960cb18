// Reads a fault rule from JSON and says clearly what is wrong with one that cannot work, down to a rule that could never fire.

import { parseMoney } from '#foundation/money.ts';
import { protocols } from '../engine/trade.ts';
import { FieldProblem, Fields } from '../field-reader.ts';
import {
  type FaultEffect,
  type FaultKind,
  type FaultMatch,
  type FaultMethod,
  faultMethods,
  methodsOf,
} from './rule.ts';

const waitMsMax = 3_600_000;
const kinds = Object.keys(methodsOf) as readonly FaultKind[];

/** Throws a FieldProblem that names the field and what it allows. */
export function parseFaultRule(body: unknown): { readonly match: FaultMatch; readonly effect: FaultEffect } {
  const fields = new Fields(body);
  fields.only(['match', 'effect']);
  const raw = fields.raw('effect');
  if (raw === undefined) throw fields.problem('effect', `is required: {"kind": …}, one of ${kinds.join(', ')}`);
  // "effect": "answer-cut" is short for "effect": {"kind": "answer-cut"}.
  const effect = parseEffect(new Fields(typeof raw === 'string' ? { kind: raw } : raw, 'effect'));
  const match = parseMatch(fields.optionalObject('match') ?? new Fields({}, 'match'));
  const allowed = methodsOf[effect.kind];
  if (match.method !== undefined && !allowed.includes(match.method))
    throw new FieldProblem('match.method', `with effect ${effect.kind} must be one of ${allowed.join(', ')}`);
  return { match: match.method === undefined && allowed.length === 1 ? { ...match, ...only(allowed) } : match, effect };
}

function only(methods: readonly FaultMethod[]): { method?: FaultMethod } {
  const [method] = methods;
  return method === undefined ? {} : { method };
}

function parseMatch(fields: Fields): FaultMatch {
  const known = ['protocol', 'method', 'walletId', 'amount', 'outTradeNo', 'nth', 'times', 'probability', 'seed'];
  fields.only(known);
  const amount = fields.optionalText('amount', { max: 20 });
  if (amount !== undefined && !parseMoney('CNY', amount).ok)
    throw fields.problem('amount', 'must be decimal text with at most two decimals, "12.30"');
  return defined({
    protocol: fields.optionalOneOf('protocol', protocols),
    method: fields.optionalOneOf('method', faultMethods),
    walletId: fields.optionalText('walletId', { max: 64 }),
    amount,
    outTradeNo: fields.optionalText('outTradeNo', { max: 64 }),
    nth: fields.optionalWholes('nth', 1, 1_000_000_000),
    times: fields.optionalWhole('times', 1, 1_000_000_000),
    probability: fields.optionalFraction('probability'),
    seed: fields.optionalWhole('seed', 0, 2 ** 32 - 1),
  });
}

type Match = { [Name in keyof Required<FaultMatch>]: FaultMatch[Name] | undefined };

function defined(match: Match): FaultMatch {
  return Object.fromEntries(Object.entries(match).filter(([, value]) => value !== undefined));
}

function parseEffect(fields: Fields): FaultEffect {
  const kind = fields.oneOf('kind', kinds);
  const options = (...names: readonly string[]): void => fields.only(['kind', ...names]);
  const booked = (otherwise: boolean): boolean => fields.optionalFlag('booked') ?? otherwise;
  switch (kind) {
    case 'answer-lost':
    case 'unknown':
    case 'system-error':
    case 'cancel-retry':
      options('booked');
      return { kind, booked: booked(kind === 'answer-lost') };
    case 'delay':
      options('ms', 'moment');
      return {
        kind,
        ms: fields.whole('ms', 0, waitMsMax),
        moment: fields.optionalOneOf('moment', ['before-booking', 'after-booking']) ?? 'after-booking',
      };
    case 'http-error': {
      options('status', 'booked');
      const status = fields.optionalWhole('status', 400, 599) ?? 502;
      return { kind, status, booked: booked(false) };
    }
    case 'buyer-asked':
      options('answer', 'afterMs');
      return {
        kind,
        answer: fields.optionalOneOf('answer', ['confirm', 'refuse', 'never']) ?? 'never',
        afterMs: fields.optionalWhole('afterMs', 0, waitMsMax) ?? 3_000,
      };
    case 'notice-lost':
      options('forGood');
      return { kind, forGood: fields.optionalFlag('forGood') ?? false };
    case 'notice-delayed':
      options('ms');
      return { kind, ms: fields.whole('ms', 0, waitMsMax) };
    case 'notice-reordered':
      options('heldMsMax');
      return { kind, heldMsMax: fields.optionalWhole('heldMsMax', 1, waitMsMax) ?? 60_000 };
    case 'answer-cut':
    case 'answer-garbled':
    case 'answer-unsigned':
    case 'answer-wrongly-signed':
    case 'notice-doubled':
    case 'notice-wrongly-signed':
      options();
      return { kind };
  }
}
