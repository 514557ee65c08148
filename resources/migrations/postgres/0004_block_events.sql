-- Events in blocks: one row holds what one settling stored of a tenant's UTC day. See 0004_block_events.md.

CREATE TABLE usage_block (
    tenant_id TEXT COLLATE "C" NOT NULL,
    first_at BIGINT NOT NULL,
    settle_no BIGINT NOT NULL,
    first_ordinal BIGINT NOT NULL CHECK (first_ordinal >= 0),
    last_at BIGINT NOT NULL CHECK (last_at >= first_at),
    event_count BIGINT NOT NULL CHECK (event_count > 0),
    events TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant_id, first_at, settle_no, first_ordinal)
) PARTITION BY RANGE (first_at);

-- Blocks are tens of kilobytes: lz4 shrinks them in a tenth of the time that PostgreSQL's own way takes, where it is built in.
DO $$
BEGIN
    ALTER TABLE usage_block ALTER COLUMN events SET COMPRESSION lz4;
EXCEPTION WHEN feature_not_supported THEN
    NULL;
END
$$;

ALTER TABLE usage_block ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;

-- As before, of usage_block: months_since_1970 as in event_identity.event_month.
CREATE OR REPLACE FUNCTION make_usage_month(months_since_1970 BIGINT) RETURNS VOID
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS $$
DECLARE
    first TIMESTAMP := TIMESTAMP '1970-01-01' + make_interval(months => months_since_1970::INTEGER);
    month TEXT := 'usage_block_' || to_char(first, 'YYYYMM');
BEGIN
    IF to_regclass('public.' || month) IS NOT NULL THEN
        RETURN;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('make_usage_month', 0));
    -- Whoever held the lock may have made it; to_regclass would remember that it was not there.
    IF EXISTS (SELECT FROM pg_class WHERE relname = month AND relnamespace = 'public'::regnamespace) THEN
        RETURN;
    END IF;
    EXECUTE format('CREATE TABLE public.%I (LIKE public.usage_block INCLUDING ALL)', month);
    EXECUTE format('ALTER TABLE public.%I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', month);
    EXECUTE format('ALTER TABLE public.usage_block ATTACH PARTITION public.%I FOR VALUES FROM (%s) TO (%s)', month,
                   (extract(epoch FROM first) * 1000000)::BIGINT,
                   (extract(epoch FROM first + INTERVAL '1 month') * 1000000)::BIGINT);
END
$$;

-- What is there already. Its owner is under row-level security too, until the policies are made below.
ALTER TABLE usage_event NO FORCE ROW LEVEL SECURITY;
ALTER TABLE usage_block NO FORCE ROW LEVEL SECURITY;
SELECT make_usage_month(month)
FROM (SELECT DISTINCT (extract(year FROM day) * 12 + extract(month FROM day) - 23641)::BIGINT AS month
      FROM (SELECT TIMESTAMP '1970-01-01' + floor(at / 86400000000.0) * INTERVAL '1 day' AS day FROM usage_event) days) months;
INSERT INTO usage_block
SELECT tenant_id, min(at), settle_no, min(place), max(at), count(*),
       json_agg(json_build_array(at, source, event_id, metric_type, trim_scale(value)::TEXT, dimensions, position)
                ORDER BY at, ordinal)::TEXT
FROM (SELECT *, row_number() OVER (PARTITION BY tenant_id, settle_no ORDER BY at, ordinal) - 1 AS place FROM usage_event) placed
GROUP BY tenant_id, settle_no, floor(at / 86400000000.0), place / 1000;
ALTER TABLE usage_block FORCE ROW LEVEL SECURITY;

DROP TABLE usage_event;

-- The same events one by one, for whoever asks in SQL; whoever asks sees what the table shows him.
CREATE VIEW usage_event WITH (security_invoker = true) AS
SELECT b.tenant_id, (e.event ->> 0)::BIGINT AS at, b.settle_no, b.first_ordinal + e.place - 1 AS ordinal,
       (e.event ->> 1) COLLATE "C" AS source, (e.event ->> 2) COLLATE "C" AS event_id, (e.event ->> 3) COLLATE "C" AS metric_type,
       (e.event ->> 4)::NUMERIC(39, 12) AS value, (e.event ->> 5) COLLATE "C" AS dimensions, (e.event ->> 6)::BIGINT AS position
FROM usage_block b, json_array_elements(b.events::JSON) WITH ORDINALITY AS e (event, place);

CREATE POLICY own_rows ON usage_block TO billing_tenant
    USING (tenant_id = nullif(current_setting('billing.tenant', true), ''));
CREATE POLICY all_rows ON usage_block TO billing_all_tenants USING (true);
GRANT SELECT ON usage_block, usage_event TO billing_tenant, billing_all_tenants;
GRANT INSERT ON usage_block TO billing_all_tenants;
