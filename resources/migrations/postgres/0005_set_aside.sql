-- What waits for a person, numbers that were given out, both sides of a conflict. See 0005_set_aside.md.

-- kind: 'document' (subject: invoice id) or 'period' (subject: subscription id and first day, "sub_1/2026-01-01").
CREATE TABLE set_aside (
    tenant_id TEXT COLLATE "C" NOT NULL REFERENCES tenant (tenant_id),
    kind TEXT COLLATE "C" NOT NULL CHECK (kind IN ('document', 'period')),
    subject TEXT COLLATE "C" NOT NULL,
    code TEXT COLLATE "C" NOT NULL,
    reason_subject TEXT COLLATE "C" NOT NULL,
    reason_detail TEXT COLLATE "C" NOT NULL,
    attempts BIGINT NOT NULL CHECK (attempts > 0),
    first_at BIGINT NOT NULL,
    last_at BIGINT NOT NULL CHECK (last_at >= first_at),
    next_try_at BIGINT NOT NULL CHECK (next_try_at >= last_at),
    PRIMARY KEY (tenant_id, kind, subject)
);
CREATE INDEX set_aside_due ON set_aside (kind, next_try_at);
CREATE INDEX set_aside_oldest ON set_aside (first_at, tenant_id, kind, subject);

-- Dead letters are few among the settled, and are counted and listed.
CREATE INDEX usage_journal_dead ON usage_journal (settled_at, position) WHERE state = 2;

CREATE TABLE issued_number (
    issuer TEXT COLLATE "C" NOT NULL,
    number TEXT COLLATE "C" NOT NULL,
    series TEXT COLLATE "C" NOT NULL,
    series_number BIGINT NOT NULL,
    PRIMARY KEY (issuer, number)
);
-- Of numbers given out twice before, the first stays; check-invariants names the others. The owner is under row-level
-- security too, so it is lifted while he reads.
ALTER TABLE invoice NO FORCE ROW LEVEL SECURITY;
INSERT INTO issued_number (issuer, number, series, series_number)
SELECT issuer, number, series, series_number FROM invoice WHERE number IS NOT NULL ORDER BY series_number
ON CONFLICT DO NOTHING;
ALTER TABLE invoice FORCE ROW LEVEL SECURITY;

-- The refused payload as it came: JSON of timestamp, metric_type, value, dimensions. NULL in rows from before.
ALTER TABLE usage_conflict ADD COLUMN payload TEXT COLLATE "C";
ALTER TABLE usage_conflict ADD COLUMN noticed_at BIGINT;
-- Where to look for the first payload: its UTC month, as in event_identity.
ALTER TABLE usage_conflict ADD COLUMN event_month BIGINT;
CREATE INDEX usage_conflict_newest ON usage_conflict (position, tenant_id, ordinal);
CREATE INDEX usage_conflict_noticed ON usage_conflict (noticed_at, tenant_id, position, ordinal);
-- Whether a payload is kept already, and how many of its event are.
CREATE INDEX usage_conflict_event ON usage_conflict (tenant_id, event_id, source, payload_sha256);

-- Values of a declared dimension that no price names: the fallback's price holds for them.
CREATE TABLE unlisted_value (
    tenant_id TEXT COLLATE "C" NOT NULL REFERENCES tenant (tenant_id),
    meter_code TEXT COLLATE "C" NOT NULL,
    dimension TEXT COLLATE "C" NOT NULL,
    value TEXT COLLATE "C" NOT NULL,
    first_at BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, meter_code, dimension, value)
);
CREATE INDEX unlisted_value_oldest ON unlisted_value (first_at, tenant_id, meter_code, dimension, value);

ALTER TABLE set_aside ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY own_rows ON set_aside TO billing_tenant
    USING (tenant_id = nullif(current_setting('billing.tenant', true), ''));
CREATE POLICY all_rows ON set_aside TO billing_all_tenants USING (true);
ALTER TABLE unlisted_value ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY own_rows ON unlisted_value TO billing_tenant
    USING (tenant_id = nullif(current_setting('billing.tenant', true), ''));
CREATE POLICY all_rows ON unlisted_value TO billing_all_tenants USING (true);
GRANT SELECT, INSERT, UPDATE, DELETE ON set_aside TO billing_tenant, billing_all_tenants;
GRANT SELECT ON unlisted_value TO billing_tenant;
GRANT SELECT, INSERT, DELETE ON unlisted_value TO billing_all_tenants;
GRANT SELECT, INSERT ON issued_number TO billing_tenant, billing_all_tenants, billing_system;
