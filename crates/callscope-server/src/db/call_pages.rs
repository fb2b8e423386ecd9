//! Pages of lists of calls, by their numbers, without counting up to them each time.

use std::borrow::Cow;
use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use callscope_core::calls::CallSort;
use sqlx::{QueryBuilder, Row as _, Sqlite, SqliteConnection};

use super::Database;
use super::call_log::{COLUMNS, CallQuery, CallWindow, DETAILS, ListedCall, listed, of_organisations, restrict};
use super::calls::integer;

/// Lists that are remembered.
const LISTS: usize = 32;
/// Places that are remembered of a list.
const PLACES: usize = 2_000;
/// So few calls are found and sorted faster than they are met by on the way through an index.
const FEW: u64 = 10_000;

/// What one statement has room for: lists, and values. <https://sqlite.org/limits.html>
const MOST_PARTS: usize = 400;
const MOST_VALUES: usize = 32_000;
/// Values of a list beside those that are looked for: bounds, a place, outcomes, what is searched for.
const OTHER_VALUES: usize = 20;

/// Where a call stands in a list: the figure it is sorted by, its id, and its organisation.
type Place = (i64, String, String);

/// How many calls lists have, and which call stands at some numbers of them, as long as no call is written.
#[derive(Debug, Default)]
pub(super) struct KnownLists(Mutex<VecDeque<KnownList>>);

#[derive(Debug)]
struct KnownList {
    query: CallQuery,
    order: (CallSort, bool),
    /// The change of the calls after which it was read.
    change: i64,
    total: u64,
    /// By how many calls stand before it.
    places: BTreeMap<u64, Place>,
}

impl KnownLists {
    /// How many calls a list has, and the last known place up to a number of it.
    fn find(&self, query: &CallQuery, window: CallWindow, change: i64) -> Option<(u64, Option<(u64, Place)>)> {
        let mut lists = self.lists();
        lists.retain(|list| list.change >= change);
        let list = lists.iter().find(|list| list.change == change && list.is(query, window))?;
        let place = list.places.range(..=window.skip).next_back();
        Some((list.total, place.map(|(before, place)| (*before, place.clone()))))
    }

    fn keep(&self, query: &CallQuery, window: CallWindow, change: i64, total: u64, places: Vec<(u64, Place)>) {
        let mut lists = self.lists();
        let at = lists.iter().position(|list| list.change == change && list.is(query, window));
        let mut list = at.and_then(|at| lists.remove(at)).unwrap_or_else(|| KnownList {
            query: query.clone(),
            order: (window.sort, window.is_ascending),
            change,
            total,
            places: BTreeMap::new(),
        });
        if list.places.len() >= PLACES {
            list.places.clear();
        }
        list.places.extend(places);
        lists.push_back(list);
        if lists.len() > LISTS {
            lists.pop_front();
        }
    }

    fn lists(&self) -> MutexGuard<'_, VecDeque<KnownList>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl KnownList {
    fn is(&self, query: &CallQuery, window: CallWindow) -> bool {
        self.order == (window.sort, window.is_ascending) && self.query == *query
    }
}

impl Database {
    /// A page of the calls of a query, and how many there are in all.
    ///
    /// # Errors
    /// Those of the database.
    pub async fn call_page(&self, query: &CallQuery, window: CallWindow) -> sqlx::Result<(Vec<ListedCall>, u64)> {
        let mut snapshot = self.begin().await?;
        let change = last_change(&mut snapshot).await?;
        let known = change.and_then(|change| self.lists.find(query, window, change));
        let (total, place) = match known {
            Some(known) => known,
            None => (count(&mut snapshot, query).await?, None),
        };
        let is_many = total > FEW && fits(query);
        let place = place.filter(|_| is_many);
        let mut page = QueryBuilder::new(format!("SELECT {COLUMNS}, NULL FROM ("));
        let rest = rest_of(query, window, place.as_ref());
        push_page(&mut page, &rest, window, (is_many, place.as_ref()));
        page.push(format!(
            ") JOIN calls ON calls.organisation_id = org AND started_ms = at AND calls.id = call{DETAILS} ORDER BY {}",
            order(window, ["figure", "call", "org"])
        ));
        let calls = if window.skip < total { listed(&mut snapshot, &mut page).await? } else { Vec::new() };
        if let Some(change) = change {
            self.lists.keep(query, window, change, total, ends(&calls, window));
        }
        Ok((calls, total))
    }
}

/// The calls of a query from a place on, as far as their start tells. An index is entered at one bound of its column:
/// left to itself the database takes that of the whole list, and walks from there.
fn rest_of<'q>(query: &'q CallQuery, window: CallWindow, place: Option<&(u64, Place)>) -> Cow<'q, CallQuery> {
    let Some((_, (started_ms, ..))) = place.filter(|_| window.sort == CallSort::Started) else {
        return Cow::Borrowed(query);
    };
    let mut rest = query.clone();
    if window.is_ascending {
        rest.from_ms = rest.from_ms.max(Some(*started_ms));
    } else {
        rest.to_ms = Some(rest.to_ms.map_or(*started_ms, |to_ms| to_ms.min(*started_ms)));
    }
    Cow::Owned(rest)
}

/// The last change of any call; none where some were written since they were summed, when changes are not counted.
async fn last_change(connection: &mut SqliteConnection) -> sqlx::Result<Option<i64>> {
    let sql = "SELECT coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'stale_days'), 0),
               EXISTS (SELECT 1 FROM stale_days)";
    let row = sqlx::query(sql).fetch_one(connection).await?;
    let is_stale: bool = row.try_get(1)?;
    Ok(if is_stale { None } else { Some(row.try_get(0)?) })
}

async fn count(connection: &mut SqliteConnection, query: &CallQuery) -> sqlx::Result<u64> {
    let mut count = QueryBuilder::new("SELECT count(*) FROM calls WHERE ");
    of_organisations(&mut count, &query.organisation_ids);
    restrict(&mut count, query);
    let total: i64 = count.build_query_scalar().persistent(false).fetch_one(connection).await?;
    Ok(total.unsigned_abs())
}

/// The keys of a page. Of many calls they are met through the index of their order, each organisation's apart, from a
/// known place on; few are found by whatever narrows them, and sorted.
fn push_page<'q>(
    page: &mut QueryBuilder<'q, Sqlite>,
    query: &'q CallQuery,
    window: CallWindow,
    (is_many, place): (bool, Option<&'q (u64, Place)>),
) {
    let skip = window.skip - place.map_or(0, |(before, _)| *before);
    let keys = format!(
        "SELECT organisation_id AS org, started_ms AS at, id AS call, {} AS figure FROM calls",
        column(window.sort)
    );
    if is_many {
        for (number, organisation_id) in query.organisation_ids.iter().enumerate() {
            let union = if number > 0 { " UNION ALL " } else { "" };
            page.push(format!("{union}SELECT * FROM ({keys} {} WHERE organisation_id = ", index(window.sort)));
            page.push_bind(organisation_id);
            restrict(page, query);
            if let Some((_, place)) = place {
                push_from(page, window, place);
            }
            let order = order(window, [column(window.sort), "id", "organisation_id"]);
            page.push(format!(" ORDER BY {order} LIMIT ")).push_bind(integer(skip + window.limit)).push(")");
        }
    } else {
        page.push(format!("{keys} WHERE "));
        of_organisations(page, &query.organisation_ids);
        restrict(page, query);
    }
    page.push(format!(" ORDER BY {} LIMIT ", order(window, ["figure", "call", "org"])))
        .push_bind(integer(window.limit));
    page.push(" OFFSET ").push_bind(integer(skip));
}

/// Only calls from a place on, itself inside.
fn push_from<'q>(page: &mut QueryBuilder<'q, Sqlite>, window: CallWindow, (figure, id, organisation_id): &'q Place) {
    let from = if window.is_ascending { ">=" } else { "<=" };
    page.push(format!(" AND ({}, id, organisation_id) {from} (", column(window.sort)));
    page.push_bind(*figure).push(", ").push_bind(id).push(", ").push_bind(organisation_id).push(")");
}

/// Where the first and the last call of a page stand: it, and the next one, begin there.
fn ends(calls: &[ListedCall], window: CallWindow) -> Vec<(u64, Place)> {
    let last = window.skip + calls.len().saturating_sub(1) as u64;
    let ends = [(window.skip, calls.first()), (last, calls.last())];
    ends.into_iter().filter_map(|(before, call)| Some((before, place(call?, window.sort)?))).collect()
}

fn place(ListedCall { call, updated_ms, .. }: &ListedCall, sort: CallSort) -> Option<Place> {
    let figure = match sort {
        CallSort::Updated => *updated_ms,
        CallSort::Started => call.started_ms,
        CallSort::Duration => integer(call.duration_ms),
        // Some calls have none, which compares with nothing.
        CallSort::Latency => return None,
    };
    Some((figure, call.id.clone(), call.organisation_id.clone()))
}

/// Whether a list of each organisation has room in one statement.
fn fits(query: &CallQuery) -> bool {
    let lists = [
        &query.agent_ids,
        &query.campaign_ids,
        &query.version_ids,
        &query.call_types,
        &query.statuses,
        &query.reasons,
        &query.escalation_reasons,
    ];
    let of_lists = lists.iter().map(|values| values.len()).sum::<usize>() + query.outcomes.len();
    let parts = query.organisation_ids.len();
    parts <= MOST_PARTS && parts * (of_lists + OTHER_VALUES) <= MOST_VALUES
}

fn column(sort: CallSort) -> &'static str {
    match sort {
        CallSort::Updated => "updated_ms",
        CallSort::Started => "started_ms",
        CallSort::Duration => "duration_ms",
        CallSort::Latency => "latency_ms",
    }
}

/// How the index of an order is asked for. Left to itself the database takes what narrows most, and sorts.
fn index(sort: CallSort) -> &'static str {
    match sort {
        CallSort::Updated => "INDEXED BY calls_by_update",
        CallSort::Started => "NOT INDEXED",
        CallSort::Duration => "INDEXED BY calls_by_duration",
        CallSort::Latency => "INDEXED BY calls_by_latency",
    }
}

/// The order of a list by the names of a figure, a call and an organisation. Calls of one figure keep theirs from page
/// to page.
fn order(window: CallWindow, [figure, call, organisation]: [&str; 3]) -> String {
    let direction = if window.is_ascending { "ASC" } else { "DESC" };
    let nulls = if window.sort == CallSort::Latency && window.is_ascending { " NULLS LAST" } else { "" };
    format!("{figure} {direction}{nulls}, {call} {direction}, {organisation} {direction}")
}
