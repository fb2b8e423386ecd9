-- Configurations that people work on, before they are published as a version.

CREATE TABLE drafts (
    id                TEXT PRIMARY KEY,
    agent_id          TEXT NOT NULL REFERENCES agents (id) ON DELETE CASCADE,
    source_version_id TEXT,
    name              TEXT NOT NULL,
    config            TEXT NOT NULL,
    -- Counts up with every change: who changes something says of which revision.
    revision          INTEGER NOT NULL DEFAULT 1,
    created_ms        INTEGER NOT NULL,
    updated_ms        INTEGER NOT NULL
) STRICT;
CREATE INDEX drafts_by_agent ON drafts (agent_id, created_ms);

CREATE TABLE draft_edits (
    draft_id TEXT NOT NULL REFERENCES drafts (id) ON DELETE CASCADE,
    revision INTEGER NOT NULL,
    -- JSON: the names of the sections that changed.
    changed  TEXT NOT NULL,
    at_ms    INTEGER NOT NULL,
    PRIMARY KEY (draft_id, revision)
) STRICT, WITHOUT ROWID;

-- From when on a version has passed its security check: it cannot go live before.
ALTER TABLE versions ADD COLUMN checked_ms INTEGER NOT NULL DEFAULT 0;
