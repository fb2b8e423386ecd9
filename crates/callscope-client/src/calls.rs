//! Calls: a page of them, one with everything, some by their ids.

use std::ops::ControlFlow;

use callscope_core::Finding;
use callscope_core::calls::{self, CallDetail, CallFilter, CallRecord, CallSort, FilterPart, PageInfo};
use callscope_core::period::Zone;
use futures_util::stream::{self, StreamExt as _};

use crate::api::{Api, encoded, instant, written};
use crate::error::ClientError;

/// Calls of a page where all are loaded: the most that the documents allow.
const WHOLE_PAGE: u64 = 500;
/// Pages under way at once.
const AT_ONCE: usize = 6;

/// What a page of calls is asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct CallsRequest {
    /// The organisation; none for all that may be seen.
    pub organisation_id: Option<String>,
    /// The reseller.
    pub reseller_id: Option<String>,
    /// Which calls.
    pub filter: CallFilter,
    /// A part of the id or of either number.
    pub search: Option<String>,
    /// The zone of the hours.
    pub zone: Zone,
    /// In which order.
    pub sort: CallSort,
    /// Whether the smallest comes first.
    pub is_ascending: bool,
    /// The number of the page, from 1 on.
    pub page: u64,
    /// Calls of a page, at most 500.
    pub limit: u64,
}

/// A page of calls.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct CallPage {
    /// Those of the filter, in order.
    pub calls: Vec<CallRecord>,
    /// What the page says of itself.
    pub info: PageInfo,
    /// When the earliest of its calls started, in Unix milliseconds, those that were left out included.
    pub oldest_ms: Option<i64>,
    /// Parts of the filter that the server did not apply: calls that do not fit them were left out, and
    /// its totals are of other calls.
    pub ignored: Vec<FilterPart>,
}

impl Api {
    /// A page of calls, those of the filter alone.
    ///
    /// # Errors
    /// Says what failed.
    pub async fn calls(&self, request: &CallsRequest) -> Result<CallPage, ClientError> {
        let url = format!("{}/conversation?{}", self.bases.atoms, query(request));
        let bytes = self.access.get(&url).await?;
        let mut page = CallPage::default();
        page.info = calls::scan(&bytes, &mut |call| {
            page.oldest_ms = Some(page.oldest_ms.map_or(call.started_ms, |oldest| oldest.min(call.started_ms)));
            match request.filter.refuses(&call, &request.zone) {
                None => page.calls.push(call),
                Some(part) if page.ignored.contains(&part) => {}
                Some(part) => page.ignored.push(part),
            }
        })?;
        Ok(page)
    }

    /// All calls of a request from a page on, the last started first, six pages under way at once. Every
    /// page goes to `each` in its order with its number; where that breaks off, no more are asked for.
    /// Of a server that cannot filter by days no page is asked for once one lies before the first day.
    ///
    /// # Errors
    /// Says what failed; the pages before it went to `each`.
    pub async fn all_calls(
        &self,
        request: &CallsRequest,
        from_page: u64,
        each: &mut dyn FnMut(u64, CallPage) -> ControlFlow<()>,
    ) -> Result<(), ClientError> {
        let request =
            CallsRequest { sort: CallSort::Started, is_ascending: false, limit: WHOLE_PAGE, ..request.clone() };
        let load = |page: u64| {
            let request = CallsRequest { page, ..request.clone() };
            async move { (page, self.calls(&request).await) }
        };
        let is_over = |page: &CallPage| {
            let is_past = request.filter.from_ms.zip(page.oldest_ms).is_some_and(|(from, oldest)| oldest < from);
            is_past || page.info.has_more == Some(false) || page.info.read + page.info.refused == 0
        };
        // The first tells how many there are, so that none is asked for in vain.
        let first = load(from_page).await.1?;
        // A server may give smaller pages than were asked for.
        let size = ((first.info.read + first.info.refused) as u64).clamp(1, WHOLE_PAGE);
        let last = first.info.total.filter(|_| first.ignored.is_empty()).map(|total| total.div_ceil(size));
        let is_last = is_over(&first);
        if each(from_page, first).is_break() || is_last {
            return Ok(());
        }
        let rest = from_page + 1..=last.unwrap_or(u64::MAX);
        let mut pages = Box::pin(stream::iter(rest).map(load).buffered(AT_ONCE));
        while let Some((number, page)) = pages.next().await {
            let page = page?;
            let is_last = is_over(&page);
            if each(number, page).is_break() || is_last {
                break;
            }
        }
        Ok(())
    }

    /// One call with everything that is known of it.
    ///
    /// # Errors
    /// Says what failed.
    pub async fn call(&self, id: &str) -> Result<(CallDetail, Vec<Finding>), ClientError> {
        let bytes = self.access.get(&format!("{}/conversation/{}", self.bases.atoms, encoded(id))).await?;
        Ok(calls::parse_call(&bytes)?)
    }

    /// Some calls by their ids, at most 100.
    ///
    /// # Errors
    /// Says what failed.
    pub async fn find_calls(&self, ids: &[String]) -> Result<Vec<CallRecord>, ClientError> {
        let url = format!("{}/conversation/search", self.bases.atoms);
        let bytes = self.access.ask(&url, &serde_json::json!({ "callIds": ids })).await?;
        let mut found = Vec::new();
        calls::scan(&bytes, &mut |call| found.push(call))?;
        Ok(found)
    }
}

fn query(request: &CallsRequest) -> String {
    let CallFilter { from_ms, to_ms, .. } = request.filter;
    let filter = request.filter.clone();
    let pairs = [
        ("page", Some(request.page.to_string())),
        ("limit", Some(request.limit.to_string())),
        ("agentIds", filter.agent_id),
        ("campaignIds", filter.campaign_id),
        ("callTypes", filter.call_type),
        ("statusFilter", filter.status),
        ("disconnectReasonFilter", filter.disconnection_reason),
        ("durationFilter", filter.duration.map(|class| class.key().to_owned())),
        ("versionFilter", filter.version_id),
        ("search", request.search.clone()),
        ("sortBy", Some(request.sort.key().to_owned())),
        ("sortOrder", Some(if request.is_ascending { "asc" } else { "desc" }.to_owned())),
        ("dateFrom", from_ms.map(instant)),
        ("dateTo", to_ms.map(instant)),
        ("organizationId", request.organisation_id.clone()),
        ("resellerId", request.reseller_id.clone()),
        ("timeZone", Some(request.zone.name().to_owned())),
        ("outcomeFilter", filter.outcome.map(|outcome| outcome.key().to_owned())),
        ("escalationReasonFilter", filter.escalation_reason),
        ("hangupSourceFilter", filter.hangup_source),
        ("hour", filter.hour.map(|hour| hour.to_string())),
    ];
    written(pairs)
}
