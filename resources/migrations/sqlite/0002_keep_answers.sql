-- The first answer to each request that named an idempotency key. See 0002_keep_answers.md.

CREATE TABLE idempotency_key (
    owner TEXT NOT NULL,
    idempotency_key TEXT NOT NULL CHECK (length(idempotency_key) BETWEEN 1 AND 255),
    request_sha256 BLOB NOT NULL CHECK (length(request_sha256) = 32),
    status INTEGER NOT NULL CHECK (status BETWEEN 200 AND 299),
    sealed_body BLOB NOT NULL,
    kept_at INTEGER NOT NULL,
    PRIMARY KEY (owner, idempotency_key)
) STRICT, WITHOUT ROWID;
CREATE INDEX idempotency_key_kept ON idempotency_key (kept_at);
