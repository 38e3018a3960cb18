// The door of the roads to Alipay: the domestic OpenAPI and the global JSON API.

export { createGlobalChannel, type GlobalSettings } from './global/channel.ts';
export { type GlobalNotice, type GlobalNoticeOwner, globalNoticeReceipt, verifyGlobalNotice } from './global/notice.ts';
export { readPrivateKey, readPublicKey, requirePublicKey } from './keys.ts';
export { createOpenapiChannel, type OpenapiSettings } from './openapi/channel.ts';
export {
  type NoticeRefusal,
  type OpenapiNoticeOwner,
  openapiNoticeReceipt,
  type VerifiedNotice,
  verifyOpenapiNotice,
} from './openapi/notice.ts';
export { pooledSigning } from './pooled-signing.ts';
export type { Signing } from './signing.port.ts';
export type { HttpAnswered, HttpOutcome, HttpRequest, HttpTransport } from './transport.port.ts';
export { createUndiciTransport } from './undici-transport.ts';
