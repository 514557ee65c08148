-- Money is minor units (INTEGER); quantities and prices are decimal texts; instants are microseconds UTC; dates are
-- ISO texts; texts compare as bytes (SQLite's BINARY). See 0001_first_light.md for why each table is as it is.

CREATE TABLE meter (
    meter_code TEXT NOT NULL,
    version INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (meter_code, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE plan_version (
    plan_code TEXT NOT NULL,
    version INTEGER NOT NULL,
    active INTEGER NOT NULL CHECK (active IN (0, 1)),
    body TEXT NOT NULL,
    PRIMARY KEY (plan_code, version)
) STRICT, WITHOUT ROWID;

CREATE TABLE tenant (
    tenant_id TEXT NOT NULL PRIMARY KEY,
    legal_name TEXT NOT NULL,
    country TEXT NOT NULL,
    currency TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    locale TEXT NOT NULL,
    tax_category TEXT NOT NULL,
    sealed_profile BLOB NOT NULL,
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE subscription (
    tenant_id TEXT NOT NULL REFERENCES tenant (tenant_id),
    subscription_id TEXT NOT NULL,
    plan_code TEXT NOT NULL,
    plan_version INTEGER NOT NULL,
    currency TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    starts_on TEXT NOT NULL,
    bill_from TEXT NOT NULL,
    ends_on TEXT,
    created_at INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, subscription_id),
    FOREIGN KEY (plan_code, plan_version) REFERENCES plan_version (plan_code, version)
) STRICT, WITHOUT ROWID;

-- state: 0 waiting, 1 settled, 2 dead letter.
-- outcomes: one byte per event in the order of the request, NULL while waiting: s settled, d duplicate, c conflict, r rejected.
CREATE TABLE usage_journal (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    received_at INTEGER NOT NULL,
    event_count INTEGER NOT NULL CHECK (event_count > 0),
    body BLOB NOT NULL,
    state INTEGER NOT NULL DEFAULT 0 CHECK (state IN (0, 1, 2)),
    settled_at INTEGER,
    outcomes BLOB,
    failure TEXT
) STRICT;
CREATE INDEX usage_journal_waiting ON usage_journal (position) WHERE state = 0;
CREATE INDEX usage_journal_done ON usage_journal (settled_at) WHERE state <> 0;

CREATE TABLE usage_head (
    tenant_id TEXT NOT NULL PRIMARY KEY REFERENCES tenant (tenant_id),
    settle_no INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE event_identity (
    tenant_id TEXT NOT NULL,
    identity_hash BLOB NOT NULL CHECK (length(identity_hash) = 16),
    payload_sha256 BLOB NOT NULL CHECK (length(payload_sha256) = 32),
    event_month INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, identity_hash)
) STRICT, WITHOUT ROWID;

CREATE TABLE usage_event (
    tenant_id TEXT NOT NULL,
    at INTEGER NOT NULL,
    settle_no INTEGER NOT NULL,
    ordinal INTEGER NOT NULL,
    source TEXT NOT NULL,
    event_id TEXT NOT NULL,
    metric_type TEXT NOT NULL,
    value TEXT NOT NULL,
    dimensions TEXT NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, at, settle_no, ordinal)
) STRICT, WITHOUT ROWID;

CREATE TABLE usage_rollup (
    tenant_id TEXT NOT NULL,
    meter_code TEXT NOT NULL,
    meter_version INTEGER NOT NULL,
    dimension_key TEXT NOT NULL,
    hour INTEGER NOT NULL,
    state TEXT NOT NULL,
    settle_no INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, meter_code, meter_version, dimension_key, hour)
) STRICT, WITHOUT ROWID;

CREATE TABLE usage_conflict (
    tenant_id TEXT NOT NULL,
    position INTEGER NOT NULL,
    ordinal INTEGER NOT NULL,
    source TEXT NOT NULL,
    event_id TEXT NOT NULL,
    payload_sha256 BLOB NOT NULL,
    PRIMARY KEY (tenant_id, position, ordinal)
) STRICT, WITHOUT ROWID;

CREATE TABLE invoice_series (
    issuer TEXT NOT NULL,
    series TEXT NOT NULL,
    last_number INTEGER NOT NULL,
    last_issue_date TEXT NOT NULL,
    PRIMARY KEY (issuer, series)
) STRICT, WITHOUT ROWID;

CREATE TABLE invoice (
    tenant_id TEXT NOT NULL,
    invoice_id TEXT NOT NULL,
    subscription_id TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('draft', 'finalised', 'void')),
    issuer TEXT NOT NULL,
    series TEXT NOT NULL,
    series_number INTEGER,
    number TEXT,
    first_day TEXT NOT NULL,
    end_day TEXT NOT NULL,
    range_start INTEGER NOT NULL,
    range_end INTEGER NOT NULL CHECK (range_end > range_start),
    currency TEXT NOT NULL,
    net INTEGER NOT NULL,
    tax INTEGER NOT NULL,
    total INTEGER NOT NULL CHECK (total = net + tax),
    issue_date TEXT,
    due_date TEXT,
    created_at INTEGER NOT NULL,
    finalised_at INTEGER,
    snapshot_sha256 BLOB NOT NULL,
    sealed_snapshot BLOB NOT NULL,
    PRIMARY KEY (tenant_id, invoice_id),
    FOREIGN KEY (tenant_id, subscription_id) REFERENCES subscription (tenant_id, subscription_id),
    CHECK ((status = 'draft') = (series_number IS NULL)),
    CHECK ((status = 'draft') = (number IS NULL))
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX invoice_one_per_period ON invoice (tenant_id, subscription_id, range_start) WHERE status <> 'void';
CREATE UNIQUE INDEX invoice_number_once ON invoice (issuer, series, series_number) WHERE series_number IS NOT NULL;

CREATE TABLE invoice_line (
    tenant_id TEXT NOT NULL,
    invoice_id TEXT NOT NULL,
    line_no INTEGER NOT NULL,
    charge_code TEXT NOT NULL,
    meter_code TEXT,
    dimension_key TEXT NOT NULL,
    quantity TEXT NOT NULL,
    unit_price TEXT NOT NULL,
    unit_divisor TEXT NOT NULL,
    tax_category TEXT NOT NULL,
    currency TEXT NOT NULL,
    amount INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, invoice_id, line_no),
    FOREIGN KEY (tenant_id, invoice_id) REFERENCES invoice (tenant_id, invoice_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE invoice_tax (
    tenant_id TEXT NOT NULL,
    invoice_id TEXT NOT NULL,
    ordinal INTEGER NOT NULL,
    category TEXT NOT NULL,
    name TEXT NOT NULL,
    rate TEXT NOT NULL,
    base INTEGER NOT NULL,
    tax INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, invoice_id, ordinal),
    FOREIGN KEY (tenant_id, invoice_id) REFERENCES invoice (tenant_id, invoice_id)
) STRICT, WITHOUT ROWID;

-- disposition: what became of the range's usage: 'billed', 'over_limit' or 'no_price'.
CREATE TABLE invoice_usage (
    tenant_id TEXT NOT NULL,
    invoice_id TEXT NOT NULL,
    meter_code TEXT NOT NULL,
    meter_version INTEGER NOT NULL,
    dimension_key TEXT NOT NULL,
    range_start INTEGER NOT NULL,
    range_end INTEGER NOT NULL CHECK (range_end > range_start),
    settle_after INTEGER NOT NULL,
    settle_upto INTEGER NOT NULL,
    quantity TEXT NOT NULL,
    events INTEGER NOT NULL,
    disposition TEXT NOT NULL CHECK (disposition IN ('billed', 'over_limit', 'no_price')),
    PRIMARY KEY (tenant_id, invoice_id, meter_code, meter_version, dimension_key),
    FOREIGN KEY (tenant_id, invoice_id) REFERENCES invoice (tenant_id, invoice_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE invoice_document (
    tenant_id TEXT NOT NULL,
    invoice_id TEXT NOT NULL,
    sha256 BLOB NOT NULL CHECK (length(sha256) = 32),
    size INTEGER NOT NULL,
    path TEXT NOT NULL,
    template_version INTEGER NOT NULL,
    rendered_at INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, invoice_id),
    FOREIGN KEY (tenant_id, invoice_id) REFERENCES invoice (tenant_id, invoice_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE ledger_transaction (
    tenant_id TEXT NOT NULL,
    transaction_id TEXT NOT NULL,
    reference_type TEXT NOT NULL,
    reference_id TEXT NOT NULL,
    posted_at INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, transaction_id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX ledger_transaction_once ON ledger_transaction (tenant_id, reference_type, reference_id);

CREATE TABLE ledger_entry (
    tenant_id TEXT NOT NULL,
    transaction_id TEXT NOT NULL,
    ordinal INTEGER NOT NULL,
    account TEXT NOT NULL,
    detail TEXT NOT NULL,
    currency TEXT NOT NULL,
    amount INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, transaction_id, ordinal),
    FOREIGN KEY (tenant_id, transaction_id) REFERENCES ledger_transaction (tenant_id, transaction_id)
) STRICT, WITHOUT ROWID;

-- tenant_id is empty for the system's own chain.
CREATE TABLE audit_entry (
    tenant_id TEXT NOT NULL,
    seq INTEGER NOT NULL CHECK (seq > 0),
    at INTEGER NOT NULL,
    actor TEXT NOT NULL,
    action TEXT NOT NULL,
    object TEXT NOT NULL,
    body TEXT NOT NULL,
    previous_hash BLOB NOT NULL CHECK (length(previous_hash) = 32),
    hash BLOB NOT NULL CHECK (length(hash) = 32),
    PRIMARY KEY (tenant_id, seq)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER ledger_transaction_no_update BEFORE UPDATE ON ledger_transaction BEGIN SELECT RAISE(ABORT, 'append only'); END;
CREATE TRIGGER ledger_transaction_no_delete BEFORE DELETE ON ledger_transaction BEGIN SELECT RAISE(ABORT, 'append only'); END;
CREATE TRIGGER ledger_entry_no_update BEFORE UPDATE ON ledger_entry BEGIN SELECT RAISE(ABORT, 'append only'); END;
CREATE TRIGGER ledger_entry_no_delete BEFORE DELETE ON ledger_entry BEGIN SELECT RAISE(ABORT, 'append only'); END;
CREATE TRIGGER audit_entry_no_update BEFORE UPDATE ON audit_entry BEGIN SELECT RAISE(ABORT, 'append only'); END;
CREATE TRIGGER audit_entry_no_delete BEFORE DELETE ON audit_entry BEGIN SELECT RAISE(ABORT, 'append only'); END;
