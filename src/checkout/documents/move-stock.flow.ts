// Moves in stock what closed sales took and returns brought. The catalogue keeps its own books, so this is not in the document's
// transaction: a document says that its goods are due until they have been moved. A crash in between moves them again under the
// same keys, and that is nothing.

import type { CatalogJournal, StockMovement } from '#catalog/index.ts';
import { parseId } from '#foundation/id.ts';
import type { DocumentJournal, KeptDocument } from '../document-journal.port.ts';

/**
 * Moves the goods of up to `limit` documents; answers of how many. Goods that the catalogue does not know are passed over. One
 * document's trouble is not the others': it is thrown when they are done.
 */
export async function moveStockOfDocuments(
  documents: DocumentJournal,
  catalog: Pick<CatalogJournal, 'moveStock'>,
  limit: number,
): Promise<number> {
  const due = await documents.listStockDue(limit);
  const troubles: unknown[] = [];
  for (const kept of due) {
    try {
      for (const movement of movementsOf(kept)) await catalog.moveStock(kept.merchantId, movement);
      await documents.stockMoved(kept.merchantId, kept.content.body.document.saleId);
    } catch (trouble) {
      troubles.push(trouble);
    }
  }
  if (troubles.length > 0) throw troubles[0];
  return due.length;
}

/** One movement a line, keyed by the visit and the line. */
export function movementsOf({ content, storeId }: Pick<KeptDocument, 'content' | 'storeId'>): readonly StockMovement[] {
  const isSale = content.kind === 'sale';
  const { saleId, closedAt } = content.body.document;
  const lines = isSale ? content.body.document.basket.lines : content.body.document.lines;
  return lines.flatMap(({ lineNumber, productId: text, quantity }) => {
    const productId = parseId('product', text);
    if (productId === undefined) return [];
    const kind = isSale ? ('sold' as const) : ('returned' as const);
    return [{ storeId, productId, kind, thousandths: quantity, at: closedAt, key: `${saleId}/${lineNumber}` }];
  });
}
