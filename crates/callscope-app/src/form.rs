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

/// A server's sentence as people read it: the name of the parameter that it begins with is one of the API.
pub(crate) fn told(sentence: &str) -> String {
    let is_name = |name: &&str| !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphabetic());
    let parts = sentence.split_once(':').filter(|(name, _)| is_name(name));
    let words = parts.and_then(|(_, words)| words.strip_prefix(' ')).unwrap_or(sentence);
    let mut signs = words.chars();
    signs.next().map_or_else(String::new, |first| format!("{}{}", first.to_ascii_uppercase(), signs.as_str()))
}
