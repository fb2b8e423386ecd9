//! A table of figures in the page.

use callscope_core::export::{Align, Table};
use leptos::prelude::*;

/// So many rows are shown at first; a press shows so many more.
const STEP: usize = 100;

/// The table that says the same as a chart.
#[component]
pub fn DataTable(
    /// The table.
    #[prop(into)]
    table: Signal<Table>,
) -> impl IntoView {
    let shown = RwSignal::new(STEP);
    let total = move || table.with(|table| table.rows.len());
    let head = move || {
        table.with(|table| {
            let heading = |column: &callscope_core::export::Column| {
                view! { <th scope="col" class:figure=column.align == Align::End>{column.heading.clone()}</th> }
            };
            table.columns.iter().map(heading).collect_view()
        })
    };
    let body = move || {
        table.with(|table| {
            let row = |row: &Vec<callscope_core::export::Cell>| {
                let cells = row.iter().zip(&table.columns).enumerate().map(|(i, (cell, column))| {
                    let text = cell.display();
                    if i == 0 {
                        view! { <th scope="row" dir="auto">{text}</th> }.into_any()
                    } else {
                        view! { <td class:figure=column.align == Align::End>{text}</td> }.into_any()
                    }
                });
                view! { <tr>{cells.collect_view()}</tr> }
            };
            table.rows.iter().take(shown.get()).map(row).collect_view()
        })
    };
    view! {
        <div class="twin" tabindex="0" role="region" aria-label=move || table.with(|table| format!("{}, table", table.caption))>
            <table>
                <caption>{move || table.with(|table| table.caption.clone())}</caption>
                <thead><tr>{head}</tr></thead>
                <tbody>{body}</tbody>
            </table>
        </div>
        <Show when=move || shown.get() < total()>
            <button class="quiet" on:click=move |_| shown.update(|shown| *shown += STEP)>
                {move || format!("Show more rows ({} of {})", shown.get(), total())}
            </button>
        </Show>
    }
}
