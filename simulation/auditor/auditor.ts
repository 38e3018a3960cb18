// The auditor: a second, independent mind that says whether money is right. It hears everything that happens in a world and judges each
// thing at once against what it knows; at the end it reads the journal, the outbox and Alipay's books and judges them all again. It
// takes nothing from the code it judges but types: it knows books and words, and nothing of how they came about.
//
//   what is heard                    judged by
//   written (journal)                rules/approval, rules/words, rules/refunds
//   booked (Alipay)                  rules/approval, rules/refunds
//   told (till)                      rules/words, rules/refunds, rules/keys
//   the end of the world             rules/endings, rules/books

import type { Instant } from '#foundation/instant.ts';
import type { Attempt } from '#payment/index.ts';
import type { SandboxEvent } from '#sandbox/index.ts';
import type { Happening, SaleNumber, Witness, Witnessed } from '../shop/happening.ts';
import type { PaymentTold, RefundTold, SaleTold } from '../shop/store-line.ts';
import type { Hearing, Limits } from './hearing.ts';
import { Model, type TradeRecord } from './model.ts';
import {
  approvedOnce,
  beginsAlone,
  chargeIsItsSale,
  endingIsProven,
  evidenceIsBooked,
  heldOnce,
  tradeIsKnown,
} from './rules/approval.ts';
import {
  accountsBalance,
  factsTellEveryMove,
  merchantHasWhatIsWritten,
  tradesAreAsBooked,
  walletsHaveTheRest,
} from './rules/books.ts';
import {
  closeWorld,
  endsOnce,
  keepsNothing,
  keptOnce,
  refundsAgree,
  tradesAreOurs,
  wordsStillStand,
} from './rules/endings.ts';
import { KnownKeys } from './rules/keys.ts';
import { isAskedInMeasure } from './rules/measure.ts';
import { backIsOwed, refundIsBooked, refundIsCovered, refundIsToldTruly, undoingIsOwed } from './rules/refunds.ts';
import {
  finalWordIn,
  paidIsBooked,
  paymentIsToldTruly,
  saleIsToldTruly,
  toldWordStands,
  wordIsToldInTime,
  wordIsWrittenInTime,
  writtenWordStands,
} from './rules/words.ts';
import { Findings, type RuleName, type Violation } from './violation.ts';
import type { WorldEnd } from './world-end.ts';

export type AuditorRules = { readonly finalWordMs: number } & Partial<Limits>;

type Told = Extract<Happening, { type: 'till-told' }>;

export class Auditor implements Witness {
  readonly #limits: Limits;
  readonly #model = new Model();
  readonly #keys = new KnownKeys();
  readonly #findings = new Findings();

  constructor(rules: AuditorRules) {
    this.#limits = { isServerTrouble: isTroubleOfServers, ...rules };
  }

  /** The first breach of each rule in each sale, in the order in which they were seen. */
  get violations(): readonly Violation[] {
    return this.#findings.list;
  }

  hear({ at, happening }: Witnessed): void {
    if (this.#limits.isServerTrouble(happening)) this.#model.troubleAt = at;
    switch (happening.type) {
      case 'sale-written':
        this.#model.sale(happening.saleId, happening.sale).amountMinor = happening.amountMinor;
        return;
      case 'message':
        this.#hearMessage(happening);
        return;
      case 'written':
        this.#hearWritten(happening.attempt, happening.sale, at);
        return;
      case 'booked':
        this.#hearBooked(happening.event, happening.sale, at);
        return;
      case 'till-told':
        this.#hearTold(happening, at);
        return;
      // no-defect: a server answers "busy" to a defect of its own and tries again, and so would hide it for ever.
      case 'defect':
        this.#hearing(at, null).breach('no-defect', null, `${happening.server}: ${happening.what}`);
        return;
      case 'came-to-rest':
        this.#hearRest(happening.isAtRest, happening.stuck, at);
        return;
      default:
        return;
    }
  }

  /** Judges the world once more from what its keepers hold at the end; answers every breach, old and new. */
  conclude(end: WorldEnd): readonly Violation[] {
    const closing = closeWorld(this.#model, this.#hearing(end.at, null).breach, end);
    for (const sale of closing.sales) {
      endsOnce(closing, sale);
      keptOnce(closing, sale);
      refundsAgree(closing, sale);
      for (const charge of sale.charges) keepsNothing(closing, charge);
    }
    wordsStillStand(closing);
    tradesAreOurs(closing);
    accountsBalance(closing);
    merchantHasWhatIsWritten(closing);
    walletsHaveTheRest(closing);
    tradesAreAsBooked(closing);
    factsTellEveryMove(closing);
    return this.violations;
  }

  #hearMessage({ sale, to, what, fate }: Extract<Happening, { type: 'message' }>): void {
    if (sale === null) return;
    if (to !== 'Alipay') return;
    if (fate === 'doubled' && what.startsWith('pay ')) this.#model.doubled.add(sale);
    const ordinal = /^query of charge (\d+) /.exec(what)?.[1];
    if (ordinal !== undefined) this.#model.learnQuery(sale, Number(ordinal));
  }

  #hearWritten(attempt: Attempt, sale: SaleNumber, at: Instant): void {
    const hearing = this.#hearing(at, sale);
    if (attempt.kind === 'refund') {
      const known = this.#model.refunds.get(attempt.identity.id);
      if (known === undefined) refundIsCovered(hearing, attempt);
      refundIsBooked(hearing, attempt, known);
      this.#model.learnRefund(attempt, sale);
      return;
    }
    const known = this.#model.charges.get(attempt.identity.id);
    chargeIsItsSale(hearing, attempt, known);
    evidenceIsBooked(hearing, attempt, known);
    beginsAlone(hearing, attempt, known);
    approvedOnce(hearing, attempt);
    endingIsProven(hearing, attempt, known);
    writtenWordStands(hearing, attempt, known);
    wordIsWrittenInTime(hearing, attempt, known);
    isAskedInMeasure(hearing, attempt, known);
    this.#model.learnCharge(attempt, sale, at);
  }

  #hearBooked(event: SandboxEvent, sale: SaleNumber | null, at: Instant): void {
    const hearing = this.#hearing(at, sale);
    switch (event.type) {
      case 'trade-opened': {
        const { tradeNo, outTradeNo: number, amount } = event.trade;
        tradeIsKnown(hearing, { tradeNo, number, amount });
        break;
      }
      case 'trade-paid':
        this.#withTrade(hearing, event.tradeNo, (trade) => heldOnce(hearing, trade));
        break;
      case 'trade-closed':
        if (event.because === 'cancelled' || event.because === 'closed-by-merchant')
          this.#withTrade(hearing, event.tradeNo, (trade) => undoingIsOwed(hearing, trade, event.because));
        break;
      case 'trade-refunded': {
        const { requestNo, amount } = event.refund;
        const back = { requestNo, minor: amount.minor };
        this.#withTrade(hearing, event.tradeNo, (trade) => backIsOwed(hearing, trade, back));
        break;
      }
      default:
        break;
    }
    this.#model.learnBooking(event, at);
  }

  #withTrade({ named, breach }: Hearing, tradeNo: string, judge: (trade: TradeRecord) => void): void {
    const trade = this.#model.trades.get(tradeNo);
    if (trade === undefined) breach('known-trades', named, `Alipay booked on ${tradeNo}, which it never opened`);
    else judge(trade);
  }

  #hearTold(told: Told, at: Instant): void {
    const hearing = this.#hearing(at, told.sale);
    const { reply, askedAt } = told;
    this.#keys.judge(hearing, told.sale, told);
    if (reply.kind === 'payment') this.#judgePayment(hearing, reply.payment, askedAt);
    if (reply.kind === 'refund') this.#judgeRefund(hearing, reply.refund, askedAt);
    if (reply.kind === 'sale') this.#judgeSale(hearing, reply.sale, askedAt);
  }

  #judgePayment(hearing: Hearing, told: PaymentTold, askedAt: Instant): void {
    const charge = this.#model.charges.get(told.paymentId);
    if (charge === undefined) {
      hearing.breach('told-truth', hearing.named, `told of ${told.paymentId}, which nobody had written`);
      return;
    }
    const asked = { told, askedAt };
    paidIsBooked(hearing, asked, charge);
    toldWordStands(hearing, asked, charge);
    wordIsToldInTime(hearing, asked, charge);
    paymentIsToldTruly(hearing, asked, charge);
    const word = finalWordIn(told);
    if (word === null || charge.told !== null) return;
    charge.told = { word, at: hearing.at };
    if (word === 'paid') charge.sale.paidToldAt ??= hearing.at;
  }

  #judgeRefund(hearing: Hearing, told: RefundTold, askedAt: Instant): void {
    refundIsToldTruly(hearing, told, askedAt);
    const refund = this.#model.refunds.get(told.refundId);
    if (refund !== undefined && told.status !== 'processing') refund.told ??= { status: told.status, at: hearing.at };
  }

  #judgeSale(hearing: Hearing, told: SaleTold, askedAt: Instant): void {
    saleIsToldTruly(hearing, told, askedAt);
    for (const payment of told.payments) this.#judgePayment(hearing, payment, askedAt);
    for (const refund of told.refunds) this.#judgeRefund(hearing, refund, askedAt);
  }

  // nothing-stuck: once nothing goes wrong any more, everything ends within a bound of time, and nobody has to look after it.
  #hearRest(isAtRest: boolean, stuck: readonly string[], at: Instant): void {
    if (!isAtRest) this.#hearing(at, null).breach('nothing-stuck', null, `not at rest: ${stuck.join('; ')}`);
  }

  #hearing(at: Instant, named: SaleNumber | null): Hearing {
    const breach = (rule: RuleName, sale: SaleNumber | null, detail: string): void =>
      this.#findings.note({ rule, sale, at, detail });
    return { model: this.#model, limits: this.#limits, at, named, breach };
  }
}

// What strikes a server or its road to the journal, by the kind that leads a fate's key. A kind that is missing here makes the auditor
// stricter, so that it is noticed.
const serverFates = /^(crash|pause|clock jump|journal gone|unanswered|fails|slow|stalled)/;

function isTroubleOfServers(happening: Happening): boolean {
  return happening.type === 'struck' ? serverFates.test(happening.key) : happening.type.startsWith('server-');
}
