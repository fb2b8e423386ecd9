//! The product's own charts, as a page can time them beside other libraries.
//!
//! What is timed is what the app and the widget run: `callscope_ui::chart` with heading, table twin, keyboard and
//! pointer, laid out by `callscope-charts` from a report that core has checked.

use std::any::Any;
use std::sync::Arc;

use callscope_charts::{DailyInput, HourFigure, MeasureText, Scene, Size, Theme, agents, daily, hourly};
use callscope_core::period::{DateRange, parse_date};
use callscope_core::usage::{Asked, Narrowing, UsageReport, parse};
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
        let owner = Owner::new_root(None);
        let (repaint, mounted) = owner.with(|| {
            let repaint = State::new(None);
            let mounted = mount_to(frame, move || {
                repaint.set(Some(provide_repaint()));
                several(charts(&Arc::new(report), range))
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

fn charts(report: &Arc<UsageReport>, range: DateRange) -> Vec<leptos::prelude::AnyView> {
    let (of_days, of_hours, of_agents) = (Arc::clone(report), Arc::clone(report), report.agents.clone().into());
    let of_day = move |size: Size, theme: &Theme, measure: &dyn MeasureText| -> Scene {
        let input = DailyInput {
            range,
            days: &of_days.days,
            previous: &[],
            releases: &[],
            clock_changes: &[],
            unfinished: None,
        };
        daily(&input, size, theme, measure)
    };
    let of_hour = move |size: Size, theme: &Theme, measure: &dyn MeasureText| {
        hourly(&of_hours.hours, HourFigure::Calls, size, theme, measure)
    };
    let of_agent = move |size: Size, theme: &Theme, measure: &dyn MeasureText| agents(&of_agents, size, theme, measure);
    let layouts: [(&str, Layout); 3] =
        [("Hour of day", Arc::new(of_hour)), ("Calls per day", Arc::new(of_day)), ("Agents", Arc::new(of_agent))];
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
