// Puts the parts together: one engine, its books, the apps, the faults and the notices, all fed from one stream of events. No
// server here; what listens is added in start-sandbox.ts.

import type { KeyObject } from 'node:crypto';
import { type Clock, durationMs, type Instant } from '#foundation/instant.ts';
import type { Log } from '#foundation/log.ts';
import type { Random } from '#foundation/random.ts';
import { CallHistory } from './call-history.ts';
import { ClosingWatch } from './engine/closing-watch.ts';
import { TradeEngine } from './engine/trade-engine.ts';
import { type TradingEvent, tradingEventTypes } from './engine/trading-event.ts';
import { TradingState } from './engine/trading-state.ts';
import { WalletDesk } from './engine/wallet-desk.ts';
import type { EventLog } from './event-log.ts';
import { FaultBook } from './faults/fault-book.ts';
import type { CallPlan } from './faults/plan.ts';
import { globalNotice } from './global/notice-body.ts';
import type { SandboxKeys } from './keys.ts';
import { type AppEvent, MerchantApps } from './merchant-apps.ts';
import { type Notice, type NoticeEvent, noticeEventTypes } from './notices/notice.ts';
import { NoticeDesk } from './notices/notice-desk.ts';
import type { NoticeSender } from './notices/notice-sender.port.ts';
import { noticePoster } from './notices/post-notice.ts';
import { undiciNoticeSender } from './notices/undici-notice-sender.ts';
import { openapiNotice } from './openapi/notice-form.ts';
import type { SandboxSettings } from './settings.ts';
import { parsePrivateKey, pooledSigner, type Signer } from './signer.ts';

export type SandboxEvent = TradingEvent | AppEvent | NoticeEvent;

export type SandboxParts = {
  readonly keys: SandboxKeys;
  readonly settings: SandboxSettings;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly eventLog: EventLog;
  /** What happened before, from the event file. */
  readonly past: readonly unknown[];
  /** Computes signatures; the thread pool's unless given. */
  readonly signer?: Signer;
  /** Carries notices to the merchants; sockets unless given. */
  readonly noticeSender?: NoticeSender;
  /** Hears every event as it is recorded. It must not call the sandbox. */
  readonly onEvent?: (event: SandboxEvent) => void;
};

export type Sandbox = {
  readonly settings: SandboxSettings;
  readonly clock: Clock;
  readonly log: Log;
  readonly signer: Signer;
  readonly alipayKey: KeyObject;
  readonly alipayPublicKey: string;
  readonly state: TradingState;
  readonly engine: TradeEngine;
  readonly wallets: WalletDesk;
  readonly apps: MerchantApps;
  readonly faults: FaultBook;
  readonly notices: NoticeDesk;
  readonly calls: CallHistory;
  readonly random: Random;
  record(event: SandboxEvent): void;
  /** Resolves when all that happened so far is with the operating system. */
  written(): Promise<void>;
  wait(ms: number): Promise<void>;
  close(): Promise<void>;
};

export function createSandbox(parts: SandboxParts): Sandbox {
  const { settings, random, log, eventLog, keys, signer = pooledSigner, onEvent } = parts;
  const clock = closableClock(parts.clock);
  const alipayKey = parsePrivateKey(keys.alipay.privateKey);
  const state = new TradingState(settings.keptMax);
  const apps = new MerchantApps(keys, clock.now());
  const faults = new FaultBook();
  const apply = (event: SandboxEvent): void => {
    if (isNoticeEvent(event)) notices.apply(event);
    else if (event.type === 'app-registered') apps.apply(event);
    else state.apply(event);
  };
  const record = (event: SandboxEvent): void => {
    apply(event);
    eventLog.append(event);
    onEvent?.(event);
    if (!isNoticeEvent(event) && event.type !== 'app-registered') closing.hear(event);
    const notice = noticeOf(event, state, settings, { at: clock.now(), random });
    if (notice !== undefined) notices.queue(notice);
  };
  const { sender, closeSender } = senderOf(parts.noticeSender);
  const post = noticePoster({ alipayKey, signer, sender });
  const notices = new NoticeDesk({ clock, settings: settings.notices, faults, log, post, record });
  for (const event of parts.past) apply(asEvent(event));
  notices.resume();
  const engine = new TradeEngine(state, settings, random, record);
  const closing = new ClosingWatch({ engine, state, clock });
  closing.start();
  return {
    settings,
    clock,
    log,
    signer,
    alipayKey,
    alipayPublicKey: keys.alipay.publicKey,
    state,
    engine,
    wallets: new WalletDesk(state, random, record),
    apps,
    faults,
    notices,
    calls: new CallHistory(),
    random,
    record,
    written: () => eventLog.written(),
    wait: (ms) => new Promise((resolve) => clock.after(durationMs(ms), resolve)),
    async close() {
      clock.close();
      notices.close();
      await closeSender();
      await eventLog.close();
    },
  };
}

// Sockets are opened only when nobody else carries the notices, and then they are ours to close.
function senderOf(given: NoticeSender | undefined): { sender: NoticeSender; closeSender: () => Promise<void> } {
  if (given !== undefined) return { sender: given, closeSender: () => Promise.resolve() };
  const sender = undiciNoticeSender();
  return { sender, closeSender: () => sender.close() };
}

// After the stop nothing fires any more: a delayed call or a buyer that was to confirm ends with the sandbox.
function closableClock(base: Clock): Clock & { close(): void } {
  const waiting = new Set<() => void>();
  return {
    now: () => base.now(),
    monotonicMs: () => base.monotonicMs(),
    after(wait, act) {
      const callOff = base.after(wait, () => {
        waiting.delete(callOff);
        act();
      });
      waiting.add(callOff);
      return () => {
        waiting.delete(callOff);
        callOff();
      };
    },
    close() {
      for (const callOff of waiting) callOff();
      waiting.clear();
    },
  };
}

// What happened to money leaves as a notice when the merchant gave an address and its protocol tells of such a thing.
function noticeOf(
  event: SandboxEvent,
  state: TradingState,
  settings: SandboxSettings,
  moment: { readonly at: Instant; readonly random: Random },
): Notice | undefined {
  if (isNoticeEvent(event) || !('tradeNo' in event)) return undefined;
  const trade = state.trade(event.tradeNo);
  if (trade.notifyUrl === undefined) return undefined;
  return trade.protocol === 'openapi'
    ? openapiNotice(event, trade, state.wallets, settings.notices.closedToo, moment)
    : globalNotice(event, trade, state.wallets, moment);
}

/** Lets the buyer answer by itself when a fault rule or the wallet's manner says so. */
export function letBuyerAnswer(sandbox: Sandbox, tradeNo: string, plan: CallPlan): void {
  const { clock, engine, state } = sandbox;
  if (plan.buyer?.answer === 'never') return;
  const { walletId } = state.trade(tradeNo);
  const autoMs = walletId === undefined ? undefined : state.wallets.get(walletId)?.autoConfirmMs;
  const afterMs = plan.buyer?.afterMs ?? autoMs;
  if (afterMs === undefined) return;
  const accept = plan.buyer?.answer !== 'refuse';
  clock.after(durationMs(afterMs), () => engine.answerTrade(tradeNo, accept, clock.now()));
}

function isNoticeEvent(event: SandboxEvent): event is NoticeEvent {
  return noticeEventTypes.some((type) => type === event.type);
}

// The file is our own and is written from typed events; a kind that is not known means that it is someone else's, or newer.
function asEvent(value: unknown): SandboxEvent {
  const known: readonly string[] = [...tradingEventTypes, ...noticeEventTypes, 'app-registered'];
  if (typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string') {
    if (known.includes(value.type)) return value as SandboxEvent;
    throw new Error(`The event file holds an event of the unknown kind ${value.type}`);
  }
  throw new Error('The event file holds a line that is not an event');
}
