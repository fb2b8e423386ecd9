//! The header: name, pages, freshness, whose calls, appearance, account.

use callscope_core::format;
use callscope_core::session::Session;
use callscope_ui::piece::{click, flag, live, on, text, when, words};
use callscope_ui::theme::{Appearance, Repaint};
use callscope_ui::usage::{Question, Scope};
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::account::Account;
use crate::address::{Address, Location};
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
pub(crate) fn header() -> AnyView {
    let account = Account::expect();
    let location = Location::expect();
    let is_in = Memo::new(move |_| account.session().is_some());
    let is_sample = Memo::new(move |_| account.source.with(callscope_client::Source::is_sample));
    let leave = move |_| location.go(Address { is_sample: false, ..location.get_untracked() });
    let sample = move || {
        let title = "Back to the server";
        view! { <button type="button" class="boxed sample" title=title on:click=click(leave)>"Sample data ×"</button> }
            .into_any()
    };
    view! {
        <header class="top">
            <a class="brand" href="/" aria-label="Callscope, usage">
                <svg viewBox="0 0 24 24" width="20" height="20" aria-hidden="true">
                    <circle cx="12" cy="12" r="10"></circle>
                    <path d="M4 12h4l2-6 4 12 2-6h4"></path>
                </svg>
                "Callscope"
            </a>
            <nav aria-label="Pages"><a href="/" aria-current="page">"Usage"</a></nav>
            <div class="top-end">
                {when(move || is_sample.get(), sample)}
                {when(move || is_in.get(), move || view! { {fresh(account, location)} {scope_choice(account, location)} }.into_any())}
                {appearance_button()}
                {when(move || is_in.get() && !is_sample.get(), move || account_menu(account))}
            </div>
        </header>
    }
    .into_any()
}

/// How fresh the calls are.
fn fresh(account: Account, location: Location) -> AnyView {
    let freshness = Freshness::expect();
    let words = move || {
        let at_ms = freshness.at_ms()?;
        let session = account.session()?;
        let question = Question::new(&location.get().selection, &session, account.now(), callscope_ui::zone);
        let local = question.zone.local(at_ms);
        let today = question.zone.local(account.now().0).date;
        let time = format!("{:02}:{:02}", local.hour, local.minute);
        Some(if local.date == today { time } else { format!("{}, {time}", format::short_date(local.date)) })
    };
    live(move || match words() {
        Some(words) => view! { <span class="fresh">"Calls up to "<strong>{words}</strong></span> }.into_any(),
        None => ().into_any(),
    })
}

/// Whose calls: everything, a reseller, an organisation.
fn scope_choice(account: Account, location: Location) -> AnyView {
    let choose = move |event| {
        // An agent belongs to one organisation; it means nothing in another.
        location.show(|selection| {
            selection.scope = scope(&event_target_value(&event));
            selection.narrowing.agent_id = None;
        });
    };
    let option = move |scope: Scope, name: String| {
        let value = key(&scope);
        let is_chosen = flag(move || location.get().selection.scope == scope);
        view! { <option value=value prop:selected=is_chosen>{name}</option> }.into_any()
    };
    // An address may name what this person may not see: the choice must not look like another one.
    let unknown = live(move || {
        let session = account.session().unwrap_or_default();
        let organisations = session.organisations.iter().map(|of| &of.id);
        let mut known = organisations.chain(session.resellers.iter().map(|of| &of.id));
        match location.get().selection.scope {
            Scope::Everything => ().into_any(),
            Scope::Organisation(id) | Scope::Reseller(id) if known.any(|known| *known == id) => ().into_any(),
            scope => option(scope, "Not yours".to_owned()),
        }
    });
    let options = live(move || {
        let Session { organisations, resellers, .. } = account.session().unwrap_or_default();
        let everything = (organisations.len() != 1).then(|| option(Scope::Everything, "Everything".to_owned()));
        let resellers: Vec<_> =
            resellers.into_iter().map(|reseller| option(Scope::Reseller(reseller.id), reseller.name)).collect();
        let organisations: Vec<_> =
            organisations.into_iter().map(|of| option(Scope::Organisation(of.id), of.name)).collect();
        let resellers = (!resellers.is_empty()).then(|| view! { <optgroup label="Resellers">{resellers}</optgroup> });
        view! { {everything} {resellers} <optgroup label="Organisations">{organisations}</optgroup> }.into_any()
    });
    view! { <select class="boxed scope" aria-label="Whose calls" on:change=on(choose)>{unknown}{options}</select> }
        .into_any()
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
fn appearance_button() -> AnyView {
    let appearance = RwSignal::new(settings::appearance());
    let repaint = use_context::<Repaint>();
    let turn = move |_| {
        appearance.update(|appearance| *appearance = appearance.next());
        settings::set_appearance(appearance.get_untracked());
        if let Some(repaint) = repaint {
            repaint.now();
        }
    };
    let said = move || match appearance.get() {
        Appearance::System => ("Appearance: as the system", "◐"),
        Appearance::Light => ("Appearance: light", "☼"),
        Appearance::Dark => ("Appearance: dark", "☾"),
    };
    let label = move || said().0.to_owned();
    view! {
        <button type="button" id="appearance" class="boxed sign" aria-label=words(label) title=words(label) on:click=click(turn)>
            {text(move || said().1.to_owned())}
        </button>
    }
    .into_any()
}

/// Who is signed in, and signing out.
fn account_menu(account: Account) -> AnyView {
    let problem = RwSignal::new(String::new());
    let user = account.session().map(|session| session.user).unwrap_or_default();
    let initials = initials(&user.name);
    let label = format!("{initials}, account");
    let sign_out = move |_| {
        spawn_local(async move {
            if let Err(error) = account.sign_out().await {
                problem.try_set(error.sentence);
            }
        });
    };
    view! {
        <details class="menu account">
            <summary aria-label=label title=user.name.clone()>{initials}</summary>
            <div class="menu-body">
                <p><strong>{user.name.clone()}</strong><br/>{user.email}</p>
                <button type="button" on:click=click(sign_out)>"Sign out"</button>
                <p class="problem" role="alert">{text(move || problem.get())}</p>
            </div>
        </details>
    }
    .into_any()
}

fn initials(name: &str) -> String {
    let letters: String = name.split_whitespace().filter_map(|word| word.chars().next()).take(2).collect();
    if letters.is_empty() { "?".to_owned() } else { letters }
}
