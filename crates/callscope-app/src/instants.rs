//! Instants of answers as people read them.

use callscope_core::format;

/// The day and the time of an instant by the clock of a zone; none where it is no instant.
pub(crate) fn time(instant: &str, zone: &str) -> Option<String> {
    let at_ms = js_sys::Date::parse(instant);
    let at_ms = at_ms.is_finite().then_some(at_ms as i64)?;
    let local = callscope_ui::zone(zone, at_ms, at_ms)?.local(at_ms);
    Some(format!("{}, {:02}:{:02}", format::long_date(local.date), local.hour, local.minute))
}
