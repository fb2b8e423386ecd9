//! What the page itself says about its surroundings, and what the person chose on this device.

use callscope_client::Bases;
use callscope_ui::theme::Appearance;
use leptos::prelude::document;

const APPEARANCE: &str = "callscope-appearance";

/// The addresses of the API, from the page's `<meta>` tags.
pub(crate) fn bases() -> Bases {
    let standard = Bases::default();
    Bases {
        atoms: meta("callscope-atoms").unwrap_or(standard.atoms),
        usage: meta("callscope-usage").unwrap_or(standard.usage),
        session: meta("callscope-session").unwrap_or(standard.session),
        people: meta("callscope-people").unwrap_or(standard.people),
    }
}

/// Where the sample answers lie.
pub(crate) fn samples() -> String {
    meta("callscope-samples").unwrap_or_else(|| "/sample".to_owned())
}

fn meta(name: &str) -> Option<String> {
    let tag = document().query_selector(&format!("meta[name='{name}']")).ok()??;
    tag.get_attribute("content").map(|content| content.trim_end_matches('/').to_owned())
}

/// The appearance that was chosen on this device.
pub(crate) fn appearance() -> Appearance {
    let stored = storage().and_then(|storage| storage.get_item(APPEARANCE).ok().flatten());
    stored.map(|key| Appearance::from_key(&key)).unwrap_or_default()
}

/// Shows an appearance.
pub(crate) fn show_appearance(appearance: Appearance) {
    if let Some(root) = document().document_element() {
        root.set_attribute("data-theme", appearance.key()).ok();
    }
}

/// Shows an appearance and keeps it for the next visit; a browser that keeps nothing still shows it.
pub(crate) fn set_appearance(appearance: Appearance) {
    show_appearance(appearance);
    if let Some(storage) = storage() {
        storage.set_item(APPEARANCE, appearance.key()).ok();
    }
}

fn storage() -> Option<web_sys::Storage> {
    web_sys::window()?.local_storage().ok().flatten()
}
