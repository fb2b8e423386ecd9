"""The vendor's own client against a server of ours: address, key of everything, key of another organisation."""

import datetime
import sys

from smallestai import SmallestAI
from smallestai.atoms.errors.forbidden_error import ForbiddenError
from smallestai.atoms.errors.not_found_error import NotFoundError
from smallestai.atoms.errors.unauthorized_error import UnauthorizedError
from smallestai.environment import SmallestAIEnvironment

base, key, agent, organisation = sys.argv[1:5]


def client(api_key):
    environment = SmallestAIEnvironment(atoms=base + "/atoms/v1", waves=base, waves_ws=base)
    return SmallestAI(environment=environment, api_key=api_key, max_retries=0).atoms.agent_versioning_versions


def refused(error, call, *arguments, **parameters):
    try:
        call(*arguments, **parameters)
    except error as found:
        assert found.body["status"] is False and found.body["errors"], found.body
        return
    raise AssertionError(f"{call.__name__} was not refused with {error.__name__}")


versions = client(key)

listed = versions.list_published_versions(agent)
assert listed.status is True and listed.data.total == 2, listed
newer, older = listed.data.versions
assert (newer.version_number, older.version_number) == (2, 1), listed
assert newer.is_active is True and older.is_active is False
assert newer.agent == agent and newer.status == "published"
assert isinstance(newer.published_at, datetime.datetime) and newer.published_at < newer.activated_at
assert len(versions.list_published_versions(agent, limit=1, skip=1).data.versions) == 1

detail = versions.get_version_detail(agent, newer.id)
assert detail.data.version.id == newer.id
assert detail.data.resolved_config["dialog"]["nodes"][3]["actions"][0]["parameters"]["timeout"] == 5000

diff = versions.diff_two_versions(agent, version_a=older.id, version_b=newer.id).data
assert "intents" in diff.unchanged_sections
changes = {change.path: change for section in diff.diffs for change in section.changes}
timeout = changes["dialog.nodes[3].actions[0].parameters.timeout"]
assert (timeout.old_value, timeout.new_value) == (3000, 5000), timeout

compared = versions.compare_version_metrics(agent, version_a=older.id, version_b=newer.id).data
a, b = compared.metrics.version_a, compared.metrics.version_b
assert (a.total_calls, a.answered_calls, b.total_calls, b.answered_calls) == (1250, 1100, 1400, 1250), compared
assert a.org_id == organisation and a.agent_id == agent and a.version_id == older.id
assert a.hangup_source_distribution["system"] == 150 and b.hangup_source_distribution["system"] == 220
assert compared.metrics.deltas.total_calls == 150
assert abs(compared.metrics.deltas.completion_rate - (1250 / 1400 - 1100 / 1250)) < 1e-12
assert {change.path for section in compared.config_diff.diffs for change in section.changes} == set(changes)

day = datetime.date(1990, 1, 1)
empty = versions.compare_version_metrics(agent, version_a=older.id, version_b=newer.id, date_from=day, date_to=day)
assert empty.data.metrics.version_a.total_calls == 0 and empty.data.metrics.version_a.avg_duration_ms is None
assert empty.data.metrics.version_a.period == {"dateFrom": "1990-01-01", "dateTo": "1990-01-01"}

refused(UnauthorizedError, client("no key at all").list_published_versions, agent)
refused(NotFoundError, versions.get_version_detail, agent, "none")
refused(NotFoundError, versions.compare_version_metrics, agent, version_a="none", version_b=newer.id)
refused(NotFoundError, versions.diff_two_versions, "none", version_a=older.id, version_b=newer.id)
# A key that may see nothing of the workflow's organisation is refused as the documents say.
refused(ForbiddenError, client(sys.argv[5]).list_published_versions, agent)
print("the vendor's client is content")
