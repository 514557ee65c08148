-- Money is minor units (BIGINT); quantities and prices are NUMERIC with 12 fractional digits; instants are microseconds UTC;
-- dates are ISO texts; texts compare as bytes (COLLATE "C"). See 0001_first_light.md for why each table is as it is.

CREATE TABLE meter (
    meter_code TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    body TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (meter_code, version)
);

CREATE TABLE plan_version (
    plan_code TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    active BIGINT NOT NULL CHECK (active IN (0, 1)),
    body TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (plan_code, version)
);

CREATE TABLE tenant (
    tenant_id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    legal_name TEXT COLLATE "C" NOT NULL,
    country TEXT COLLATE "C" NOT NULL,
    currency TEXT COLLATE "C" NOT NULL,
    time_zone TEXT COLLATE "C" NOT NULL,
    locale TEXT COLLATE "C" NOT NULL,
    tax_category TEXT COLLATE "C" NOT NULL,
    sealed_profile BYTEA NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE subscription (
    tenant_id TEXT COLLATE "C" NOT NULL REFERENCES tenant (tenant_id),
    subscription_id TEXT COLLATE "C" NOT NULL,
    plan_code TEXT COLLATE "C" NOT NULL,
    plan_version BIGINT NOT NULL,
    currency TEXT COLLATE "C" NOT NULL,
    time_zone TEXT COLLATE "C" NOT NULL,
    starts_on TEXT COLLATE "C" NOT NULL,
    bill_from TEXT COLLATE "C" NOT NULL,
    ends_on TEXT COLLATE "C",
    created_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, subscription_id),
    FOREIGN KEY (plan_code, plan_version) REFERENCES plan_version (plan_code, version)
);

-- state: 0 waiting, 1 settled, 2 dead letter.
-- outcomes: one byte per event in the order of the request, NULL while waiting: s settled, d duplicate, c conflict, r rejected.
CREATE TABLE usage_journal (
    position BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    received_at BIGINT NOT NULL,
    event_count BIGINT NOT NULL CHECK (event_count > 0),
    body BYTEA NOT NULL,
    state BIGINT NOT NULL DEFAULT 0 CHECK (state IN (0, 1, 2)),
    settled_at BIGINT,
    outcomes BYTEA,
    failure TEXT COLLATE "C"
);
ALTER TABLE usage_journal ALTER COLUMN body SET STORAGE EXTERNAL; -- it comes compressed
CREATE INDEX usage_journal_waiting ON usage_journal (position) WHERE state = 0;
CREATE INDEX usage_journal_done ON usage_journal (settled_at) WHERE state <> 0;

CREATE TABLE usage_head (
    tenant_id TEXT COLLATE "C" NOT NULL PRIMARY KEY REFERENCES tenant (tenant_id),
    settle_no BIGINT NOT NULL
);

CREATE TABLE event_identity (
    tenant_id TEXT COLLATE "C" NOT NULL,
    identity_hash BYTEA NOT NULL CHECK (length(identity_hash) = 16),
    payload_sha256 BYTEA NOT NULL CHECK (length(payload_sha256) = 32),
    event_month BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, identity_hash)
) PARTITION BY HASH (tenant_id);

CREATE TABLE usage_event (
    tenant_id TEXT COLLATE "C" NOT NULL,
    at BIGINT NOT NULL,
    settle_no BIGINT NOT NULL,
    ordinal BIGINT NOT NULL,
    source TEXT COLLATE "C" NOT NULL,
    event_id TEXT COLLATE "C" NOT NULL,
    metric_type TEXT COLLATE "C" NOT NULL,
    value NUMERIC(39, 12) NOT NULL,
    dimensions TEXT COLLATE "C" NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, at, settle_no, ordinal)
) PARTITION BY RANGE (at);

CREATE TABLE usage_rollup (
    tenant_id TEXT COLLATE "C" NOT NULL,
    meter_code TEXT COLLATE "C" NOT NULL,
    meter_version BIGINT NOT NULL,
    dimension_key TEXT COLLATE "C" NOT NULL,
    hour BIGINT NOT NULL,
    state TEXT COLLATE "C" NOT NULL,
    settle_no BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, meter_code, meter_version, dimension_key, hour)
);

CREATE TABLE usage_conflict (
    tenant_id TEXT COLLATE "C" NOT NULL,
    position BIGINT NOT NULL,
    ordinal BIGINT NOT NULL,
    source TEXT COLLATE "C" NOT NULL,
    event_id TEXT COLLATE "C" NOT NULL,
    payload_sha256 BYTEA NOT NULL,
    PRIMARY KEY (tenant_id, position, ordinal)
);

CREATE TABLE invoice_series (
    issuer TEXT COLLATE "C" NOT NULL,
    series TEXT COLLATE "C" NOT NULL,
    last_number BIGINT NOT NULL,
    last_issue_date TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (issuer, series)
);

CREATE TABLE invoice (
    tenant_id TEXT COLLATE "C" NOT NULL,
    invoice_id TEXT COLLATE "C" NOT NULL,
    subscription_id TEXT COLLATE "C" NOT NULL,
    status TEXT COLLATE "C" NOT NULL CHECK (status IN ('draft', 'finalised', 'void')),
    issuer TEXT COLLATE "C" NOT NULL,
    series TEXT COLLATE "C" NOT NULL,
    series_number BIGINT,
    number TEXT COLLATE "C",
    first_day TEXT COLLATE "C" NOT NULL,
    end_day TEXT COLLATE "C" NOT NULL,
    range_start BIGINT NOT NULL,
    range_end BIGINT NOT NULL CHECK (range_end > range_start),
    currency TEXT COLLATE "C" NOT NULL,
    net BIGINT NOT NULL,
    tax BIGINT NOT NULL,
    total BIGINT NOT NULL CHECK (total = net + tax),
    issue_date TEXT COLLATE "C",
    due_date TEXT COLLATE "C",
    created_at BIGINT NOT NULL,
    finalised_at BIGINT,
    snapshot_sha256 BYTEA NOT NULL,
    sealed_snapshot BYTEA NOT NULL,
    PRIMARY KEY (tenant_id, invoice_id),
    FOREIGN KEY (tenant_id, subscription_id) REFERENCES subscription (tenant_id, subscription_id),
    CHECK ((status = 'draft') = (series_number IS NULL)),
    CHECK ((status = 'draft') = (number IS NULL))
);
CREATE UNIQUE INDEX invoice_one_per_period ON invoice (tenant_id, subscription_id, range_start) WHERE status <> 'void';
CREATE UNIQUE INDEX invoice_number_once ON invoice (issuer, series, series_number) WHERE series_number IS NOT NULL;

CREATE TABLE invoice_line (
    tenant_id TEXT COLLATE "C" NOT NULL,
    invoice_id TEXT COLLATE "C" NOT NULL,
    line_no BIGINT NOT NULL,
    charge_code TEXT COLLATE "C" NOT NULL,
    meter_code TEXT COLLATE "C",
    dimension_key TEXT COLLATE "C" NOT NULL,
    quantity NUMERIC(39, 12) NOT NULL,
    unit_price NUMERIC(39, 12) NOT NULL,
    unit_divisor NUMERIC(39, 12) NOT NULL,
    tax_category TEXT COLLATE "C" NOT NULL,
    currency TEXT COLLATE "C" NOT NULL,
    amount BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, invoice_id, line_no),
    FOREIGN KEY (tenant_id, invoice_id) REFERENCES invoice (tenant_id, invoice_id)
);

CREATE TABLE invoice_tax (
    tenant_id TEXT COLLATE "C" NOT NULL,
    invoice_id TEXT COLLATE "C" NOT NULL,
    ordinal BIGINT NOT NULL,
    category TEXT COLLATE "C" NOT NULL,
    name TEXT COLLATE "C" NOT NULL,
    rate NUMERIC(39, 12) NOT NULL,
    base BIGINT NOT NULL,
    tax BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, invoice_id, ordinal),
    FOREIGN KEY (tenant_id, invoice_id) REFERENCES invoice (tenant_id, invoice_id)
);

-- disposition: what became of the range's usage: 'billed', 'over_limit' or 'no_price'.
CREATE TABLE invoice_usage (
    tenant_id TEXT COLLATE "C" NOT NULL,
    invoice_id TEXT COLLATE "C" NOT NULL,
    meter_code TEXT COLLATE "C" NOT NULL,
    meter_version BIGINT NOT NULL,
    dimension_key TEXT COLLATE "C" NOT NULL,
    range_start BIGINT NOT NULL,
    range_end BIGINT NOT NULL CHECK (range_end > range_start),
    settle_after BIGINT NOT NULL,
    settle_upto BIGINT NOT NULL,
    quantity NUMERIC(39, 12) NOT NULL,
    events BIGINT NOT NULL,
    disposition TEXT COLLATE "C" NOT NULL CHECK (disposition IN ('billed', 'over_limit', 'no_price')),
    PRIMARY KEY (tenant_id, invoice_id, meter_code, meter_version, dimension_key),
    FOREIGN KEY (tenant_id, invoice_id) REFERENCES invoice (tenant_id, invoice_id)
);

CREATE TABLE invoice_document (
    tenant_id TEXT COLLATE "C" NOT NULL,
    invoice_id TEXT COLLATE "C" NOT NULL,
    sha256 BYTEA NOT NULL CHECK (length(sha256) = 32),
    size BIGINT NOT NULL,
    path TEXT COLLATE "C" NOT NULL,
    template_version BIGINT NOT NULL,
    rendered_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, invoice_id),
    FOREIGN KEY (tenant_id, invoice_id) REFERENCES invoice (tenant_id, invoice_id)
);

CREATE TABLE ledger_transaction (
    tenant_id TEXT COLLATE "C" NOT NULL,
    transaction_id TEXT COLLATE "C" NOT NULL,
    reference_type TEXT COLLATE "C" NOT NULL,
    reference_id TEXT COLLATE "C" NOT NULL,
    posted_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, transaction_id)
);
CREATE UNIQUE INDEX ledger_transaction_once ON ledger_transaction (tenant_id, reference_type, reference_id);

CREATE TABLE ledger_entry (
    tenant_id TEXT COLLATE "C" NOT NULL,
    transaction_id TEXT COLLATE "C" NOT NULL,
    ordinal BIGINT NOT NULL,
    account TEXT COLLATE "C" NOT NULL,
    detail TEXT COLLATE "C" NOT NULL,
    currency TEXT COLLATE "C" NOT NULL,
    amount BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, transaction_id, ordinal),
    FOREIGN KEY (tenant_id, transaction_id) REFERENCES ledger_transaction (tenant_id, transaction_id)
);

-- tenant_id is empty for the system's own chain.
CREATE TABLE audit_entry (
    tenant_id TEXT COLLATE "C" NOT NULL,
    seq BIGINT NOT NULL CHECK (seq > 0),
    at BIGINT NOT NULL,
    actor TEXT COLLATE "C" NOT NULL,
    action TEXT COLLATE "C" NOT NULL,
    object TEXT COLLATE "C" NOT NULL,
    body TEXT COLLATE "C" NOT NULL,
    previous_hash BYTEA NOT NULL CHECK (length(previous_hash) = 32),
    hash BYTEA NOT NULL CHECK (length(hash) = 32),
    PRIMARY KEY (tenant_id, seq)
);

-- The last transaction of each WorkId, so that a COMMIT whose answer was lost is read back.
CREATE TABLE work_done (
    work_id TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    transaction_id XID8 NOT NULL,
    done_at TIMESTAMPTZ NOT NULL DEFAULT now()
);

-- Partitions. Identities lie in 16 by their tenant's hash; events by the month of their own time, made when the first event
-- of a month comes. A month is made beside usage_event and then attached, since that locks out nobody who inserts.
DO $$
BEGIN
    FOR part IN 0..15 LOOP
        EXECUTE format('CREATE TABLE event_identity_%s PARTITION OF event_identity FOR VALUES WITH (MODULUS 16, REMAINDER %s)',
                       to_char(part, 'FM00'), part);
    END LOOP;
END
$$;

-- months_since_1970 as in event_identity.event_month.
CREATE FUNCTION make_usage_month(months_since_1970 BIGINT) RETURNS VOID
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    first TIMESTAMP := TIMESTAMP '1970-01-01' + make_interval(months => months_since_1970::INTEGER);
    month TEXT := 'usage_event_' || to_char(first, 'YYYYMM');
BEGIN
    IF to_regclass('public.' || month) IS NOT NULL THEN
        RETURN;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('make_usage_month', 0));
    -- Whoever held the lock may have made it; to_regclass would remember that it was not there.
    IF EXISTS (SELECT FROM pg_class WHERE relname = month AND relnamespace = 'public'::regnamespace) THEN
        RETURN;
    END IF;
    EXECUTE format('CREATE TABLE public.%I (LIKE public.usage_event INCLUDING ALL)', month);
    EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', month);
    EXECUTE format('ALTER TABLE public.usage_event ATTACH PARTITION public.%I FOR VALUES FROM (%s) TO (%s)', month,
                   (extract(epoch FROM first) * 1000000)::BIGINT,
                   (extract(epoch FROM first + INTERVAL '1 month') * 1000000)::BIGINT);
END
$$;

-- Ledger and audit log only grow: by privilege for the server (below), by trigger for everybody.
CREATE FUNCTION refuse_change() RETURNS TRIGGER LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'append only';
END
$$;
CREATE TRIGGER ledger_transaction_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_transaction
    EXECUTE FUNCTION refuse_change();
CREATE TRIGGER ledger_entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_entry EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entry EXECUTE FUNCTION refuse_change();

-- As SQLite spells bytes.
CREATE FUNCTION hex(bytes BYTEA) RETURNS TEXT LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$ SELECT upper(encode(bytes, 'hex')) $$;

-- Rows whose parent is not there, for check-invariants: only a superuser or a damaged page can bring them about.
CREATE FUNCTION foreign_key_breaches() RETURNS TABLE (child TEXT, parent TEXT) LANGUAGE plpgsql STABLE AS $$
DECLARE
    reference RECORD;
BEGIN
    FOR reference IN
        SELECT conrelid::regclass::TEXT AS child, confrelid::regclass::TEXT AS parent,
               string_agg(format('p.%I = c.%I', theirs.attname, own.attname), ' AND ') AS same,
               string_agg(format('c.%I IS NOT NULL', own.attname), ' AND ') AS given
        FROM pg_constraint
        CROSS JOIN LATERAL unnest(conkey, confkey) AS pair (own_number, their_number)
        JOIN pg_attribute own ON own.attrelid = conrelid AND own.attnum = own_number
        JOIN pg_attribute theirs ON theirs.attrelid = confrelid AND theirs.attnum = their_number
        WHERE contype = 'f' AND conparentid = 0 AND connamespace = 'public'::regnamespace
        GROUP BY pg_constraint.oid, conrelid, confrelid ORDER BY 1, 2
    LOOP
        RETURN QUERY EXECUTE format('SELECT %L::TEXT, %L::TEXT FROM %s c WHERE %s AND NOT EXISTS (SELECT FROM %s p WHERE %s)',
                                    reference.child, reference.parent, reference.child, reference.given, reference.parent,
                                    reference.same);
    END LOOP;
END
$$;

-- One role for each kind of Scope. Roles belong to the cluster, so other databases of it may have made them, at this moment too.
DO $$
DECLARE
    wanted TEXT;
BEGIN
    FOREACH wanted IN ARRAY ARRAY['billing_tenant', 'billing_all_tenants', 'billing_system'] LOOP
        BEGIN
            IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = wanted) THEN
                EXECUTE format('CREATE ROLE %I NOLOGIN', wanted);
            END IF;
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            NULL;
        END;
    END LOOP;
END
$$;

-- Row-level security: a tenant's role sees the tenant that billing.tenant names, and nothing when it names none. Partitions
-- have no policy: only through their table are they seen.
DO $$
DECLARE
    name TEXT;
    part BOOLEAN;
BEGIN
    FOR name, part IN SELECT relname, relispartition FROM pg_class
                      JOIN pg_attribute ON attrelid = pg_class.oid AND attname = 'tenant_id'
                      WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', name);
        IF NOT part THEN
            EXECUTE format('CREATE POLICY own_rows ON %I TO billing_tenant '
                           'USING (tenant_id = nullif(current_setting(''billing.tenant'', true), ''''))', name);
            EXECUTE format('CREATE POLICY all_rows ON %I TO billing_all_tenants USING (true)', name);
        END IF;
    END LOOP;
END
$$;
CREATE POLICY own_chain ON audit_entry TO billing_system USING (tenant_id = '');

GRANT SELECT ON meter, plan_version TO billing_tenant;
GRANT SELECT, INSERT ON meter, plan_version TO billing_all_tenants, billing_system;

GRANT SELECT, INSERT, UPDATE ON tenant, subscription, usage_head TO billing_tenant, billing_all_tenants;
GRANT SELECT, INSERT, UPDATE, DELETE ON invoice, invoice_line, invoice_tax, invoice_usage TO billing_tenant, billing_all_tenants;
GRANT SELECT, INSERT ON invoice_document TO billing_tenant, billing_all_tenants;
GRANT SELECT, INSERT ON ledger_transaction, ledger_entry TO billing_tenant, billing_all_tenants;
GRANT SELECT, INSERT ON audit_entry TO billing_tenant, billing_all_tenants, billing_system;
GRANT SELECT, INSERT, UPDATE ON invoice_series TO billing_tenant, billing_all_tenants, billing_system;

GRANT SELECT ON event_identity, usage_event, usage_rollup, usage_conflict TO billing_tenant;
GRANT SELECT, INSERT ON event_identity, usage_event, usage_conflict TO billing_all_tenants;
GRANT SELECT, INSERT, UPDATE ON usage_rollup TO billing_all_tenants;
REVOKE EXECUTE ON FUNCTION make_usage_month(BIGINT) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION make_usage_month(BIGINT) TO billing_all_tenants;

-- The journal's bodies hold every tenant's events: a tenant's role sees only how far it has come.
GRANT SELECT (position, received_at, event_count, state) ON usage_journal TO billing_tenant;
GRANT SELECT, INSERT, UPDATE, DELETE ON usage_journal TO billing_all_tenants, billing_system;

GRANT SELECT, INSERT, UPDATE ON work_done TO billing_tenant, billing_all_tenants, billing_system;
GRANT DELETE ON work_done TO billing_system;
