// The door of checkout, the room that joins what is sold with how it is paid.

export type { Adjustment, Discount, DiscountLimit } from './adjustment.ts';
export { limitOf, noLimit, rateLimit } from './adjustment.ts';
export type {
  AgeCheck,
  Basket,
  BasketRefusal,
  BasketResult,
  Hand,
  NewBasket,
  RemovedLine,
  VoidRecord,
} from './basket.ts';
export {
  addProduct,
  basketBounds,
  changeQuantity,
  emptyBasket,
  findLine,
  nameCustomer,
  noteBasket,
  noteLine,
  recordAgeCheck,
  removeLine,
  voidBasket,
} from './basket.ts';
export type { DiscountGrant, NotReady } from './discount-basket.ts';
export {
  ageToCheck,
  discountBasket,
  discountLine,
  notReadyToPay,
  takeBackBasketDiscount,
  takeBackLineDiscount,
} from './discount-basket.ts';
export type { LineItem, Names, ProductFacts, TaxClass } from './line-item.ts';
export { listTotal } from './line-item.ts';
export type {
  PricedAdjustment,
  PricedBasket,
  PricedLine,
  PricedTax,
  PricingRules,
  PromotionAdjustment,
} from './price-basket.ts';
export { noPromotions, priceBasket } from './price-basket.ts';
export type { Quantity, Unit } from './quantity.ts';
export {
  addQuantities,
  fitsUnit,
  formatQuantity,
  isMeasured,
  onePiece,
  parseQuantity,
  pieces,
  quantity,
  quantityMax,
  subtractQuantity,
  units,
} from './quantity.ts';
export { displayWidth } from './receipt/display-width.ts';
export type {
  AlipayEvidence,
  CashSlipInput,
  InBothLanguages,
  PaperColumns,
  ReceiptAdjustment,
  ReceiptInput,
  ReceiptLanguage,
  ReceiptLine,
  ReceiptStore,
  ReceiptTax,
  ReceiptTender,
  ReportRow,
  Reprint,
  ShiftReportInput,
} from './receipt/receipt-input.ts';
export type { JournalMark, ReceiptKey, ReceiptLink } from './receipt/receipt-link.ts';
export { formatReceiptLink, makeReceiptKey, parseReceiptKey, parseReceiptLink } from './receipt/receipt-link.ts';
export { giftReceiptText, receiptText } from './receipt/receipt-text.ts';
export { cashSlipText, shiftReportText } from './receipt/shift-slip-text.ts';
export type { Sale, SaleStanding, SaleStatus } from './sale.ts';
export { refundedOf, saleStanding } from './sale.ts';
export type { OpenedSale, SaleIdempotency, SaleJournal, SalePage } from './sale-journal.port.ts';
export { recognise, type ScannedCode } from './scanned-code.ts';
export { type BasketHistory, remember, startHistory, undoLast } from './undo-basket.ts';
