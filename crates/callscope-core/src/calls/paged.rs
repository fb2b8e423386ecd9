//! Calls that come page by page and are summed at once: what is kept grows with agents and days, not with calls.

use std::hash::{BuildHasher as _, Hasher as _};

use hashbrown::DefaultHashBuilder;
use hashbrown::hash_table::{Entry, HashTable};
use serde::{Deserialize, Serialize};

use super::{PageInfo, UsageSummary, scan_usage};
use crate::Error;
use crate::error::ErrorKind;
use crate::period::{DateRange, Zone};

/// Pages of calls on their way to a usage report. A call that stands in a page and again in it or in the next one counts
/// once: while pages are read, new calls push others from one to the next.
#[derive(Debug)]
pub struct PagedCalls {
    zone: Zone,
    days: Option<DateRange>,
    sums: PagedSums,
    neighbours: Neighbours,
}

/// What pages sum to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PagedSums {
    /// The calls that were meant.
    pub summary: UsageSummary,
    /// Rows without an id or a start, which were left out.
    pub refused: u64,
}

impl PagedSums {
    /// Takes in what other pages sum to.
    pub fn merge(&mut self, other: &Self) {
        self.summary.merge(&other.summary);
        self.refused = self.refused.saturating_add(other.refused);
    }

    /// As bytes, to be handed to another worker.
    ///
    /// # Errors
    /// Where they cannot be written, which no sums have been seen to do.
    pub fn to_bytes(&self) -> Result<Vec<u8>, Error> {
        postcard::to_allocvec(self).map_err(|cause| Error::new(ErrorKind::Invalid, format!("sums of calls: {cause}")))
    }

    /// From the bytes of [`Self::to_bytes`] of the same version.
    ///
    /// # Errors
    /// Where they are none.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        postcard::from_bytes(bytes).map_err(|cause| Error::new(ErrorKind::Invalid, format!("sums of calls: {cause}")))
    }
}

impl PagedCalls {
    /// No calls yet; days are cut by a zone, and only those that are named count.
    pub fn new(zone: Zone, days: Option<DateRange>) -> Self {
        Self { zone, days, sums: PagedSums::default(), neighbours: Neighbours::default() }
    }

    /// Takes a page in.
    ///
    /// # Errors
    /// Where it is no page of calls. Calls before the fault are taken in.
    pub fn add(&mut self, page: &[u8]) -> Result<PageInfo, Error> {
        let Self { zone, days, sums: PagedSums { summary, refused }, neighbours } = self;
        let is_meant = |started_ms: i64| days.is_none_or(|days| days.contains(zone.local(started_ms).date));
        neighbours.turn();
        let info = scan_usage(page, |id, call| {
            if neighbours.is_new(id) && is_meant(call.started_ms) {
                summary.add(call, zone);
            }
        })?;
        *refused = refused.saturating_add(info.refused as u64);
        Ok(info)
    }

    /// Knows the calls of a page that somebody else takes in, just before the next one.
    ///
    /// # Errors
    /// Where it is no page of calls.
    pub fn pass(&mut self, page: &[u8]) -> Result<(), Error> {
        self.neighbours.turn();
        scan_usage(page, |id, _| _ = self.neighbours.is_new(id)).map(drop)
    }

    /// What they sum to so far.
    pub fn sums(&self) -> &PagedSums {
        &self.sums
    }

    /// Takes in what pages sum to that somebody else took in.
    pub fn merge(&mut self, sums: &PagedSums) {
        self.sums.merge(sums);
    }

    /// The days that the sums are of: those that were named, else from the first call's to the last one's; none where
    /// there was no call.
    ///
    /// # Errors
    /// Where those days are more than a report can be of.
    pub fn days(&self) -> Result<Option<DateRange>, Error> {
        let of_calls = || self.sums.summary.days().map(|(first, last)| DateRange::new(first, last));
        self.days.map(Ok).or_else(of_calls).transpose()
    }
}

/// The ids of the calls of a page and of the one before, by their hashes of 64 bits: two of some hundred ids have the
/// same one as good as never.
#[derive(Debug, Default)]
struct Neighbours {
    hasher: DefaultHashBuilder,
    before: HashTable<u64>,
    here: HashTable<u64>,
}

impl Neighbours {
    /// Goes on to the next page.
    fn turn(&mut self) {
        std::mem::swap(&mut self.before, &mut self.here);
        self.here.clear();
    }

    /// Whether an id is in neither page yet; from now on it is in this one.
    fn is_new(&mut self, id: &[u8]) -> bool {
        let mut hasher = self.hasher.build_hasher();
        hasher.write(id);
        let hash = hasher.finish();
        let Entry::Vacant(place) = self.here.entry(hash, |of| *of == hash, |of| *of) else { return false };
        place.insert(hash);
        self.before.find(hash, |of| *of == hash).is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(ids: &[&str]) -> String {
        let row = |id: &&str| format!(r#"{{"callId":"{id}","createdAt":"2024-05-01T23:30:00Z","duration":1}}"#);
        format!(r#"{{"data":{{"logs":[{},{{}}]}}}}"#, ids.iter().map(row).collect::<Vec<_>>().join(","))
    }

    fn taken_in(pages: &[&str]) -> PagedCalls {
        let mut calls = PagedCalls::new(Zone::utc(), None);
        for page in pages {
            calls.add(page.as_bytes()).unwrap();
        }
        calls
    }

    #[test]
    fn a_call_counts_once_in_a_page_and_the_next() {
        let [first, second, third] = [page(&["a", "b", "a"]), page(&["b", "c"]), page(&["a", "b", "c"])];
        let calls = taken_in(&[&first, &second, &third]);
        // `b` is pushed on twice. `a` stands again two pages on, which no server's paging does.
        assert_eq!((calls.sums().summary.calls(), calls.sums().refused), (4, 3));
    }

    #[test]
    fn shares_of_the_pages_sum_to_the_same() {
        let pages = [page(&["a", "b"]), page(&["b", "c"]), page(&["c", "d"])];
        let whole = taken_in(&[&pages[0], &pages[1], &pages[2]]);
        let (mut first, mut other) = (taken_in(&[&pages[0]]), PagedCalls::new(Zone::utc(), None));
        other.pass(pages[0].as_bytes()).unwrap();
        other.add(pages[1].as_bytes()).unwrap();
        other.add(pages[2].as_bytes()).unwrap();
        first.merge(&PagedSums::from_bytes(&other.sums().to_bytes().unwrap()).unwrap());
        assert_eq!(first.sums(), whole.sums());
        assert_eq!(first.days().unwrap(), whole.days().unwrap());
        assert!(PagedSums::from_bytes(b"\xff").is_err());
    }

    #[test]
    fn days_too_far_apart_for_a_report_are_an_error() {
        let old = page(&["b"]).replace("2024", "1999");
        assert!(taken_in(&[]).days().unwrap().is_none());
        assert!(taken_in(&[&page(&["a"]), &old]).days().unwrap_err().to_string().contains("days"));
    }

    #[test]
    fn only_days_that_are_named_count() {
        let day = crate::period::parse_date("2024-05-02").unwrap();
        let mut calls = PagedCalls::new(Zone::utc(), Some(DateRange::day(day)));
        calls.add(page(&["a"]).as_bytes()).unwrap();
        assert_eq!(calls.sums().summary.calls(), 0);
        assert_eq!(calls.days().unwrap(), Some(DateRange::day(day)));
        assert!(calls.add(b"[]").is_err());
    }
}
