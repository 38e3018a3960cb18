// From what was scanned to what a line of the basket needs: the product's facts with the price of this moment, and how much of it. What
// cannot be sold says why.

import {
  type EmbeddedLayout,
  type EmbeddedMeasure,
  type Price,
  type Product,
  type ScannedProduct,
  weightOfAmount,
} from '#catalog/index.ts';
import { fitsUnit, onePiece, type ProductFacts, type Quantity, quantity, quantityMax } from '#checkout/index.ts';
import type { StoreId } from '#foundation/id.ts';
import type { Instant } from '#foundation/instant.ts';
import { type Currency, type Money, money } from '#foundation/money.ts';
import type { Goods } from './goods.ts';

/** Where and when something is sold. */
export type Counter = {
  readonly storeId: StoreId;
  readonly currency: Currency;
  readonly layouts: readonly EmbeddedLayout[];
};

export type FoundGoods =
  /** `quantity` is `null` when it must be weighed first. */
  | { readonly kind: 'goods'; readonly facts: ProductFacts; readonly quantity: Quantity | null }
  /** `unit`: a label with a weight on something that is sold by the piece, or the reverse. */
  | { readonly kind: 'not-for-sale'; readonly product: Product; readonly why: 'no-price' | 'no-tax-class' | 'unit' }
  | Exclude<ScannedProduct, { kind: 'product' | 'weighed' }>;

/** What a scanned number puts into the basket at an instant. */
export function findGoods(goods: Goods, digits: string, counter: Counter, at: Instant): FoundGoods {
  const scanned = goods.scan(digits, counter.layouts);
  if (scanned.kind === 'product') return factsOf(goods, scanned.product, scanned.barcode, counter, at);
  if (scanned.kind !== 'weighed') return scanned;
  const found = factsOf(goods, scanned.product, digits, counter, at);
  return found.kind === 'goods' ? weighedGoods(found.facts, scanned.product, scanned.measure) : found;
}

/** What a product that was chosen by hand puts into the basket; `barcode` as it was scanned, or `null`. */
export function factsOf(
  goods: Goods,
  product: Product,
  barcode: string | null,
  { storeId, currency }: Counter,
  at: Instant,
): FoundGoods {
  // Found in the search it may not be unpacked yet, and then the catalogue would know no price of it.
  goods.findById(product.id);
  const price = goods.catalog.priceAt(product.id, storeId, at);
  if (price === undefined || price.amount.currency !== currency)
    return { kind: 'not-for-sale', product, why: 'no-price' };
  const taxClass = goods.catalog.taxClasses.get(product.taxClassId);
  if (taxClass === undefined) return { kind: 'not-for-sale', product, why: 'no-tax-class' };
  const { id, rateBps, isIncluded } = taxClass;
  const facts: ProductFacts = {
    productId: product.id,
    names: product.names,
    barcode,
    departmentId: product.departmentId,
    unit: product.unit,
    listPrice: price.amount,
    labelPrice: null,
    priceVersion: priceVersionOf(price),
    taxClass: { id, rateBps, isIncluded },
    minimumAge: product.minimumAge,
  };
  return { kind: 'goods', facts, quantity: product.unit === 'piece' ? onePiece : null };
}

/** Names the very price that was taken, so that a server can find it again: its list, its store or `*`, and its beginning. */
export function priceVersionOf({ listId, storeId, validFrom }: Price): string {
  return `${listId}/${storeId ?? '*'}/${validFrom}`;
}

function weighedGoods(facts: ProductFacts, product: Product, measure: EmbeddedMeasure): FoundGoods {
  if (measure.kind === 'weight') {
    const weight = quantityOf(measure.thousandths);
    if (weight === undefined || !fitsUnit(weight, facts.unit)) return { kind: 'not-for-sale', product, why: 'unit' };
    return { kind: 'goods', facts, quantity: weight };
  }
  const labelPrice = money(facts.listPrice.currency, measure.minor);
  const amount = facts.unit === 'piece' ? onePiece : quantityOfPrice(labelPrice, facts.listPrice);
  return { kind: 'goods', facts: { ...facts, labelPrice }, quantity: amount };
}

// The label's price is what is paid; the weight that one can reckon from it is for stock only, and at least a gram.
function quantityOfPrice(label: Money, perKilogram: Money): Quantity {
  const thousandths = weightOfAmount(label, perKilogram);
  return thousandths === undefined ? onePiece : quantity(Math.min(quantityMax, Math.max(1, thousandths)));
}

function quantityOf(thousandths: number): Quantity | undefined {
  return thousandths >= 1 && thousandths <= quantityMax ? quantity(thousandths) : undefined;
}
