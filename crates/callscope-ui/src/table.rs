//! A table of figures in the page.

use std::sync::Arc;

use callscope_core::export::{Align, Cell, Column, Table};
use leptos::prelude::*;

use crate::piece::{click, live, text, when};

/// So many rows are shown at first; a press shows so many more.
const STEP: usize = 100;

/// A table that may change.
pub type LiveTable = Arc<dyn Fn() -> Table + Send + Sync>;

/// The table that says the same as a chart.
pub fn data_table(table: LiveTable) -> AnyView {
    let shown = RwSignal::new(STEP);
    let total = RwSignal::new(0);
    let body = live(move || {
        let table = table();
        total.set(table.rows.len());
        view! {
            <div class="twin" tabindex="0" role="region" aria-label=format!("{}, table", table.caption)>
                <table>
                    <caption>{table.caption.clone()}</caption>
                    <thead><tr>{table.columns.iter().map(heading).collect_view()}</tr></thead>
                    <tbody>{table.rows.iter().take(shown.get()).map(|cells| row(cells, &table.columns)).collect_view()}</tbody>
                </table>
            </div>
        }
        .into_any()
    });
    let more = when(
        move || shown.get() < total.get(),
        move || {
            let label = text(move || format!("Show more rows ({} of {})", shown.get(), total.get()));
            view! { <button type="button" class="quiet" on:click=click(move |_| shown.update(|shown| *shown += STEP))>{label}</button> }.into_any()
        },
    );
    view! { {body}{more} }.into_any()
}

fn heading(column: &Column) -> AnyView {
    let class = if column.align == Align::End { "figure" } else { "" };
    view! { <th scope="col" class=class>{column.heading.clone()}</th> }.into_any()
}

fn row(cells: &[Cell], columns: &[Column]) -> AnyView {
    let cell = |(i, (cell, column)): (usize, (&Cell, &Column))| {
        let text = cell.display();
        let class = if column.align == Align::End { "figure" } else { "" };
        if i == 0 {
            view! { <th scope="row" dir="auto" class=class>{text}</th> }.into_any()
        } else {
            view! { <td class=class>{text}</td> }.into_any()
        }
    };
    view! { <tr>{cells.iter().zip(columns).enumerate().map(cell).collect_view()}</tr> }.into_any()
}
