//! The charts of the page, and what else differs between the two versions.

use std::sync::Arc;

use callscope_charts::{
    ACTIVITY_HEIGHT_CSS_PX, ACTIVITY_NAME, ActivityDay, ActivityInput, DifferenceUnit, INTERVALS_NAME, IntervalRow,
    IntervalsInput, MIX_NAME, MeasureText, MixInput, MixSource, RATES_NAME, RateDay, RatesInput, Reading, Scene, Size,
    TargetId, Theme, activity, intervals, intervals_height, mix, mix_height, rates,
};
use callscope_core::calls::CallFilter;
use callscope_core::compare::{
    Basis, Claim, Figure, FigureKind, HangupMix, RunDay, Unit, VersionRun, confounders, hangup_mix, headings,
};
use callscope_core::format;
use callscope_core::period::Date;
use callscope_core::stats::Proportion;
use leptos::prelude::*;

use super::answers::{Answers, Given};
use crate::chart::{ChartInput, Picked, Read, chart};
use crate::controls::fixed;
use crate::piece::{Callback, el, live, nothing};

/// A chart of the page: its title, how it is laid out, and how high it is.
#[derive(Clone, Copy)]
pub(super) struct Panel {
    pub(super) title: &'static str,
    /// What a click on a target means; see [`look_at`].
    leads_to: LeadsTo,
    layout: fn(&Answers, Size, &Theme, &dyn MeasureText) -> Scene,
    height_css_px: fn(&Answers) -> f64,
}

/// The differences of the rates with their intervals.
pub(super) const DIFFERENCES: Panel = Panel {
    title: INTERVALS_NAME,
    leads_to: LeadsTo::Rates,
    layout: |answers, size, theme, measure| {
        let rows: Vec<IntervalRow> = rates_of(answers).map(interval_row).collect();
        intervals(&IntervalsInput { rows: &rows, unit: DifferenceUnit::Points }, size, theme, measure)
    },
    height_css_px: |answers| intervals_height(rates_of(answers).count()),
};

/// Who ended the calls.
pub(super) const HANGUPS: Panel = Panel {
    title: MIX_NAME,
    leads_to: LeadsTo::Sources,
    layout: |answers, size, theme, measure| {
        let found = hangup_mix(&answers.comparison);
        let sources: Vec<MixSource> = found.iter().flat_map(|mix| &mix.sources).map(source).collect();
        let stands_out = found.as_ref().filter(|mix| mix.is_clear()).and_then(|mix| mix.stands_out);
        let labels = answers.labels();
        let labels = labels.each_ref().map(String::as_str);
        mix(&MixInput { labels, sources: &sources, stands_out }, size, theme, measure)
    },
    height_css_px: |answers| mix_height(hangup_mix(&answers.comparison).map_or(1, |mix| mix.sources.len())),
};

/// The completion rate by day.
pub(super) const RATES: Panel = Panel {
    title: RATES_NAME,
    leads_to: LeadsTo::Days,
    layout: |answers, size, theme, measure| {
        let (Some(range), Some(runs)) = (answers.days(), answers.runs()) else { return Scene::blank(size) };
        let day = |date| RateDay { date, a: rate_on(runs[0], date), b: rate_on(runs[1], date) };
        let days: Vec<RateDay> = range.days().map(day).collect();
        let labels = answers.labels();
        let labels = labels.each_ref().map(String::as_str);
        let activated = [runs[0].activated, runs[1].activated];
        rates(&RatesInput { range, labels, activated, days: &days }, size, theme, measure)
    },
    height_css_px: |_| 220.0,
};

/// When each of the two ran.
pub(super) const ACTIVITY: Panel = Panel {
    title: ACTIVITY_NAME,
    leads_to: LeadsTo::Days,
    layout: |answers, size, theme, measure| {
        let (Some(range), Some(runs)) = (answers.days(), answers.runs()) else { return Scene::blank(size) };
        let today = answers.question.as_ref().map(|question| question.today);
        let calls = |run, date| on(run, date).map_or(0, |day| day.calls);
        let is_known = |date: &Date| today.is_none_or(|today| *date <= today);
        let day = |date| ActivityDay { date, a: Some(calls(runs[0], date)), b: Some(calls(runs[1], date)) };
        let days: Vec<ActivityDay> = range.days().filter(is_known).map(day).collect();
        let labels = answers.labels();
        let labels = labels.each_ref().map(String::as_str);
        activity(&ActivityInput { range, labels, days: &days }, size, theme, measure)
    },
    height_css_px: |_| ACTIVITY_HEIGHT_CSS_PX,
};

/// What the targets of a chart stand for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum LeadsTo {
    /// Days, on which either version ran.
    Days,
    /// The rates, in the order in which they are shown.
    Rates,
    /// The sources of hangups, in the order in which they are shown.
    Sources,
}

/// Goes to the calls behind what was clicked. A rate and a source lead to those of B, as that is the
/// version that is judged.
fn look_at(given: Given, leads_to: LeadsTo, target: &TargetId) {
    let answers = given.answers.get_untracked();
    let version_id = answers.pair().map(|[_, b]| b.to_owned());
    let of_b = |hangup_source| CallFilter { version_id, hangup_source, ..CallFilter::default() };
    match (target, leads_to) {
        (TargetId::Day(date), _) => given.look_at(Some(*date), CallFilter::default()),
        (TargetId::Row(at), LeadsTo::Rates) => {
            let source = rates_of(&answers).nth(*at).and_then(|figure| match &figure.kind {
                FigureKind::EndedBy(source) => Some(source.clone()),
                _ => None,
            });
            given.look_at(None, of_b(source));
        }
        (TargetId::Row(at), _) => {
            let mix = hangup_mix(&answers.comparison);
            let source = mix.and_then(|mix| mix.sources.get(*at).map(|source| source.name.clone()));
            given.look_at(None, of_b(source));
        }
        _ => {}
    }
}

impl Panel {
    /// The chart of an answer at its own height.
    pub(super) fn scene(self, answers: &Answers, width_css_px: f64, theme: &Theme, measure: &dyn MeasureText) -> Scene {
        let size = Size { width_css_px, height_css_px: (self.height_css_px)(answers) };
        (self.layout)(answers, size, theme, measure)
    }

    /// The chart on the page.
    pub(super) fn view(self, given: Given, note: Read<String>, below: AnyView) -> AnyView {
        chart(ChartInput {
            layout: Arc::new(move |size, theme, measure| (self.layout)(&given.get(), size, theme, measure)),
            height_css_px: Arc::new(move || (self.height_css_px)(&given.get())),
            note,
            texts: given.texts(self.title),
            on_pick: Callback::new(move |picked: Picked| look_at(given, self.leads_to, &picked.target)),
            pick_hint: match self.leads_to {
                LeadsTo::Days => "Click or Enter: the calls of this day",
                LeadsTo::Rates | LeadsTo::Sources => "Click or Enter: B's calls",
            },
            has_legend: true,
            below,
        })
    }
}

fn rates_of(answers: &Answers) -> impl Iterator<Item = &Figure> {
    answers.figures.iter().filter(|figure| figure.kind.unit() == Unit::Rate)
}

fn interval_row(figure: &Figure) -> IntervalRow {
    let reading = match (figure.claim, figure.is_clearly_better()) {
        (_, Some(true)) => Reading::Better,
        (_, Some(false)) => Reading::Worse,
        (Claim::Higher | Claim::Lower, None) => Reading::Different,
        (Claim::NoClearDifference, None) if figure.is_clear_at_one_look => Reading::Unsettled,
        (Claim::NoClearDifference, None) => Reading::Unclear,
        (Claim::TooFewCalls, None) => Reading::TooFew,
        _ => Reading::Unknown,
    };
    IntervalRow { label: figure.kind.label(), difference: figure.difference, interval: figure.interval, reading }
}

fn source(share: &callscope_core::compare::SourceShare) -> MixSource {
    MixSource { name: share.name.clone(), a: Some(share.a.successes), b: Some(share.b.successes) }
}

/// The calls of a version on a day. Days come in order.
fn on(run: &VersionRun, date: Date) -> Option<&RunDay> {
    run.days.get(run.days.binary_search_by(|day| day.date.cmp(&date)).ok()?)
}

fn rate_on(run: &VersionRun, date: Date) -> Option<Proportion> {
    on(run, date).map(|day| Proportion { successes: day.answered, trials: day.calls })
}

/// The rates' differences, with what their verdicts rest on.
pub(super) fn differences(given: Given) -> AnyView {
    let note = Arc::new(move || {
        let [.., interval, _, _] = headings(given.get().basis);
        interval.to_owned()
    });
    DIFFERENCES.view(given, note, nothing())
}

/// Who ended the calls, and which source stands out.
pub(super) fn hangups(given: Given) -> AnyView {
    let note = Arc::new(move || {
        let answers = given.get();
        let looks = if answers.basis == Basis::AlwaysValid { ", at one look" } else { "" };
        let words = hangup_mix(&answers.comparison).map(|mix| mix_words(&mix)).unwrap_or_default();
        if words.is_empty() { words } else { words + looks }
    });
    HANGUPS.view(given, note, nothing())
}

fn mix_words(mix: &HangupMix) -> String {
    let Some(test) = &mix.test else { return String::new() };
    let p = if test.p < 0.001 { "< 0.001".to_owned() } else { format!("= {}", format::number(test.p, 3)) };
    let moved = mix.stands_out.and_then(|at| mix.sources.get(at)).filter(|_| mix.is_clear());
    let said = match moved {
        Some(source) => {
            let change = source.difference().map(format::points).unwrap_or_default();
            format!("{} stands out, {change}", source.name)
        }
        None if !test.has_enough() => "too few calls to tell".to_owned(),
        None => "no clear difference".to_owned(),
    };
    format!("{said} · χ² p {p}, Cramér's V {}", format::number(test.cramers_v, 3))
}

/// In what else the calls of the two differ.
pub(super) fn others(given: Given) -> AnyView {
    let sentences = live(move || {
        let answers = given.get();
        let found = confounders(&answers.comparison);
        let said: Vec<_> = found.into_iter().map(|found| el("li").child(found.sentence)).collect();
        let none = match answers.runs() {
            None => "This server does not say when each version ran, so nothing else can be compared.",
            Some(runs) if runs.iter().any(|run| run.ran().is_none()) => {
                "A version took no call in these days, so nothing else can be compared."
            }
            Some(_) => "Nothing else that the server tells of differs clearly.",
        };
        if said.is_empty() { el("p").child(none).any() } else { el("ul").child(said).any() }
    });
    let head = el("header").class("card-head").child(el("h2").child("What else differed"));
    let note = "listed only: no verdict takes it into account";
    el("section").class("card others").child(head.child(el("span").class("note").child(note))).child(sentences).any()
}

/// The two charts of days; nothing where the server does not say how the versions ran.
pub(super) fn by_day(given: Given) -> AnyView {
    let note = "answered of all calls; marks are the days of going live";
    crate::piece::several(vec![
        RATES.view(given, fixed(note), nothing()),
        ACTIVITY.view(given, fixed("calls a day"), nothing()),
    ])
}
