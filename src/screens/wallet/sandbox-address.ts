// Where the sandbox is: named in the address bar, else by the store's page, else by the store's API. A name in the address bar
// is taken for this machine only, so that a link cannot make the wallet talk to somebody else's server.

import { storeSchema } from '#server/contract/ecr.ts';

/** The sandbox's origin out of an untrusted text; `undefined` unless it is a plain HTTP(S) address of this machine. */
export function readLoopbackAddress(text: string): string | undefined {
  const address = readAddress(text);
  if (address === undefined) return undefined;
  const { hostname } = new URL(address);
  const isLoopback = hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
  return isLoopback ? address : undefined;
}

export function readAddress(text: string): string | undefined {
  if (!URL.canParse(text)) return undefined;
  const { protocol, origin } = new URL(text);
  return protocol === 'http:' || protocol === 'https:' ? origin : undefined;
}

export type SandboxPlace =
  | { readonly kind: 'at'; readonly address: string }
  | { readonly kind: 'none' }
  | { readonly kind: 'unknown' };

/** Looks in all three places, in order. */
export async function findSandbox(): Promise<SandboxPlace> {
  const wished = readLoopbackAddress(new URLSearchParams(location.search).get('sandbox') ?? '');
  if (wished !== undefined) return { kind: 'at', address: wished };
  const marked = document.querySelector<HTMLMetaElement>('meta[name="tillway-sandbox"]')?.content;
  const named = readAddress(marked ?? '');
  if (named !== undefined) return { kind: 'at', address: named };
  return await askStore();
}

async function askStore(): Promise<SandboxPlace> {
  try {
    const response = await fetch('/api/v1/store', { cache: 'no-store', signal: AbortSignal.timeout(5_000) });
    const store = storeSchema.safeParse(await response.json());
    if (!store.success) return { kind: 'unknown' };
    const address = readAddress(store.data.sandboxUrl ?? '');
    return address === undefined ? { kind: 'none' } : { kind: 'at', address };
  } catch {
    return { kind: 'unknown' };
  }
}
