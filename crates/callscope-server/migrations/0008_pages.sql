-- Each order of a list has an index by organisation, so that a page is found without sorting. By their start calls
-- lie as it is; lists over several organisations are put together of one list each.
DROP INDEX calls_by_update;
DROP INDEX calls_by_start;
CREATE INDEX calls_by_update ON calls (organisation_id, updated_ms, id);
CREATE INDEX calls_by_duration ON calls (organisation_id, duration_ms, id);
CREATE INDEX calls_by_latency ON calls (organisation_id, latency_ms, id);
