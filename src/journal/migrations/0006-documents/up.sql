-- What tills wrote: their chains, every entry as it was sent, and what follows from it.
CREATE TABLE till_chain (
  merchant_id text COLLATE "C" NOT NULL,
  chain_id    text COLLATE "C" NOT NULL,
  store_id    text COLLATE "C" NOT NULL,
  device_id   text COLLATE "C" NOT NULL,
  last_number bigint NOT NULL DEFAULT 0 CHECK (last_number >= 0),
  last_hash   text COLLATE "C" NOT NULL CHECK (last_hash ~ '^[0-9a-f]{64}$'),
  started_at  timestamptz(3) NOT NULL DEFAULT now(),
  last_at     timestamptz(3),
  PRIMARY KEY (merchant_id, chain_id)
) WITH (fillfactor = 80);
CREATE INDEX till_chain_of_device ON till_chain (merchant_id, device_id, started_at);

-- An entry's text never changes; how it stands may. `at_ms` is the till's clock as it was hashed, to the bit.
CREATE TABLE till_entry (
  merchant_id   text COLLATE "C" NOT NULL,
  chain_id      text COLLATE "C" NOT NULL,
  number        bigint NOT NULL CHECK (number >= 1),
  store_id      text COLLATE "C" NOT NULL,
  device_id     text COLLATE "C" NOT NULL,
  previous_hash text COLLATE "C" NOT NULL,
  at_ms         bigint NOT NULL,
  kind          text COLLATE "C" NOT NULL,
  body          text COLLATE "C" NOT NULL,
  hash          text COLLATE "C" NOT NULL CHECK (hash ~ '^[0-9a-f]{64}$'),
  received_at   timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  standing      text COLLATE "C" NOT NULL CHECK (standing IN ('good', 'awaiting', 'questioned', 'repeated')),
  question      text,
  judged_at     timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (merchant_id, chain_id, number),
  FOREIGN KEY (merchant_id, chain_id) REFERENCES till_chain,
  CHECK ((question IS NULL) = (standing IN ('good', 'repeated')))
);
CREATE INDEX till_entry_in_question ON till_entry (merchant_id, store_id, received_at)
  WHERE standing IN ('awaiting', 'questioned');
-- What is judged again holds only what waits for its answer, so it stays as small as that is.
CREATE INDEX till_entry_awaiting ON till_entry (judged_at) WHERE standing = 'awaiting';

-- Entries under a number of their chain that do not belong to it: somebody else wrote on a copy of the till's storage.
CREATE TABLE till_fork (
  merchant_id   text COLLATE "C" NOT NULL,
  chain_id      text COLLATE "C" NOT NULL,
  number        bigint NOT NULL,
  hash          text COLLATE "C" NOT NULL,
  store_id      text COLLATE "C" NOT NULL,
  device_id     text COLLATE "C" NOT NULL,
  previous_hash text COLLATE "C" NOT NULL,
  at_ms         bigint NOT NULL,
  kind          text COLLATE "C" NOT NULL,
  body          text COLLATE "C" NOT NULL,
  received_at   timestamptz(3) NOT NULL DEFAULT clock_timestamp(),
  seq           bigserial NOT NULL,
  PRIMARY KEY (merchant_id, chain_id, number, hash)
);
CREATE INDEX till_fork_of_store ON till_fork (merchant_id, store_id, seq);

-- A closed sale or return: what it is found by. The key is its id, so that no second entry closes it. Its text is its entry's.
CREATE TABLE till_document (
  merchant_id    text COLLATE "C" NOT NULL,
  sale_id        text COLLATE "C" NOT NULL CHECK (sale_id LIKE 'sale\_%'),
  kind           text COLLATE "C" NOT NULL CHECK (kind IN ('sale', 'return')),
  chain_id       text COLLATE "C" NOT NULL,
  entry_number   bigint NOT NULL,
  store_id       text COLLATE "C" NOT NULL,
  device_id      text COLLATE "C" NOT NULL,
  receipt_number text NOT NULL,
  receipt_key    text COLLATE "C" NOT NULL,
  shift_number   integer NOT NULL,
  business_date  text COLLATE "C" NOT NULL,
  of_sale_id     text COLLATE "C",
  currency       char(3) NOT NULL,
  total_minor    bigint NOT NULL,
  reprint_count  integer NOT NULL DEFAULT 0,
  stock_due      boolean NOT NULL DEFAULT true,
  -- In the order in which they came: returns of one sale are reckoned one after the other.
  seq            bigserial NOT NULL,
  PRIMARY KEY (merchant_id, sale_id),
  FOREIGN KEY (merchant_id, chain_id, entry_number) REFERENCES till_entry
);
-- A receipt's page is asked for by its key alone. Not unique: what a forger's till sends must not keep the true one out.
CREATE INDEX till_document_by_receipt_key ON till_document (receipt_key, seq);
CREATE INDEX till_document_by_receipt_number ON till_document (merchant_id, store_id, receipt_number);
CREATE INDEX till_document_of_day ON till_document (merchant_id, store_id, business_date, sale_id);
CREATE INDEX till_document_of_shift ON till_document (merchant_id, device_id, shift_number);
CREATE INDEX till_document_returns ON till_document (merchant_id, of_sale_id, seq) WHERE of_sale_id IS NOT NULL;
CREATE INDEX till_document_stock_due ON till_document (seq) WHERE stock_due;

-- The Z report of a shift: the first that came under its number, as it was written.
CREATE TABLE till_shift_report (
  merchant_id   text COLLATE "C" NOT NULL,
  device_id     text COLLATE "C" NOT NULL,
  shift_number  integer NOT NULL,
  store_id      text COLLATE "C" NOT NULL,
  business_date text COLLATE "C" NOT NULL,
  chain_id      text COLLATE "C" NOT NULL,
  entry_number  bigint NOT NULL,
  PRIMARY KEY (merchant_id, device_id, shift_number),
  FOREIGN KEY (merchant_id, chain_id, entry_number) REFERENCES till_entry
);
CREATE INDEX till_shift_report_of_day ON till_shift_report (merchant_id, store_id, business_date);

-- Payments without an end when their shift was closed: what they come to is a correction of the day on which it comes.
CREATE TABLE till_open_payment (
  merchant_id  text COLLATE "C" NOT NULL,
  intent_id    text COLLATE "C" NOT NULL,
  device_id    text COLLATE "C" NOT NULL,
  shift_number integer NOT NULL,
  store_id     text COLLATE "C" NOT NULL,
  PRIMARY KEY (merchant_id, intent_id, device_id, shift_number)
);
CREATE INDEX till_open_payment_of_store ON till_open_payment (merchant_id, store_id);
