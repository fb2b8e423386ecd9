//! The header: name, pages, freshness, whose calls, appearance, account.

use callscope_core::format;
use callscope_core::session::Session;
use callscope_ui::theme::{Appearance, Repaint};
use callscope_ui::usage::{Scope, Selection};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::account::Account;
use crate::address::{Address, use_address, use_go};
use crate::settings;

/// When the last call counted started, as the server said it.
#[derive(Clone, Copy)]
pub(crate) struct Freshness(RwSignal<Option<String>>);

impl Freshness {
    pub(crate) fn provide() {
        provide_context(Self(RwSignal::new(None)));
    }

    pub(crate) fn expect() -> Self {
        expect_context()
    }

    pub(crate) fn set(self, through: Option<String>) {
        self.0.try_set(through);
    }

    /// The instant in Unix milliseconds.
    fn at_ms(self) -> Option<i64> {
        let text = self.0.get()?;
        let ms = js_sys::Date::parse(&text);
        ms.is_finite().then_some(ms as i64)
    }
}

/// The header on every page.
#[component]
pub(crate) fn Header() -> impl IntoView {
    let account = Account::expect();
    let address = use_address();
    let go = use_go();
    let is_in = Memo::new(move |_| account.session().is_some());
    let is_sample = Memo::new(move |_| account.source().with(callscope_client::Source::is_sample));
    let leave = move |_| go.run(Address { is_sample: false, ..address.get_untracked() });
    view! {
        <header class="top">
            <a class="brand" href="/" aria-label="Callscope, usage">
                <svg viewBox="0 0 24 24" width="20" height="20" aria-hidden="true"><circle cx="12" cy="12" r="10"></circle><path d="M4 12h4l2-6 4 12 2-6h4"></path></svg>
                "Callscope"
            </a>
            <nav aria-label="Pages"><a href="/" aria-current="page">"Usage"</a></nav>
            <div class="top-end">
                <Show when=move || is_sample.get()>
                    <button type="button" class="boxed sample" title="Back to the server" on:click=leave>"Sample data ×"</button>
                </Show>
                <Show when=move || is_in.get()>
                    <Fresh/>
                    <ScopeChoice/>
                </Show>
                <AppearanceButton/>
                <Show when=move || is_in.get() && !is_sample.get()><AccountMenu/></Show>
            </div>
        </header>
    }
}

/// How fresh the calls are.
#[component]
fn Fresh() -> impl IntoView {
    let account = Account::expect();
    let address = use_address();
    let freshness = Freshness::expect();
    let words = move || {
        let at_ms = freshness.at_ms()?;
        let session = account.session()?;
        let selection = address.with(|address| address.selection.clone());
        let question = callscope_ui::usage::Question::new(&selection, &session, account.now(), callscope_ui::zone);
        let local = question.zone.local(at_ms);
        let today = question.zone.local(account.now().0).date;
        let time = format!("{:02}:{:02}", local.hour, local.minute);
        Some(if local.date == today { time } else { format!("{}, {time}", format::short_date(local.date)) })
    };
    view! { {move || words().map(|words| view! { <span class="fresh">"Calls up to "<strong>{words}</strong></span> })} }
}

/// Whose calls: everything, a reseller, an organisation.
#[component]
fn ScopeChoice() -> impl IntoView {
    let account = Account::expect();
    let address = use_address();
    let go = use_go();
    let chosen = move || address.with(|address| key(&address.selection.scope));
    let choose = move |event: leptos::ev::Event| {
        let now = address.get_untracked();
        let scope = scope(&event_target_value(&event));
        // An agent belongs to one organisation; it means nothing in another.
        let mut selection = Selection { scope, ..now.selection.clone() };
        selection.narrowing.agent_id = None;
        go.run(Address { selection, ..now });
    };
    let options = move || {
        let session = account.session().unwrap_or_default();
        let chosen = chosen();
        let option = |scope: Scope, name: String| {
            let key = key(&scope);
            let is_chosen = key == chosen;
            view! { <option value=key selected=is_chosen>{name}</option> }
        };
        let Session { organisations, resellers, .. } = session;
        let is_many = organisations.len() != 1;
        let resellers: Vec<_> =
            resellers.into_iter().map(|reseller| option(Scope::Reseller(reseller.id), reseller.name)).collect();
        let organisations: Vec<_> = organisations
            .into_iter()
            .map(|organisation| option(Scope::Organisation(organisation.id), organisation.name))
            .collect();
        view! {
            {is_many.then(|| option(Scope::Everything, "Everything".to_owned()))}
            {(!resellers.is_empty()).then(|| view! { <optgroup label="Resellers">{resellers}</optgroup> })}
            <optgroup label="Organisations">{organisations}</optgroup>
        }
    };
    view! { <select class="boxed scope" aria-label="Whose calls" on:change=choose>{options}</select> }
}

fn key(scope: &Scope) -> String {
    match scope {
        Scope::Everything => String::new(),
        Scope::Organisation(id) => format!("o{id}"),
        Scope::Reseller(id) => format!("r{id}"),
    }
}

fn scope(key: &str) -> Scope {
    match key.split_at_checked(1) {
        Some(("o", id)) => Scope::Organisation(id.to_owned()),
        Some(("r", id)) => Scope::Reseller(id.to_owned()),
        _ => Scope::Everything,
    }
}

/// Turns through light, dark, and the system's.
#[component]
fn AppearanceButton() -> impl IntoView {
    let appearance = RwSignal::new(settings::appearance());
    let repaint = use_context::<Repaint>();
    let turn = move |_| {
        appearance.update(|appearance| *appearance = appearance.next());
        settings::set_appearance(appearance.get_untracked());
        if let Some(repaint) = repaint {
            repaint.now();
        }
    };
    let label = move || match appearance.get() {
        Appearance::System => "Appearance: as the system",
        Appearance::Light => "Appearance: light",
        Appearance::Dark => "Appearance: dark",
    };
    let sign = move || match appearance.get() {
        Appearance::System => "◐",
        Appearance::Light => "☼",
        Appearance::Dark => "☾",
    };
    view! { <button type="button" id="appearance" class="boxed sign" aria-label=label title=label on:click=turn>{sign}</button> }
}

/// Who is signed in, and signing out.
#[component]
fn AccountMenu() -> impl IntoView {
    let account = Account::expect();
    let problem = RwSignal::new(None::<String>);
    let name = move || account.session().map(|session| session.user.name).unwrap_or_default();
    let email = move || account.session().map(|session| session.user.email).unwrap_or_default();
    let sign_out = move |_| {
        spawn_local(async move {
            if let Err(error) = account.sign_out().await {
                problem.try_set(Some(error.sentence));
            }
        });
    };
    view! {
        <details class="menu account">
            <summary aria-label="Account" title=name>{move || initials(&name())}</summary>
            <div class="menu-body">
                <p><strong>{name}</strong><br/>{email}</p>
                <button type="button" on:click=sign_out>"Sign out"</button>
                {move || problem.get().map(|problem| view! { <p class="problem" role="alert">{problem}</p> })}
            </div>
        </details>
    }
}

fn initials(name: &str) -> String {
    let letters: String = name.split_whitespace().filter_map(|word| word.chars().next()).take(2).collect();
    if letters.is_empty() { "?".to_owned() } else { letters.to_uppercase() }
}
