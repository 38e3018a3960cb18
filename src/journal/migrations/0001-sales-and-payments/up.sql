-- The first schema: who sells (merchant, store, device), what is sold (sale), how it is paid (payment_intent,
-- payment_attempt), which processes live (process_owner) and what happened (outbox).
--
-- Every table of a merchant leads with merchant_id, the shard key: the same schema runs on one PostgreSQL, a replicated
-- pair or a sharded one. process_owner has none, for a process serves every merchant.
--
-- Money is whole minor units with its ISO 4217 code. Ids compare by bytes (COLLATE "C"): they are time-ordered in that
-- order and in no other, and a page of sales relies on it whatever the database's own locale is.
--
-- The hot tables carry no foreign keys: a foreign key locks and rewrites its parent row on each insert, and the statements
-- that write here join the parent anyway (an attempt is made only where its sale is). Parents are never deleted.

-- An index that is looked up by leads with its most selective column. Were they all to lead with merchant_id, the planner could
-- not tell them apart while the tables are young and without statistics, and would read a whole merchant for one row.

CREATE TABLE merchant (
  merchant_id text COLLATE "C" PRIMARY KEY CHECK (merchant_id LIKE 'mer\_%'),
  name        text NOT NULL,
  created_at  timestamptz(3) NOT NULL DEFAULT now()
);

CREATE TABLE store (
  merchant_id text COLLATE "C" NOT NULL REFERENCES merchant,
  id          text COLLATE "C" NOT NULL CHECK (id LIKE 'sto\_%'),
  name        text NOT NULL,
  currency    char(3) NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  time_zone   text NOT NULL,
  created_at  timestamptz(3) NOT NULL DEFAULT now(),
  PRIMARY KEY (merchant_id, id)
);

-- A device's API key is kept as the SHA-256 of 256 random bits: no guess reverses that, so it needs neither salt nor a slow
-- hash, and it can be looked up by index on every request.
CREATE TABLE device (
  merchant_id  text COLLATE "C" NOT NULL,
  id           text COLLATE "C" NOT NULL CHECK (id LIKE 'dev\_%'),
  store_id     text COLLATE "C" NOT NULL,
  name         text NOT NULL,
  api_key_hash text COLLATE "C" NOT NULL CHECK (api_key_hash ~ '^[0-9a-f]{64}$'),
  revoked_at   timestamptz(3),
  created_at   timestamptz(3) NOT NULL DEFAULT now(),
  PRIMARY KEY (merchant_id, id),
  FOREIGN KEY (merchant_id, store_id) REFERENCES store
);
-- Looked up by the key alone, before the merchant is known.
CREATE UNIQUE INDEX device_by_key ON device (api_key_hash);

CREATE TABLE sale (
  merchant_id  text COLLATE "C" NOT NULL,
  id           text COLLATE "C" NOT NULL CHECK (id LIKE 'sale\_%'),
  store_id     text COLLATE "C" NOT NULL,
  device_id    text COLLATE "C" NOT NULL,
  amount_minor bigint NOT NULL CHECK (amount_minor >= 0),
  currency     char(3) NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  description  text NOT NULL,
  created_at   timestamptz(3) NOT NULL,
  -- The caller's repeat is known by scope and key; the fingerprint tells another body under the same key.
  idempotency_scope       text COLLATE "C",
  idempotency_key         text COLLATE "C",
  idempotency_fingerprint text COLLATE "C",
  PRIMARY KEY (merchant_id, id),
  CHECK (num_nulls(idempotency_scope, idempotency_key, idempotency_fingerprint) IN (0, 3))
);
CREATE UNIQUE INDEX sale_by_idempotency ON sale (idempotency_key, idempotency_scope, merchant_id)
  WHERE idempotency_key IS NOT NULL;
CREATE INDEX sale_by_store ON sale (merchant_id, store_id, id);

-- One intent a sale: the unique index makes two tills with the same basket meet at one row.
CREATE TABLE payment_intent (
  merchant_id text COLLATE "C" NOT NULL,
  id          text COLLATE "C" NOT NULL CHECK (id LIKE 'pi\_%'),
  sale_id     text COLLATE "C" NOT NULL,
  created_at  timestamptz(3) NOT NULL,
  PRIMARY KEY (merchant_id, id)
);
CREATE UNIQUE INDEX payment_intent_of_sale ON payment_intent (sale_id, merchant_id);

CREATE TABLE payment_attempt (
  merchant_id  text COLLATE "C" NOT NULL,
  id           text COLLATE "C" NOT NULL CHECK (id LIKE 'pa\_%'),
  kind         text COLLATE "C" NOT NULL CHECK (kind IN ('charge', 'refund')),
  store_id     text COLLATE "C" NOT NULL,
  device_id    text COLLATE "C" NOT NULL,
  sale_id      text COLLATE "C" NOT NULL,
  intent_id    text COLLATE "C" NOT NULL,
  channel      text COLLATE "C" NOT NULL CHECK (channel IN ('alipay-openapi', 'alipay-global')),
  amount_minor bigint NOT NULL CHECK (amount_minor > 0),
  currency     char(3) NOT NULL CHECK (currency ~ '^[A-Z]{3}$'),
  description  text NOT NULL,
  created_at   timestamptz(3) NOT NULL,
  idempotency_scope       text COLLATE "C" NOT NULL,
  idempotency_key         text COLLATE "C" NOT NULL,
  idempotency_fingerprint text COLLATE "C" NOT NULL,

  -- The state, as the protocols write it.
  version       integer NOT NULL,
  phase         text COLLATE "C" NOT NULL,
  calls         integer NOT NULL CHECK (calls >= 0),
  in_flight_act text COLLATE "C" CHECK (in_flight_act IN ('authorize', 'inquire', 'reverse', 'refund', 'inquire-refund')),
  in_flight_call integer,
  due_at        timestamptz(3),
  rounds        integer NOT NULL CHECK (rounds >= 0),
  reason        text COLLATE "C" CHECK (reason IN (
    'insufficient-funds', 'code-invalid', 'code-expired', 'refused-by-payer', 'payer-limit', 'payer-account', 'risk',
    'closed', 'merchant-setup', 'request-refused', 'channel-unreachable', 'other')),
  cause         text COLLATE "C" CHECK (cause IN (
    'timeout', 'connection-lost', 'garbled', 'bad-signature', 'system-error', 'unknown-code', 'mismatch')),
  channel_code  text,
  evidence      jsonb,
  changed_at    timestamptz(3) NOT NULL,
  final_word    text COLLATE "C" CHECK (final_word IN ('paid', 'not-paid')),
  final_word_at timestamptz(3),
  abandoned_at  timestamptz(3),

  -- Which process is to act next; null when the attempt is finished, or was woken again by a late notice.
  owner      text COLLATE "C",
  -- Names the last write, so that a writer whose connection died while it committed can read back whether it was its own.
  write_mark text COLLATE "C" NOT NULL,

  -- Charges only.
  payer_code_masked text,
  -- What refunds that are not declined give back or may give back. The CHECK is the last guard of "never more than taken".
  refunds_minor     bigint NOT NULL DEFAULT 0 CHECK (refunds_minor BETWEEN 0 AND amount_minor),
  -- Refunds only.
  charge_id           text COLLATE "C",
  charge_amount_minor bigint,
  charge_reference    text,

  PRIMARY KEY (merchant_id, id),
  CHECK (num_nulls(in_flight_act, in_flight_call) IN (0, 2)),
  CHECK (num_nulls(final_word, final_word_at) IN (0, 2)),
  CHECK (CASE kind
    WHEN 'charge' THEN
      phase IN ('authorizing', 'awaiting-payer', 'unclear', 'approved', 'declined',
                'reversing', 'watching', 'reversed', 'returning', 'returned')
      AND payer_code_masked IS NOT NULL AND charge_id IS NULL AND charge_amount_minor IS NULL AND charge_reference IS NULL
    ELSE
      phase IN ('requesting', 'unclear', 'refunded', 'declined')
      AND in_flight_act IS DISTINCT FROM 'authorize' AND in_flight_act IS DISTINCT FROM 'inquire'
      AND in_flight_act IS DISTINCT FROM 'reverse'
      AND final_word IS NULL AND abandoned_at IS NULL AND payer_code_masked IS NULL AND refunds_minor = 0
      AND charge_id IS NOT NULL AND charge_amount_minor IS NOT NULL AND amount_minor <= charge_amount_minor
  END)
) WITH (fillfactor = 80);

-- A notice names our number and nothing else.
CREATE INDEX payment_attempt_by_number ON payment_attempt (id);
CREATE UNIQUE INDEX payment_attempt_by_idempotency
  ON payment_attempt (idempotency_key, idempotency_scope, merchant_id);
CREATE INDEX payment_attempt_of_sale ON payment_attempt (sale_id, merchant_id);
-- At most one: an intent never has two charges that are open, approved, or not yet proven undone.
CREATE UNIQUE INDEX payment_attempt_standing ON payment_attempt (intent_id, merchant_id)
  WHERE kind = 'charge' AND phase NOT IN ('declined', 'reversed', 'returned');
-- Custody's worklist holds only what is unfinished, so it stays as small as the trouble is.
CREATE INDEX payment_attempt_unfinished ON payment_attempt (due_at)
  WHERE due_at IS NOT NULL OR in_flight_act IS NOT NULL;

CREATE TABLE process_owner (
  owner       text COLLATE "C" PRIMARY KEY,
  alive_until timestamptz(3) NOT NULL
);

-- What happened, written in the transaction that made it true. `seq` alone is no order to read by: a slow transaction
-- commits a lower number after a reader has passed it. Readers go by (writer, seq) and stop below pg_snapshot_xmin, under
-- which every transaction has ended. The key holds merchant_id for the shards and starts with what readers go by.
CREATE TABLE outbox (
  merchant_id text COLLATE "C" NOT NULL,
  seq         bigserial NOT NULL,
  writer      xid8 NOT NULL DEFAULT pg_current_xact_id(),
  type        text NOT NULL,
  data        jsonb NOT NULL,
  written_at  timestamptz(3) NOT NULL DEFAULT now(),
  PRIMARY KEY (writer, seq, merchant_id)
);
