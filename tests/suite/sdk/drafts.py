"""The vendor's own client: drafts made, changed, compared, published, let live, thrown away."""

import sys

from smallestai import SmallestAI
from smallestai.atoms.errors.not_found_error import NotFoundError
from smallestai.environment import SmallestAIEnvironment

base, key, agent = sys.argv[1:4]
environment = SmallestAIEnvironment(atoms=base + "/atoms/v1", waves=base, waves_ws=base)
atoms = SmallestAI(environment=environment, api_key=key, max_retries=0).atoms
drafts, versions = atoms.agent_versioning_drafts, atoms.agent_versioning_versions

before = next(version for version in versions.list_published_versions(agent).data.versions if version.is_active)
draft = drafts.create_draft(agent, source_version_id=before.id, draft_name="shorter").data
assert (draft.status, draft.draft_name, draft.source_version_id) == ("draft", "shorter", before.id), draft
assert [listed.draft_id for listed in drafts.list_active_drafts(agent).data] == [draft.draft_id]
assert drafts.get_draft_diff(agent, draft.draft_id, compare_to=before.id).data["hasChanges"] is False

changed = drafts.update_draft_config(agent, draft.draft_id, first_message="Good day.").data
assert changed.draft_revision == 2, changed
detail = drafts.get_draft_detail(agent, draft.draft_id).data
assert detail.edit_count == 1 and detail.edit_history[0].changed_sections == ["firstMessage"], detail
diff = drafts.get_draft_diff(agent, draft.draft_id, compare_to=before.id).data
assert diff["hasChanges"] is True
assert {name for name, section in diff["sections"].items() if section["changed"]} == {"firstMessage"}, diff

assert drafts.rename_draft(agent, draft.draft_id, draft_name="greeting").data is not None
published = drafts.publish_draft(agent, draft.draft_id, label="greeting", description="says good day").data
assert (published.status, published.label, published.is_active) == ("published", "greeting", False), published
assert drafts.list_active_drafts(agent).data == []
live = versions.activate_version(agent, published.id).data
assert live.is_active is True
assert versions.get_version_detail(agent, published.id).data.resolved_config["firstMessage"] == "Good day."

other = drafts.create_draft(agent, source_version_id=published.id, draft_name="unused").data
drafts.discard_draft(agent, other.draft_id)
try:
    drafts.get_draft_detail(agent, other.draft_id)
except NotFoundError as error:
    assert error.body["errors"], error.body
else:
    raise AssertionError("a draft that was thrown away is still there")
