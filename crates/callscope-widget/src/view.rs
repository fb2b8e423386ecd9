//! Which view is shown, and what it is given.

use std::sync::Arc;

use callscope_client::{ClientError, Given, Source};
use callscope_core::session::Session;
use callscope_ui::Fresh;
use callscope_ui::calls::{CallSelection, CallsInput, calls_view};
use callscope_ui::chart::Exports;
use callscope_ui::compare::{CompareInput, Compared, compare_view};
use callscope_ui::piece::{Callback, Derived, Place, State, effect, el, live, several, when};
use callscope_ui::states::{Way, message, message_with};
use callscope_ui::usage::{Now, Selection, Span, UsageInput, UsagePart, usage_view};
use leptos::prelude::*;

use crate::address::Link;
use crate::apart::{calls_apart, compare_apart};
use crate::settings::{Settings, View};
use crate::telling::Telling;

/// What decides what the element shows.
#[derive(Clone, Copy)]
pub(crate) struct Shown {
    pub(crate) settings: State<Settings>,
    pub(crate) source: State<Source>,
    /// Data that the page around brought, in the place of a server.
    pub(crate) data: State<Option<Arc<Given>>>,
    /// Why such data cannot be shown.
    pub(crate) data_problem: State<Option<String>>,
    pub(crate) refresh: State<u32>,
    pub(crate) exports: State<Option<Exports>>,
    /// How numbers and dates are written.
    pub(crate) place: State<Place>,
    pub(crate) telling: Telling,
    /// Whether the server said that nobody is signed in.
    pub(crate) is_signed_out: State<bool>,
}

/// Everything in the element.
pub(crate) fn element(shown: Shown) -> AnyView {
    let problem = Derived::new(move || {
        let of_settings = |settings: &Settings| {
            let [a_locale, a_zone] = ["a locale such as 'de' or 'en-IN'", "a time zone such as 'Asia/Kolkata'"];
            settings
                .problem()
                .or_else(|| settings.wrong("locale", |tag| callscope_ui::locale(tag).is_some(), a_locale))
                .or_else(|| settings.wrong("time-zone", |name| callscope_ui::zone(name, 0, 0).is_some(), a_zone))
        };
        shown.settings.with(of_settings).or_else(|| shown.data_problem.get())
    });
    effect(move || {
        if let Some(sentence) = problem.get() {
            shown.telling.error("bad-setting", &sentence, None);
        }
    });
    let wrong =
        move || problem.get().map_or_else(callscope_ui::piece::nothing, |why| message("This cannot be shown", why));
    several(vec![live(wrong), when(move || problem.with(Option::is_none), move || right(shown))])
}

/// The view, or in its place what is to be done about nobody being signed in.
fn right(shown: Shown) -> AnyView {
    let kind = Derived::new(move || {
        let view = shown.settings.with(Settings::view).unwrap_or(View::Usage(UsagePart::Whole));
        let locale = shown.settings.with(|settings| settings.locale().map(str::to_owned));
        (view, shown.settings.with(Settings::is_compact), shown.data.get().is_some(), locale)
    });
    let view = live(move || {
        let (view, is_compact, is_given, locale) = kind.get();
        let place = Place::provide(locale.and_then(|tag| callscope_ui::locale(&tag)).map(Arc::new));
        shown.place.set(place.clone());
        shown.exports.set(Some(Exports::provide(view.is_whole())));
        place.within(|| match view {
            View::Usage(part) => usage(shown, part, !is_compact && !is_given && part == UsagePart::Whole),
            View::Compare => compare_apart(shown, !is_compact && !is_given),
            View::Calls => calls_apart(shown, !is_compact && !is_given),
        })
    });
    let again = Callback::new(move |()| shown.ask_anew());
    let signed_out = move || {
        let why = "Sign in to the page around this report; then it comes back.".to_owned();
        message_with("Nobody is signed in", why, &[Way::again(again)])
    };
    let is_out = move || shown.is_signed_out.get();
    several(vec![when(is_out, signed_out), el("div").switched("hidden", is_out).child(view).any()])
}

impl Shown {
    /// Asks everything anew.
    pub(crate) fn ask_anew(self) {
        self.is_signed_out.set(false);
        self.refresh.update(|count| *count = count.wrapping_add(1));
    }

    /// Reports count by the minute, so that several of one page ask the same.
    fn now() -> Callback<(), Now> {
        Callback::new(|()| {
            let now = callscope_ui::now_ms();
            Now(now - now.rem_euclid(60_000))
        })
    }

    fn on_signed_out(self) -> Callback<()> {
        Callback::new(move |()| {
            self.is_signed_out.set(true);
            self.telling.unauthorized();
        })
    }

    fn on_fresh(self) -> Callback<Option<Fresh>> {
        Callback::new(move |fresh: Option<Fresh>| self.loaded(fresh.map(|fresh| fresh.calls_through)))
    }

    fn loaded(self, calls_through: Option<String>) {
        self.is_signed_out.set(false);
        let view = self.settings.with_untracked(Settings::view).map_or("", View::key);
        self.telling.load(view, calls_through);
    }

    fn on_failure(self) -> Callback<ClientError> {
        Callback::new(move |error: ClientError| {
            self.is_signed_out.set(false);
            self.telling.failure(&error);
        })
    }

    /// Told of a part of the code that cannot be loaded.
    #[cfg(feature = "split")]
    pub(crate) fn on_missing_code(self) -> Callback<ClientError> {
        Callback::new(move |error: ClientError| self.telling.error("module", &error.sentence, None))
    }

    fn on_calls(self) -> Callback<CallSelection> {
        Callback::new(move |calls: CallSelection| self.telling.look_at(&calls))
    }

    fn session() -> Derived<Session> {
        Derived::new(Session::default)
    }
}

/// What is shown: what the settings say, until somebody chooses something else; other settings are followed again.
fn followed<T: Clone + PartialEq + Send + Sync + 'static>(
    shown: Shown,
    read: impl Fn(&Settings) -> T + Clone + Send + Sync + 'static,
) -> State<T> {
    let first = shown.settings.with_untracked(&read);
    let (state, said) = (State::new(first.clone()), StoredValue::new(first));
    effect(move || {
        let next = shown.settings.with(&read);
        if said.get_value() != next {
            said.set_value(next.clone());
            state.set(next);
        }
    });
    state
}

fn usage(shown: Shown, part: UsagePart, has_controls: bool) -> AnyView {
    let chosen = followed(shown, Settings::usage);
    let compares = matches!(part, UsagePart::Whole | UsagePart::Daily);
    let selection = Derived::new(move || {
        let chosen = chosen.get();
        match shown.data.get() {
            // It is of the days that it holds, and there is nothing before them.
            Some(data) => Selection { span: data.days().map_or(chosen.span, Span::Days), alone: true, ..chosen },
            // The other charts show nothing of the period before.
            None => Selection { alone: chosen.alone || !compares, ..chosen },
        }
    });
    usage_view(UsageInput {
        source: shown.source,
        session: Shown::session(),
        selection,
        on_select: Callback::new(move |next: Selection| {
            let alone = if compares { next.alone } else { chosen.with_untracked(|now| now.alone) };
            let next = Selection { alone, ..next };
            shown.telling.navigate(&Link::of_usage(&next), false);
            chosen.set(next);
        }),
        on_calls: shown.on_calls(),
        now: Shown::now(),
        refresh: shown.refresh,
        on_signed_out: shown.on_signed_out(),
        on_fresh: shown.on_fresh(),
        on_failure: shown.on_failure(),
        on_target: Callback::new(move |target| shown.telling.select(&target)),
        part,
        has_controls,
    })
}

/// Two versions of an agent.
pub(crate) fn compare(shown: Shown, has_controls: bool) -> AnyView {
    let chosen = followed(shown, Settings::compared);
    compare_view(CompareInput {
        source: shown.source,
        session: Shown::session(),
        selection: Derived::new(move || chosen.get()),
        on_select: Callback::new(move |next: Compared| {
            shown.telling.navigate(&Link::of_compared(&next), false);
            chosen.set(next);
        }),
        on_calls: shown.on_calls(),
        now: Shown::now(),
        refresh: shown.refresh,
        on_signed_out: shown.on_signed_out(),
        on_fresh: shown.on_fresh(),
        on_failure: shown.on_failure(),
        has_controls,
    })
}

/// The calls themselves.
pub(crate) fn calls(shown: Shown, has_controls: bool) -> AnyView {
    let chosen = followed(shown, Settings::calls);
    calls_view(CallsInput {
        source: shown.source,
        session: Shown::session(),
        selection: Derived::new(move || chosen.get()),
        on_select: Callback::new(move |next: CallSelection| {
            if let Some(id) =
                next.call_id.as_ref().filter(|id| chosen.with_untracked(|now| now.call_id.as_ref() != Some(*id)))
            {
                shown.telling.select_call(id);
            }
            shown.telling.navigate(&Link::of_calls(&next), false);
            chosen.set(next);
        }),
        now: Shown::now(),
        refresh: shown.refresh,
        on_signed_out: shown.on_signed_out(),
        on_answer: Callback::new(move |()| shown.loaded(None)),
        on_failure: shown.on_failure(),
        has_controls,
    })
}
