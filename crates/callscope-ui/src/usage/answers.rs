//! The question's answers, as every part of the page reads them.

use std::sync::Arc;

use callscope_charts::DaySeries;
use callscope_client::{ClientError, Problem, Source};
use callscope_core::format;
use callscope_core::period::Date;
use callscope_core::usage::{DayVolume, Narrowing, UsageChange, UsageReport, compare};
use callscope_core::{Finding, FindingCode, Severity};

use crate::piece::{Callback, Derived, State};

use super::question::Question;
use super::selection::{Pick, Selection};
use crate::chart::ExportText;
use crate::chart::Read;

/// The answers to one question.
#[derive(Debug, Default)]
pub(super) struct Answers {
    /// What was asked, as the address says it.
    pub(super) asked: Selection,
    /// The question; none before the first answer.
    pub(super) question: Option<Question>,
    pub(super) report: UsageReport,
    pub(super) findings: Vec<Finding>,
    /// The previous period, where it was asked for and answered.
    pub(super) previous: Option<UsageReport>,
    /// The days of the report and of the previous period, as they are drawn.
    pub(super) days: DaySeries,
    pub(super) previous_days: DaySeries,
}

/// Asks for both periods. The previous one may fail: then there is nothing to compare with, and the
/// page says so.
pub(super) async fn ask(source: Source, asked: Selection, question: Question) -> Result<Answers, ClientError> {
    let before = async {
        match &question.previous {
            Some(previous) => Some(source.usage(previous).await),
            None => None,
        }
    };
    let (now, before) = futures_util::future::join(source.usage(&question.request), before).await;
    let (report, mut findings) = now?;
    let previous = match before {
        None => None,
        Some(Ok((report, found))) => {
            let contradictions = found.into_iter().filter(|finding| finding.severity == Severity::Warning);
            findings.extend(
                contradictions
                    .map(|finding| Finding { sentence: format!("Previous period: {}", finding.sentence), ..finding }),
            );
            Some(report)
        }
        Some(Err(error)) if error.problem == Problem::SignedOut => return Err(error),
        Some(Err(error)) => {
            let sentence = format!("The previous period could not be loaded, so nothing is compared: {error}");
            findings.push(Finding::note(FindingCode::MissingPart, sentence));
            None
        }
    };
    if let Some(name) = &question.unknown_zone {
        let sentence = format!("'{name}' is not a time zone; days are cut by {}.", question.zone.name());
        findings.push(Finding::note(FindingCode::ZoneUnknown, sentence));
    }
    if findings.iter().any(|finding| finding.code == FindingCode::FilterIgnored) {
        // Figures of all calls under the name of one agent would mislead.
        let sentence = "This server cannot narrow a report to one agent or one hour.";
        return Err(ClientError { problem: Problem::BadAnswer, sentence: sentence.to_owned(), retry_after_secs: None });
    }
    Ok(Answers { findings, ..Answers::of(asked, question, report, previous) })
}

/// The days, of which those after today are not known yet: no call is not the same as no day.
fn up_to(days: &[DayVolume], today: Option<Date>) -> Vec<DayVolume> {
    let is_to_come = |day: &DayVolume| today.is_some_and(|today| day.date > today);
    let shown =
        |day: &DayVolume| if is_to_come(day) { DayVolume { calls: None, resolved: None, ..*day } } else { *day };
    days.iter().map(shown).collect()
}

impl Answers {
    /// What one question was answered, without findings.
    pub(super) fn of(asked: Selection, question: Question, report: UsageReport, previous: Option<UsageReport>) -> Self {
        let days = up_to(&report.days, question.today).into();
        let compared = previous.as_ref().filter(|report| !report.is_without_calls());
        let previous_days = compared.map_or_else(Vec::new, |report| report.days.clone()).into();
        Self { asked, question: Some(question), report, findings: Vec::new(), previous, days, previous_days }
    }

    /// The change of the tiles' figures against the previous period.
    pub(super) fn change(&self) -> UsageChange {
        compare(&self.report, self.previous.as_ref())
    }

    /// Period and zone, comparison included, in words.
    pub(super) fn context(&self) -> String {
        self.question.as_ref().map(Question::context).unwrap_or_default()
    }

    /// What the report is narrowed to, in words; empty for everything.
    fn narrowed_to(&self) -> String {
        let Narrowing { agent_id, hour } = &self.asked.narrowing;
        let name =
            |id: &String| self.report.agents.iter().find(|agent| agent.id == *id).map(|agent| agent.name.clone());
        let agent = agent_id.as_ref().map(|id| name(id).unwrap_or_else(|| id.clone()));
        let scope = self.question.as_ref().and_then(|question| question.scope_name.clone());
        let parts = [scope, agent, hour.map(format::hour)];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
    }

    /// All calls, as they are written beside headings.
    pub(super) fn calls(&self) -> String {
        self.report.totals.calls.map_or_else(|| format::UNKNOWN.to_owned(), format::count)
    }

    fn texts(&self, title: &str) -> ExportText {
        let range = self.question.as_ref().map(|question| question.range);
        let dates = range.map(|range| format!("-{}-{}", range.first(), range.last())).unwrap_or_default();
        let through = self.report.context.as_ref().and_then(|context| context.calls_through.as_ref());
        let through = through.map(|through| format!(" · calls up to {through}")).unwrap_or_default();
        let narrowed = self.narrowed_to();
        let mark = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
        let slug: String = narrowed.chars().take(60).map(mark).collect();
        let (about, slug) = match narrowed.as_str() {
            "" => (String::new(), String::new()),
            narrowed => (format!("{narrowed} · "), format!("-{}", slug.trim_matches('-'))),
        };
        ExportText {
            title: title.to_owned(),
            period: format!("{about}{}", self.question.as_ref().map(Question::dated).unwrap_or_default()),
            context: format!("{about}{} · n {}", self.context(), self.calls()),
            source: format!("Callscope · usage metrics{through}"),
            file: format!("callscope-{}{dates}{slug}", title.to_ascii_lowercase().replace(' ', "-")),
        }
    }
}

/// What every part of the page is given.
#[derive(Clone, Copy)]
pub(super) struct Given {
    pub(super) answers: State<Arc<Answers>>,
    pub(super) selection: Derived<Selection>,
    pub(super) on_pick: Callback<Pick>,
}

impl Given {
    /// The texts of an exported chart or table.
    pub(super) fn texts(self, title: &'static str) -> Read<ExportText> {
        Arc::new(move || self.answers.get().texts(title))
    }

    /// Shows another selection.
    pub(super) fn show(self, change: impl FnOnce(&mut Selection)) {
        let mut next = self.selection.get_untracked();
        change(&mut next);
        self.on_pick.run(Pick::Show(next));
    }
}
