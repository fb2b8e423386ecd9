//! Tables whose rows are laid out in lines where there is little room. The roles of their parts, which would be lost
//! then, stand on them.

use crate::piece::{Element, IntoChild, el};

/// The table: what stands before its head (a caption, or nothing), its columns, its rows.
pub fn stacked(class: &'static str, caption: Option<Element>, columns: Vec<Element>, rows: impl IntoChild) -> Element {
    let group = |name: &'static str| el(name).attr("role", "rowgroup");
    let head = group("thead").child(row().child(columns));
    el("table").attr("role", "table").class(class).child(caption).child(head).child(group("tbody").child(rows))
}

/// The head of a column.
pub fn column() -> Element {
    el("th").attr("scope", "col").attr("role", "columnheader")
}

/// A row.
pub fn row() -> Element {
    el("tr").attr("role", "row")
}

/// The head of a row.
pub fn row_head() -> Element {
    el("th").attr("scope", "row").attr("role", "rowheader")
}

/// A cell.
pub fn cell() -> Element {
    el("td").attr("role", "cell")
}
