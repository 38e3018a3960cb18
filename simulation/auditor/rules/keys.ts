// same-answer: a key names one act of a till. Its repeat does nothing twice and is told the same thing, and the same key with other
// contents is refused; otherwise a retry after a lost answer would charge again.

import type { Instant } from '#foundation/instant.ts';
import { unreachable } from '#foundation/result.ts';
import type { TillReply, TillRequest } from '../../shop/store-line.ts';
import type { Hearing } from '../hearing.ts';

type Keyed = Extract<TillRequest, { readonly key: string }>;

/** What a key was first told to have made, and from what. The contents may hold a payer code: they are compared and never shown. */
type Act = { readonly contents: string; readonly made: string; readonly since: Instant };

export class KnownKeys {
  readonly #acts = new Map<string, Act>();

  /** Compares an answer with what the same till was told under the same key before. */
  judge(hearing: Hearing, sale: number, told: ToldKey): void {
    const { till, request, reply, askedAt } = told;
    if (request.kind === 'look-at-payment' || request.kind === 'look-at-sale' || request.kind === 'abandon') return;
    const place = `${till} ${request.kind} ${request.key}`;
    const known = this.#acts.get(place);
    const contents = contentsOf(request);
    const made = madeBy(reply);
    if (known === undefined) {
      if (made !== null) this.#acts.set(place, { contents, made, since: hearing.at });
      return;
    }
    const fail = (detail: string): void => hearing.breach('same-answer', sale, `key ${request.key}: ${detail}`);
    if (made !== null && known.contents !== contents) fail(`made ${known.made}, then ${made} from other contents`);
    else if (made !== null && known.made !== made) fail(`made ${known.made}, then ${made}`);
    else if (known.contents === contents && reply.kind === 'refused' && reply.problem !== 'busy') {
      // What was asked before the key was known to have made something may have been refused before it did.
      if (askedAt > known.since) fail(`made ${known.made}, then was refused as ${reply.problem}`);
    }
  }
}

type ToldKey = {
  readonly till: number;
  readonly request: TillRequest;
  readonly reply: TillReply;
  readonly askedAt: Instant;
};

function contentsOf(request: Keyed): string {
  switch (request.kind) {
    case 'open-sale':
      return `${request.amountMinor}`;
    case 'pay':
      return `${request.saleId} ${request.payerCode}`;
    case 'refund':
      return `${request.paymentId} ${request.amountMinor}`;
    default:
      return unreachable(request);
  }
}

function madeBy(reply: TillReply): string | null {
  switch (reply.kind) {
    case 'sale':
      return reply.sale.saleId;
    case 'payment':
      return reply.payment.paymentId;
    case 'refund':
      return reply.refund.refundId;
    case 'refused':
    case 'no-answer':
      return null;
    default:
      return unreachable(reply);
  }
}
