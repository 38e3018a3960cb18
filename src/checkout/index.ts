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
export { canonicalText, firstDifference, type Plain } from './canonical-text.ts';
export type { Correction, CorrectionRefusal, DayReport, LateResult } from './day-report.ts';
export { correctionOf, dayReport } from './day-report.ts';
export type { DiscountGrant, NotReady } from './discount-basket.ts';
export {
  ageToCheck,
  discountBasket,
  discountLine,
  notReadyToPay,
  takeBackBasketDiscount,
  takeBackLineDiscount,
} from './discount-basket.ts';
export type { DocumentJournal, DocumentPage, KeptDocument, KeptReport, LateOutcome } from './document-journal.port.ts';
export { type EntryName, factsOfEntry } from './documents/document-facts.ts';
export {
  type CashCountedBody,
  type CashMovementBody,
  type DrawerOpenedBody,
  type EntryContent,
  entryBody,
  isVisit,
  readEntryBody,
  type StorageStartedBody,
  type VisitBody,
  type VisitContent,
} from './documents/entry-body.ts';
export {
  attemptsOfInterest,
  type EntryStanding,
  type Evidence,
  entryStandings,
  type Judgement,
  judgeEntry,
  judgeUnreadable,
  noEvidence,
  type Till,
  type VisitSum,
} from './documents/judge-entry.ts';
export { moveStockOfDocuments } from './documents/move-stock.flow.ts';
export { readDayReport } from './documents/read-day-report.flow.ts';
export {
  type EntryOutcome,
  type ReceiveRefusal,
  receiveTillEntries,
  type TillReceipt,
} from './documents/receive-entries.flow.ts';
export { Problems, type Reader, unread } from './field-reader.ts';
export type {
  Claimed,
  Claiming,
  Held,
  HeldBasketJournal,
  HoldRefusal,
  NotHeld,
  Voiding,
} from './held-basket.port.ts';
export type { HeldBasket, HeldBasketId } from './held-basket.ts';
export { heldBasketBounds, heldBasketLifeMs, makeHeldBasketId, parseHeldBasketId } from './held-basket.ts';
export type { LineItem, Names, ProductFacts, TaxClass } from './line-item.ts';
export { listTotal } from './line-item.ts';
export type { OverrideBook, OverridePage } from './override-book.port.ts';
export type { Act, Override, OverrideRefusal, Permissions, Role, RoleLimits, Staff, Verdict } from './permission.ts';
export { acts, allowed, discountLimitOf, isPermitted, overrideBy, roles, usualPermissions } from './permission.ts';
export type { Person, PersonChange, PersonLanguage } from './person.ts';
export { isPersonName, isPin, personBounds, personLanguages } from './person.ts';
export type {
  PersonDirectory,
  PersonPlace,
  PersonRefusal,
  PersonSession,
  PinHash,
  PinTry,
  SignedIn,
} from './person-directory.port.ts';
export type { PinGuard, PinGuardKind } from './pin-guard.ts';
export { countTry, forgiveTry, pinGuardKinds, pinWait } from './pin-guard.ts';
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
export { readBasket, readSaleDocument } from './read-document.ts';
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
export { type ReceiptCircumstances, receiptOfVisit } from './receipt/receipt-of-visit.ts';
export { giftReceiptText, receiptText } from './receipt/receipt-text.ts';
export { cashSlipText, shiftReportText } from './receipt/shift-slip-text.ts';
export type { OverrideId, OverrideUse, OverrideUseRefusal, RecordedOverride } from './recorded-override.ts';
export {
  makeOverrideId,
  overrideBounds,
  overrideLifeMs,
  overrideTrouble,
  parseOverrideId,
} from './recorded-override.ts';
export { givenBackBy, planRefund, type RefundPart, refundOrder } from './refund-plan.ts';
export type {
  EarlierReturn,
  Exchange,
  ReturnDocument,
  ReturnedGoods,
  ReturnedLine,
  ReturnGrant,
  ReturnRefusal,
  WantedBack,
} from './return.ts';
export {
  exchange,
  refundExchange,
  refundWithoutReceipt,
  returnedTaxes,
  returnWithoutReceipt,
  returnWithReceipt,
  stillReturnable,
} from './return.ts';
export { checkReturn, closeReturn, type ReturnTerms, readReturnDocument } from './return-document.ts';
export type { Sale, SaleStanding, SaleStatus } from './sale.ts';
export { refundedOf, saleStanding } from './sale.ts';
export type { NotClosed, SaleDocument, SaleFacts } from './sale-document.ts';
export { checkDocument, closeSale } from './sale-document.ts';
export type { OpenedSale, SaleIdempotency, SaleJournal, SalePage } from './sale-journal.port.ts';
export { recognise, type ScannedCode } from './scanned-code.ts';
export type {
  Denomination,
  OpenPayment,
  Shift,
  ShiftEvent,
  ShiftOpening,
  ShiftRefusal,
  ShiftReport,
  ShiftState,
} from './shift.ts';
export { applyToShift, countedAmount, drawerShouldHold, openShift, shiftTable, xReport } from './shift.ts';
export { checkShiftReport, readShiftReport } from './shift-report-reader.ts';
export type {
  AlipayTender,
  CashRule,
  CashTender,
  ExchangeCreditTender,
  ExternalCardTender,
  Offer,
  PaidEvidence,
  StoredValueTender,
  Tender,
  Tendering,
  TenderKind,
  TenderRefusal,
} from './tender.ts';
export {
  addTender,
  cashPayable,
  cashRoundingOf,
  changeOf,
  dropTender,
  everyCoin,
  isOpenPayment,
  isSettled,
  offerTrouble,
  payTender,
  remainingDue,
  startTendering,
  takeBackTender,
  takenBy,
  tenderKinds,
  tendersMax,
} from './tender.ts';
export type {
  EntryMark,
  ForkedEntry,
  KeptEntry,
  OfStore,
  QuestionedEntry,
  TillChain,
  TillJournal,
} from './till-journal.port.ts';
export type {
  ChainHead,
  ChainStanding,
  ChainTrouble,
  EntryKind,
  KnownChain,
  NewEntry,
  Received,
  Sha256,
  TillEntry,
} from './till-journal.ts';
export {
  appendEntry,
  batchLengthMax,
  compareChains,
  entriesReader,
  entryKinds,
  headAfter,
  receiveEntries,
  startChain,
  verifyChain,
} from './till-journal.ts';
export { type BasketHistory, remember, startHistory, undoLast } from './undo-basket.ts';
export type {
  CashierFlows,
  DepartmentFlows,
  Flow,
  Flows,
  Tally,
  TaxFlows,
  TenderFlows,
  VisitFigures,
} from './visit-figures.ts';
export { figuresOfReturn, figuresOfSale } from './visit-figures.ts';
export { textBounds } from './well-formed.ts';
