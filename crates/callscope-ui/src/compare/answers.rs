//! The answer to the page's question, as every part of it reads it.

use std::sync::Arc;

use callscope_client::ClientError;
use callscope_core::Finding;
use callscope_core::agents::{AgentSummary, AgentVersion};
use callscope_core::calls::CallFilter;
use callscope_core::compare::{Basis, Comparison, Figure, VersionRun, figures, verdict};
use callscope_core::format;
use callscope_core::period::{Date, DateRange};

use crate::calls::CallSelection;
use crate::piece::{Callback, Derived, State};
use crate::usage::{Scope, Span};

use super::question::Question;
use crate::chart::{ExportText, Read};

/// A comparison with what follows from it, and what could be chosen instead.
#[derive(Clone, Debug, Default)]
pub(super) struct Answers {
    /// Whether the server has answered at all.
    pub(super) has_answered: bool,
    /// The agents to choose from.
    pub(super) agents: Vec<AgentSummary>,
    /// The one that is shown.
    pub(super) agent: Option<AgentSummary>,
    /// Its versions, the newest first.
    pub(super) versions: Arc<[AgentVersion]>,
    /// What was asked; none without two versions.
    pub(super) question: Option<Question>,
    /// Why there is no comparison.
    pub(super) error: Option<ClientError>,
    pub(super) comparison: Comparison,
    pub(super) findings: Vec<Finding>,
    pub(super) basis: Basis,
    /// Empty without a comparison.
    pub(super) figures: Vec<Figure>,
}

impl Answers {
    /// Fills in a comparison and what follows from it.
    pub(super) fn set_comparison(&mut self, question: &Question, comparison: Comparison, findings: Vec<Finding>) {
        self.basis = Basis::of(question.range(), question.today, comparison.context.as_ref());
        self.figures = figures(&comparison, self.basis);
        (self.comparison, self.findings) = (comparison, findings);
    }

    /// Why there is nothing to compare although everything answered.
    pub(super) fn lack(&self) -> Option<(&'static str, &'static str)> {
        let no_agent = ("No agents", "There is no agent here. Choose another organisation.");
        let no_version = (
            if self.versions.is_empty() { "No published version" } else { "Only one published version" },
            "As soon as this agent has two published versions, they can be compared.",
        );
        match (self.has_answered, &self.agent, &self.question, &self.error) {
            (false, ..) | (_, _, _, Some(_)) | (_, Some(_), Some(_), _) => None,
            (true, None, ..) => Some(no_agent),
            (true, Some(_), None, _) => Some(no_version),
        }
    }

    /// The ids of A and B.
    pub(super) fn pair(&self) -> Option<[&str; 2]> {
        let asked = &self.question.as_ref()?.request.asked;
        Some([&asked.version_a, &asked.version_b])
    }

    pub(super) fn verdict(&self) -> callscope_core::compare::Verdict {
        verdict(&self.comparison, &self.figures, self.basis)
    }

    /// How the two ran, where the server says it.
    pub(super) fn runs(&self) -> Option<[&VersionRun; 2]> {
        self.comparison.context.as_ref().map(|context| [&context.a, &context.b])
    }

    /// Whether there are days to draw.
    pub(super) fn has_days(&self) -> bool {
        self.runs().is_some() && self.days().is_some()
    }

    /// Whether it is about a chosen agent; any one is, where none is chosen.
    pub(super) fn is_of(&self, agent_id: Option<&String>) -> bool {
        self.agent.as_ref().is_some_and(|agent| agent_id.is_none_or(|id| agent.id == *id))
    }

    /// What people call A and B.
    pub(super) fn labels(&self) -> [String; 2] {
        let asked = self.question.as_ref().map(|question| question.versions.clone()).unwrap_or_default();
        let said = self.runs().map(|runs| runs.map(|run| run.label.clone()));
        match said {
            Some([Some(a), Some(b)]) => [a, b],
            _ => asked,
        }
    }

    /// The days that charts show: those asked for, else from the first to the last with a call.
    pub(super) fn days(&self) -> Option<DateRange> {
        let ran = || {
            let ran: Vec<DateRange> = self.runs()?.into_iter().filter_map(VersionRun::ran).collect();
            let first = ran.iter().map(|range| range.first()).min()?;
            DateRange::new(first, ran.iter().map(|range| range.last()).max()?).ok()
        };
        self.question.as_ref().and_then(Question::range).or_else(ran)
    }

    /// Days and zone in words.
    pub(super) fn dated(&self) -> String {
        let days =
            self.days().map_or_else(|| "all days".to_owned(), |days| format::date_range(days.first(), days.last()));
        let zone = self.question.as_ref().map(|question| question.zone.as_str()).unwrap_or_default();
        format!("{days} · {zone}")
    }

    /// Agent, versions, days, zone and number of calls in words.
    pub(super) fn context(&self) -> String {
        let Some(question) = &self.question else { return String::new() };
        let count = |calls: Option<u64>| calls.map_or_else(|| format::UNKNOWN.to_owned(), format::count);
        let [a, b] = self.labels();
        let (calls_a, calls_b) = (count(self.comparison.a.calls), count(self.comparison.b.calls));
        format!("{} · A {a} (n {calls_a}), B {b} (n {calls_b}) · {}", question.agent, self.dated())
    }

    fn texts(&self, title: &str) -> ExportText {
        let agent = self.question.as_ref().map(|question| question.agent.as_str()).unwrap_or_default();
        let through = self.comparison.context.as_ref().and_then(|context| context.calls_through.as_ref());
        let through = through.map(|through| format!(" · calls up to {through}")).unwrap_or_default();
        let dates = self.days().map(|days| format!("-{}-{}", days.first(), days.last())).unwrap_or_default();
        let [a, b] = self.labels();
        let mut slug = String::new();
        for c in format!("{title} {agent} {a} {b}").chars().take(100) {
            if c.is_ascii_alphanumeric() {
                slug.push(c.to_ascii_lowercase());
            } else if !slug.ends_with('-') {
                slug.push('-');
            }
        }
        ExportText {
            title: title.to_owned(),
            period: format!("{agent} · A {a}, B {b} · {}", self.dated()),
            context: self.context(),
            source: format!("Callscope · compare metrics{through}"),
            file: format!("callscope-{}{dates}", slug.trim_matches('-')),
        }
    }
}

/// What every part of the page is given.
#[derive(Clone, Copy)]
pub(super) struct Given {
    pub(super) answers: State<Arc<Answers>>,
    pub(super) scope: Derived<Scope>,
    /// Called with the calls that should be looked at.
    pub(super) on_calls: Callback<CallSelection>,
}

impl Given {
    pub(super) fn get(self) -> Arc<Answers> {
        self.answers.get()
    }

    /// Goes to calls of the agent on the days that are shown, or on one of them.
    pub(super) fn look_at(self, day: Option<Date>, filter: CallFilter) {
        let answers = self.answers.get_untracked();
        let Some(question) = &answers.question else { return };
        let days = day.map(DateRange::day).or_else(|| answers.days());
        self.on_calls.run(CallSelection {
            scope: self.scope.get_untracked(),
            span: days.map_or_else(Span::default, Span::Days),
            zone: Some(question.zone.clone()),
            filter: CallFilter { agent_id: Some(question.request.agent_id.clone()), ..filter },
            ..CallSelection::default()
        });
    }

    /// The texts of an exported chart or table.
    pub(super) fn texts(self, title: &'static str) -> Read<ExportText> {
        Arc::new(move || self.get().texts(title))
    }
}
