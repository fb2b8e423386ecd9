-- Calls summed by quarters of an hour of UTC, so that a report does not read the calls. Days are numbered from
-- 1 January 1970. Sums are written as `callscope_core::calls::DayRollup` serializes: where that changes, every day is stale.

-- Days whose sums do not hold, whoever wrote: they are told from the calls until they are summed again. (One thing goes
-- by unseen: a call that REPLACE puts in the place of another one of an other day, where recursive_triggers is off.)
CREATE TABLE stale_days (
    -- None comes twice: the last one there ever was says whether any call was written since.
    change          INTEGER PRIMARY KEY AUTOINCREMENT,
    organisation_id TEXT NOT NULL,
    day             INTEGER NOT NULL,
    UNIQUE (organisation_id, day)
) STRICT;

-- A day of an organisation as a whole. Where the organisation goes, so do its calls, and with them these at the next
-- summing: no reference, which an orphan call of before would break.
CREATE TABLE day_rollups (
    organisation_id TEXT NOT NULL,
    day             INTEGER NOT NULL,
    calls           BLOB NOT NULL,
    PRIMARY KEY (organisation_id, day)
) STRICT;

-- A day's quarters of an hour, each agent and version apart.
CREATE TABLE quarter_rollups (
    organisation_id TEXT NOT NULL,
    day             INTEGER NOT NULL,
    agent_id        TEXT,
    version_id      TEXT,
    calls           BLOB NOT NULL
) STRICT;
CREATE INDEX quarter_rollups_by_day ON quarter_rollups (organisation_id, day);
CREATE INDEX quarter_rollups_by_agent ON quarter_rollups (organisation_id, agent_id, day);

-- A day of an instant before 1970, too, is rounded down.
CREATE VIEW call_days AS
    SELECT DISTINCT organisation_id, (started_ms - (started_ms % 86400000 + 86400000) % 86400000) / 86400000 AS day
    FROM calls;
INSERT INTO stale_days (organisation_id, day) SELECT organisation_id, day FROM call_days;
DROP VIEW call_days;

CREATE TRIGGER calls_inserted AFTER INSERT ON calls BEGIN
    INSERT INTO stale_days (organisation_id, day)
    SELECT NEW.organisation_id, (NEW.started_ms - (NEW.started_ms % 86400000 + 86400000) % 86400000) / 86400000 AS of
    WHERE NOT EXISTS (SELECT 1 FROM stale_days WHERE organisation_id = NEW.organisation_id AND day = of);
END;

CREATE TRIGGER calls_deleted AFTER DELETE ON calls BEGIN
    INSERT INTO stale_days (organisation_id, day)
    SELECT OLD.organisation_id, (OLD.started_ms - (OLD.started_ms % 86400000 + 86400000) % 86400000) / 86400000 AS of
    WHERE NOT EXISTS (SELECT 1 FROM stale_days WHERE organisation_id = OLD.organisation_id AND day = of);
END;

CREATE TRIGGER calls_updated AFTER UPDATE ON calls BEGIN
    INSERT INTO stale_days (organisation_id, day)
    SELECT OLD.organisation_id, (OLD.started_ms - (OLD.started_ms % 86400000 + 86400000) % 86400000) / 86400000 AS of
    WHERE NOT EXISTS (SELECT 1 FROM stale_days WHERE organisation_id = OLD.organisation_id AND day = of);
    INSERT INTO stale_days (organisation_id, day)
    SELECT NEW.organisation_id, (NEW.started_ms - (NEW.started_ms % 86400000 + 86400000) % 86400000) / 86400000 AS of
    WHERE NOT EXISTS (SELECT 1 FROM stale_days WHERE organisation_id = NEW.organisation_id AND day = of);
END;
