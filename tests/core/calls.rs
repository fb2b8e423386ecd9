//! Calls, from bytes to records: the documents' shape, and whatever else a server may send.

use callscope_core::calls::{
    CallFilter, CallRecord, DurationClass, FilterPart, MetricAnswer, Outcome, PageInfo, Speaker, parse_call,
    parse_instant_ms, scan,
};
use callscope_core::period::Zone;
use proptest::prelude::*;
use serde_json::{Value, json};

/// A row with every field that is read, in the documents' shape.
fn row() -> Value {
    json!({
        "_id": "65f0", "callId": "CALL-1", "status": "completed", "duration": 61.5, "from": "+12025550142",
        "to": "+12025550100", "type": "telephony_inbound", "agentId": "g", "campaignId": "k", "versionId": "v",
        "versionNumber": 3, "isTest": false, "disconnectionReason": "transfer_complete", "retryCount": 0,
        "createdAt": "2024-05-01T10:00:00.250Z", "callCost": 0.4, "recordingUrl": "", "recordingDualUrl": "",
        "dispositionMetrics": {"resolved": "true"},
        "postCallAnalytics": {"summary": "s", "dispositionMetrics": [
            {"identifier": "resolved", "value": "true", "confidence": 0.9}, {"identifier": "score", "value": 4}, 7
        ]},
        "turnLatencyMetrics": {"avgLatency": 812.5, "turns": 2, "latencies": [800, 825]}
    })
}

fn page(rows: &[Value]) -> Value {
    json!({"status": true, "data": {"logs": rows, "pagination": {"total": 94, "page": 1, "hasMore": true, "limit": 5}}})
}

#[track_caller]
fn scanned(answer: &Value) -> (Vec<CallRecord>, PageInfo) {
    let mut calls = Vec::new();
    let info = scan(&serde_json::to_vec(answer).unwrap(), &mut |call| calls.push(call)).unwrap();
    (calls, info)
}

#[test]
fn a_row_of_the_documents_is_read_whole() {
    let (calls, info) = scanned(&page(&[row()]));
    assert_eq!(info, PageInfo { total: Some(94), read: 1, refused: 0, has_more: Some(true) });
    let call = &calls[0];
    // 1 May 2024 10:00:00.25 UTC.
    assert_eq!((call.id.as_str(), call.started_ms, call.duration_ms), ("CALL-1", 1_714_557_600_250, Some(61_500)));
    assert_eq!((call.version_number, call.cost_credits, call.average_latency_ms), (Some(3), Some(0.4), Some(812.5)));
    assert_eq!(call.campaign_id.as_deref(), Some("k"));
    let answer = |identifier: &str, value: &str, confidence| MetricAnswer {
        identifier: identifier.to_owned(),
        value: Some(value.to_owned()),
        confidence,
    };
    assert_eq!(call.answers, [answer("resolved", "true", Some(0.9)), answer("score", "4", None)]);
    // Nobody said how it ended: status and reason suggest it.
    assert!(!call.has_outcome() && call.outcome() == Outcome::Transferred);
}

#[test]
fn a_search_by_ids_and_an_answer_without_envelope_are_read_too() {
    let found = json!({"status": true, "data": {"logs": [row()], "total": 1, "requestedCount": 2}});
    assert_eq!(scanned(&found).1.total, Some(1));
    assert_eq!(scanned(&page(&[row()])["data"]), scanned(&page(&[row()])));
}

#[test]
fn wrong_fields_are_unknown_and_rows_without_id_or_start_are_counted() {
    let mut wrong = row();
    for (name, value) in [
        ("status", json!(7)),
        ("duration", json!("61")),
        ("from", json!(["x"])),
        ("versionNumber", json!(-1)),
        ("isTest", json!("yes")),
        ("postCallAnalytics", json!("none")),
        ("turnLatencyMetrics", json!([1, 2])),
        ("callscope", json!({"outcome": "fine", "corrections": 1.5, "toolCalls": 3})),
    ] {
        wrong[name] = value;
    }
    let without = |name: &str| {
        let mut row = row();
        row.as_object_mut().unwrap().remove(name);
        row
    };
    let mut undated = row();
    undated["createdAt"] = json!("yesterday");
    let rows = [wrong, without("callId"), without("createdAt"), undated, json!(null), json!("row"), row()];
    let (calls, info) = scanned(&page(&rows));
    assert_eq!((info.read, info.refused), (2, 5));
    let call = &calls[0];
    assert_eq!((&call.status, call.duration_ms, &call.from, call.version_number), (&None, None, &None, None));
    assert!(!call.is_test && call.answers.is_empty() && !call.has_outcome());
    let telemetry = call.telemetry.as_ref().unwrap();
    assert_eq!((telemetry.corrections, telemetry.tool_calls), (None, None));
}

#[test]
fn what_is_no_list_of_calls_is_refused() {
    for bytes in ["", "{", "[]", "7", r#"{"status": true}"#, r#"{"data": {"logs": 7}}"#, r#"{"data": {"logs": []}} x"#]
    {
        assert!(scan(bytes.as_bytes(), &mut |_| {}).is_err(), "{bytes}");
    }
    assert_eq!(scan(br#"{"data": {"logs": []}}"#, &mut |_| {}).unwrap().read, 0);
}

#[test]
fn instants_are_read_by_the_standard_alone() {
    assert_eq!(parse_instant_ms("1970-01-01T00:00:00Z"), Some(0));
    assert_eq!(parse_instant_ms("1970-01-01T05:30:00.001+05:30"), Some(1));
    assert_eq!(parse_instant_ms("1969-12-31T23:59:59.999Z"), Some(-1));
    for text in ["", "now", "2024-05-01", "2024-13-01T00:00:00Z", "2024-05-01T10:00:00", "1714557600"] {
        assert_eq!(parse_instant_ms(text), None, "{text}");
    }
}

#[test]
fn every_part_of_a_filter_refuses_what_it_does_not_mean() {
    let (calls, _) = scanned(&page(&[row()]));
    let call = &calls[0];
    let zone = Zone::new("Asia/Kolkata", 19_800, &[]).unwrap();
    let some = |text: &str| Some(text.to_owned());
    // 10:00 UTC is 15:30 in Kolkata.
    let fitting = CallFilter {
        agent_id: some("g"),
        campaign_id: some("k"),
        version_id: some("v"),
        status: some("completed"),
        call_type: some("telephony_inbound"),
        disconnection_reason: some("transfer_complete"),
        hangup_source: some("system"),
        duration: Some(DurationClass::UnderFive),
        outcome: Some(Outcome::Transferred),
        escalation_reason: None,
        hour: Some(15),
        from_ms: Some(call.started_ms),
        to_ms: Some(call.started_ms),
    };
    assert_eq!(fitting.refuses(call, &zone), None);
    let refused = [
        (FilterPart::Agent, CallFilter { agent_id: some("x"), ..CallFilter::default() }),
        (FilterPart::Campaign, CallFilter { campaign_id: some("x"), ..CallFilter::default() }),
        (FilterPart::Version, CallFilter { version_id: some("x"), ..CallFilter::default() }),
        (FilterPart::Status, CallFilter { status: some("failed"), ..CallFilter::default() }),
        (FilterPart::Type, CallFilter { call_type: some("chat"), ..CallFilter::default() }),
        (
            FilterPart::DisconnectionReason,
            CallFilter { disconnection_reason: some("timeout"), ..CallFilter::default() },
        ),
        (FilterPart::HangupSource, CallFilter { hangup_source: some("user"), ..CallFilter::default() }),
        (FilterPart::Duration, CallFilter { duration: Some(DurationClass::UnderMinute), ..CallFilter::default() }),
        (FilterPart::Outcome, CallFilter { outcome: Some(Outcome::Resolved), ..CallFilter::default() }),
        (FilterPart::EscalationReason, CallFilter { escalation_reason: some("x"), ..CallFilter::default() }),
        (FilterPart::Hour, CallFilter { hour: Some(10), ..CallFilter::default() }),
        (FilterPart::Days, CallFilter { from_ms: Some(call.started_ms + 1), ..CallFilter::default() }),
        (FilterPart::Days, CallFilter { to_ms: Some(call.started_ms - 1), ..CallFilter::default() }),
    ];
    for (part, filter) in refused {
        assert_eq!(filter.refuses(call, &zone), Some(part), "{filter:?}");
    }
}

#[test]
fn every_length_has_one_class() {
    for (ms, key) in
        [(0, "0-30"), (29_999, "0-30"), (30_000, "30-60"), (60_000, "1-5"), (299_999, "1-5"), (300_000, "5+")]
    {
        let call = CallRecord { duration_ms: Some(ms), ..CallRecord::default() };
        let of = |class| CallFilter { duration: Some(class), ..CallFilter::default() };
        let fits = |class: &DurationClass| of(*class).refuses(&call, &Zone::utc()).is_none();
        let classes: Vec<&str> =
            DurationClass::ALL.iter().filter(|class| fits(class)).map(|class| class.key()).collect();
        assert_eq!(classes, [key], "{ms}");
    }
}

/// A whole answer about one call.
fn detail() -> Value {
    let mut log = row();
    log["recordingUrl"] = json!("https://cdn.example/1.wav");
    log["recordingDualUrl"] = json!("/atoms/v1/conversation/CALL-1/recording?channels=dual");
    log["transcript"] = json!([
        {"role": "agent", "content": "Hello.", "timestamp": "2024-05-01T10:00:01.250Z"},
        {"role": "user", "content": "<b>Hi</b>", "timestamp": null},
        {"role": "tool", "content": "42"}, {"role": "agent"}, 7
    ]);
    log["average_transcriber_latency"] = json!(120);
    log["turnLatencyMetrics"]["transitions"] = json!([{"turn": 1, "latency": 800}, {"turn": 2, "latency": 825}]);
    json!({"status": true, "data": log})
}

#[test]
fn one_call_is_read_with_what_was_said() {
    let (call, findings) = parse_call(&serde_json::to_vec(&detail()).unwrap()).unwrap();
    let said: Vec<_> = call.transcript.iter().map(|of| (of.speaker.label(), of.text.as_str(), of.after_ms)).collect();
    assert_eq!(said, [("Agent", "Hello.", Some(1000)), ("Caller", "<b>Hi</b>", None), ("tool", "42", None)]);
    assert_eq!(call.transcript[2].speaker, Speaker::Other("tool".to_owned()));
    assert_eq!(call.latencies.turns, [(1, 800.0), (2, 825.0)]);
    assert_eq!((call.latencies.transcriber_ms, call.latencies.agent_ms), (Some(120.0), None));
    assert_eq!(call.call.average_latency_ms, Some(812.5));
    assert_eq!(call.recordings.mono.as_deref(), Some("https://cdn.example/1.wav"));
    assert!(call.recordings.stereo.as_deref().unwrap().starts_with("/atoms/"));
    // An entry of the answers and one of the transcript, which are none.
    let places = findings.iter().map(|finding| finding.sentence.split(' ').next().unwrap()).collect::<Vec<_>>();
    assert_eq!(places, ["postCallAnalytics.dispositionMetrics", "transcript"]);
}

#[test]
fn only_addresses_of_the_web_are_opened() {
    for address in [
        "javascript:alert(1)",
        "data:audio/wav;base64,AA",
        "//other.example/1.wav",
        "/\\other.example/1.wav",
        "/\t/other.example/1.wav",
        "file:///etc/passwd",
        "x",
    ] {
        let mut answer = detail();
        answer["data"]["recordingUrl"] = json!(address);
        let (call, findings) = parse_call(&serde_json::to_vec(&answer).unwrap()).unwrap();
        assert_eq!(call.recordings.mono, None, "{address}");
        assert!(findings.iter().any(|finding| finding.sentence.contains("not opened")), "{address}: {findings:?}");
    }
    let mut answer = detail();
    answer["data"]["recordingUrl"] = json!("");
    let (call, findings) = parse_call(&serde_json::to_vec(&answer).unwrap()).unwrap();
    let is_said = findings.iter().any(|finding| finding.sentence.contains("not opened"));
    assert_eq!((call.recordings.mono, is_said), (None, false), "an empty address is one that is not there yet");
}

proptest! {
    /// A list and the answer about one call read the same call alike.
    #[test]
    fn a_row_is_read_alike_in_a_list_and_alone(
        secs in prop::option::of(0.0..100_000.0_f64),
        status in prop::option::of("[a-z_]{1,12}"),
        reason in prop::option::of("[a-z_]{1,12}"),
        cost in prop::option::of(0.0..50.0_f64),
        corrections in prop::option::of(0_u32..9),
        is_test: bool,
    ) {
        let mut log = row();
        (log["duration"], log["status"], log["disconnectionReason"]) = (json!(secs), json!(status), json!(reason));
        (log["callCost"], log["isTest"]) = (json!(cost), json!(is_test));
        log["callscope"] = json!({"outcome": "resolved", "corrections": corrections, "cachedTokens": 3, "allTokens": 9});
        log["postCallAnalytics"]["dispositionMetrics"] = json!([{"identifier": "a", "value": "b", "confidence": 0.5}]);
        let (listed, _) = scanned(&page(std::slice::from_ref(&log)));
        let (alone, _) = parse_call(&serde_json::to_vec(&json!({"data": log})).unwrap()).unwrap();
        prop_assert_eq!(&listed[0], &alone.call);
    }

    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let _ = scan(&bytes, &mut |_| {});
        let _ = parse_call(&bytes);
    }

    /// Whatever stands in a row's fields, the rows beside it are read.
    #[test]
    fn any_value_in_any_field_loses_no_other_row(place in 0_usize..20, value in super::properties::answers::any_json()) {
        let mut odd = row();
        let names: Vec<String> = odd.as_object().unwrap().keys().cloned().collect();
        odd[&names[place % names.len()]] = value;
        let (calls, info) = scanned(&page(&[odd, row()]));
        prop_assert_eq!(info.read + info.refused, 2);
        prop_assert_eq!(&calls.last().unwrap().id, "CALL-1");
    }
}
