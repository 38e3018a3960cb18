// The orders of the two processes, as they travel to them: plain JSON. What is secret in memory is plain here and nowhere else.

import type { Redacted } from '#foundation/redacted.ts';
import { redact } from '#foundation/redacted.ts';
import type { AlipayGateway } from '../config.ts';
import type { StoreConfig } from '../store-settings.ts';

export type SandboxOrder = {
  readonly kind: 'sandbox';
  readonly host: string;
  readonly port: number;
  readonly home: string;
};

type PlainGateway = Omit<AlipayGateway, 'privateKey'> & { readonly privateKey: string };

export type StoreOrder = {
  readonly kind: 'store';
  readonly host: string;
  readonly port: number;
  readonly home: string;
  readonly config: StoreConfig;
  readonly databaseUrl: string;
  readonly gateway: PlainGateway;
  readonly sandboxUrl: string | null;
};

export function plainGateway(gateway: AlipayGateway): PlainGateway {
  return { ...gateway, privateKey: gateway.privateKey.reveal() };
}

export function guardedGateway(plain: PlainGateway): AlipayGateway {
  const privateKey: Redacted<string> = redact(plain.privateKey);
  return { ...plain, privateKey };
}

function kindOf(order: unknown): unknown {
  return typeof order === 'object' && order !== null ? Reflect.get(order, 'kind') : undefined;
}

// An order comes from the supervisor of the same program: its kind is checked, so that no process runs another's order.
export function isSandboxOrder(order: unknown): order is SandboxOrder {
  return kindOf(order) === 'sandbox';
}

export function isStoreOrder(order: unknown): order is StoreOrder {
  return kindOf(order) === 'store';
}
