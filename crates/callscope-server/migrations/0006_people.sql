-- What people may do, how they come, and who did what.

-- Who could sign in could change everything so far.
ALTER TABLE memberships ADD COLUMN role TEXT NOT NULL DEFAULT 'editor' CHECK (role IN ('viewer', 'editor', 'admin'));
ALTER TABLE api_keys ADD COLUMN role TEXT NOT NULL DEFAULT 'editor' CHECK (role IN ('viewer', 'editor', 'admin'));

-- Since when an account is closed; NULL where it is open.
ALTER TABLE users ADD COLUMN disabled_ms INTEGER;

-- Codes that can be used once: of the code only the digest, as of all secrets. One with an organisation lets in there
-- with a role; one without gives the account of its address another password.
CREATE TABLE codes (
    id              TEXT PRIMARY KEY,
    digest          BLOB NOT NULL UNIQUE,
    email           TEXT NOT NULL COLLATE NOCASE,
    organisation_id TEXT REFERENCES organisations (id) ON DELETE CASCADE,
    role            TEXT CHECK (role IN ('viewer', 'editor', 'admin')),
    -- `user:ID` or `key:ID` that made it, without whose right it is worth nothing; NULL: the command line.
    made_by         TEXT,
    created_ms      INTEGER NOT NULL,
    expires_ms      INTEGER NOT NULL,
    CHECK ((organisation_id IS NULL) = (role IS NULL))
) STRICT;
CREATE UNIQUE INDEX codes_by_email ON codes (email, coalesce(organisation_id, ''));

-- It names what it is about and refers to nothing: what was done stays done when that is gone.
CREATE TABLE audit (
    id              INTEGER PRIMARY KEY,
    at_ms           INTEGER NOT NULL,
    organisation_id TEXT NOT NULL,
    who             TEXT NOT NULL,
    action          TEXT NOT NULL,
    agent_id        TEXT,
    subject         TEXT,
    -- What came of it: the id of a draft or version.
    made            TEXT,
    detail          TEXT,
    -- NULL: begun; how it ended is not known.
    outcome         TEXT
) STRICT;
CREATE INDEX audit_by_organisation ON audit (organisation_id, id);

CREATE TRIGGER audit_stays BEFORE DELETE ON audit
BEGIN
    SELECT RAISE(ABORT, 'what was done stays on record');
END;
CREATE TRIGGER audit_ends_once BEFORE UPDATE ON audit
WHEN old.outcome IS NOT NULL OR new.outcome IS NULL OR new.at_ms <> old.at_ms OR new.who <> old.who
  OR new.action <> old.action OR new.organisation_id <> old.organisation_id
BEGIN
    SELECT RAISE(ABORT, 'what was done stays on record');
END;
