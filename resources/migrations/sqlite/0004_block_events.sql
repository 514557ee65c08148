-- Events in blocks: one row holds what one settling stored of a tenant's UTC day. See 0004_block_events.md.

CREATE TABLE usage_block (
    tenant_id TEXT NOT NULL,
    first_at INTEGER NOT NULL,
    settle_no INTEGER NOT NULL,
    first_ordinal INTEGER NOT NULL CHECK (first_ordinal >= 0),
    last_at INTEGER NOT NULL CHECK (last_at >= first_at),
    event_count INTEGER NOT NULL CHECK (event_count > 0),
    events TEXT NOT NULL,
    PRIMARY KEY (tenant_id, first_at, settle_no, first_ordinal)
) STRICT;

INSERT INTO usage_block
SELECT tenant_id, min(at), settle_no, min(place), max(at), count(*),
       json_group_array(json_array(at, source, event_id, metric_type, value, dimensions, position))
FROM (SELECT *, row_number() OVER (PARTITION BY tenant_id, settle_no ORDER BY at, ordinal) - 1 AS place FROM usage_event
      ORDER BY tenant_id, settle_no, at, ordinal)
GROUP BY tenant_id, settle_no, at / 86400000000 - (at % 86400000000 < 0), place / 1000;

DROP TABLE usage_event;

-- The same events one by one, for whoever asks in SQL. By json_each alone: it is the only JSON function a view may use on a
-- connection that does not trust the schema.
CREATE VIEW usage_event AS
SELECT b.tenant_id AS tenant_id, (SELECT value FROM json_each(e.value) WHERE key = 0) AS at, b.settle_no AS settle_no,
       b.first_ordinal + e.key AS ordinal, (SELECT value FROM json_each(e.value) WHERE key = 1) AS source,
       (SELECT value FROM json_each(e.value) WHERE key = 2) AS event_id,
       (SELECT value FROM json_each(e.value) WHERE key = 3) AS metric_type,
       (SELECT value FROM json_each(e.value) WHERE key = 4) AS value,
       (SELECT value FROM json_each(e.value) WHERE key = 5) AS dimensions,
       (SELECT value FROM json_each(e.value) WHERE key = 6) AS position
FROM usage_block b, json_each(b.events) e;
