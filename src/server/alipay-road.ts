// The road to Alipay that the settings name: its channel, and how its notices are read and acknowledged.

import type { IncomingHttpHeaders } from 'node:http';
import {
  createGlobalChannel,
  createOpenapiChannel,
  createUndiciTransport,
  globalNoticeReceipt,
  type HttpTransport,
  type NoticeRefusal,
  openapiNoticeReceipt,
  requirePublicKey,
  type VerifiedNotice,
  verifyGlobalNotice,
  verifyOpenapiNotice,
} from '#channels/alipay/index.ts';
import type { Clock } from '#foundation/instant.ts';
import type { Result } from '#foundation/result.ts';
import type { Channel } from '#payment/index.ts';
import type { StoreSettings } from './store-settings.ts';

export type ReceivedNotice = { readonly path: string; readonly headers: IncomingHttpHeaders; readonly body: string };

/** Reads notices of one protocol; the signature is the proof of who sent them. */
export interface NoticeVerifier {
  read(notice: ReceivedNotice): Promise<Result<VerifiedNotice, NoticeRefusal>>;
  /** What tells Alipay to stop sending this notice. */
  readonly receipt: { readonly type: string; readonly body: string };
}

export type AlipayRoad = { readonly channel: Channel; readonly notices: NoticeVerifier; close(): Promise<void> };

/** Opens the road; throws a sentence when a key is not one. `notifyUrl` is where Alipay sends its notices. */
export function openAlipayRoad(settings: StoreSettings, notifyUrl: string, clock: Clock): AlipayRoad {
  const transport = createUndiciTransport();
  const road = settings.config.alipay.channel === 'alipay-openapi' ? openapiRoad : globalRoad;
  return { ...road(settings, notifyUrl, clock, transport), close: () => transport.close() };
}

// Grocery stores, supermarkets (ISO 18245).
const merchantCategoryCode = '5411';

type OpenRoad = (
  settings: StoreSettings,
  notifyUrl: string,
  clock: Clock,
  transport: HttpTransport,
) => Omit<AlipayRoad, 'close'>;

const openapiRoad: OpenRoad = ({ gateway, config }, notifyUrl, clock, transport) => {
  const { applicationId: appId, privateKey, alipayPublicKey } = gateway;
  const { currency } = config.store;
  const own = { gatewayUrl: gateway.url, appId, privateKey, alipayPublicKey, notifyUrl, currency };
  const proof = { appId, currency, alipayPublicKey: requirePublicKey(alipayPublicKey) };
  return {
    channel: createOpenapiChannel(own, { transport, clock }),
    notices: {
      read: ({ body }) => verifyOpenapiNotice(body, proof),
      receipt: { type: 'text/plain; charset=utf-8', body: openapiNoticeReceipt },
    },
  };
};

const globalRoad: OpenRoad = ({ gateway, config }, notifyUrl, clock, transport) => {
  const { applicationId: clientId, privateKey, alipayPublicKey } = gateway;
  const merchant = { name: config.store.name, categoryCode: merchantCategoryCode };
  const own = { gatewayUrl: gateway.url, clientId, privateKey, alipayPublicKey, notifyUrl, merchant };
  const proof = { clientId, alipayPublicKey: requirePublicKey(alipayPublicKey) };
  return {
    channel: createGlobalChannel(own, { transport, clock }),
    notices: {
      read: (notice) => verifyGlobalNotice(notice, proof),
      receipt: { type: 'application/json; charset=utf-8', body: globalNoticeReceipt },
    },
  };
};
