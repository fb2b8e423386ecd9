-- Versions as people choose and compare them. The configuration is JSON, keyed by section.

ALTER TABLE versions ADD COLUMN description TEXT;
ALTER TABLE versions ADD COLUMN config TEXT NOT NULL DEFAULT '{}';
ALTER TABLE versions ADD COLUMN published_ms INTEGER;
ALTER TABLE versions ADD COLUMN published_by TEXT;
ALTER TABLE versions ADD COLUMN is_pinned INTEGER NOT NULL DEFAULT 0;

-- A comparison reads the calls of one version.
CREATE INDEX calls_by_version ON calls (version_id, started_ms) WHERE version_id IS NOT NULL;

-- A null is never equal to a null: the constraint of the first migration lets the same membership in twice.
DELETE FROM memberships WHERE rowid NOT IN (
    SELECT min(rowid) FROM memberships GROUP BY user_id, organisation_id, reseller_id
);
CREATE UNIQUE INDEX memberships_of_organisations ON memberships (user_id, organisation_id) WHERE organisation_id IS NOT NULL;
CREATE UNIQUE INDEX memberships_of_resellers ON memberships (user_id, reseller_id) WHERE reseller_id IS NOT NULL;
