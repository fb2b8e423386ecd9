//! What forms of accounts have in common.

use callscope_ui::piece::{Element, Spot, el};

/// A field, to be read and cleared.
pub(crate) type Input = Spot<web_sys::HtmlInputElement>;

/// A field that the browser may know how to fill.
pub(crate) fn field(to: Input, name: &'static str, kind: &'static str, completed_as: &'static str) -> Element {
    el("input").node_ref(to).attr("type", kind).attr("name", name).attr("autocomplete", completed_as)
}

/// A name above a field.
pub(crate) fn labelled(label: &'static str, field: Element) -> Element {
    el("label").child(el("span").child(label)).child(field)
}

/// What stands in a field; nothing where it is not there yet.
pub(crate) fn value(of: Input) -> String {
    of.get_untracked().map(|of| of.value()).unwrap_or_default()
}
