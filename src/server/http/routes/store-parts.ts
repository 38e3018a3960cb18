// What every route of the store server is given.

import type {
  FastifyBaseLogger,
  FastifyInstance,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';
import type { CatalogJournal } from '#catalog/index.ts';
import type { HeldBasketJournal, OverrideBook, Permissions, PersonDirectory, SaleJournal } from '#checkout/index.ts';
import type { Clock, DurationMs } from '#foundation/instant.ts';
import type { Log } from '#foundation/log.ts';
import type { Random } from '#foundation/random.ts';
import type { Redacted } from '#foundation/redacted.ts';
import type { ChannelName, DeadlinePolicy, PaymentJournal, PaymentService } from '#payment/index.ts';
import type { PinKeeper } from '../../people/pin-keeper.ts';
import type { DocumentParts } from '../../receipts/document-parts.ts';

/** The app with schemas as types. */
export type App = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  ZodTypeProvider
>;

/** Who works here, and how far each may go. */
export type PeopleParts = {
  readonly directory: PersonDirectory;
  readonly overrides: OverrideBook;
  readonly permissions: Permissions;
  readonly pins: PinKeeper;
  readonly log: Log;
};

export type StoreParts = {
  readonly payment: PaymentService;
  readonly paymentJournal: PaymentJournal;
  readonly saleJournal: SaleJournal;
  readonly catalog: CatalogJournal;
  readonly people: PeopleParts;
  readonly heldBaskets: HeldBasketJournal;
  readonly documents: DocumentParts;
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
