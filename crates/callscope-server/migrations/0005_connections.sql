-- Accounts at a vendor, and how far bringing their calls has come.

-- Of the secret only where it is read from when it is needed: it stands nowhere here.
CREATE TABLE connections (
    id              TEXT PRIMARY KEY,
    organisation_id TEXT NOT NULL UNIQUE REFERENCES organisations (id) ON DELETE CASCADE,
    -- JSON: {"kind": "atoms"}, or {"kind": "telzino"} with the name of the program and what it looks at.
    vendor          TEXT NOT NULL,
    base            TEXT NOT NULL,
    -- `env:NAME` or `file:PATH`.
    secret_place    TEXT NOT NULL,
    -- What the vendor calls the account.
    account         TEXT NOT NULL DEFAULT '',
    keeps_transcripts INTEGER NOT NULL DEFAULT 1,
    keeps_numbers     INTEGER NOT NULL DEFAULT 1,
    created_ms      INTEGER NOT NULL,
    -- Calls that started before are not brought.
    since_ms        INTEGER,
    -- While calls are brought for the first time, in order of their start: up to where it is done.
    walked_ms       INTEGER,
    is_walked       INTEGER NOT NULL DEFAULT 0,
    -- Every call that was written to before this has been seen as it was then.
    mark_ms         INTEGER,
    -- Whether what has changed is being read, or that broke off.
    is_reading      INTEGER NOT NULL DEFAULT 0,
    -- When the last run ended that brought everything there was.
    synced_ms       INTEGER,
    -- When a run last stored something; long ago where none is under way.
    touched_ms      INTEGER,
    -- Why the last run ended early.
    failure         TEXT
) STRICT;

-- The calls that were brought, as they came: whether one has changed since is told by its digest.
CREATE TABLE synced_calls (
    connection_id TEXT NOT NULL REFERENCES connections (id) ON DELETE CASCADE,
    call_id       TEXT NOT NULL,
    digest        BLOB NOT NULL,
    -- Whether what is told of one call alone (what was said) was brought since it changed last.
    has_detail    INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (connection_id, call_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX synced_calls_without_detail ON synced_calls (connection_id) WHERE has_detail = 0;

-- Rows that are no calls, kept aside with the reason.
CREATE TABLE refused_rows (
    connection_id TEXT NOT NULL REFERENCES connections (id) ON DELETE CASCADE,
    digest        BLOB NOT NULL,
    reason        TEXT NOT NULL,
    row           TEXT NOT NULL,
    at_ms         INTEGER NOT NULL,
    PRIMARY KEY (connection_id, digest)
) STRICT, WITHOUT ROWID;

-- Calls that started before were deleted on purpose, and are not taken in again.
ALTER TABLE organisations ADD COLUMN pruned_ms INTEGER;
