//! The product's own charts, as a page can time them beside other libraries.
//!
//! What is timed is what the app and the widget run: `callscope_ui::chart` with heading, table twin, keyboard and
//! pointer, laid out by `callscope-charts` from a report that core has checked.

use std::any::Any;
use std::sync::Arc;

use callscope_charts::{DailyInput, DaySeries, HourFigure, MeasureText, Scene, Size, Theme, agents, daily, hourly};
use callscope_core::period::{Date, DateRange, parse_date};
use callscope_core::usage::{Asked, DayVolume, Narrowing, UsageReport, parse};
use callscope_ui::chart::{ChartInput, ExportText, Layout, chart};
use callscope_ui::piece::{Callback, State, nothing, several};
use callscope_ui::theme::{Repaint, provide_repaint};
use leptos::mount::mount_to;
use leptos::reactive::owner::Owner;
use wasm_bindgen::prelude::*;
use web_sys::HtmlElement;

/// How high every chart is, in CSS pixels.
const HEIGHT_CSS_PX: f64 = 320.0;

/// Calls per day, hour of day and agents, in a page.
#[wasm_bindgen]
pub struct Dashboard {
    repaint: Repaint,
    /// Dropped with the dashboard, which takes it out of the page; before what it reads.
    #[expect(dead_code, reason = "held, not read")]
    mounted: Box<dyn Any>,
    #[expect(dead_code, reason = "held, not read")]
    owner: Owner,
}

#[wasm_bindgen]
impl Dashboard {
    /// Draws the usage report in `answer` (the documents' JSON, its days from `from` to `to`) into an element.
    ///
    /// # Errors
    /// Where it is no report.
    #[wasm_bindgen(constructor)]
    pub fn new(frame: HtmlElement, answer: &[u8], from: &str, to: &str) -> Result<Self, JsError> {
        let range = DateRange::new(parse_date(from)?, parse_date(to)?)?;
        let (report, _) = parse(answer, &Asked { range, narrowing: Narrowing::default() })?;
        Self::mounted(frame, move || charts(&Arc::new(report), range))
    }

    /// Draws the calls of days alone, as many as there are, each with those of them that were resolved.
    ///
    /// # Errors
    /// Where `first` is no date.
    #[wasm_bindgen(js_name = ofDays)]
    pub fn of_days(frame: HtmlElement, first: &str, calls: &[u32], resolved: &[u32]) -> Result<Self, JsError> {
        let range = DateRange::of_days(parse_date(first)?, calls.len());
        let day = |((date, calls), resolved): ((Date, &u32), &u32)| DayVolume {
            date,
            calls: Some((*calls).into()),
            resolved: Some((*resolved).into()),
        };
        let days: Vec<DayVolume> = range.days().zip(calls).zip(resolved).map(day).collect();
        Self::mounted(frame, move || vec![one("Calls per day", of_days(days, range))])
    }

    fn mounted(
        frame: HtmlElement,
        charts: impl FnOnce() -> Vec<leptos::prelude::AnyView> + 'static,
    ) -> Result<Self, JsError> {
        let owner = Owner::new_root(None);
        let (repaint, mounted) = owner.with(|| {
            let repaint = State::new(None);
            let mounted = mount_to(frame, move || {
                repaint.set(Some(provide_repaint()));
                several(charts())
            });
            (repaint.get_untracked(), Box::new(mounted) as Box<dyn Any>)
        });
        let repaint = repaint.ok_or_else(|| JsError::new("it was not mounted"))?;
        Ok(Self { repaint, mounted, owner })
    }

    /// Has everything laid out and drawn anew. It is drawn when the microtasks have run.
    pub fn redraw(&self) {
        self.repaint.now();
    }
}

fn of_days(days: Vec<DayVolume>, range: DateRange) -> Layout {
    let (days, previous) = (DaySeries::from(days), DaySeries::default());
    Arc::new(move |size: Size, theme: &Theme, measure: &dyn MeasureText| -> Scene {
        let input =
            DailyInput { range, days: &days, previous: &previous, releases: &[], clock_changes: &[], unfinished: None };
        daily(&input, size, theme, measure)
    })
}

fn charts(report: &Arc<UsageReport>, range: DateRange) -> Vec<leptos::prelude::AnyView> {
    let (of_hours, of_agents) = (Arc::clone(report), report.agents.clone().into());
    let of_hour = move |size: Size, theme: &Theme, measure: &dyn MeasureText| {
        hourly(&of_hours.hours, HourFigure::Calls, size, theme, measure)
    };
    let of_agent = move |size: Size, theme: &Theme, measure: &dyn MeasureText| agents(&of_agents, size, theme, measure);
    let layouts: [(&str, Layout); 3] = [
        ("Hour of day", Arc::new(of_hour)),
        ("Calls per day", of_days(report.days.clone(), range)),
        ("Agents", Arc::new(of_agent)),
    ];
    layouts.into_iter().map(|(title, layout)| one(title, layout)).collect()
}

fn one(title: &'static str, layout: Layout) -> leptos::prelude::AnyView {
    chart(ChartInput {
        layout,
        height_css_px: Arc::new(|| HEIGHT_CSS_PX),
        note: Arc::new(String::new),
        texts: Arc::new(move || ExportText { title: title.to_owned(), ..ExportText::default() }),
        on_pick: Callback::new(|_| ()),
        pick_hint: "",
        has_legend: true,
        below: nothing(),
    })
}
