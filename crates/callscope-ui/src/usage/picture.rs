//! The whole report as one picture, and its figures as a table.

use std::sync::Arc;

use callscope_charts::{MeasureText, Scene, SheetInput, Size, Theme, agents, hourly, outcomes, reasons, sheet};
use callscope_core::Severity;
use callscope_core::export::{Cell, Column, Table};

use super::agents::agents_height;
use super::answers::{Answers, Given};
use super::panels::{
    DAILY, DAILY_HEIGHT, HOURS, HOURS_HEIGHT, OUTCOMES, OUTCOMES_HEIGHT, REASONS, daily_scene, reasons_height,
};
use super::tiles::{TileWords, words};
use crate::chart::{ExportInput, Making, Offer};

const TITLE: &str = "Usage";
const HEADINGS: [&str; 4] = ["Figure", "In the period", "Before", "Change"];

/// The report: a page as a picture, and its tiles as a table. What makes it is code for saving.
pub(super) fn whole(given: Given) -> Offer {
    Offer { texts: given.texts(TITLE), has_picture: true, make: Arc::new(move || drawn(given)) }
}

fn exported(given: Given) -> ExportInput {
    ExportInput {
        layout: Some(Arc::new(move |size, theme, measure| {
            let answers = given.answers.get();
            let input =
                SheetInput { charts: charts(given, &answers, size.width_css_px, theme, measure), ..page(&answers) };
            sheet(&input, size.width_css_px, theme, measure)
        })),
        // It is as high as what stands on it.
        height_css_px: Arc::new(|| 0.0),
        texts: given.texts(TITLE),
        table: Arc::new(move || table(&given.answers.get())),
    }
}

#[cfg(not(feature = "split"))]
fn drawn(given: Given) -> Making {
    Box::pin(std::future::ready(Some(exported(given))))
}

#[cfg(feature = "split")]
use split::drawn;

#[cfg(feature = "split")]
#[expect(clippy::unnecessary_wraps, reason = "loading may fail, and the macro wants the same result on both sides")]
mod split {
    use wasm_split_helpers::{SplitLoaderError, wasm_split};

    use super::{ExportInput, Given, Making};

    #[wasm_split(saving, fallible)]
    fn picture(given: Given) -> Result<ExportInput, SplitLoaderError> {
        Ok(super::exported(given))
    }

    pub(super) fn drawn(given: Given) -> Making {
        Box::pin(async move { picture(given).await.ok() })
    }
}

/// What stands above the charts: contradictions first, then the figures.
fn page(answers: &Answers) -> SheetInput {
    let contradictions = answers.findings.iter().filter(|finding| finding.severity == Severity::Warning);
    let row = |of: TileWords| (vec![of.label.to_owned(), of.value, of.before, of.change], of.is_better);
    SheetInput {
        sentences: contradictions.map(|finding| format!("Contradiction: {}", finding.sentence)).collect(),
        headings: HEADINGS.to_vec(),
        rows: words(answers).into_iter().map(row).collect(),
        charts: Vec::new(),
        table: table(answers),
    }
}

/// The charts of the page, each with its title.
fn charts(
    given: Given,
    answers: &Answers,
    width_css_px: f64,
    theme: &Theme,
    measure: &dyn MeasureText,
) -> Vec<(String, Scene)> {
    let report = &answers.report;
    let size = |height_css_px| Size { width_css_px, height_css_px };
    let figure = given.selection.with_untracked(super::Selection::hour_figure);
    let (agent_count, reason_count) = (report.agents.len(), report.escalation_reasons.len());
    let mut charts = vec![
        (DAILY, daily_scene(answers, size(DAILY_HEIGHT), theme, measure)),
        (HOURS, hourly(&report.hours, figure, size(HOURS_HEIGHT), theme, measure)),
        (OUTCOMES, outcomes(report.outcomes, size(OUTCOMES_HEIGHT), theme)),
    ];
    if agent_count > 0 {
        charts
            .push(("Agents", agents(&report.agents.clone().into(), size(agents_height(agent_count)), theme, measure)));
    }
    if reason_count > 0 {
        let size = size(reasons_height(reason_count));
        charts.push((REASONS, reasons(&report.escalation_reasons, size, theme, measure)));
    }
    charts.into_iter().map(|(title, scene)| (title.to_owned(), scene)).collect()
}

/// The figures as they are written.
fn table(answers: &Answers) -> Table {
    let row = |of: TileWords| {
        let cells = [of.label.to_owned(), of.value, of.before, of.change];
        cells.map(Cell::Text).into()
    };
    let [name, figures @ ..] = HEADINGS;
    let columns = std::iter::once(Column::text(name)).chain(figures.map(Column::figure)).collect();
    Table { caption: TITLE.to_owned(), columns, rows: words(answers).into_iter().map(row).collect() }
}
