// What the server thinks of an entry. It has it and keeps it, whatever it says; the question is only whether it may be built upon. A
// document is reckoned again, what it says of Alipay is looked up among the attempts of the journal, and what was closed before
// is not closed twice. The till alone is never believed that money moved.
//
// `awaiting` is a question that answers itself: a payment that is not approved yet, a refund that is under way, a return whose
// sale another till has not sent. It is judged again until it is `good` or `questioned`.

import type { DeviceId, MerchantId, SaleId, StoreId } from '#foundation/id.ts';
import { add, type Currency, type Money, money, sameMoney } from '#foundation/money.ts';
import { unreachable } from '#foundation/result.ts';
import type { Attempt, Charge } from '#payment/index.ts';
import { firstDifference } from '../canonical-text.ts';
import type { ReturnDocument } from '../return.ts';
import { checkReturn } from '../return-document.ts';
import { checkDocument, type SaleDocument } from '../sale-document.ts';
import type { ShiftReport } from '../shift.ts';
import { checkShiftReport } from '../shift-report-reader.ts';
import { sumMoney } from '../sum-money.ts';
import type { AlipayTender } from '../tender.ts';
import type { EntryContent } from './entry-body.ts';

/** Who wrote an entry: known by its key, not by what it says. */
export type Till = { readonly merchantId: MerchantId; readonly storeId: StoreId; readonly deviceId: DeviceId };

/** `repeated`: an earlier entry says the same, byte for byte, and is the one that counts. */
export const entryStandings = ['good', 'awaiting', 'questioned', 'repeated'] as const;
export type EntryStanding = (typeof entryStandings)[number];

/** `question`: the first thing that is not as it should be, in words; `null` when nothing is. */
export type Judgement = { readonly standing: EntryStanding; readonly question: string | null };

export type VisitSum = { readonly count: number; readonly amount: Money };

/** What the journal knows that an entry must agree with. What a kind of entry does not need is left as in `noEvidence`. */
export type Evidence = {
  /** The entry that closed this visit, or this shift, before. */
  readonly closedBy: { readonly chainId: string; readonly number: number; readonly body: string } | null;
  /** Every attempt of the sale; for a return, of the sale that the goods were bought in. */
  readonly attempts: readonly Attempt[];
  /** The sale that a return refers to. */
  readonly sale: SaleDocument | null;
  /** What came back of that sale before and is not in question. */
  readonly earlier: readonly ReturnDocument[];
  /** What the shift's documents come to, for its report. */
  readonly visits: { readonly taken: VisitSum; readonly givenBack: VisitSum } | null;
};

export const noEvidence: Evidence = { closedBy: null, attempts: [], sale: null, earlier: [], visits: null };

const good: Judgement = { standing: 'good', question: null };

function questioned(question: string): Judgement {
  return { standing: 'questioned', question };
}

function awaiting(question: string): Judgement {
  return { standing: 'awaiting', question };
}

/** What an entry is whose body could not be read; of many reasons the first few. */
export function judgeUnreadable(problems: readonly string[]): Judgement {
  return questioned(problems.slice(0, 3).join('; '));
}

/** Judges what an entry tells. Never throws: an entry that breaks our own reckoning is in question, and stops no other. */
export function judgeEntry(till: Till, content: EntryContent, body: string, evidence: Evidence): Judgement {
  const { closedBy } = evidence;
  if (closedBy !== null) {
    if (closedBy.body === body) return { standing: 'repeated', question: null };
    return questioned(
      `entry ${closedBy.number} of chain ${closedBy.chainId} has closed it already, and says otherwise`,
    );
  }
  try {
    return judgeContent(till, content, evidence);
  } catch {
    return questioned('it cannot be reckoned');
  }
}

function judgeContent(till: Till, content: EntryContent, evidence: Evidence): Judgement {
  switch (content.kind) {
    case 'sale':
      return judgeSale(till, content.body.document, evidence);
    case 'return':
      return judgeReturn(till, content.body.document, evidence);
    case 'shift-report':
      return judgeReport(till, content.body, evidence);
    case 'shift-opened':
      return judged(strangerIn(till, content.body));
    case 'storage-started':
    case 'cash-movement':
    case 'cash-counted':
    case 'basket-voided':
    case 'drawer-opened':
    case 'note':
      return good;
    default:
      return unreachable(content);
  }
}

function judged(question: string | null): Judgement {
  return question === null ? good : questioned(question);
}

/** Names what says that another till wrote it. */
function strangerIn(till: Till, named: Partial<Till>): string | null {
  for (const field of ['merchantId', 'storeId', 'deviceId'] as const) {
    const value = named[field];
    if (value !== undefined && value !== till[field]) return `${field} is ${value}, but the till is of ${till[field]}`;
  }
  return null;
}

function judgeSale(till: Till, document: SaleDocument, { attempts }: Evidence): Judgement {
  const question = strangerIn(till, document) ?? checkDocument(document);
  if (question !== null) return questioned(question);
  const paid = document.tenders.flatMap((tender, index) =>
    tender.kind === 'alipay' ? [judgePayment(tender, `tenders[${index}]`, attempts)] : [],
  );
  return worstOf(paid);
}

function judgePayment(tender: AlipayTender, where: string, attempts: readonly Attempt[]): Judgement {
  const { paymentIntentId, amount, evidence } = tender;
  const charge = attempts.find(
    (attempt): attempt is Charge =>
      attempt.kind === 'charge' && attempt.identity.intentId === paymentIntentId && attempt.state.phase === 'approved',
  );
  if (charge === undefined) return awaiting(`${where}: payment ${paymentIntentId} of this sale is not approved`);
  const approved = charge.identity.amount;
  if (!sameMoney(approved, amount)) return judged(firstDifference(amount, approved, `${where}.amount`));
  const reference = charge.state.evidence?.channelReference;
  if (reference === undefined || evidence === null) return good;
  return judged(firstDifference(evidence.tradeNumber, reference, `${where}.evidence.tradeNumber`));
}

function worstOf(judgements: readonly Judgement[]): Judgement {
  return (
    judgements.find(({ standing }) => standing === 'questioned') ??
    judgements.find(({ standing }) => standing === 'awaiting') ??
    good
  );
}

function judgeReturn(till: Till, document: ReturnDocument, { sale, earlier, attempts }: Evidence): Judgement {
  const stranger = strangerIn(till, document);
  if (stranger !== null) return questioned(stranger);
  if (document.ofSaleId !== null && sale === null) return awaiting(`sale ${document.ofSaleId} is not here yet`);
  const question = checkReturn(document, sale, earlier);
  if (question !== null) return questioned(question);
  const intents = new Set(document.refunds.flatMap((part) => part.paymentIntentId ?? []));
  const returns = [...earlier, document];
  return worstOf([...intents].map((intent) => judgeRefunds(intent, returns, document.total.currency, attempts)));
}

// All that returns have promised of one payment must have been given back by it.
function judgeRefunds(
  intent: AlipayTender['paymentIntentId'],
  returns: readonly ReturnDocument[],
  currency: Currency,
  attempts: readonly Attempt[],
): Judgement {
  const parts = returns.flatMap(({ refunds }) => refunds.filter((part) => part.paymentIntentId === intent));
  const promised = sumMoney(
    currency,
    parts.map((part) => part.amount),
  );
  const given = attempts
    .filter((attempt) => attempt.kind === 'refund' && attempt.state.phase === 'refunded')
    .filter(({ identity }) => identity.intentId === intent && identity.amount.currency === currency)
    .reduce((sum, { identity }) => add(sum, identity.amount), money(currency, 0n));
  if (given.minor >= promised.minor) return good;
  return awaiting(`payment ${intent} has given back ${given.minor} of ${promised.minor} minor units`);
}

function judgeReport(till: Till, report: ShiftReport, { visits }: Evidence): Judgement {
  if (report.kind !== 'Z') return questioned('kind is "X", but only a Z report closes a shift');
  const { storeId, deviceId } = report;
  const question = strangerIn(till, { storeId, deviceId }) ?? checkShiftReport(report);
  if (question !== null || visits === null) return judged(question);
  return judged(
    firstDifference(report.tally.total.taken, visits.taken, 'tally.total.taken') ??
      firstDifference(report.tally.total.givenBack, visits.givenBack, 'tally.total.givenBack'),
  );
}

/** What the journal must look up before an entry can be judged. */
export function attemptsOfInterest(content: EntryContent): SaleId | null {
  if (content.kind === 'sale') {
    const { tenders, saleId } = content.body.document;
    return tenders.some(({ kind }) => kind === 'alipay') ? saleId : null;
  }
  if (content.kind !== 'return') return null;
  const { refunds, ofSaleId } = content.body.document;
  return refunds.some(({ paymentIntentId }) => paymentIntentId !== null) ? ofSaleId : null;
}
