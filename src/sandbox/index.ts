// The door of the sandbox: a local Alipay that any team's integration can be tried against, as a server or inside a process.

export type { AccountLine, BooksReport } from './engine/books.ts';
export type { AnswerOutcome } from './engine/outcome.ts';
export type { Refund, Trade } from './engine/trade.ts';
export type { PaymentCode, Wallet } from './engine/wallet.ts';
export type { FaultMatch, FaultOrder, FaultRule } from './faults/rule.ts';
export {
  type InnerAnswer,
  type InnerRequest,
  type InnerSandbox,
  type InnerSandboxOptions,
  openInnerSandbox,
  type WalletManner,
} from './inner-sandbox.ts';
export { loadSandboxKeys, type SandboxCredentials, type SandboxKeys } from './keys.ts';
export type { NoticeRecord } from './notices/notice.ts';
export type { NoticeReceipt, NoticeRequest, NoticeSender } from './notices/notice-sender.port.ts';
export type { SandboxEvent } from './sandbox.ts';
export type { SandboxSettings, SettingsPatch } from './settings.ts';
export { pooledSigner, type Signer, type SignType } from './signer.ts';
export { type RunningSandbox, type SandboxOptions, startSandbox } from './start-sandbox.ts';
