//! What the browser knows: the time, and the offsets of time zones.

use callscope_core::period::{Transition, Zone};
use js_sys::{Array, Date, Function, JsString, Object, Reflect, encode_uri_component};
use leptos::prelude::{StoredValue, WithValue as _, document, on_cleanup, provide_context, set_timeout, use_context};
use send_wrapper::SendWrapper;
use wasm_bindgen::prelude::Closure;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{CssStyleDeclaration, Element, HtmlElement, ResizeObserver, ShadowRoot};

const HOUR_SECS: i64 = 3600;
/// Two changes of clock are never nearer to each other in any zone that is in use.
const PROBE_SECS: i64 = 7 * 24 * HOUR_SECS;

/// Now, in Unix milliseconds.
pub fn now_ms() -> i64 {
    Date::now() as i64
}

/// The style that an element has in the end.
pub(crate) fn style_of(element: &Element) -> Option<CssStyleDeclaration> {
    web_sys::window()?.get_computed_style(element).ok().flatten()
}

/// The measure that the style sheet has an element say, in pixels of the page: by a property that computes to a length,
/// which nothing else needs there.
pub(crate) fn measure_in(style: &CssStyleDeclaration) -> Option<f64> {
    let said = js_sys::parse_float(&style.get_property_value("scroll-margin-top").ok()?);
    (said > 0.0 && said.is_finite()).then_some(said)
}

/// Does something whenever the room in an element gets another size, and once soon where it has any, until the owner is
/// cleaned up.
pub(crate) fn on_resize(element: &Element, act: impl Fn() + 'static) {
    let act = Closure::<dyn Fn()>::new(act);
    if let Ok(observer) = ResizeObserver::new(act.as_ref().unchecked_ref()) {
        observer.observe(element);
        let kept = StoredValue::new_local((observer, act));
        on_cleanup(move || {
            kept.try_with_value(|(observer, _)| observer.disconnect());
        });
    }
}

/// A length of what is drawn, as a style says it.
pub(crate) fn in_zoom(scene_px: f64) -> String {
    format!("calc({scene_px} * var(--c-px))")
}

/// The query of an address, with its question mark; empty where nothing is said.
pub fn query_of<'n, V: AsRef<str>>(pairs: impl IntoIterator<Item = (&'n str, V)>) -> String {
    let encoded = |text: &str| String::from(encode_uri_component(text));
    let written = pairs.into_iter().map(|(name, value)| format!("{}={}", encoded(name), encoded(value.as_ref())));
    let written = written.collect::<Vec<_>>().join("&");
    if written.is_empty() { written } else { format!("?{written}") }
}

/// What the views stand in: a page of their own, or a part of somebody else's.
#[derive(Clone, Debug, Default)]
pub struct Ground(Option<SendWrapper<ShadowRoot>>);

impl Ground {
    /// Tells the views below that they stand in somebody else's page, in a root of their own.
    pub fn provide(root: ShadowRoot) {
        provide_context(Self(Some(SendWrapper::new(root))));
    }

    /// What the views of the present owner stand in.
    pub(crate) fn here() -> Self {
        use_context().unwrap_or_default()
    }

    /// Whether the page around is somebody else's.
    pub(crate) fn is_guest(&self) -> bool {
        self.0.is_some()
    }

    fn element(&self, id: &str) -> Option<HtmlElement> {
        let found = match &self.0 {
            Some(root) => root.get_element_by_id(id),
            None => document().get_element_by_id(id),
        };
        found?.dyn_into().ok()
    }

    /// What has the focus, where it is one of ours.
    pub(crate) fn focused(&self) -> Option<HtmlElement> {
        let focused = match &self.0 {
            Some(root) => root.active_element(),
            None => document().active_element(),
        };
        focused?.dyn_into().ok()
    }

    /// Puts the focus on the first of these elements that can take it, and gives that one.
    pub(crate) fn focus(&self, ids: &[&str]) -> Option<HtmlElement> {
        let element =
            ids.iter().filter_map(|id| self.element(id)).find(|element| element.get_attribute("disabled").is_none())?;
        element.focus().ok();
        Some(element)
    }
}

/// Puts the focus on an element, or else on another one, once the page stands as it was just told to.
pub(crate) fn focus_soon(id: impl Into<String>, otherwise: impl Into<String>) {
    let (ground, id, otherwise) = (Ground::here(), id.into(), otherwise.into());
    set_timeout(move || drop(ground.focus(&[&id, &otherwise])), std::time::Duration::ZERO);
}

/// A text in lower case, by the browser's tables of Unicode: the module need not bring its own.
pub(crate) fn lower_case(text: &str) -> String {
    if text.is_ascii() { text.to_ascii_lowercase() } else { JsString::from(text).to_lower_case().into() }
}

/// The zone of an IANA name, with its offsets over a span; none where the browser knows no such zone.
pub fn zone(name: &str, from_ms: i64, to_ms: i64) -> Option<Zone> {
    // Browsers take offsets for names, the server does not: they know no change of clock.
    if name.starts_with(['+', '-']) {
        return None;
    }
    if name == "UTC" {
        return Some(Zone::utc());
    }
    let clock = Clock::new(name)?;
    let start = from_ms.div_euclid(1000) - PROBE_SECS;
    let end = to_ms.div_euclid(1000) + PROBE_SECS;
    let first = clock.offset_secs(start)?;
    let mut transitions = Vec::new();
    let (mut at, mut offset) = (start, first);
    while at < end {
        let next = (at + PROBE_SECS).min(end);
        let next_offset = clock.offset_secs(next)?;
        if next_offset != offset {
            let at_secs = clock.change_between(at, next, offset)?;
            transitions.push(Transition { at_secs, offset_secs: next_offset });
            offset = next_offset;
        }
        at = next;
    }
    Zone::new(name, first, &transitions).ok()
}

/// The zone that the viewer's own clock runs by.
pub fn viewer_zone() -> Option<String> {
    let options = call(&intl_object("DateTimeFormat", "en-US", &[])?, "resolvedOptions", &[])?;
    Reflect::get(&options, &"timeZone".into()).ok()?.as_string()
}

/// Every zone that the browser knows, by name; empty where it does not tell.
pub fn zone_names() -> Vec<String> {
    let names = intl().and_then(|intl| call(&intl, "supportedValuesOf", &["timeZone".into()]));
    let names = names.and_then(|names| names.dyn_into::<Array>().ok()).unwrap_or_default();
    names.iter().filter_map(|name| name.as_string()).collect()
}

/// Tells the offset of one zone at any instant.
struct Clock {
    format: JsValue,
}

impl Clock {
    fn new(name: &str) -> Option<Self> {
        let options = [("timeZone", name), ("timeZoneName", "longOffset")];
        Some(Self { format: intl_object("DateTimeFormat", "en-US", &options)? })
    }

    fn offset_secs(&self, at_secs: i64) -> Option<i32> {
        let date = Date::new(&JsValue::from_f64(at_secs as f64 * 1000.0));
        let text = call(&self.format, "format", &[date.into()])?.as_string()?;
        // What follows `GMT`. (To search for more than a letter takes three kilobytes.)
        offset_secs(text.rsplit('T').next()?)
    }

    /// The first second in a span at which the offset is no longer the one at its beginning.
    fn change_between(&self, mut before: i64, mut after: i64, offset: i32) -> Option<i64> {
        while after - before > 1 {
            let middle = before + (after - before) / 2;
            if self.offset_secs(middle)? == offset {
                before = middle;
            } else {
                after = middle;
            }
        }
        Some(after)
    }
}

/// Reads what follows `GMT`: nothing, `+05:30`, or `-00:25:21` from before there were zones.
fn offset_secs(text: &str) -> Option<i32> {
    let text = text.trim().replace('−', "-");
    let (sign, digits) = match text.split_at_checked(1) {
        None | Some(("", _)) => return Some(0),
        Some(("+", digits)) => (1, digits),
        Some(("-", digits)) => (-1, digits),
        Some(_) => return None,
    };
    let mut secs = 0;
    for (part, unit) in digits.split(':').zip([3600, 60, 1]) {
        secs += part.parse::<i32>().ok()? * unit;
    }
    Some(sign * secs)
}

fn intl() -> Option<JsValue> {
    Reflect::get(&js_sys::global(), &"Intl".into()).ok().filter(JsValue::is_object)
}

/// `new Intl.Kind(tag, options)`; none where it throws, as for an unknown zone.
#[inline(never)]
pub(crate) fn intl_object(kind: &str, tag: &str, options: &[(&str, &str)]) -> Option<JsValue> {
    let constructor = Reflect::get(&intl()?, &kind.into()).ok()?.dyn_into::<Function>().ok()?;
    let object = Object::new();
    for (key, value) in options {
        Reflect::set(&object, &(*key).into(), &(*value).into()).ok()?;
    }
    Reflect::construct(&constructor, &Array::of2(&tag.into(), &object)).ok()
}

pub(crate) fn call(object: &JsValue, method: &str, arguments: &[JsValue]) -> Option<JsValue> {
    let function = Reflect::get(object, &method.into()).ok()?.dyn_into::<Function>().ok()?;
    function.apply(object, &arguments.iter().collect::<Array>()).ok()
}

#[cfg(test)]
mod tests {
    use super::offset_secs;

    #[test]
    fn offsets_are_read() {
        for (text, secs) in [
            ("", Some(0)),
            ("+05:30", Some(19_800)),
            ("-03:00", Some(-10_800)),
            ("−00:25:21", Some(-1521)),
            ("x", None),
        ] {
            assert_eq!(offset_secs(text), secs, "{text}");
        }
    }
}

#[cfg(all(test, target_arch = "wasm32"))]
mod browser_tests {
    use callscope_core::period::parse_date;
    use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

    use super::*;

    wasm_bindgen_test_configure!(run_in_browser);

    /// The span of 2024 in UTC.
    const YEAR_MS: (i64, i64) = (1_704_067_200_000, 1_735_689_600_000);

    fn day_hours(name: &str, date: &str) -> i64 {
        let zone = zone(name, YEAR_MS.0, YEAR_MS.1).unwrap();
        zone.day_length_secs(parse_date(date).unwrap()) / 3600
    }

    #[wasm_bindgen_test]
    fn the_browsers_zones_have_their_changes_of_clock() {
        assert_eq!(day_hours("Europe/Berlin", "2024-03-31"), 23);
        assert_eq!(day_hours("Europe/Berlin", "2024-10-27"), 25);
        assert_eq!(day_hours("America/New_York", "2024-03-10"), 23);
        assert_eq!(day_hours("Asia/Kolkata", "2024-03-31"), 24);
        assert_eq!(zone("Asia/Kolkata", 0, 0).unwrap().offset_secs_at(0), 19_800);
        assert_eq!(zone("UTC", 0, 0).unwrap().offset_secs_at(0), 0);
    }

    #[wasm_bindgen_test]
    fn a_name_that_is_no_zone_is_none_and_does_not_throw() {
        for name in ["", "Mars/Olympus", "<script>", "Europe/Berlin "] {
            assert_eq!(zone(name, 0, 0), None, "{name}");
        }
        assert!(zone_names().len() > 100);
        assert!(viewer_zone().is_some());
    }
}
