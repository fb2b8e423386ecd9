//! The whole comparison as one picture.

use std::sync::Arc;

use callscope_charts::{SheetInput, sheet};
use callscope_core::compare::{FigureWords, confounders, headings, table};

use super::answers::{Answers, Given};
use super::panels::{ACTIVITY, DIFFERENCES, HANGUPS, Panel, RATES};
use crate::chart::ExportInput;

/// The comparison: a page as a picture, and its figures as a table.
pub(super) fn whole(given: Given) -> ExportInput {
    let texts = given.texts("Comparison");
    ExportInput {
        layout: Some(Arc::new(move |size, theme, measure| {
            let answers = given.get();
            let width = size.width_css_px;
            let scene = |panel: Panel| (panel.title.to_owned(), panel.scene(&answers, width, theme, measure));
            let mut panels = vec![DIFFERENCES, HANGUPS];
            if answers.has_days() {
                panels.extend([RATES, ACTIVITY]);
            }
            let input = SheetInput { charts: panels.into_iter().map(scene).collect(), ..page(&answers) };
            sheet(&input, width, theme, measure)
        })),
        // It is as high as what stands on it.
        height_css_px: Arc::new(|| 0.0),
        texts,
        table: Arc::new(move || {
            let answers = given.get();
            table(&answers.figures, answers.basis)
        }),
    }
}

/// What stands above the charts.
fn page(answers: &Answers) -> SheetInput {
    let verdict = answers.verdict();
    let others: Vec<String> = confounders(&answers.comparison).into_iter().map(|found| found.sentence).collect();
    let differed = if others.is_empty() { None } else { Some(format!("What else differed: {}", others.join(" "))) };
    let config = answers.comparison.config.as_ref().map(|config| format!("Configuration: {}.", config.summary()));
    let rests_on = Some(&verdict.rests_on).filter(|words| !words.is_empty()).map(|words| format!("Rests on {words}."));
    let row = |figure: &callscope_core::compare::Figure| {
        let FigureWords { a, b, difference, interval, chance, claim, .. } = figure.words();
        let cells = vec![figure.kind.label(), a, b, difference, interval, chance, claim.to_owned()];
        (cells, figure.is_clearly_better())
    };
    SheetInput {
        sentences: [Some(verdict.plain()), differed, config, rests_on].into_iter().flatten().collect(),
        headings: headings(answers.basis).to_vec(),
        rows: answers.figures.iter().map(row).collect(),
        charts: Vec::new(),
        table: table(&answers.figures, answers.basis),
    }
}
