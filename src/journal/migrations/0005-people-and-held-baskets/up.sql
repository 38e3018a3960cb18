-- People with their PINs, who is signed in where, the words of supervisors, and baskets on hold.
--
-- As in 0001: every table leads with merchant_id, indexes that are looked up by with their most selective column.

CREATE TABLE person (
  merchant_id text COLLATE "C" NOT NULL,
  id          text COLLATE "C" NOT NULL CHECK (id LIKE 'per\_%'),
  store_id    text COLLATE "C" NOT NULL,
  name        text NOT NULL CHECK (char_length(name) BETWEEN 1 AND 60),
  role        text COLLATE "C" NOT NULL CHECK (role IN ('cashier', 'supervisor', 'manager')),
  language    text COLLATE "C" NOT NULL CHECK (language IN ('en', 'zh')),
  is_active   boolean NOT NULL,
  -- A slow hash keyed with a secret that is not in this database: ten thousand PINs are soon tried by whoever has only the rows.
  pin_hash    text COLLATE "C" NOT NULL CHECK (pin_hash LIKE '$argon2id$%'),
  created_at  timestamptz(3) NOT NULL,
  PRIMARY KEY (merchant_id, id),
  FOREIGN KEY (merchant_id, store_id) REFERENCES store
);
-- People pick their name from a list, so that it must say who is meant.
CREATE UNIQUE INDEX person_by_name ON person (store_id, name, merchant_id) WHERE is_active;

-- Wrong tries at PINs, by whom and from where they are counted: the id of a person or of a device.
CREATE TABLE pin_guard (
  merchant_id text COLLATE "C" NOT NULL,
  subject     text COLLATE "C" NOT NULL CHECK (subject LIKE 'per\_%' OR subject LIKE 'dev\_%'),
  wrong_tries integer NOT NULL CHECK (wrong_tries >= 0),
  tried_at    timestamptz(3) NOT NULL,
  PRIMARY KEY (merchant_id, subject)
);

-- The token is 256 random bits and kept as its SHA-256, as a device's key is.
CREATE TABLE person_session (
  merchant_id text COLLATE "C" NOT NULL,
  token_hash  text COLLATE "C" NOT NULL CHECK (token_hash ~ '^[0-9a-f]{64}$'),
  person_id   text COLLATE "C" NOT NULL,
  device_id   text COLLATE "C" NOT NULL,
  began_at    timestamptz(3) NOT NULL,
  ends_at     timestamptz(3) NOT NULL,
  ended_at    timestamptz(3),
  PRIMARY KEY (token_hash, merchant_id)
);
CREATE INDEX person_session_open ON person_session (person_id, merchant_id) WHERE ended_at IS NULL;

CREATE TABLE person_override (
  merchant_id  text COLLATE "C" NOT NULL,
  id           text COLLATE "C" NOT NULL CHECK (id LIKE 'ovr\_%'),
  store_id     text COLLATE "C" NOT NULL,
  device_id    text COLLATE "C" NOT NULL,
  session_hash text COLLATE "C" NOT NULL,
  act          text COLLATE "C" NOT NULL,
  worth_minor  bigint,
  currency     char(3) CHECK (currency ~ '^[A-Z]{3}$'),
  reason       text NOT NULL CHECK (reason <> ''),
  subject      text NOT NULL,
  asked_by     text COLLATE "C" NOT NULL,
  allowed_by   text COLLATE "C" NOT NULL,
  allowed_as   text COLLATE "C" NOT NULL CHECK (allowed_as IN ('cashier', 'supervisor', 'manager')),
  allowed_at   timestamptz(3) NOT NULL,
  used_at      timestamptz(3),
  used_for     text,
  PRIMARY KEY (merchant_id, id),
  -- Nobody overrules the rules for themselves.
  CHECK (asked_by <> allowed_by),
  CHECK (num_nulls(worth_minor, currency) IN (0, 2)),
  CHECK (num_nulls(used_at, used_for) IN (0, 2))
);
CREATE INDEX person_override_by_store ON person_override (merchant_id, store_id, id);

CREATE TABLE held_basket (
  merchant_id text COLLATE "C" NOT NULL,
  id          text COLLATE "C" NOT NULL CHECK (id LIKE 'hold\_%'),
  store_id    text COLLATE "C" NOT NULL,
  basket_id   text COLLATE "C" NOT NULL CHECK (basket_id LIKE 'bsk\_%'),
  basket_text text NOT NULL,
  note        text NOT NULL,
  line_count  integer NOT NULL CHECK (line_count >= 0),
  total_minor bigint NOT NULL CHECK (total_minor >= 0),
  currency    char(3) NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  device_id   text COLLATE "C" NOT NULL,
  held_by     text COLLATE "C" NOT NULL,
  held_at     timestamptz(3) NOT NULL,
  expires_at  timestamptz(3) NOT NULL,
  idempotency_scope       text COLLATE "C" NOT NULL,
  idempotency_key         text COLLATE "C" NOT NULL,
  idempotency_fingerprint text COLLATE "C" NOT NULL,

  -- It waits until it gets its one end; `expired` is written when somebody looks, and counts from expires_at on.
  state           text COLLATE "C" NOT NULL DEFAULT 'held' CHECK (state IN ('held', 'claimed', 'voided', 'expired')),
  ended_by        text COLLATE "C",
  ended_at        timestamptz(3),
  claim_device_id text COLLATE "C",
  claim_key       text COLLATE "C",
  void_reason     text,
  override_id     text COLLATE "C",
  PRIMARY KEY (merchant_id, id),
  CHECK ((state = 'claimed') = (claim_key IS NOT NULL) AND (state = 'claimed') = (claim_device_id IS NOT NULL)),
  CHECK ((state = 'voided') = (void_reason IS NOT NULL))
);
CREATE UNIQUE INDEX held_basket_by_idempotency ON held_basket (idempotency_key, idempotency_scope, merchant_id);
-- One basket waits once at a time: two holdings of it would be two sales.
CREATE UNIQUE INDEX held_basket_waiting ON held_basket (basket_id, merchant_id) WHERE state = 'held';
CREATE UNIQUE INDEX held_basket_by_claim ON held_basket (claim_key, claim_device_id, merchant_id) WHERE claim_key IS NOT NULL;
CREATE INDEX held_basket_of_store ON held_basket (store_id, merchant_id, id) WHERE state = 'held';
