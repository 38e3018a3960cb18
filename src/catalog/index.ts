// The door of the catalogue: what is sold, under which price, and how it is found. Pure; the till runs it unchanged in the browser.

export { applyChanges, Catalog, type ScannedProduct } from './catalog.ts';
export {
  type CatalogChange,
  type CatalogEdit,
  type CatalogKey,
  type CatalogRecord,
  keyOfEdit,
  keyOfRecord,
  keyText,
  sameRecord,
} from './catalog-change.ts';
export type {
  CatalogJournal,
  CatalogRefusal,
  CatalogWrite,
  ChangePage,
  ChangesSince,
  ProductPage,
  StockRefusal,
} from './catalog-journal.port.ts';
export { editRefusal, type WrittenCatalog } from './check-edits.ts';
export { type DepartmentId, type PriceListId, type ProductCode, parseCode, type TaxClassId } from './code.ts';
export { type Cost, costAt } from './cost.ts';
export { type ExportParts, exportProducts } from './csv/export-products.flow.ts';
export { describeProblem, type ImportProblem, importAdvice } from './csv/import-problems.ts';
export {
  type ImportCounts,
  type ImportParts,
  type ImportPlan,
  type ImportProgress,
  planImport,
  writeOfPlan,
} from './csv/plan-import.flow.ts';
export { productColumns } from './csv/product-row.ts';
export { demoDepartments, demoPriceLists, demoTaxClasses } from './demo/demo-departments.ts';
export { type DemoProduct, demoCountMax, demoCountUsual, makeDemoProducts } from './demo/demo-products.ts';
export {
  type Department,
  type DepartmentBranch,
  type DepartmentProblem,
  departmentProblem,
  departmentTree,
} from './department.ts';
export {
  amountOfWeight,
  defaultLayouts,
  type EmbeddedCode,
  type EmbeddedLayout,
  type EmbeddedMeasure,
  type EmbeddedProblem,
  layoutProblem,
  readEmbedded,
  weightOfAmount,
} from './embedded-code.ts';
export { type Gtin, type GtinProblem, isStoreInternal, makeGtin, parseGtin } from './gtin.ts';
export { type Names, nameIn, parseNames } from './names.ts';
export { isReadable, pinyinOf } from './pinyin/pinyin.ts';
export { nextPriceChange, type Price, type PriceKey, type PriceList, priceAt } from './price.ts';
export { type Plu, type Product, parsePlu, sameProduct, type Unit } from './product.ts';
export { buildIndex } from './search/build-index.ts';
export { type SearchParts, transferables } from './search/index-parts.ts';
export { finish, ProductSearch, runSteps } from './search/product-search.ts';
export { type SearchHit, SearchIndex } from './search/search-index.ts';
export {
  type StockMovement,
  type StockMovementKind,
  sameMovement,
  stockBalance,
  stockDirection,
} from './stock.ts';
export type { TaxClass } from './tax-class.ts';
