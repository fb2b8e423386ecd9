-- Times are Unix milliseconds in UTC; unknown is NULL, never 0.

CREATE TABLE resellers (
    id   TEXT PRIMARY KEY,
    name TEXT NOT NULL
) STRICT;

CREATE TABLE organisations (
    id          TEXT PRIMARY KEY,
    name        TEXT NOT NULL,
    time_zone   TEXT NOT NULL,
    reseller_id TEXT REFERENCES resellers (id)
) STRICT;

CREATE TABLE users (
    id            TEXT PRIMARY KEY,
    email         TEXT NOT NULL UNIQUE COLLATE NOCASE,
    name          TEXT NOT NULL,
    password_hash TEXT NOT NULL
) STRICT;

-- A person sees an organisation, or all organisations under a reseller.
CREATE TABLE memberships (
    user_id         TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    organisation_id TEXT REFERENCES organisations (id) ON DELETE CASCADE,
    reseller_id     TEXT REFERENCES resellers (id) ON DELETE CASCADE,
    CHECK ((organisation_id IS NULL) <> (reseller_id IS NULL)),
    UNIQUE (user_id, organisation_id, reseller_id)
) STRICT;

-- Only digests of tokens and keys: who reads the database cannot sign in with it.
CREATE TABLE sessions (
    token_digest BLOB PRIMARY KEY,
    user_id      TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    created_ms   INTEGER NOT NULL,
    seen_ms      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE api_keys (
    id              TEXT PRIMARY KEY,
    key_digest      BLOB NOT NULL UNIQUE,
    label           TEXT NOT NULL,
    -- NULL: everything in this database.
    organisation_id TEXT REFERENCES organisations (id) ON DELETE CASCADE,
    created_ms      INTEGER NOT NULL
) STRICT;

CREATE TABLE sign_in_failures (
    account TEXT NOT NULL,
    address TEXT NOT NULL,
    at_ms   INTEGER NOT NULL
) STRICT;
CREATE INDEX sign_in_failures_by_account ON sign_in_failures (account, at_ms);
CREATE INDEX sign_in_failures_by_address ON sign_in_failures (address, at_ms);

CREATE TABLE agents (
    id              TEXT PRIMARY KEY,
    organisation_id TEXT NOT NULL REFERENCES organisations (id) ON DELETE CASCADE,
    name            TEXT NOT NULL,
    status          TEXT NOT NULL
) STRICT;
CREATE INDEX agents_by_organisation ON agents (organisation_id);

CREATE TABLE versions (
    id           TEXT PRIMARY KEY,
    agent_id     TEXT NOT NULL REFERENCES agents (id) ON DELETE CASCADE,
    label        TEXT NOT NULL,
    activated_ms INTEGER
) STRICT;
CREATE INDEX versions_by_agent ON versions (agent_id, activated_ms);

-- Clustered by organisation and time: every report reads one such stretch.
CREATE TABLE calls (
    organisation_id      TEXT NOT NULL REFERENCES organisations (id) ON DELETE CASCADE,
    started_ms           INTEGER NOT NULL,
    id                   TEXT NOT NULL,
    agent_id             TEXT REFERENCES agents (id),
    version_id           TEXT REFERENCES versions (id),
    duration_ms          INTEGER NOT NULL CHECK (duration_ms >= 0),
    status               TEXT NOT NULL,
    outcome              TEXT NOT NULL CHECK (outcome IN ('resolved', 'transferred', 'abandoned', 'other')),
    disconnection_reason TEXT,
    type                 TEXT,
    to_number            TEXT,
    from_number          TEXT,
    is_test              INTEGER NOT NULL DEFAULT 0,
    cost                 REAL,
    response_ms          REAL,
    positive_sentiment   INTEGER,
    corrections          INTEGER,
    cached_tokens        INTEGER,
    all_tokens           INTEGER,
    transcript_confidence REAL,
    tool_calls           INTEGER,
    tool_errors          INTEGER,
    escalation_reason    TEXT,
    PRIMARY KEY (organisation_id, started_ms, id)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX calls_by_id ON calls (organisation_id, id);
