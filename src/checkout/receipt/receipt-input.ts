// What a receipt says, as plain data: the words and figures of a closed sale, of a refund, of a shift report or a cash slip. It knows
// neither basket nor document: whoever prints fills it from them, so that paper, screen and digital receipt say the same.

import type { Instant } from '#foundation/instant.ts';
import type { Money } from '#foundation/money.ts';

export type ReceiptLanguage = 'en' | 'zh';

/** A text in both languages; where one is missing the caller repeats the other. */
export type InBothLanguages = { readonly en: string; readonly zh: string };

/** Characters a line of paper holds: 48 on 80 mm paper, 32 on 58 mm. A Chinese character takes two. */
export type PaperColumns = 48 | 32;

export type ReceiptStore = {
  readonly name: InBothLanguages;
  readonly address: InBothLanguages | null;
  readonly phone: string | null;
  /** The seller's number with the tax office. */
  readonly taxNumber: string | null;
  /** IANA name, such as `Asia/Shanghai`: times are printed in it. */
  readonly timeZone: string;
  /** The last lines, such as the terms of return. */
  readonly footer: InBothLanguages | null;
  /** The store takes test money (a sandbox): every slip says so. */
  readonly takesTestMoney: boolean;
};

/** A discount or surcharge as it is told; `amount` is negative when it lowers the price. */
export type ReceiptAdjustment = { readonly label: InBothLanguages; readonly amount: Money };

export type ReceiptLine = {
  readonly name: InBothLanguages;
  /** Whole thousandths: a piece is 1000, 345 g of a kilogram 345; negative when it comes back. */
  readonly quantityThousandths: number;
  /** What is measured, such as `kg`; null for pieces. */
  readonly unit: InBothLanguages | null;
  /** Price of one piece or unit. */
  readonly listPrice: Money;
  /** List price × quantity, before adjustments; negative when the line comes back. */
  readonly listTotal: Money;
  readonly adjustments: readonly ReceiptAdjustment[];
  /** The letter by which the tax table names the line's class; null prints none. */
  readonly taxMark: string | null;
  readonly note: string | null;
};

export type ReceiptTax = {
  readonly mark: string | null;
  readonly name: InBothLanguages;
  readonly rateBps: number;
  /** The prices hold the tax already. */
  readonly isIncluded: boolean;
  readonly base: Money;
  readonly tax: Money;
};

/** What proves the payment to both sides: never more of the payer than the channel itself masks. */
export type AlipayEvidence = {
  /** As Alipay masks it, such as `138****6789`; null when it did not tell. */
  readonly maskedAccount: string | null;
  readonly tradeNumber: string;
};

/** A part of the payment. A negative amount was given back. */
export type ReceiptTender = { readonly amount: Money } & (
  | {
      readonly kind: 'alipay';
      readonly evidence: AlipayEvidence | null;
      /** A refund that Alipay has not confirmed yet: it comes by itself. */
      readonly isOnItsWay: boolean;
    }
  /** `amount` is what was handed over; what went back is the receipt's change. */
  | { readonly kind: 'cash' }
  | { readonly kind: 'stored-value'; readonly cardEnding: string; readonly balanceAfter: Money | null }
  | { readonly kind: 'external-card'; readonly reference: string | null }
  /** The worth of goods that came back in the same visit. */
  | { readonly kind: 'exchange-credit' }
);

/** A slip that repeats another: which repeat it is (from 1), and when. */
export type Reprint = { readonly number: number; readonly at: Instant };

export type ReceiptInput = {
  readonly kind: 'sale' | 'refund' | 'exchange';
  readonly language: ReceiptLanguage;
  readonly store: ReceiptStore;
  readonly till: string;
  readonly cashier: string;
  readonly receiptNumber: string;
  /** The receipt whose goods come back; null without one. */
  readonly originalReceiptNumber: string | null;
  readonly at: Instant;
  readonly lines: readonly ReceiptLine[];
  /** After line adjustments, before those of the basket. */
  readonly subtotal: Money;
  readonly basketAdjustments: readonly ReceiptAdjustment[];
  readonly taxes: readonly ReceiptTax[];
  /** What is due with tax; negative when money goes back. */
  readonly total: Money;
  /** Added to the cash part where small coins are missing; null when nothing was rounded. */
  readonly cashRounding: Money | null;
  readonly tenders: readonly ReceiptTender[];
  readonly change: Money | null;
  /** What the customer saved against list prices; null or zero prints nothing. */
  readonly savings: Money | null;
  readonly note: string | null;
  /** Link to the digital receipt, printed as a QR code. */
  readonly link: string | null;
  readonly reprint: Reprint | null;
};

export type ReportRow = { readonly label: InBothLanguages; readonly count: number | null; readonly amount: Money };

/** An X report (so far, any time) or a Z report (once, at close, numbered). */
export type ShiftReportInput = {
  readonly kind: 'x' | 'z';
  /** The Z report's number; null on an X report. */
  readonly number: number | null;
  readonly language: ReceiptLanguage;
  readonly store: ReceiptStore;
  readonly till: string;
  readonly cashier: string;
  readonly openedAt: Instant;
  readonly closedAt: Instant | null;
  readonly printedAt: Instant;
  readonly sales: { readonly count: number; readonly amount: Money };
  readonly refunds: { readonly count: number; readonly amount: Money };
  readonly discounts: Money;
  readonly net: Money;
  readonly byTender: readonly ReportRow[];
  readonly byTax: readonly ReceiptTax[];
  readonly byDepartment: readonly ReportRow[];
  readonly byCashier: readonly ReportRow[];
  readonly cash: {
    readonly float: Money;
    readonly taken: Money;
    readonly givenBack: Money;
    readonly paidIn: Money;
    readonly paidOut: Money;
    readonly expected: Money;
    /** Null until it was counted; the difference is counted − expected. */
    readonly counted: Money | null;
    readonly difference: Money | null;
  };
  /** Results that came after an earlier shift had closed, told in this one. */
  readonly corrections: readonly ReportRow[];
  readonly reprint: Reprint | null;
};

/** Cash that went into the drawer or out of it beside any sale. */
export type CashSlipInput = {
  readonly kind: 'cash-in' | 'cash-out';
  readonly language: ReceiptLanguage;
  readonly store: ReceiptStore;
  readonly till: string;
  readonly cashier: string;
  /** The person who allowed it; null when the cashier may. */
  readonly allowedBy: string | null;
  readonly slipNumber: string;
  readonly at: Instant;
  readonly amount: Money;
  readonly reason: string;
  readonly reprint: Reprint | null;
};
