"""The documents' own examples through the vendor's older client: its address and key come from the
environment, as the documents say."""

import sys

import requests
from smallestai.atoms.call import Call

agent, call_id, number, other_id = sys.argv[1:5]
call = Call()

# A page of the list.
calls = call.get_calls(limit=5)
assert calls["status"] is True
for log in calls["data"]["logs"]:
    assert f"{log['callId']}: {log['status']} ({log['duration']}s)"
pagination = calls["data"]["pagination"]
assert (pagination["page"], pagination["limit"], pagination["hasMore"]) == (1, 5, True), pagination
assert len(calls["data"]["logs"]) == 5
total = pagination["total"]

# Every filter.
completed = call.get_calls(status="completed", limit=10)["data"]
assert 0 < completed["pagination"]["total"] < total
assert all(log["status"] == "completed" for log in completed["logs"])
of_agent = call.get_calls(agent_id=agent, limit=10)["data"]
assert of_agent["pagination"]["total"] == 2650, of_agent["pagination"]
assert all(log["agentId"] == agent for log in of_agent["logs"])
assert call.get_calls(campaign_id="696ddd2a04ff172dbd8eddad", limit=10)["data"]["pagination"]["total"] == 0
inbound = call.get_calls(call_type="telephony_inbound", limit=10)["data"]
assert inbound["pagination"]["total"] == total
assert call.get_calls(call_type="telephony_outbound", limit=10)["data"]["logs"] == []
found = call.get_calls(search=number, limit=10)["data"]
assert 0 < found["pagination"]["total"] < total
assert all(number in (log["from"], log["to"]) for log in found["logs"])
assert call.get_calls(search=call_id)["data"]["pagination"]["total"] == 1

# Page by page: every call once.
seen = set()
page = 1
while True:
    data = call.get_calls(agent_id=agent, page=page, limit=500)["data"]
    seen.update(log["callId"] for log in data["logs"])
    if not data["pagination"]["hasMore"]:
        break
    page += 1
assert (len(seen), page) == (2650, 6), (len(seen), page)

# One call with everything.
data = call.get_call(call_id)["data"]
assert data["callId"] == call_id and data["status"] == "completed"
assert data["duration"] > 0 and data["from"] and data["to"]
assert data["type"] == "telephony_inbound"
transcript = data.get("transcript", [])
assert len(transcript) > 3
assert {message["role"] for message in transcript} == {"agent", "user"}
assert all(message["content"] for message in transcript)
assert data["callCost"] > 0 and data["disconnectionReason"]
analytics = data["postCallAnalytics"]
assert analytics["summary"]
assert {metric["identifier"] for metric in analytics["dispositionMetrics"]} == {"resolved", "reason", "satisfaction"}
for stage in ("transcriber", "agent", "synthesizer"):
    assert data.get(f"average_{stage}_latency") > 0

# Recordings: heard with the key, in parts too, and not without it.
origin = call.base_url.removesuffix("/atoms/v1")
for name in ("recordingUrl", "recordingDualUrl"):
    address = requests.compat.urljoin(origin, data[name])
    whole = requests.get(address, headers=call._get_headers())
    assert whole.status_code == 200 and whole.content[:4] == b"RIFF", whole
    part = requests.get(address, headers={**call._get_headers(), "Range": "bytes=8-11"})
    assert part.status_code == 206 and part.content == b"WAVE", part
    assert requests.get(address).status_code == 401

# Some calls by their ids.
ids = [call_id, "CALL-NOBODY"]
result = call.search_calls(ids)
assert (result["data"]["total"], result["data"]["requestedCount"]) == (1, 2), result
assert result["data"]["logs"][0]["callId"] == call_id

# What is asked after each call, the old way: set at once, and what is not named stays.
before = call.get_post_call_config(agent)["data"]
assert [metric["identifier"] for metric in before["dispositionMetrics"]] == ["resolved", "reason", "satisfaction"]
metrics = [
    {
        "identifier": "call_outcome",
        "dispositionMetricPrompt": "What was the outcome of the call?",
        "dispositionMetricType": "ENUM",
        "choices": ["resolved", "escalated", "none"],
        "mine": {"kept": [1, None]},
    }
]
answered = call.set_post_call_config(agent, disposition_metrics=metrics)
assert answered["status"] is True and answered["data"]["dispositionMetrics"] == metrics, answered
after = call.get_post_call_config(agent)["data"]
assert after == {**before, "dispositionMetrics": metrics}, after
call.set_post_call_config(agent, summary_prompt="In one sentence.")
assert call.get_post_call_config(agent)["data"] == {**after, "summaryPrompt": "In one sentence."}
resolved = requests.get(f"{call.base_url}/agent/{agent}", headers=call._get_headers()).json()["data"]
assert resolved["_resolvedConfig"]["postCallAnalyticsConfig"]["dispositionMetrics"] == metrics

# What is refused.
for refused, status in (
    (lambda: call.search_calls([str(number) for number in range(101)]), 400),
    (lambda: call.get_call("CALL-NOBODY"), 404),
    (lambda: call.get_call(other_id), 404),
    (lambda: Call(api_key="wrong").get_calls(), 401),
):
    try:
        refused()
    except requests.HTTPError as error:
        assert error.response.status_code == status, error
        assert error.response.json()["errors"], error
    else:
        raise AssertionError(f"was not refused with {status}")
