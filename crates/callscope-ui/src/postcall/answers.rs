//! What calls answered to one metric: shares or a mean, by day and by version.

use std::sync::Arc;

use callscope_charts::{ShareRow, SharesInput, TrendDay, TrendInput, shares, shares_height, trend};
use callscope_core::agents::AgentVersion;
use callscope_core::export::{Cell, Column, Table};
use callscope_core::format;
use callscope_core::period::{Date, DateRange};
use callscope_core::postcall::{Answered, Metric, MetricResult, MetricType, Spread};
use callscope_core::stats::{Interval, Proportion};
use leptos::prelude::*;

use super::results::{Asked, Loading, declared, said};
use crate::chart::{ChartInput, ExportInput, ExportText, Picked, Read, chart, export_menu};
use crate::controls::fixed;
use crate::piece::{Callback, Derived, Element, State, button, el, live, nothing, several, text};
use crate::table::data_table;
use crate::usage::Span;

/// One metric, as its parts read it.
#[derive(Clone, Copy)]
struct Of {
    loading: Loading,
    name: StoredValue<String>,
    result: Derived<Arc<MetricResult>>,
    /// The answer whose share is drawn by day; the most telling where none is chosen.
    chosen: State<Option<String>>,
}

impl Of {
    /// The metric as the live version asks it; none where it does not.
    fn declared(self) -> Option<Metric> {
        let name = self.name.get_value();
        declared(self.loading.input.desk).into_iter().find(|metric| metric.identifier() == name)
    }

    fn kind(self) -> Option<MetricType> {
        self.declared()?.kind()
    }

    fn spread(self) -> Spread {
        self.result.with(|result| result.spread(self.kind().as_ref()))
    }

    /// The answer whose share is drawn by day: "true" of two, else the most frequent.
    fn share_of(self) -> Option<String> {
        self.chosen.get().or_else(|| {
            self.result.with(|result| {
                let values = result.all.by_frequency();
                let truth =
                    values.iter().find(|(value, _)| *value == "true" && self.kind() == Some(MetricType::Boolean));
                truth.or_else(|| values.first()).map(|(value, _)| (*value).to_owned())
            })
        })
    }

    fn texts(self, what: &'static str) -> Read<ExportText> {
        Arc::new(move || {
            let name = self.name.get_value();
            let found = self.loading.found.get();
            let days = found.as_ref().map(|found| format::date_range(found.range.first(), found.range.last()));
            let zone = found.as_ref().map(|found| found.zone.clone()).unwrap_or_default();
            let calls = format::count(self.result.with(|result| result.all.calls));
            let period = format!("{} · {zone}", days.unwrap_or_default());
            ExportText {
                title: format!("{name}: {what}"),
                context: format!("{period} · {calls} calls with an answer · {}", said(self.loading)),
                period,
                source: "Callscope · post-call metrics".to_owned(),
                file: format!("callscope-{}-{}", file_name(&name), file_name(what)),
            }
        })
    }
}

/// A name as a part of a file's name.
fn file_name(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' }).collect()
}

/// One metric: how it was answered, by day and by version.
pub(super) fn metric(loading: Loading, name: String) -> AnyView {
    let own = name.clone();
    let result = Derived::new(move || {
        let found = loading.found.get();
        Arc::new(found.and_then(|found| found.results.metrics().get(&own).cloned()).unwrap_or_default())
    });
    let of = Of { loading, name: StoredValue::new(name.clone()), result, chosen: State::new(None) };
    let pill = live(move || match of.kind() {
        Some(kind) => el("span").class("pill").child(kind.key().to_owned()).any(),
        None => el("span").class("pill").child("not asked by what is live").any(),
    });
    let note = text(move || result.with(|result| note_of(result)));
    let head = el("header")
        .class("card-head")
        .child(el("h2").child(el("code").child(name)).child(" ").child(pill))
        .child(el("span").class("note").child(note));
    let spread = Derived::new(move || {
        let calls = result.with(|result| result.all.calls);
        (calls > 0).then(|| match of.spread() {
            Spread::Shares => 0_u8,
            Spread::Number => 1,
            Spread::Texts => 2,
        })
    });
    let body = live(move || match spread.get() {
        None => el("p").class("nothing").child("No call of these days answered it.").any(),
        Some(0) => several(vec![pair(vec![share_chart(of), share_by_day(of)]), versions(of)]),
        Some(1) => several(vec![mean(of), pair(vec![share_chart(of), mean_by_day(of)]), versions(of)]),
        Some(_) => texts_of(of),
    });
    el("section").class("answered").child(head).child(body).any()
}

fn pair(views: Vec<AnyView>) -> AnyView {
    el("div").class("pair even").child(views).any()
}

fn note_of(result: &MetricResult) -> String {
    let mut parts = vec![format!("{} calls with an answer", format::count(result.all.calls))];
    if result.empty > 0 {
        parts.push(format!("{} asked without one", format::count(result.empty)));
    }
    if let Some(confidence) = result.confidence() {
        parts.push(format!("mean confidence {}", format::number(confidence, 2)));
    }
    parts.join(" · ")
}

/// An answer as it is shown; one that the live version does not offer is told.
fn label(value: &str, declared: Option<&Metric>) -> String {
    let offered = declared.filter(|metric| metric.kind() == Some(MetricType::Enum)).map(Metric::choices);
    match offered {
        Some(choices) if !choices.is_empty() && !choices.iter().any(|choice| choice == value) => {
            format!("{value} (no choice)")
        }
        _ => value.to_owned(),
    }
}

/// The answers by how many calls gave each.
fn share_chart(of: Of) -> AnyView {
    let rows = move || {
        of.result.with(|result| {
            let (all, declared) = (&result.all, of.declared());
            let row = |(value, calls): &(String, u64)| ShareRow {
                label: label(value, declared.as_ref()),
                calls: Proportion { successes: *calls, trials: all.calls },
            };
            let mut rows: Vec<ShareRow> = all.in_order(declared.as_ref()).iter().map(row).collect();
            if all.others() > 0 {
                let calls = Proportion { successes: all.others(), trials: all.calls };
                rows.push(ShareRow { label: "Other answers".to_owned(), calls });
            }
            rows
        })
    };
    chart(ChartInput {
        layout: Arc::new(move |size, theme, measure| {
            let name = format!("{}: shares", of.name.get_value());
            shares(&SharesInput { name: &name, rows: &rows() }, size, theme, measure)
        }),
        height_css_px: Arc::new(move || shares_height(rows().len())),
        note: fixed("of calls with an answer; lines are 95 % intervals"),
        texts: of.texts("shares"),
        on_pick: Callback::new(|_: Picked| {}),
        pick_hint: "",
        has_legend: false,
        below: nothing(),
    })
}

/// A figure by day, and the calls that it is of.
fn by_day(of: Of, figure: impl Fn(&Answered) -> (Option<f64>, u64)) -> Vec<TrendDay> {
    let day = |(date, day): (&Date, &Answered)| {
        let (value, calls) = figure(day);
        TrendDay { date: *date, value, calls }
    };
    of.result.with(|result| result.days.iter().map(day).collect())
}

/// The share of one answer by day, and the choice of which.
fn share_by_day(of: Of) -> AnyView {
    let choose = live(move || {
        let chosen = of.share_of();
        let values = of.result.with(|result| {
            let declared = of.declared();
            result.all.in_order(declared.as_ref()).into_iter().map(|(value, _)| value).collect::<Vec<_>>()
        });
        if values.len() < 2 {
            return nothing();
        }
        let option = |value: String| {
            let is_chosen = chosen.as_ref() == Some(&value);
            el("option").attr("value", value.clone()).switched("selected", move || is_chosen).child(value)
        };
        let options: Vec<Element> = values.into_iter().map(option).collect();
        let choose = move |event| of.chosen.set(Some(event_target_value(&event)));
        let list = el("select").attr("aria-label", "Answer by day").on("change", choose).child(options);
        el("label").class("choice").child(el("span").child("Share of")).child(list).any()
    });
    trend_chart(of, "by day", true, choose)
}

fn mean_by_day(of: Of) -> AnyView {
    trend_chart(of, "mean by day", false, nothing())
}

fn trend_chart(of: Of, what: &'static str, is_share: bool, below: AnyView) -> AnyView {
    let layout = move |size, theme: &callscope_charts::Theme, measure: &dyn callscope_charts::MeasureText| {
        let Some(found) = of.loading.found.get() else { return callscope_charts::Scene::blank(size) };
        let value = of.share_of().filter(|_| is_share);
        let figure = value.as_ref().map_or_else(|| "Mean".to_owned(), |value| format!("Share of '{value}'"));
        let days = by_day(of, |day| match &value {
            Some(value) => (day.share(value).rate(), day.calls),
            None => (day.mean(), day.whole_numbers()),
        });
        let name = format!("{} {what}", of.name.get_value());
        let input = TrendInput { name: &name, figure: &figure, is_share, range: found.range, days: &days };
        trend(&input, size, theme, measure)
    };
    let on_pick = move |picked: Picked| {
        if let callscope_charts::TargetId::Day(date) = picked.target
            && let Ok(range) = DateRange::new(date, date)
        {
            of.loading.input.look_at(Some(Span::Days(range)));
        }
    };
    chart(ChartInput {
        layout: Arc::new(layout),
        height_css_px: Arc::new(|| 200.0),
        note: fixed("hollow dots: fewer than 20 calls"),
        texts: of.texts(what),
        on_pick: Callback::new(on_pick),
        pick_hint: "Click or Enter: the calls of this day",
        has_legend: true,
        below,
    })
}

/// The mean with its interval.
fn mean(of: Of) -> AnyView {
    let words = text(move || {
        of.result.with(|result| {
            let mean = result.all.mean().map_or_else(|| format::UNKNOWN.to_owned(), |mean| format::number(mean, 2));
            let interval = result
                .all
                .mean_interval()
                .map(|of| format!(" (95 % interval {} to {})", format::number(of.low, 2), format::number(of.high, 2)));
            let others = result.all.calls - result.all.whole_numbers().min(result.all.calls);
            let others = match others {
                0 => String::new(),
                others => format!("; {} answers are no whole number and not in it", format::count(others)),
            };
            format!("Mean {mean}{}{others}.", interval.unwrap_or_default())
        })
    });
    el("p").class("mean").child(words).any()
}

/// Texts of their own are read call by call.
fn texts_of(of: Of) -> AnyView {
    let words = text(move || {
        let calls = format::count(of.result.with(|result| result.all.calls));
        format!("{calls} calls answered, each in its own words. They stand with the calls.")
    });
    let go = move |_| of.loading.input.look_at(None);
    el("p").child(words).child(" ").child(button("quiet", go).child("To the calls")).any()
}

/// The same by version.
fn versions(of: Of) -> AnyView {
    let table: Read<Table> = Arc::new(move || version_table(of));
    let for_menu = Arc::clone(&table);
    let head = el("header")
        .class("card-head")
        .child(el("h2").child("By version"))
        .child(el("span").class("note").child("of other calls on other days: more than the version may differ"))
        .child(el("span").class("tools").child(export_menu(ExportInput {
            layout: None,
            height_css_px: Arc::new(|| 0.0),
            texts: of.texts("by version"),
            table: for_menu,
        })));
    let pooled = live(move || {
        let otherwise: Vec<String> =
            rows(of).into_iter().filter(|row| row.asked == Asked::Otherwise).map(|row| row.title).collect();
        if otherwise.is_empty() {
            return nothing();
        }
        let why = format!(
            "Asked in other words or with other choices by {}: those answers are not comparable, and the figures \
             above hold them too.",
            otherwise.join(", ")
        );
        el("p").class("findings warning plain").child(why).any()
    });
    el("div").class("card").child(head).child(pooled).child(data_table(table)).any()
}

/// A version with what its calls answered.
struct VersionRow {
    title: String,
    asked: Asked,
    answered: Answered,
}

/// The versions, the newest first as they are listed; those that are not listed after them.
fn rows(of: Of) -> Vec<VersionRow> {
    let desk = of.loading.input.desk.get();
    let found = of.loading.found.get();
    let place = |id: &Option<String>| {
        let at = id.as_ref().and_then(|id| desk.published.iter().position(|version| version.id == *id));
        at.unwrap_or(usize::MAX)
    };
    let title = |id: &Option<String>| match id {
        None => "No version".to_owned(),
        Some(id) => {
            let listed = desk.published.iter().find(|version| version.id == *id);
            let number = found.as_ref().and_then(|found| found.results.version_number(id));
            let otherwise = || number.map_or_else(|| id.clone(), |number| format!("v{number}"));
            listed.map_or_else(otherwise, AgentVersion::title)
        }
    };
    let now = of.declared();
    of.result.with(|result| {
        let mut groups: Vec<(&Option<String>, &Answered)> = result.versions.iter().collect();
        groups.sort_by_key(|(id, _)| place(id));
        let row = |(id, answered): (&Option<String>, &Answered)| VersionRow {
            title: title(id),
            asked: of.loading.asked(id.as_ref(), now.as_ref(), &of.name.get_value()),
            answered: answered.clone(),
        };
        groups.into_iter().map(row).collect()
    })
}

/// Versions with their shares of the most frequent answers, or with their means.
fn version_table(of: Of) -> Table {
    const MOST_ANSWERS: usize = 4;
    let caption = format!("{} by version", of.name.get_value());
    let is_number = of.spread() == Spread::Number;
    let values: Vec<String> = of.result.with(|result| {
        result.all.by_frequency().into_iter().take(MOST_ANSWERS).map(|(value, _)| value.to_owned()).collect()
    });
    let mut columns = vec![Column::text("Version"), Column::text("From"), Column::text("To"), Column::text("Asked")];
    columns.push(Column::figure(if is_number { "Calls with a number" } else { "Calls" }));
    if is_number {
        columns.extend(["Mean", "95 % from", "95 % to"].map(Column::figure));
    } else {
        for value in &values {
            columns.push(Column::figure(format!("{value} (%)")));
            columns.push(Column::figure(format!("{value}: 95 % from (%)")));
            columns.push(Column::figure(format!("{value}: 95 % to (%)")));
        }
    }
    let row = |row: VersionRow| {
        let VersionRow { title, asked, answered } = row;
        let days = answered.days.map(|(first, last)| [first, last]);
        let mut cells = vec![Cell::Text(title)];
        cells.extend(days.map_or([Cell::Unknown, Cell::Unknown], |days| days.map(Cell::Day)));
        cells.push(Cell::Text(asked.label().to_owned()));
        cells.push(Cell::Count(if is_number { answered.whole_numbers() } else { answered.calls }));
        let ends = |interval: Option<Interval>, factor: f64, decimals: usize| {
            let ends = [interval.map(|of| of.low), interval.map(|of| of.high)];
            ends.map(|end| Cell::measure(end.map(|end| end * factor), decimals))
        };
        if is_number {
            cells.push(Cell::measure(answered.mean(), 2));
            cells.extend(ends(answered.mean_interval(), 1.0, 2));
        } else {
            for value in &values {
                cells.push(Cell::measure(answered.share(value).rate().map(|share| share * 100.0), 1));
                cells.extend(ends(answered.share_interval(value), 100.0, 1));
            }
        }
        cells
    };
    Table { caption, columns, rows: rows(of).into_iter().map(row).collect() }
}
