// What the gateway's answer about a number that does not exist tells of our keys: which of the three (app, our key, Alipay's key)
// is wrong, if one is.

import type { Result } from '#foundation/result.ts';
import type { InquiryReply, NotSent } from '#payment/index.ts';

export type KeyVerdict =
  | 'fit'
  | 'own-key-wrong'
  | 'alipay-key-wrong'
  | 'application-unknown'
  | 'not-permitted'
  | 'unreachable'
  | 'no-answer'
  | 'unclear';

// Both protocols' codes: isv.* of the OpenAPI, upper case of the global API.
const ownKey = /invalid-signature$|missing-signature-config|INVALID_SIGNATURE|KEY_NOT_FOUND/;
const application = /app-id$|not-online-app|INVALID_CLIENT/;
const permission = /permissions|forbidden-api|self-invoke|ACCESS_DENIED|INVALID_CONTRACT|SETTLE_CONTRACT/;

export function keyVerdict(reply: Result<InquiryReply, NotSent>): KeyVerdict {
  if (!reply.ok) return 'unreachable';
  const answer = reply.value;
  const code = 'channelCode' in answer ? (answer.channelCode ?? '') : '';
  if (ownKey.test(code)) return 'own-key-wrong';
  if (application.test(code)) return 'application-unknown';
  if (permission.test(code)) return 'not-permitted';
  if (answer.outcome !== 'outcome-unknown') return 'fit';
  if (answer.cause === 'bad-signature') return 'alipay-key-wrong';
  if (answer.cause === 'timeout' || answer.cause === 'connection-lost') return 'no-answer';
  // Verified, so both keys fit, whatever else the code says; what was not verified tells nothing.
  return 'unclear';
}
