// The public page of a digital receipt: `/r/<key>`, for whoever holds the key and nobody else. Any server of the house answers it from
// the document, so what it shows is what the till wrote. A key that opens nothing gets a page that says so, with the same headers.

import type { FastifyInstance } from 'fastify';
import { type KeptDocument, parseReceiptKey, type ReceiptInput, receiptOfVisit } from '#checkout/index.ts';
import { digitalReceiptPage } from '../printing/digital-receipt.ts';
import type { DocumentParts } from './document-parts.ts';
import { missingReceiptPage } from './missing-receipt-page.ts';

const hidden = { schema: { hide: true }, config: { access: 'public' } } as const;

export function receiptPageRoute(app: FastifyInstance, parts: DocumentParts): void {
  app.get<{ Params: { key: string }; Querystring: { lang?: unknown } }>('/r/:key', hidden, async (request, reply) => {
    const wishes = {
      acceptLanguage: request.headers['accept-language'],
      chosenLanguage: typeof request.query.lang === 'string' ? request.query.lang : undefined,
    };
    const receipt = await findReceipt(parts, request.params.key);
    const { html, headers } =
      receipt === undefined ? missingReceiptPage(wishes) : digitalReceiptPage({ receipt, ...wishes });
    return reply
      .code(receipt === undefined ? 404 : 200)
      .headers({ ...headers })
      .send(html);
  });
}

async function findReceipt(parts: DocumentParts, key: string): Promise<ReceiptInput | undefined> {
  const receiptKey = parseReceiptKey(key);
  if (receiptKey === undefined) return undefined;
  const kept = await parts.documents.findByReceiptKey(receiptKey);
  return kept === undefined ? undefined : await receiptOf(parts, kept);
}

async function receiptOf({ documents, placeOf }: DocumentParts, kept: KeptDocument): Promise<ReceiptInput | undefined> {
  const place = await placeOf(kept.merchantId, kept.deviceId);
  if (place === undefined) return undefined;
  const { document } = kept.content.body;
  const ofSaleId = 'ofSaleId' in document ? document.ofSaleId : null;
  const sale = ofSaleId === null ? undefined : await documents.find(kept.merchantId, ofSaleId);
  return receiptOfVisit(kept.content, {
    ...place,
    language: 'en',
    cashier: document.cashierId,
    originalReceiptNumber: sale?.content.body.document.receiptNumber ?? null,
    ...{ link: null, reprint: null },
    isRefundOnItsWay: kept.content.kind === 'return' && kept.standing === 'awaiting',
  });
}
