-- Calls as people look through them, one by one.

ALTER TABLE calls ADD COLUMN campaign_id TEXT;
-- Mean time from the end of the caller's turns to the agent's answers, in milliseconds.
ALTER TABLE calls ADD COLUMN latency_ms REAL;
-- When it was last written to: lists run by it unless told otherwise.
ALTER TABLE calls ADD COLUMN updated_ms INTEGER NOT NULL DEFAULT 0;
UPDATE calls SET updated_ms = started_ms + duration_ms;
-- Lists run over organisations in one order. (Every index holds the organisation as part of the key.)
CREATE INDEX calls_by_update ON calls (updated_ms, id);
CREATE INDEX calls_by_start ON calls (started_ms, id);

-- What is read of one call at a time, apart from what every report reads. With row ids: rows as long as
-- these would take a page each without.
CREATE TABLE call_details (
    organisation_id    TEXT NOT NULL,
    call_id            TEXT NOT NULL,
    -- JSON: [{"role", "content", "afterMs"}]
    transcript         TEXT NOT NULL DEFAULT '[]',
    -- JSON: {"transcriberMs", "agentMs", "synthesizerMs", "turnsMs": []}
    latencies          TEXT NOT NULL DEFAULT '{}',
    -- JSON: {"summary", "answers": [{"identifier", "value", "confidence"}]}
    analytics          TEXT NOT NULL DEFAULT '{}',
    -- Names of files in the folder of recordings.
    recording          TEXT,
    recording_dual     TEXT,
    -- From when on they are there.
    recording_ready_ms INTEGER NOT NULL DEFAULT 0,
    failure_reason     TEXT,
    PRIMARY KEY (organisation_id, call_id),
    FOREIGN KEY (organisation_id, call_id) REFERENCES calls (organisation_id, id) ON DELETE CASCADE
) STRICT;
