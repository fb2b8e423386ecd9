//! What the element tells the page around.

use callscope_client::ClientError;
use callscope_core::period::iso_date;
use callscope_ui::calls::CallSelection;
use callscope_ui::usage::TargetId;
use js_sys::{Function, Object, Reflect};
use leptos::prelude::*;
use wasm_bindgen::JsValue;

use crate::address::Link;

/// The element's own function that makes events: it is given a name and what the event holds.
#[derive(Clone, Copy)]
pub(crate) struct Telling(StoredValue<Function, LocalStorage>);

impl Telling {
    pub(crate) fn new(tell: Function) -> Self {
        Self(StoredValue::new_local(tell))
    }

    fn tell(self, name: &str, detail: &[(&str, JsValue)]) {
        let object = Object::new();
        for (key, value) in detail {
            Reflect::set(&object, &JsValue::from_str(key), value).ok();
        }
        // A listener that throws is the page's own affair.
        self.0.try_with_value(|tell| drop(tell.call2(&JsValue::UNDEFINED, &JsValue::from_str(name), &object)));
    }

    /// A report is drawn.
    pub(crate) fn load(self, view: &str, calls_through: Option<String>) {
        let through = calls_through.map_or(JsValue::NULL, |through| JsValue::from_str(&through));
        self.tell("load", &[("view", view.into()), ("callsThrough", through)]);
    }

    /// Something failed.
    pub(crate) fn error(self, code: &str, message: &str, retry_after_secs: Option<u32>) {
        let retry = retry_after_secs.map_or(JsValue::NULL, JsValue::from);
        self.tell("error", &[("code", code.into()), ("message", message.into()), ("retryAfterSeconds", retry)]);
    }

    /// A request failed.
    pub(crate) fn failure(self, error: &ClientError) {
        self.error(error.problem.code(), &error.sentence, error.retry_after_secs);
    }

    /// Nobody is signed in.
    pub(crate) fn unauthorized(self) {
        self.tell("unauthorized", &[]);
    }

    /// Something in a chart or table was clicked.
    pub(crate) fn select(self, target: &TargetId) {
        let (kind, value) = match target {
            TargetId::Day(date) => ("day", iso_date(*date)),
            TargetId::Hour(hour) => ("hour", hour.to_string()),
            TargetId::Agent(id) => ("agent", id.clone()),
            TargetId::Outcome(outcome) => ("outcome", outcome.key().to_owned()),
            TargetId::Reason(reason) => ("escalation-reason", reason.clone()),
            TargetId::Row(row) => ("row", row.to_string()),
        };
        self.selected(kind, &value);
    }

    /// A call was opened.
    pub(crate) fn select_call(self, id: &str) {
        self.selected("call", id);
    }

    fn selected(self, kind: &str, value: &str) {
        self.tell("select", &[("kind", kind.into()), ("value", value.into())]);
    }

    /// Something else is shown in place, or calls should be looked at elsewhere.
    pub(crate) fn navigate(self, link: &Link, is_elsewhere: bool) {
        let place = [("page", link.page.into()), ("url", link.path.as_str().into()), ("leaves", is_elsewhere.into())];
        self.tell("navigate", &place);
    }

    /// Calls should be looked at.
    pub(crate) fn look_at(self, calls: &CallSelection) {
        self.navigate(&Link::of_calls(calls), true);
    }
}
