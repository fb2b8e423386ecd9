//! A table of figures in the page.

use std::sync::Arc;

use callscope_core::export::{Align, Cell, Column, Table};
use leptos::prelude::*;

use crate::piece::{Element, State, button, el, live, several, text, when};

/// So many rows are shown at first; a press shows so many more.
const STEP: usize = 100;

/// A table that may change.
pub type LiveTable = Arc<dyn Fn() -> Table + Send + Sync>;

/// The table that says the same as a chart.
pub fn data_table(table: LiveTable) -> AnyView {
    let shown = State::new(STEP);
    let total = State::new(0);
    let body = live(move || {
        let table = table();
        total.set(table.rows.len());
        let label = format!("{}, table", table.caption);
        let headings: Vec<Element> = table.columns.iter().map(heading).collect();
        let rows = table.rows.iter().take(shown.get());
        let rows: Vec<Element> = rows.map(|cells| row(cells, &table.columns)).collect();
        let table = el("table")
            .child(el("caption").child(table.caption))
            .child(el("thead").child(el("tr").child(headings)))
            .child(el("tbody").child(rows));
        let twin = el("div").class("twin").attr("tabindex", "0").attr("role", "region");
        twin.attr("aria-label", label).child(table).any()
    });
    let more = when(
        move || shown.get() < total.get(),
        move || {
            let label = text(move || format!("Show more rows ({} of {})", shown.get(), total.get()));
            button("quiet", move |_| shown.update(|shown| *shown += STEP)).child(label).any()
        },
    );
    several(vec![body, more])
}

fn class(column: &Column) -> &'static str {
    if column.align == Align::End { "figure" } else { "" }
}

fn heading(column: &Column) -> Element {
    el("th").attr("scope", "col").class(class(column)).child(column.heading.clone())
}

fn row(cells: &[Cell], columns: &[Column]) -> Element {
    let cell = |(i, (cell, column)): (usize, (&Cell, &Column))| {
        let shown = if i == 0 { el("th").attr("scope", "row").attr("dir", "auto") } else { el("td") };
        let class = if matches!(cell, Cell::Day(_)) { "day" } else { class(column) };
        shown.class(class).child(cell.display())
    };
    let cells: Vec<Element> = cells.iter().zip(columns).enumerate().map(cell).collect();
    el("tr").child(cells)
}
