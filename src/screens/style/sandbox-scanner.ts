// On one computer there is no scanner to hold a phone to. With the sandbox only, the wallet page can show its code to the till
// page of the same browser; it travels between the pages and not over the network. A till at the real Alipay does not listen.

const channelName = 'tillway.sandbox-scanner';

/** Shows a code to the till pages of this browser. */
export function holdToScanner(code: string): void {
  const channel = new BroadcastChannel(channelName);
  channel.postMessage(code);
  channel.close();
}

/** Hears codes that wallet pages show; the answer stops it. */
export function listenAsScanner(onCode: (code: string) => void): () => void {
  const channel = new BroadcastChannel(channelName);
  channel.addEventListener('message', (event: MessageEvent<unknown>) => {
    if (typeof event.data === 'string') onCode(event.data);
  });
  return () => channel.close();
}
