// The one thing that the Alipay channels need of a network: to post a request and be told honestly what became of it.

/** A request as it leaves: nothing is added to it and nothing is retried. */
export type HttpRequest = {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

/** Any HTTP answer that was read to its end, whatever its status. Header names are in lower case. */
export type HttpAnswered = {
  readonly kind: 'answered';
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

export type HttpOutcome =
  | HttpAnswered
  /** Not one byte of the request was written to a connection. */
  | { readonly kind: 'not-sent'; readonly detail: string }
  /**
   * The request may have arrived: no answer within the time given, the connection broke, or what came back is not HTTP or
   * is larger than is read.
   */
  | { readonly kind: 'lost'; readonly cause: 'timeout' | 'connection-lost' | 'garbled' };

/** Never rejects: all that can happen is an outcome. An aborted `signal` is `lost` by `timeout`. */
export interface HttpTransport {
  post(request: HttpRequest, signal: AbortSignal): Promise<HttpOutcome>;
}
