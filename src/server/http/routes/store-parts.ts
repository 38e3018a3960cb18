// What every route of the store server is given.

import type {
  FastifyBaseLogger,
  FastifyInstance,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { SaleJournal } from '#checkout/index.ts';
import type { Clock, DurationMs } from '#foundation/instant.ts';
import type { Random } from '#foundation/random.ts';
import type { Redacted } from '#foundation/redacted.ts';
import type { ChannelName, DeadlinePolicy, PaymentJournal, PaymentService } from '#payment/index.ts';

/** The app with schemas as types. */
export type App = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  ZodTypeProvider
>;

export type StoreParts = {
  readonly payment: PaymentService;
  readonly paymentJournal: PaymentJournal;
  readonly saleJournal: SaleJournal;
  /** The clock that all servers of the journal share. */
  readonly clock: Clock;
  readonly random: Random;
  readonly channel: ChannelName;
  readonly policy: DeadlinePolicy;
  readonly fingerprintKey: Redacted<Uint8Array>;
  readonly sandboxUrl: string | null;
  /** How long a request waits for the channel's first answer before it says `processing`. */
  readonly patience: DurationMs;
};
