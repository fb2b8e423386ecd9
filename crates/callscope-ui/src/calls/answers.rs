//! What the page has been answered, as every part of it reads it.

use std::collections::BTreeMap;
use std::sync::Arc;

use callscope_client::CallPage;
use callscope_core::calls::CallRecord;
use callscope_core::{Finding, FindingCode, format};

use super::question::{PAGE, Question};
use crate::chart::{ExportText, Read};
use crate::piece::State;

/// A page of calls with what it was asked by.
#[derive(Clone, Debug, Default)]
pub(super) struct Answers {
    /// What was asked; none before the first answer.
    pub(super) question: Option<Question>,
    pub(super) page: CallPage,
    /// The names of agents by their ids.
    pub(super) agents: Arc<BTreeMap<String, String>>,
    /// The versions of the agent that is chosen, by their ids, the newest first; empty without one.
    pub(super) versions: Arc<[(String, String)]>,
}

impl Answers {
    /// The name of a call's agent, or its id where it has none here.
    pub(super) fn agent_name(&self, id: Option<&str>) -> String {
        let id = id.unwrap_or(format::UNKNOWN);
        self.agents.get(id).cloned().unwrap_or_else(|| id.to_owned())
    }

    /// When a call started, by the clock of the page: `Wed 10 Feb, 14:05`, with the year where it is
    /// another than that of the page's last day.
    pub(super) fn started(&self, call: &CallRecord) -> String {
        let Some(question) = &self.question else { return String::new() };
        let local = question.zone.local(call.started_ms);
        let day = if local.date.year() == question.range.last().year() {
            format!("{} {}", format::weekday(local.date.weekday()), format::short_date(local.date))
        } else {
            format::long_date(local.date)
        };
        format!("{day}, {:02}:{:02}", local.hour, local.minute)
    }

    /// The same in full, with the zone.
    pub(super) fn started_in_full(&self, call: &CallRecord) -> String {
        let Some(question) = &self.question else { return String::new() };
        let local = question.zone.local(call.started_ms);
        let date = format::long_date(local.date);
        format!("{date}, {:02}:{:02} {}", local.hour, local.minute, question.zone.name())
    }

    /// Which calls of how many, the days and the zone.
    pub(super) fn context(&self) -> String {
        let Some(question) = &self.question else { return String::new() };
        let days = format::date_range(question.range.first(), question.range.last());
        format!("{} · {days} · {}", self.shown(), question.zone.name())
    }

    /// Which calls of how many.
    fn shown(&self) -> String {
        let first = (self.question.as_ref().map_or(1, |question| question.request.page) - 1) * PAGE;
        let read = self.page.calls.len() as u64;
        let range = format!("{}–{}", format::count(first + 1), format::count(first + read));
        // Of a server that passed a filter over, the total is that of other calls.
        match (read, self.page.info.total.filter(|_| self.page.ignored.is_empty())) {
            (0, Some(0)) => "No calls".to_owned(),
            (0, _) => "No calls on this page".to_owned(),
            (_, Some(1)) => "1 call".to_owned(),
            (_, Some(total)) => format!("{range} of {} calls", format::count(total)),
            (_, None) => format!("Calls {range}"),
        }
    }

    /// How many pages there are; unknown where the server does not say.
    pub(super) fn pages(&self) -> Option<u64> {
        self.page.info.total.map(|total| total.div_ceil(PAGE).max(1))
    }

    /// Whether there is a page after this one.
    pub(super) fn has_more(&self) -> bool {
        let page = self.question.as_ref().map_or(1, |question| question.request.page);
        // A full page may have another after it, where the server says nothing of it.
        let is_full = (self.page.info.read + self.page.info.refused) as u64 >= PAGE;
        self.page.info.has_more.unwrap_or_else(|| self.pages().map_or(is_full, |pages| page < pages))
    }

    /// What is wrong with the page.
    pub(super) fn findings(&self) -> Vec<Finding> {
        let ignored = self.page.ignored.iter().map(|part| {
            let sentence = format!(
                "The server did not apply the filter by {}. Calls that do not fit it are left out here, so pages are \
                 shorter and there is no total.",
                part.label()
            );
            Finding::warning(FindingCode::FilterIgnored, sentence)
        });
        let refused = self.page.info.refused;
        let rows = (refused > 0).then(|| {
            let (rows, are) = if refused == 1 { ("row", "is") } else { ("rows", "are") };
            let sentence = format!("{refused} {rows} without an id or a start {are} left out.");
            Finding::warning(FindingCode::BadRow, sentence)
        });
        let derived = self.page.calls.iter().any(|call| !call.has_outcome()).then(|| {
            let sentence = "This server does not say how calls ended for the caller: outcomes are taken from status \
                            and end reason.";
            Finding::note(FindingCode::OutcomeDerived, sentence)
        });
        ignored.chain(rows).chain(derived).collect()
    }
}

/// What every part of the page is given.
#[derive(Clone, Copy)]
pub(super) struct Given {
    pub(super) answers: State<Arc<Answers>>,
    /// Whether numbers are shown whole.
    pub(super) are_numbers_open: State<bool>,
}

impl Given {
    pub(super) fn get(self) -> Arc<Answers> {
        self.answers.get()
    }

    /// A number as it is shown: masked until it is asked for.
    pub(super) fn number(self, number: Option<&String>) -> String {
        match number {
            None => format::UNKNOWN.to_owned(),
            Some(number) if self.are_numbers_open.get() => number.clone(),
            Some(number) => masked(number),
        }
    }

    /// The texts of the exported list.
    pub(super) fn texts(self) -> Read<ExportText> {
        Arc::new(move || {
            let answers = self.get();
            let dates = answers.question.as_ref();
            let dates = dates.map(|of| format!("-{}-{}", of.range.first(), of.range.last())).unwrap_or_default();
            ExportText {
                title: "Calls".to_owned(),
                period: answers.context(),
                context: answers.context(),
                source: "Callscope · calls".to_owned(),
                file: format!("callscope-calls{dates}"),
            }
        })
    }
}

/// The last two signs of a number, or none of a short one: enough to tell two calls apart.
fn masked(number: &str) -> String {
    let signs = number.chars().count();
    let kept = if signs >= 6 { 2 } else { 0 };
    number.chars().skip(signs - kept).fold("•••".to_owned(), |mut masked, sign| {
        masked.push(sign);
        masked
    })
}

#[cfg(test)]
mod tests {
    use super::masked;

    #[test]
    fn a_number_gives_away_its_end_alone() {
        assert_eq!(masked("+12025550142"), "•••42");
        assert_eq!(masked("110"), "•••");
        assert_eq!(masked(""), "•••");
        assert_eq!(masked("sip:ünal@x"), "•••@x");
    }
}
