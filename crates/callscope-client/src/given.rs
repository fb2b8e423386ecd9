//! An answer that the page around brought by itself.

use callscope_core::Finding;
use callscope_core::agents::{AgentSummary, AgentVersion};
use callscope_core::calls;
use callscope_core::compare::{self, Asked, Comparison};
use callscope_core::period::DateRange;
use callscope_core::session::Session;
use callscope_core::usage::{self, UsageReport};
use serde_json::Value;

use crate::local::Local;
use crate::{CallPage, CallsRequest, ClientError, CompareRequest, Problem, UsageRequest};

/// The documents' JSON, as a page got it: a usage report, a comparison, or a page of calls. It is what it is; nothing
/// in it is narrowed or sorted by what is asked.
#[derive(Clone)]
pub struct Given(Value);

impl Given {
    /// Keeps an answer.
    pub fn new(answer: Value) -> Self {
        Self(answer)
    }

    /// The days of a usage report, from the first to the last that it names.
    pub fn days(&self) -> Option<DateRange> {
        usage::named_days(&self.0)
    }
}

impl Local for Given {
    fn session(&self) -> Session {
        Session::default()
    }

    fn usage(&self, request: &UsageRequest) -> Result<(UsageReport, Vec<Finding>), ClientError> {
        usage::parse_tree(self.0.clone(), &request.asked).map_err(unreadable)
    }

    fn json(&self) -> Result<&Value, ClientError> {
        Ok(&self.0)
    }
}

/// What is wrong with what was brought: no server had a part in it.
#[expect(clippy::needless_pass_by_value, reason = "it is what `map_err` gives")]
fn unreadable(error: callscope_core::Error) -> ClientError {
    ClientError::new(Problem::BadAnswer, format!("The data of this page cannot be read: {error}."))
}

/// What a comparison says of a side: `name` is `versionA` or `versionB`.
fn side<'j>(json: &'j Value, name: &str, field: &str) -> Option<&'j str> {
    json.get("data").unwrap_or(json).get("metrics")?.get(name)?.get(field)?.as_str()
}

/// The agent that a comparison is of.
pub(crate) fn agents_in(json: &Value) -> Vec<AgentSummary> {
    let id = side(json, "versionB", "agentId").or_else(|| side(json, "versionA", "agentId")).unwrap_or("Agent");
    vec![AgentSummary::of_id(id)]
}

/// The two versions that a comparison is of, the newer first.
pub(crate) fn versions_in(json: &Value) -> Vec<AgentVersion> {
    let [a, b] = compare::named_versions(json);
    vec![AgentVersion::of_id(&b), AgentVersion::of_id(&a)]
}

/// The comparison, whichever versions it is of.
pub(crate) fn comparison_in(json: &Value, request: &CompareRequest) -> Result<(Comparison, Vec<Finding>), ClientError> {
    let [version_a, version_b] = compare::named_versions(json);
    compare::parse_tree(json.clone(), &Asked { version_a, version_b, range: request.asked.range }).map_err(unreadable)
}

/// A page of the calls.
pub(crate) fn calls_in(json: &Value, request: &CallsRequest) -> Result<CallPage, ClientError> {
    let mut page = CallPage::default();
    let bytes = serde_json::to_vec(json).map_err(|error| unreadable(error.into()))?;
    page.info = calls::scan(&bytes, &mut |call| page.calls.push(call)).map_err(unreadable)?;
    let total = page.calls.len() as u64;
    let before = request.page.saturating_sub(1).saturating_mul(request.limit);
    page.calls = page.calls.into_iter().skip(before as usize).take(request.limit as usize).collect();
    page.info.total = Some(total);
    page.info.has_more = Some(before.saturating_add(request.limit) < total);
    Ok(page)
}

#[cfg(test)]
mod tests {
    use callscope_core::period::{Zone, parse_date};
    use callscope_core::usage::Narrowing;
    use serde_json::json;

    use super::*;

    fn given(value: Value) -> Given {
        Given::new(value)
    }

    #[test]
    fn the_days_of_a_report_are_its_own() {
        let report =
            json!({ "data": { "dailyVolume": [{ "date": "2024-05-03" }, { "date": "2024-05-01" }, { "date": 7 }] } });
        let days = given(report).days().unwrap();
        assert_eq!((days.first(), days.last()), (parse_date("2024-05-01").unwrap(), parse_date("2024-05-03").unwrap()));
        assert_eq!(given(json!({ "data": {} })).days(), None);
        assert_eq!(given(json!([1, 2])).days(), None);
    }

    #[test]
    fn a_report_without_its_envelope_is_read_too() {
        let report =
            given(json!({ "metrics": { "totalCalls": 7 }, "dailyVolume": [{ "date": "2024-05-01", "total": 7 }] }));
        let range = report.days().unwrap();
        let asked = usage::Asked { range, narrowing: Narrowing::default() };
        let request =
            UsageRequest { organisation_id: None, reseller_id: None, from_ms: 0, to_ms: 0, zone: Zone::utc(), asked };
        assert_eq!(report.usage(&request).unwrap().0.totals.calls, Some(7));
        let wrong = given(json!({ "a": 1 })).usage(&request).unwrap_err().to_string();
        assert!(wrong.contains("data of this page") && !wrong.contains("server"), "{wrong}");
    }

    #[test]
    fn a_comparison_names_its_versions() {
        let side =
            |id: &str, calls: u64| json!({ "agentId": "g", "versionId": id, "totalCalls": calls, "answeredCalls": 1 });
        let answer = json!({ "data": { "metrics": { "versionA": side("a1", 3), "versionB": side("b1", 4) } } });
        let given = given(answer);
        let json = given.json().unwrap();
        let ids: Vec<String> = versions_in(json).into_iter().map(|version| version.id).collect();
        assert_eq!((ids, agents_in(json)[0].id.as_str()), (vec!["b1".to_owned(), "a1".to_owned()], "g"));
        let asked = Asked { version_a: "a1".to_owned(), version_b: "b1".to_owned(), range: None };
        let request = CompareRequest { agent_id: "g".to_owned(), asked, time_zone: None };
        let (comparison, _) = comparison_in(json, &request).unwrap();
        assert_eq!((comparison.a.calls, comparison.b.calls), (Some(3), Some(4)));
    }
}
