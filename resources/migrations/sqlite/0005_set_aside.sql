-- What waits for a person, numbers that were given out, both sides of a conflict. See 0005_set_aside.md.

-- kind: 'document' (subject: invoice id) or 'period' (subject: subscription id and first day, "sub_1/2026-01-01").
CREATE TABLE set_aside (
    tenant_id TEXT NOT NULL REFERENCES tenant (tenant_id),
    kind TEXT NOT NULL CHECK (kind IN ('document', 'period')),
    subject TEXT NOT NULL,
    code TEXT NOT NULL,
    reason_subject TEXT NOT NULL,
    reason_detail TEXT NOT NULL,
    attempts INTEGER NOT NULL CHECK (attempts > 0),
    first_at INTEGER NOT NULL,
    last_at INTEGER NOT NULL CHECK (last_at >= first_at),
    next_try_at INTEGER NOT NULL CHECK (next_try_at >= last_at),
    PRIMARY KEY (tenant_id, kind, subject)
) STRICT, WITHOUT ROWID;
CREATE INDEX set_aside_due ON set_aside (kind, next_try_at);
CREATE INDEX set_aside_oldest ON set_aside (first_at, tenant_id, kind, subject);

-- Dead letters are few among the settled, and are counted and listed.
CREATE INDEX usage_journal_dead ON usage_journal (settled_at, position) WHERE state = 2;

CREATE TABLE issued_number (
    issuer TEXT NOT NULL,
    number TEXT NOT NULL,
    series TEXT NOT NULL,
    series_number INTEGER NOT NULL,
    PRIMARY KEY (issuer, number)
) STRICT, WITHOUT ROWID;
-- Of numbers given out twice before, the first stays; check-invariants names the others.
INSERT INTO issued_number (issuer, number, series, series_number)
SELECT issuer, number, series, series_number FROM invoice WHERE number IS NOT NULL ORDER BY series_number
ON CONFLICT DO NOTHING;

-- The refused payload as it came: JSON of timestamp, metric_type, value, dimensions. NULL in rows from before.
ALTER TABLE usage_conflict ADD COLUMN payload TEXT;
ALTER TABLE usage_conflict ADD COLUMN noticed_at INTEGER;
-- Where to look for the first payload: its UTC month, as in event_identity.
ALTER TABLE usage_conflict ADD COLUMN event_month INTEGER;
CREATE INDEX usage_conflict_newest ON usage_conflict (position, tenant_id, ordinal);
CREATE INDEX usage_conflict_noticed ON usage_conflict (noticed_at, tenant_id, position, ordinal);
-- Whether a payload is kept already, and how many of its event are.
CREATE INDEX usage_conflict_event ON usage_conflict (tenant_id, event_id, source, payload_sha256);

-- Values of a declared dimension that no price names: the fallback's price holds for them.
CREATE TABLE unlisted_value (
    tenant_id TEXT NOT NULL REFERENCES tenant (tenant_id),
    meter_code TEXT NOT NULL,
    dimension TEXT NOT NULL,
    value TEXT NOT NULL,
    first_at INTEGER NOT NULL,
    PRIMARY KEY (tenant_id, meter_code, dimension, value)
) STRICT, WITHOUT ROWID;
CREATE INDEX unlisted_value_oldest ON unlisted_value (first_at, tenant_id, meter_code, dimension, value);
