//! One month of real calls: a bank's call centre, February 1999.

use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use callscope_core::FindingCode;
use callscope_core::compare::{self, Asked as AskedToCompare, Basis, Claim, Comparison, Unit, figures, hangup_mix};
use callscope_core::period::{DateRange, parse_date};
use callscope_core::session::Role;
use callscope_core::usage::{Asked, Narrowing, parse};
use callscope_server::db::Database;
use callscope_server::http::Config;
use callscope_server::import::organisation_id;
use flate2::read::GzDecoder;
use serde_json::{Value, json};

use super::super::app::{Ask, TestApp};
use super::{contents, import_all, map, texts};

const MONTH: &str = "startDate=1999-02-01&endDate=1999-02-28";

/// The file, where it is.
fn file() -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/bank_calls_1999_02.tsv.gz");
    if path.exists() {
        return Some(path);
    }
    println!("skipped: {} is not there", path.display());
    None
}

/// The rows of the file by the names of their columns, read without the server's help.
fn rows(file: &Path) -> Vec<BTreeMap<String, String>> {
    let mut text = String::new();
    GzDecoder::new(std::fs::File::open(file).unwrap()).read_to_string(&mut text).unwrap();
    let mut lines = text.lines();
    let names: Vec<String> = lines.next().unwrap().split('\t').map(|name| name.trim().to_owned()).collect();
    let row = |line: &str| names.iter().cloned().zip(line.split('\t').map(|value| value.trim().to_owned())).collect();
    lines.map(row).collect()
}

/// The database after an import with a map, which must take every row.
async fn imported(file: &Path, map_name: &str) -> TestApp {
    let db = Database::in_memory().await.unwrap();
    let report = import_all(&db, &map(map_name), &[file.to_owned()]).await.unwrap();
    assert_eq!((report.read, report.taken, report.known, report.refused), (33_344, 33_344, 0, 0), "{report}");
    TestApp::over(db, Config::default())
}

/// The month's report, which must stand up to the browser's checks.
async fn month(app: &TestApp, all_have_agents: bool) -> Value {
    let key = app.db.create_key("month", Some(&organisation_id("Anonymous Bank")), Role::Editor).await.unwrap();
    let answer = app.send(Ask::get(&format!("/v1/metrics?{MONTH}")).key(key.expose())).await;
    assert_eq!(answer.status, 200, "{}", answer.brief());
    let range = DateRange::new(parse_date("1999-02-01").unwrap(), parse_date("1999-02-28").unwrap()).unwrap();
    let (_, findings) = parse(&answer.body, &Asked { range, narrowing: Narrowing::default() }).unwrap();
    let found: Vec<_> = findings.iter().map(|finding| finding.code).collect();
    let expected = [FindingCode::AgentsSum, FindingCode::NoTelemetry];
    assert_eq!(found, expected[usize::from(all_have_agents)..], "{findings:#?}");
    answer.json()
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value} is no number"))
}

#[track_caller]
fn check_near(found: f64, expected: f64, tolerance: f64) {
    assert!((found - expected).abs() <= tolerance, "{found} and not {expected}");
}

/// Calls of the file that a question holds for.
fn count(rows: &[BTreeMap<String, String>], holds: impl Fn(&BTreeMap<String, String>) -> bool) -> u64 {
    rows.iter().filter(|row| holds(row)).count() as u64
}

fn is_resolved(row: &BTreeMap<String, String>) -> bool {
    row["outcome"] == "AGENT" && row["server"] != "NO_SERVER"
}

/// Figures of the whole month that are the same by either map.
fn check_month(report: &Value, rows: &[BTreeMap<String, String>]) {
    let metrics = &report["data"]["metrics"];
    assert_eq!(metrics["totalCalls"], 33_344);
    check_near(number(&metrics["totalMinutes"]), 79_835.0, 1e-9);
    check_near(number(&metrics["resolutionRate"]), 79.9874, 0.000_05);
    check_near(number(&metrics["avgDuration"]), 143.6570, 0.000_05);
    let unknown = ["responseTime", "sentimentPercent"].map(|name| &metrics[name]);
    assert_eq!(unknown, [&Value::Null; 2]);
    assert_eq!(metrics["escalationRate"], 0);
    let outcomes = json!({ "resolved": 26_671, "transferred": 0, "abandoned": 5_904, "other": 769 });
    assert_eq!(report["data"]["resolutionBreakdown"], outcomes);
    let insights = json!({
        "intentAccuracy": null, "contextRetention": null, "speechRecognition": null, "entityExtraction": null,
        "responseLatency": null, "trainingSessions": 33_344,
    });
    assert_eq!(report["data"]["aiInsights"], insights);
    assert_eq!(report["data"]["escalationReasons"], json!([]));
    assert_eq!(report["callscope"]["timeZone"], "Asia/Jerusalem");
    check_clock(report, rows);
}

/// Every day and every hour, counted by hand.
fn check_clock(report: &Value, rows: &[BTreeMap<String, String>]) {
    let days = report["data"]["dailyVolume"].as_array().unwrap();
    assert_eq!(days.len(), 28);
    assert_eq!(days[0], json!({ "date": "1999-02-01", "totalCalls": 1567, "resolvedCalls": 1333 }));
    for (day, index) in days.iter().zip(1..) {
        let date = format!("9902{index:02}");
        let calls = count(rows, |row| row["date"] == date);
        let resolved = count(rows, |row| row["date"] == date && is_resolved(row));
        let expected = json!({ "date": format!("1999-02-{index:02}"), "totalCalls": calls, "resolvedCalls": resolved });
        assert_eq!(*day, expected);
    }
    for (hour, index) in report["data"]["hourlyDistribution"].as_array().unwrap().iter().zip(0..) {
        let in_hour = |row: &BTreeMap<String, String>| row["vru_entry"].split(':').next().unwrap().parse() == Ok(index);
        let served = rows.iter().filter(|row| in_hour(row) && row["outcome"] == "AGENT");
        let secs: u64 = served.map(|row| row["ser_time"].parse::<u64>().unwrap()).sum();
        assert_eq!((&hour["hour"], &hour["calls"]), (&json!(format!("{index:02}:00")), &json!(count(rows, in_hour))));
        check_near(number(&hour["minutes"]), secs as f64 / 60.0, 1e-9);
    }
}

#[tokio::test]
async fn by_desk_every_figure_is_the_known_one() {
    let Some(file) = file() else { return };
    let rows = rows(&file);
    let app = imported(&file, "bank/map.toml").await;
    let report = month(&app, true).await;
    check_month(&report, &rows);
    assert_eq!(report["data"]["metrics"]["activeAgents"], 6);
    let desks = [
        ("PS", "Regular activity"),
        ("NW", "New customers"),
        ("NE", "Stock exchange"),
        ("TT", "Call-backs"),
        ("IN", "Internet support"),
        ("PE", "Regular activity (English)"),
    ];
    let agents = report["data"]["agentPerformance"].as_array().unwrap();
    assert_eq!(agents.len(), 6);
    for (agent, (desk, name)) in agents.iter().zip(desks) {
        let calls = count(&rows, |row| row["type"] == desk);
        let resolved = count(&rows, |row| row["type"] == desk && is_resolved(row));
        let abandoned = count(&rows, |row| row["type"] == desk && row["outcome"] == "HANG");
        assert_eq!((&agent["agentName"], &agent["status"]), (&json!(name), &json!("active")));
        assert_eq!(
            [&agent["totalCalls"], &agent["resolved"], &agent["abandoned"]],
            [calls, resolved, abandoned],
            "{name}"
        );
        assert_eq!(agent["sentimentPercent"], Value::Null);
        check_near(number(&agent["resolvedPercent"]), resolved as f64 / calls as f64 * 100.0, 1e-9);
    }
    // Two versions of each desk, live from their first call.
    let releases = report["callscope"]["releases"].as_array().unwrap();
    let labels = |label: &str| releases.iter().filter(|release| release["label"] == label).count();
    assert_eq!((labels("feb-first-half"), labels("feb-second-half")), (6, 6));
    let regular = json!({ "date": "1999-02-15", "agentName": "Regular activity", "label": "feb-second-half" });
    assert!(releases.contains(&regular), "{releases:#?}");
    check_versions(&app).await;
    // Once more: nothing is new.
    let before = contents(&app.db).await;
    let report = import_all(&app.db, &map("bank/map.toml"), &[file]).await.unwrap();
    assert_eq!((report.taken, report.known, report.refused), (0, 33_344, 0));
    assert_eq!(contents(&app.db).await, before);
}

/// The two halves of the month at the desk for regular activity.
async fn check_versions(app: &TestApp) {
    let statement = "SELECT label || ' ' || count(*) || ' ' || sum(calls.status = 'completed') || ' ' ||
        printf('%.3f', avg(duration_ms)) FROM calls JOIN versions ON versions.id = version_id
        JOIN agents ON agents.id = calls.agent_id WHERE agents.name = 'Regular activity' GROUP BY label ORDER BY label";
    let expected = ["feb-first-half 11224 9707 154062.188", "feb-second-half 10236 8642 161509.867"];
    assert_eq!(texts(&app.db, statement).await, expected);
    let statement = "SELECT coalesce(disconnection_reason, '?') || ' ' || type || ' ' || count(*) || ' ' ||
        sum(from_number IS NULL) || ' ' || sum(to_number IS NULL) || ' ' ||
        sum(coalesce(cost, response_ms, positive_sentiment, all_tokens, escalation_reason) IS NOT NULL)
        FROM calls GROUP BY 1 + 0, disconnection_reason, type ORDER BY disconnection_reason";
    let groups = texts(&app.db, statement).await;
    let counts: Vec<&str> = groups.iter().map(String::as_str).collect();
    assert!(counts[0].starts_with("unknown telephony_inbound 27440 "), "{counts:?}");
    assert!(counts[1].starts_with("user_hangup telephony_inbound 5904 "), "{counts:?}");
    assert!(counts.len() == 2 && counts.iter().all(|group| group.ends_with(" 0 0")), "{counts:?}");
}

/// Each desk's two halves: calls and answered calls of A and of B, mean durations in milliseconds,
/// Newcombe's interval of the completion rates' difference, p of the hangup mix. Computed from the file
/// by another engine: Python's csv, statsmodels 0.15 `confint_proportions_2indep(method="newcomb")` and
/// scipy 1.17 `chi2_contingency(correction=False)`.
type Desk = (&'static str, [u64; 4], [f64; 2], [f64; 2], f64, Claim);
const DESKS: [Desk; 6] = [
    (
        "Regular activity",
        [11224, 9707, 10236, 8642],
        [154_062.188_168, 161_509.867_136],
        [-0.030_034_580_029, -0.011_126_481_299],
        5.290_478e-6,
        Claim::Lower,
    ),
    (
        "Regular activity (English)",
        [101, 82, 48, 38],
        [181_168.316_832, 189_937.5],
        [-0.169_051_130_950, 0.105_775_305_637],
        0.770_869_177,
        Claim::NoClearDifference,
    ),
    (
        "Internet support",
        [145, 114, 148, 85],
        [199_200.0, 158_952.702_703],
        [-0.311_662_622_129, -0.105_474_556_283],
        1.024_715_8e-4,
        Claim::Lower,
    ),
    (
        "Stock exchange",
        [1244, 1165, 1506, 1355],
        [239_377.813_505, 262_732.403_718],
        [-0.057_074_126_482, -0.016_170_830_098],
        1.084_307_363e-3,
        Claim::Lower,
    ),
    (
        "New customers",
        [4282, 2916, 3322, 2074],
        [67_392.340_028, 73_577.664_058],
        [-0.078_252_602_685, -0.035_091_629_243],
        1.963_776e-7,
        Claim::Lower,
    ),
    (
        "Call-backs",
        [460, 421, 628, 563],
        [88_754.347_826, 96_464.968_153],
        [-0.053_089_173_716, 0.017_374_903_531],
        0.488_540_426,
        Claim::NoClearDifference,
    ),
];

#[tokio::test]
async fn the_halves_of_the_month_compare_as_another_engine_says() {
    let Some(file) = file() else { return };
    let app = imported(&file, "bank/map.toml").await;
    let key = app.db.create_key("halves", None, Role::Editor).await.unwrap();
    let ask = async |path: &str| app.send(Ask::get(&format!("/atoms/v1/agent{path}")).key(key.expose())).await;
    let agents = ask("?offset=100").await.json();
    for desk in &DESKS {
        let agents = agents["data"]["agents"].as_array().unwrap();
        let agent = agents.iter().find(|agent| agent["name"] == desk.0).unwrap()["_id"].as_str().unwrap();
        let versions = ask(&format!("/{agent}/versions")).await.json();
        let id = |at: usize| versions["data"]["versions"][at]["_id"].as_str().unwrap().to_owned();
        assert_eq!(versions["data"]["versions"][1]["label"], "feb-first-half");
        let asked = AskedToCompare { version_a: id(1), version_b: id(0), range: None };
        let query = format!("versionA={}&versionB={}", asked.version_a, asked.version_b);
        let answer = ask(&format!("/{agent}/versions/compare-metrics?{query}")).await;
        let (comparison, findings) = compare::parse(&answer.body, &asked).unwrap();
        assert_eq!(findings, [], "{}", desk.0);
        check_desk(desk, &comparison);
    }
}

#[track_caller]
fn check_desk((name, counts, durations, interval, p, claim): &Desk, comparison: &Comparison) {
    let (a, b) = (&comparison.a, &comparison.b);
    assert_eq!([a.calls, a.answered, b.calls, b.answered].map(Option::unwrap), *counts, "{name}");
    for (version, expected) in [a, b].into_iter().zip(durations) {
        check_near(version.average_duration_secs.unwrap() * 1000.0, *expected, 1e-6 * expected);
        let costs = [version.cost_credits, version.cost_per_call(), version.cost_per_minute()];
        assert_eq!(costs.iter().chain([&version.cost_per_answered_call()]).flatten().count(), 0, "{name}");
    }
    let figures = figures(comparison, Basis::Fixed);
    let completion = &figures[0];
    check_near(completion.interval.unwrap().low, interval[0], 1e-9);
    check_near(completion.interval.unwrap().high, interval[1], 1e-9);
    assert_eq!(completion.claim, *claim, "{name}");
    check_near(hangup_mix(comparison).unwrap().test.unwrap().p, *p, 1e-6 * p);
    let costs = figures.iter().filter(|figure| figure.kind.unit() == Unit::Credits);
    assert!(costs.clone().count() == 4 && costs.clone().all(|figure| figure.difference.is_none()), "{name}");
}

#[tokio::test]
async fn narrowed_the_month_is_the_sum_of_its_parts() {
    let Some(file) = file() else { return };
    let rows = rows(&file);
    let app = imported(&file, "bank/map.toml").await;
    let key = app.db.create_key("k", None, Role::Editor).await.unwrap().expose().to_owned();
    let regular = texts(&app.db, "SELECT id FROM agents WHERE name = 'Regular activity'").await.remove(0);
    let ask = async |query: &str| app.send(Ask::get(&format!("/v1/metrics?{query}")).key(&key)).await.json();
    let report = ask(&format!("{MONTH}&agentId={regular}&hour=9")).await;
    let expected = count(&rows, |row| row["type"] == "PS" && row["vru_entry"].starts_with("9:"));
    assert_eq!(report["data"]["metrics"]["totalCalls"], expected);
    let mut summed = 0;
    for (start, end) in [("1999-02-01", "1999-02-14"), ("1999-02-15", "1999-02-28")] {
        let report = ask(&format!("startDate={start}&endDate={end}&agentId={regular}")).await;
        summed += report["data"]["metrics"]["totalCalls"].as_u64().unwrap();
    }
    assert_eq!(summed, 11_224 + 10_236);
    // By another clock the days are cut elsewhere, and no call is lost.
    let report = ask("startDate=1999-01-31&endDate=1999-03-01&timeZone=UTC").await;
    assert_eq!(report["data"]["metrics"]["totalCalls"], 33_344);
    let early = count(&rows, |row| row["date"] == "990202" && matches!(&row["vru_entry"][..2], "0:" | "1:"));
    let first = count(&rows, |row| row["date"] == "990201" && !matches!(&row["vru_entry"][..2], "0:" | "1:"));
    assert_eq!(report["data"]["dailyVolume"][1]["totalCalls"], first + early);
}

#[tokio::test]
async fn by_server_calls_that_nobody_served_have_no_agent() {
    let Some(file) = file() else { return };
    let rows = rows(&file);
    let app = imported(&file, "bank/map_by_server.toml").await;
    let nobody = count(&rows, |row| row["server"] == "NO_SERVER");
    assert_eq!(nobody, 6673);
    let report = month(&app, false).await;
    check_month(&report, &rows);
    let mut by_server: BTreeMap<&str, (u64, u64)> = BTreeMap::new();
    for row in rows.iter().filter(|row| row["server"] != "NO_SERVER") {
        let (calls, secs) = by_server.entry(&row["server"]).or_default();
        *calls += 1;
        *secs += row["ser_time"].parse::<u64>().unwrap();
    }
    assert_eq!(report["data"]["metrics"]["activeAgents"], by_server.len());
    let agents = report["data"]["agentPerformance"].as_array().unwrap();
    assert_eq!(agents.len(), by_server.len());
    for agent in agents {
        let (calls, secs) = by_server[agent["agentName"].as_str().unwrap()];
        // Who served a call resolved it: that is how this month is told.
        assert_eq!([&agent["totalCalls"], &agent["resolved"]], [calls; 2], "{agent}");
        check_near(number(&agent["avgDuration"]), secs as f64 / calls as f64, 1e-9);
    }
}
