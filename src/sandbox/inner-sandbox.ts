// The sandbox without a server, for who runs it inside his own process: calls go in and come out as data, on the clock, the
// randomness, the signer and the notice sender that he brings. When those need no timer, thread or socket, nothing here does,
// and the same calls at the same moments give the same events.

import type { Clock } from '#foundation/instant.ts';
import { type Log, silentLog } from '#foundation/log.ts';
import type { Money } from '#foundation/money.ts';
import type { Random } from '#foundation/random.ts';
import { addFault } from './control/fault-routes.ts';
import { tradesOfOrder } from './control/state-routes.ts';
import type { BooksReport } from './engine/books.ts';
import type { AnswerOutcome } from './engine/outcome.ts';
import type { Trade } from './engine/trade.ts';
import { codeDigitsDefault, type PaymentCode, type Wallet } from './engine/wallet.ts';
import { noEventLog } from './event-log.ts';
import type { FaultOrder, FaultRule } from './faults/rule.ts';
import { answerGlobal, isGlobalPath } from './global/gateway.ts';
import { credentialsOf, type SandboxCredentials, type SandboxKeys } from './keys.ts';
import type { NoticeRecord } from './notices/notice.ts';
import type { NoticeSender } from './notices/notice-sender.port.ts';
import { answerOpenapi, openapiPath } from './openapi/gateway.ts';
import { createSandbox, type Sandbox, type SandboxEvent } from './sandbox.ts';
import { type SettingsPatch, settingsWith } from './settings.ts';
import type { Signer } from './signer.ts';
import type { WireAnswer, WireCall } from './wire.ts';

export type InnerSandboxOptions = {
  /** From `loadSandboxKeys`. They are in no event, so other keys give the same run. */
  readonly keys: SandboxKeys;
  readonly clock: Clock;
  /** Draws every number: trades, codes, wallets, notices, trace ids. */
  readonly random: Random;
  /** Carries notices to the merchants. It is asked for every send and has to keep the time limit that it is given. */
  readonly noticeSender: NoticeSender;
  readonly settings?: SettingsPatch;
  /** The thread pool's RSA unless given. */
  readonly signer?: Signer;
  /** Hears every event as it is recorded, in order. It must not call the sandbox. Payer codes are in it, as issued. */
  readonly onEvent?: (event: SandboxEvent) => void;
  readonly log?: Log;
};

export type InnerRequest = {
  /** With the query, without the host: `/gateway.do?…`, `/ams/sandbox/api/v1/payments/pay`. */
  readonly path: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

/** What a client sees: an answer that broke off, or never began, is a lost connection. */
export type InnerAnswer =
  | {
      readonly kind: 'answered';
      readonly status: number;
      /** Names in lower case. */
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string;
    }
  | { readonly kind: 'connection-lost' };

export type WalletManner = {
  /** Above it the buyer must confirm; the setting `passwordAboveMinor` unless given. */
  readonly passwordAboveMinor?: bigint;
  /** Confirms by itself after so long; unless given the buyer answers by `answer`. */
  readonly autoConfirmMs?: number;
};

export interface InnerSandbox {
  readonly credentials: SandboxCredentials;
  /**
   * A POST to the gateways. Rejects only by a defect of the sandbox. The caller may stop waiting at any time; the booking
   * goes on, as it does at Alipay.
   */
  post(request: InnerRequest): Promise<InnerAnswer>;
  openWallet(balance: Money, manner?: WalletManner): Wallet;
  /** Throws when `amount` is not above zero. */
  topUp(walletId: string, amount: Money): void;
  /** A fresh code of 16 to 24 digits, 18 unless given; older ones of the wallet stay good for their minute. */
  showCode(walletId: string, digits?: number): PaymentCode;
  /** The buyer confirms or refuses the newest trade that waits, or the one named. */
  answer(walletId: string, accept: boolean, outTradeNo?: string): AnswerOutcome;
  /** As `POST /control/v1/faults`: throws an Error that says what is wrong with a rule that cannot work. */
  addFault(order: FaultOrder): FaultRule;
  /** How many rules there were. */
  clearFaults(): number;
  /** Trades as they stand now, oldest first: all that are kept, or those of one order number. */
  trades(outTradeNo?: string): readonly Trade[];
  /** Newest first. */
  notices(): readonly NoticeRecord[];
  books(): BooksReport;
  /** Ends every wait: calls that are still out see a lost connection, timers and notices are called off. */
  close(): Promise<void>;
}

export function openInnerSandbox(options: InnerSandboxOptions): InnerSandbox {
  const { settings = {}, log = silentLog, ...parts } = options;
  const sandbox = createSandbox({ ...parts, settings: settingsWith(settings), log, eventLog: noEventLog, past: [] });
  const { state, engine, wallets, faults, notices, clock } = sandbox;
  const post = new InnerPost(sandbox);
  return {
    credentials: credentialsOf(options.keys),
    post: (request) => post.post(request),
    openWallet: (balance, manner = {}) => {
      const { passwordAboveMinor = sandbox.settings.passwordAboveMinor, autoConfirmMs } = manner;
      return wallets.open(balance, { passwordAboveMinor, autoConfirmMs }, clock.now());
    },
    topUp: (walletId, amount) => wallets.topUp(walletId, amount, clock.now()),
    showCode: (walletId, digits = codeDigitsDefault) =>
      wallets.issueCode(walletId, digits, sandbox.settings.times.codeLifeMs, clock.now()),
    answer: (walletId, accept, outTradeNo) => engine.answer(walletId, accept, outTradeNo, clock.now()),
    addFault: (order) => addFault(sandbox, order),
    clearFaults: () => faults.clear(),
    trades: (outTradeNo) => {
      engine.closeDue(clock.now());
      return outTradeNo === undefined ? [...state.trades.values()] : tradesOfOrder(sandbox, outTradeNo);
    },
    notices: () => notices.list(),
    books: () => state.books.report(),
    close: async () => {
      post.hangUp();
      await sandbox.close();
    },
  };
}

const lost: InnerAnswer = { kind: 'connection-lost' };

// The calls that are out, so that a sandbox that closes leaves nobody waiting.
class InnerPost {
  readonly #sandbox: Sandbox;
  readonly #out = new Set<() => void>();
  #closed = false;

  constructor(sandbox: Sandbox) {
    this.#sandbox = sandbox;
  }

  post(request: InnerRequest): Promise<InnerAnswer> {
    if (this.#closed) return Promise.resolve(lost);
    return new Promise((resolve, reject) => {
      const hangUp = (): void => resolve(lost);
      this.#out.add(hangUp);
      this.#answer(request).then(
        (answer) => {
          this.#out.delete(hangUp);
          resolve(seenByClient(answer));
        },
        (error: unknown) => {
          this.#out.delete(hangUp);
          reject(error);
        },
      );
    });
  }

  hangUp(): void {
    this.#closed = true;
    for (const hangUp of this.#out) hangUp();
    this.#out.clear();
  }

  async #answer(request: InnerRequest): Promise<WireAnswer> {
    const call: WireCall = { ...request, traceId: traceId(this.#sandbox.random) };
    if (isAt(request.path, openapiPath)) return await answerOpenapi(this.#sandbox, call);
    if (isGlobalPath(request.path)) return await answerGlobal(this.#sandbox, call);
    return { kind: 'answered', status: 404, headers: {}, body: '' };
  }
}

function isAt(path: string, place: string): boolean {
  return path.startsWith(place) && (path.length === place.length || path[place.length] === '?');
}

function seenByClient(answer: WireAnswer): InnerAnswer {
  if (answer.kind !== 'answered') return lost;
  const { kind, status, headers, body } = answer;
  return { kind, status, headers, body: typeof body === 'string' ? body : Buffer.from(body).toString('utf8') };
}

function traceId(random: Random): string {
  const eight = (): string => (random.uint32() + 2 ** 32).toString(16).slice(1);
  return eight() + eight() + eight() + eight();
}
