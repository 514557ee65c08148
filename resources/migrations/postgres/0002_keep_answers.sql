-- The first answer to each request that named an idempotency key. See 0002_keep_answers.md.

CREATE TABLE idempotency_key (
    owner TEXT COLLATE "C" NOT NULL,
    idempotency_key TEXT COLLATE "C" NOT NULL CHECK (length(idempotency_key) BETWEEN 1 AND 255),
    request_sha256 BYTEA NOT NULL CHECK (length(request_sha256) = 32),
    status BIGINT NOT NULL CHECK (status BETWEEN 200 AND 299),
    sealed_body BYTEA NOT NULL,
    kept_at BIGINT NOT NULL,
    PRIMARY KEY (owner, idempotency_key)
);
CREATE INDEX idempotency_key_kept ON idempotency_key (kept_at);

-- Written in the use case's own transaction, hence in any scope; a tenant's sees no other tenant's keys.
ALTER TABLE idempotency_key ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY own_rows ON idempotency_key TO billing_tenant
    USING (owner NOT LIKE 'tenant:%' OR owner = 'tenant:' || nullif(current_setting('billing.tenant', true), ''));
CREATE POLICY all_rows ON idempotency_key TO billing_all_tenants, billing_system USING (true);
GRANT SELECT, INSERT ON idempotency_key TO billing_tenant;
GRANT SELECT, INSERT, DELETE ON idempotency_key TO billing_all_tenants, billing_system;
