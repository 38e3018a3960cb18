// The local sandbox in Alipay's place: the same settings as a real gateway's, from what the sandbox says of itself.

import { redact } from '#foundation/redacted.ts';
import type { ChannelName } from '#payment/index.ts';
import type { AlipayGateway } from '../config.ts';
import type { SandboxCredentials } from './run-file.ts';

export function sandboxGateway(channel: ChannelName, url: string, credentials: SandboxCredentials): AlipayGateway {
  const base = url.replace(/\/$/, '');
  if (channel === 'alipay-openapi') {
    const { appId, appPrivateKey, alipayPublicKey } = credentials.openapi;
    return { url: `${base}/gateway.do`, applicationId: appId, privateKey: redact(appPrivateKey), alipayPublicKey };
  }
  const { clientId, privateKey, alipayPublicKey } = credentials.global;
  return { url: base, applicationId: clientId, privateKey: redact(privateKey), alipayPublicKey };
}
