// What can be seen of a world, one by one in the order in which it happens. The trace is made of it, the auditor hears it, and a
// story is told from it. It holds facts only: what was sent, lost, written, booked and told, never what was meant.

import type { PaymentAttemptId, SaleId } from '#foundation/id.ts';
import type { Instant } from '#foundation/instant.ts';
import type { Attempt } from '#payment/index.ts';
import type { SandboxEvent } from '#sandbox/index.ts';
import type { TillReply, TillRequest } from './store-line.ts';

/** The sale's number in the workload's plan, from 0; the same in every run of the seed. */
export type SaleNumber = number;

export type Happening =
  /** A till sent a request to the store's servers, about one sale. */
  | { readonly type: 'till-asked'; readonly sale: SaleNumber; readonly till: number; readonly request: TillRequest }
  /** What the till got back for it; `no-answer` when it gave up waiting. */
  | {
      readonly type: 'till-told';
      readonly sale: SaleNumber;
      readonly till: number;
      readonly request: TillRequest;
      readonly reply: TillReply;
      readonly askedAt: Instant;
    }
  /** The cashier read a code: the moment from which a deadline may be counted by a person. */
  | { readonly type: 'code-scanned'; readonly sale: SaleNumber; readonly till: number; readonly walletId: string }
  /** The till stops following a payment although it has no final word: closed, walked away, or taken over by another till. */
  | {
      readonly type: 'till-left';
      readonly sale: SaleNumber;
      readonly till: number;
      readonly paymentId: PaymentAttemptId | null;
    }
  /** A cashier or a payer did something worth a line in a story. */
  | { readonly type: 'person-did'; readonly sale: SaleNumber; readonly who: string; readonly what: string }
  /** The journal holds this from now on: every write of every attempt, also one whose writer was never told. */
  | { readonly type: 'written'; readonly sale: SaleNumber; readonly by: string; readonly attempt: Attempt }
  /** The journal holds this sale from now on. */
  | { readonly type: 'sale-written'; readonly sale: SaleNumber; readonly saleId: SaleId; readonly amountMinor: bigint }
  /** Alipay's side recorded this in its books. */
  | { readonly type: 'booked'; readonly sale: SaleNumber | null; readonly event: SandboxEvent }
  /** A request, an answer or a notice left, arrived, or went wrong between two places. `what` never holds a payer code. */
  | {
      readonly type: 'message';
      readonly sale: SaleNumber | null;
      readonly from: string;
      readonly to: string;
      readonly what: string;
      readonly fate: 'sent' | 'arrived' | 'lost' | 'late' | 'doubled' | 'garbled' | 'refused' | 'forged';
    }
  /** A fate struck: its key is what shrinking may leave out. */
  | { readonly type: 'struck'; readonly key: string }
  | { readonly type: 'server-started'; readonly server: string }
  | { readonly type: 'server-crashed'; readonly server: string }
  | { readonly type: 'server-paused'; readonly server: string; readonly ms: number }
  /** Something went wrong inside a server that no trouble of this world explains. */
  | { readonly type: 'defect'; readonly server: string; readonly what: string }
  | { readonly type: 'weather-changed'; readonly weather: string }
  /** From now on nothing new goes wrong; what is under way may still arrive. */
  | { readonly type: 'faults-stopped' }
  /** Nothing is under way any more, or the bound of virtual time after `faults-stopped` has passed. */
  | { readonly type: 'came-to-rest'; readonly isAtRest: boolean; readonly stuck: readonly string[] };

export type Witnessed = { readonly at: Instant; readonly happening: Happening };

/** Hears everything that happens, in order. */
export interface Witness {
  hear(witnessed: Witnessed): void;
}
