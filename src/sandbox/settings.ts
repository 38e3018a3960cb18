// Everything about the sandbox that can be set, with its default. Where Alipay's own behaviour is unconfirmed the choice is a
// setting here, and the default is the answer that is harder on the caller.

import { officialTimes, type TradingTimes } from './engine/closing-time.ts';
import type { Protocol } from './engine/trade.ts';

export type SandboxSettings = {
  readonly times: TradingTimes;
  /** Above this many minor units of the wallet's currency the buyer must confirm (1000.00; Alipay's own sandbox: 2000.00). */
  readonly passwordAboveMinor: bigint;
  /** A cancel of an unknown order stops a payment that arrives later. Unconfirmed; by default it does not. */
  readonly cancelBlocksLaterPay: boolean;
  /** Signs 40001 to 40003 answers too. Production leaves some of them unsigned. */
  readonly signGatewayErrors: boolean;
  /** Refuses v2 timestamps further than this from now, read as Beijing time; `undefined` only checks their shape. */
  readonly clockSkewMsMax: number | undefined;
  /** Requires merchant, store and terminal fields of the global pay call, as Alipay's clients do before they send. */
  readonly strictGlobalFields: boolean;
  /** Pay amounts 9901, 9902 and inquiries of 9903, 9904 misbehave on the global API. */
  readonly magicAmounts: boolean;
  /** How long an answer that never comes keeps its connection. */
  readonly silenceMs: number;
  readonly notices: NoticeSettings;
  /** Trades, codes and refusals that are kept in memory; the oldest final ones are forgotten beyond it. */
  readonly keptMax: number;
  /** Host names, beside loopback names and bare addresses, under which the control page may be opened. */
  readonly controlHosts: readonly string[];
};

export type NoticeSettings = {
  /** From the event to the first send. */
  readonly delayMs: number;
  /** Gaps after each send that was not acknowledged; the schedule ends with them. */
  readonly gapsMs: Readonly<Record<Protocol, readonly number[]>>;
  /** Divides the gaps: 1000 makes four minutes a quarter of a second. */
  readonly speedUp: number;
  readonly timeoutMs: number;
  /** Also tells the merchant of trades that close (domestic; Alipay's default is only paid ones). */
  readonly closedToo: boolean;
};

const minute = 60_000;
const hour = 60 * minute;
/** @see facts A.11: 4m, 10m, 10m, 1h, 2h, 6h, 15h; the face-to-face page puts three immediate resends before them */
const officialGapsMs = [4 * minute, 10 * minute, 10 * minute, hour, 2 * hour, 6 * hour, 15 * hour];

export const defaultSettings: SandboxSettings = {
  times: officialTimes,
  passwordAboveMinor: 100_000n,
  cancelBlocksLaterPay: false,
  signGatewayErrors: false,
  clockSkewMsMax: undefined,
  strictGlobalFields: false,
  magicAmounts: true,
  silenceMs: minute,
  notices: {
    delayMs: 20,
    // The global schedule is unconfirmed: the domestic one stands in.
    gapsMs: { openapi: officialGapsMs, global: officialGapsMs },
    speedUp: 1,
    timeoutMs: 5_000,
    closedToo: false,
  },
  keptMax: 200_000,
  controlHosts: [],
};

export type SettingsPatch = Partial<Omit<SandboxSettings, 'times' | 'notices'>> & {
  readonly times?: Partial<TradingTimes>;
  readonly notices?: Partial<NoticeSettings>;
};

export function settingsWith(patch: SettingsPatch): SandboxSettings {
  return {
    ...defaultSettings,
    ...patch,
    times: { ...defaultSettings.times, ...patch.times },
    notices: { ...defaultSettings.notices, ...patch.notices },
  };
}
