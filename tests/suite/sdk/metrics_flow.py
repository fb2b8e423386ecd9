"""The documents' own flow on post-call metrics, by its requests, against a server of ours: only its base
address is another."""

import os
import sys

import requests

AGENT_ID = sys.argv[1]
API_KEY = os.environ["SMALLEST_API_KEY"]
BASE = os.environ["SMALLEST_BASE_URL"]
HEADERS = {"Authorization": f"Bearer {API_KEY}", "Content-Type": "application/json"}

agent = requests.get(f"{BASE}/agent/{AGENT_ID}", headers=HEADERS).json()
active_version_id = agent["data"]["activeVersionId"]

draft = requests.post(
    f"{BASE}/agent/{AGENT_ID}/drafts",
    headers=HEADERS,
    json={"sourceVersionId": active_version_id, "draftName": "post-call-metrics-update"},
).json()
draft_id = draft["data"]["draftId"]

config = {
    "dispositionMetrics": [
        {"identifier": "call_resolved", "dispositionMetricPrompt": "Was it resolved?", "dispositionMetricType": "BOOLEAN"},
        {"identifier": "satisfaction_score", "dispositionMetricPrompt": "From 1 to 5?", "dispositionMetricType": "INTEGER"},
        {
            "identifier": "call_outcome",
            "dispositionMetricPrompt": "What was the outcome?",
            "dispositionMetricType": "ENUM",
            "choices": ["resolved", "escalated", "callback_scheduled", "no_action"],
        },
        {"identifier": "summary", "dispositionMetricPrompt": "A brief summary.", "dispositionMetricType": "STRING"},
    ],
    "useInternalAnalyticsModel": True,
    "useReasoningModel": False,
}
requests.patch(
    f"{BASE}/agent/{AGENT_ID}/drafts/{draft_id}/config",
    headers=HEADERS,
    json={"postCallAnalyticsConfig": config},
).raise_for_status()

requests.post(
    f"{BASE}/agent/{AGENT_ID}/drafts/{draft_id}/publish",
    headers=HEADERS,
    json={"label": "Added post-call metrics", "activate": True},
).raise_for_status()

after = requests.get(f"{BASE}/agent/{AGENT_ID}", headers=HEADERS).json()["data"]
assert after["_resolvedConfig"]["postCallAnalyticsConfig"] == config, after
assert after["activeVersionId"] != active_version_id
