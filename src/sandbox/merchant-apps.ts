// The merchants' apps: who may call, and with which key. Two are there from the start, one for each protocol; a team adds its
// own by uploading a public key, as on Alipay's console.

import type { KeyObject } from 'node:crypto';
import type { Instant } from '#foundation/instant.ts';
import { invariant } from '#foundation/result.ts';
import type { Protocol } from './engine/trade.ts';
import type { SandboxKeys } from './keys.ts';
import { parsePublicKey } from './signer.ts';

export type MerchantApp = {
  /** `app_id` or `Client-Id`; also the merchant's account in the books. */
  readonly appId: string;
  readonly protocol: Protocol;
  readonly publicKey: KeyObject;
  readonly registeredAt: Instant;
};

export type AppEvent = {
  readonly type: 'app-registered';
  readonly at: Instant;
  readonly appId: string;
  readonly protocol: Protocol;
  readonly publicKey: string;
};

export class MerchantApps {
  readonly #apps = new Map<string, MerchantApp>();

  constructor(keys: SandboxKeys, now: Instant) {
    const { openapi, global } = keys;
    this.apply({ type: 'app-registered', at: now, protocol: 'openapi', ...openapi });
    this.apply({ type: 'app-registered', at: now, protocol: 'global', ...global, appId: global.clientId });
  }

  apply(event: AppEvent): void {
    const key = parsePublicKey(event.publicKey);
    invariant(key.ok, 'a registered key was readable when it was registered');
    const { appId, protocol, at } = event;
    this.#apps.set(appId, { appId, protocol, publicKey: key.value, registeredAt: at });
  }

  find(protocol: Protocol, appId: string): MerchantApp | undefined {
    const app = this.#apps.get(appId);
    return app?.protocol === protocol ? app : undefined;
  }

  has(appId: string): boolean {
    return this.#apps.has(appId);
  }

  all(): readonly MerchantApp[] {
    return [...this.#apps.values()];
  }
}
