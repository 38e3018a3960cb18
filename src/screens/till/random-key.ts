// Keys that name one act, made before its first send. `crypto.randomUUID` exists on secure origins only, and a till may
// be opened over plain HTTP inside a store's own network.

export function makeActKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
