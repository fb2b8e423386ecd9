-- A day of an organisation now has what comparisons of versions are made of beside it: every version with a call that
-- day, with `callscope_core::compare::VersionDay` as it serializes. In one row: a row a version costs an import more
-- than all else that is summed. So quarters of an hour are those of agents alone.
INSERT OR IGNORE INTO stale_days (organisation_id, day) SELECT organisation_id, day FROM day_rollups;
DROP TABLE day_rollups;
CREATE TABLE day_rollups (
    organisation_id TEXT NOT NULL,
    day             INTEGER NOT NULL,
    calls           BLOB NOT NULL,
    versions        BLOB NOT NULL,
    PRIMARY KEY (organisation_id, day)
) STRICT;
DROP TABLE quarter_rollups;
CREATE TABLE quarter_rollups (
    organisation_id TEXT NOT NULL,
    day             INTEGER NOT NULL,
    agent_id        TEXT,
    calls           BLOB NOT NULL
) STRICT;
CREATE INDEX quarter_rollups_by_day ON quarter_rollups (organisation_id, day);
CREATE INDEX quarter_rollups_by_agent ON quarter_rollups (organisation_id, agent_id, day);
