-- The catalogue: what is sold (product, product_barcode), where it belongs (department, tax_class, price_list), what it costs to buy
-- and to sell (price, product_cost), and how much of it there is (stock_movement).
--
-- Each record that tills hold carries the version of its last change, and catalog_deletion those of what is gone: together they are
-- the catalogue's changes, one row a record and no more. A merchant's versions come from its row in catalog_version, which a writer
-- holds locked until it has committed, so a version is never seen before all lower ones are.
--
-- These tables are written rarely and in bulk, so they carry foreign keys, as the last guard behind what the program judges first.

CREATE TABLE catalog_version (
  merchant_id text COLLATE "C" PRIMARY KEY,
  version     bigint NOT NULL CHECK (version >= 0)
);

CREATE TABLE department (
  merchant_id text COLLATE "C" NOT NULL,
  id          text COLLATE "C" NOT NULL,
  parent_id   text COLLATE "C" CHECK (parent_id <> id),
  name_en     text NOT NULL,
  name_zh     text NOT NULL,
  sort        integer NOT NULL,
  version     bigint NOT NULL,
  PRIMARY KEY (merchant_id, id),
  -- A parent and its children may go in one statement.
  FOREIGN KEY (merchant_id, parent_id) REFERENCES department DEFERRABLE INITIALLY DEFERRED
);
CREATE INDEX department_by_version ON department (merchant_id, version);

CREATE TABLE tax_class (
  merchant_id text COLLATE "C" NOT NULL,
  id          text COLLATE "C" NOT NULL,
  name_en     text NOT NULL,
  name_zh     text NOT NULL,
  rate_bps    integer NOT NULL CHECK (rate_bps BETWEEN 0 AND 10000),
  is_included boolean NOT NULL,
  version     bigint NOT NULL,
  PRIMARY KEY (merchant_id, id)
);
CREATE INDEX tax_class_by_version ON tax_class (merchant_id, version);

CREATE TABLE price_list (
  merchant_id text COLLATE "C" NOT NULL,
  id          text COLLATE "C" NOT NULL,
  name_en     text NOT NULL,
  name_zh     text NOT NULL,
  rank        integer NOT NULL,
  version     bigint NOT NULL,
  PRIMARY KEY (merchant_id, id)
);
CREATE INDEX price_list_by_version ON price_list (merchant_id, version);

-- Codes and PLUs are unique when the transaction ends: two products may exchange theirs in one.
CREATE TABLE product (
  merchant_id   text COLLATE "C" NOT NULL,
  id            text COLLATE "C" NOT NULL CHECK (id LIKE 'prd\_%'),
  code          text COLLATE "C" NOT NULL,
  name_en       text NOT NULL,
  name_zh       text NOT NULL,
  pinyin        text NOT NULL,
  department_id text COLLATE "C" NOT NULL,
  tax_class_id  text COLLATE "C" NOT NULL,
  unit          text COLLATE "C" NOT NULL CHECK (unit IN ('piece', 'kilogram')),
  plu           text COLLATE "C",
  minimum_age   integer CHECK (minimum_age > 0),
  is_active     boolean NOT NULL,
  picture       text,
  version       bigint NOT NULL,
  PRIMARY KEY (merchant_id, id),
  CONSTRAINT product_by_code UNIQUE (code, merchant_id) DEFERRABLE INITIALLY DEFERRED,
  CONSTRAINT product_by_plu UNIQUE (plu, merchant_id) DEFERRABLE INITIALLY DEFERRED,
  FOREIGN KEY (merchant_id, department_id) REFERENCES department,
  FOREIGN KEY (merchant_id, tax_class_id) REFERENCES tax_class
);
CREATE INDEX product_by_version ON product (merchant_id, version);
CREATE INDEX product_of_department ON product (department_id, merchant_id, id);

-- The key makes a barcode belong to one product of a merchant. `place` keeps their order: the first is the one that labels show.
CREATE TABLE product_barcode (
  merchant_id text COLLATE "C" NOT NULL,
  barcode     text COLLATE "C" NOT NULL CHECK (barcode ~ '^[0-9]{8,14}$'),
  product_id  text COLLATE "C" NOT NULL,
  place       smallint NOT NULL,
  PRIMARY KEY (barcode, merchant_id),
  FOREIGN KEY (merchant_id, product_id) REFERENCES product
);
CREATE INDEX product_barcode_of_product ON product_barcode (product_id, merchant_id, place);

-- A price for all stores has no store_id, and there is one such a list, product and beginning, as for any store.
CREATE TABLE price (
  merchant_id  text COLLATE "C" NOT NULL,
  product_id   text COLLATE "C" NOT NULL,
  list_id      text COLLATE "C" NOT NULL,
  store_id     text COLLATE "C",
  valid_from   timestamptz(3) NOT NULL,
  valid_to     timestamptz(3),
  amount_minor bigint NOT NULL CHECK (amount_minor >= 0),
  currency     char(3) NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  version      bigint NOT NULL,
  CONSTRAINT price_by_key UNIQUE NULLS NOT DISTINCT (product_id, merchant_id, list_id, valid_from, store_id),
  FOREIGN KEY (merchant_id, product_id) REFERENCES product,
  FOREIGN KEY (merchant_id, list_id) REFERENCES price_list
);
CREATE INDEX price_by_version ON price (merchant_id, version);

-- Costs are the server's own: no till is told them, and they have no version.
CREATE TABLE product_cost (
  merchant_id  text COLLATE "C" NOT NULL,
  product_id   text COLLATE "C" NOT NULL,
  valid_from   timestamptz(3) NOT NULL,
  amount_minor bigint NOT NULL CHECK (amount_minor >= 0),
  currency     char(3) NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  PRIMARY KEY (product_id, merchant_id, valid_from),
  FOREIGN KEY (merchant_id, product_id) REFERENCES product
);

-- What is gone, so that a till that was away hears of it. `record` names it as text, `key` as tills are told.
CREATE TABLE catalog_deletion (
  merchant_id text COLLATE "C" NOT NULL,
  record      text COLLATE "C" NOT NULL,
  key         jsonb NOT NULL,
  version     bigint NOT NULL,
  PRIMARY KEY (record, merchant_id)
);
CREATE INDEX catalog_deletion_by_version ON catalog_deletion (merchant_id, version);

-- Movements stay when their product goes, so they refer to none; and they are made by sales, whose way no lock of a parent is to
-- slow. The key makes each move once.
CREATE TABLE stock_movement (
  merchant_id text COLLATE "C" NOT NULL,
  key         text COLLATE "C" NOT NULL,
  store_id    text COLLATE "C" NOT NULL,
  product_id  text COLLATE "C" NOT NULL,
  kind        text COLLATE "C" NOT NULL CHECK (kind IN ('received', 'sold', 'returned', 'counted')),
  thousandths bigint NOT NULL CHECK (thousandths >= 0),
  at          timestamptz(3) NOT NULL,
  PRIMARY KEY (key, merchant_id)
);
-- A balance is the last count and what moved after it; both are read from the index alone.
CREATE INDEX stock_movement_of_product ON stock_movement (product_id, store_id, merchant_id, at)
  INCLUDE (kind, thousandths);
CREATE INDEX stock_count_of_product ON stock_movement (product_id, store_id, merchant_id, at, key)
  INCLUDE (thousandths) WHERE kind = 'counted';
