// What notices need of a network: to post one to a merchant and to read the answer to its end.

export type NoticeRequest = {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

export type NoticeReceipt = { readonly status: number; readonly body: string };

/** Rejects when the merchant cannot be reached, or has not answered within `timeoutMs`. */
export interface NoticeSender {
  post(request: NoticeRequest, timeoutMs: number): Promise<NoticeReceipt>;
}
