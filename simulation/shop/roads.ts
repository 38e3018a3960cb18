// The store's road to Alipay in a world: the real channel and the real reader of notices, for either protocol.

import { createPrivateKey, createPublicKey } from 'node:crypto';
import {
  createGlobalChannel,
  createOpenapiChannel,
  globalNoticeReceipt,
  openapiNoticeReceipt,
  verifyGlobalNotice,
  verifyOpenapiNotice,
} from '#channels/alipay/index.ts';
import type { SandboxKeys } from '#sandbox/index.ts';
import { gatewayOrigin } from './alipay.ts';
import type { SigningWay } from './signing-ways.ts';
import type { RoadMap } from './store-server.ts';

const notifyUrl = 'https://store.test/notify/alipay';

/** Both roads with keys that are read once; a process has one of these for all its worlds. */
export class Roads {
  readonly keys: SandboxKeys;
  readonly #alipayPublicKey;
  readonly #openapiKey;
  readonly #globalKey;

  constructor(keys: SandboxKeys) {
    this.keys = keys;
    this.#alipayPublicKey = createPublicKey(keys.alipay.publicKey);
    this.#openapiKey = createPrivateKey(keys.openapi.privateKey);
    this.#globalKey = createPrivateKey(keys.global.privateKey);
  }

  openapi({ store: signing }: SigningWay): RoadMap {
    const { appId } = this.keys.openapi;
    const alipayPublicKey = this.#alipayPublicKey;
    const own = { gatewayUrl: `${gatewayOrigin}/gateway.do`, appId, privateKey: this.#openapiKey, alipayPublicKey };
    return {
      channelName: 'alipay-openapi',
      channel: (transport, clock) => createOpenapiChannel({ ...own, notifyUrl }, { transport, clock, signing }),
      readNotice: ({ body }) => verifyOpenapiNotice(body, { appId, currency: 'CNY', alipayPublicKey, signing }),
      receipt: openapiNoticeReceipt,
    };
  }

  global({ store: signing }: SigningWay): RoadMap {
    const { clientId } = this.keys.global;
    const alipayPublicKey = this.#alipayPublicKey;
    const merchant = { name: 'Corner shop', categoryCode: '5411' };
    const own = { gatewayUrl: gatewayOrigin, clientId, privateKey: this.#globalKey, alipayPublicKey, merchant };
    return {
      channelName: 'alipay-global',
      channel: (transport, clock) => createGlobalChannel({ ...own, notifyUrl }, { transport, clock, signing }),
      readNotice: (notice) => verifyGlobalNotice(notice, { clientId, alipayPublicKey, signing }),
      receipt: globalNoticeReceipt,
    };
  }
}
