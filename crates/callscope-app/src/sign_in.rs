//! Signing in, over whatever page is behind; or coming by a code.

use callscope_client::{ClientError, Problem};
use callscope_core::people::CodeUse;
use callscope_core::session::Credentials;
use callscope_ui::piece::{Element, State, button, effect, el, live, text};
use callscope_ui::states::told;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::account::{Account, Standing};
use crate::form::{Input, field, labelled, value};

/// The sign-in form. What lies behind stays and goes on where it was.
pub(crate) fn sign_in() -> AnyView {
    let account = Account::expect();
    let has_code = State::new(false);
    let has_ended = matches!(account.standing.get_untracked(), Standing::SignedOut(Some(_)));
    let form =
        live(
            move || {
                if has_code.get() { code_form(account, has_code) } else { password_form(account, has_code, has_ended) }
            },
        );
    let dialog = el("div")
        .class("card sign-in")
        .attr("role", "dialog")
        .attr("aria-modal", "true")
        .attr("aria-labelledby", "sign-in-title");
    el("div").class("cover").child(dialog.child(form)).any()
}

/// What both forms have: what is wrong, and whether they wait.
#[derive(Clone, Copy)]
struct Form {
    problem: State<String>,
    is_busy: State<bool>,
}

impl Form {
    /// A form whose first field has the focus.
    fn new(first: Input) -> Self {
        effect(move || {
            if let Some(first) = first.get() {
                first.focus().ok();
            }
        });
        Self { problem: State::new(String::new()), is_busy: State::new(false) }
    }

    /// Waits for what was sent, and says what was wrong.
    fn attempt(
        self,
        sent: impl Future<Output = Result<(), ClientError>> + 'static,
        on_error: impl FnOnce(&ClientError) + 'static,
    ) {
        self.is_busy.set(true);
        self.problem.set(String::new());
        spawn_local(async move {
            let done = sent.await;
            self.is_busy.set(false);
            if let Err(error) = done {
                self.problem.set(told(&error.sentence));
                on_error(&error);
            }
        });
    }

    fn view(
        self,
        (title, why): (&'static str, &'static str),
        fields: Vec<Element>,
        submit: impl Fn(Self) + Send + 'static,
    ) -> Element {
        let submit = move |event: web_sys::Event| {
            event.prevent_default();
            if !self.is_busy.get_untracked() {
                submit(self);
            }
        };
        let button = el("button").attr("type", "submit").class("primary");
        let action = move || if self.is_busy.get() { "Signing in…".to_owned() } else { "Sign in".to_owned() };
        el("form")
            .on("submit", submit)
            .attr("novalidate", "")
            .child(el("h1").attr("id", "sign-in-title").child(title))
            .child(el("p").child(why))
            .child(fields)
            .child(el("p").class("problem").attr("role", "alert").child(text(move || self.problem.get())))
            .child(button.says("aria-disabled", move || self.is_busy.get()).child(text(action)))
    }
}

fn password_form(account: Account, has_code: State<bool>, has_ended: bool) -> AnyView {
    let (email, password) = (Input::new(), Input::new());
    let submit = move |form: Form| {
        let (Some(email), Some(password)) = (email.get_untracked(), password.get_untracked()) else { return };
        let credentials = Credentials { email: email.value(), password: password.value() };
        if credentials.email.trim().is_empty() || credentials.password.is_empty() {
            form.problem.set("Both fields are needed.".to_owned());
            return;
        }
        form.attempt(account.sign_in(credentials), move |error| {
            if error.problem == Problem::SignedOut {
                password.set_value("");
                password.focus().ok();
            }
        });
    };
    let words = if has_ended {
        ("Your session has ended", "Sign in again to go on where you were.")
    } else {
        ("Sign in to Callscope", "See how your voice agents do.")
    };
    let fields = vec![
        labelled("E-mail", field(email, "email", "email", "username")),
        labelled("Password", field(password, "password", "password", "current-password")),
    ];
    let other = button("quiet", move |_| has_code.set(true)).child("I have a code");
    Form::new(email).view(words, fields, submit).child(other).any()
}

fn code_form(account: Account, has_code: State<bool>) -> AnyView {
    let [email, code, name, password] = [Input::new(), Input::new(), Input::new(), Input::new()];
    let submit = move |form: Form| {
        let used = CodeUse { email: value(email), code: value(code), password: value(password), name: value(name) };
        if used.email.trim().is_empty() || used.code.trim().is_empty() || used.password.is_empty() {
            form.problem.set("E-mail, code and password are needed.".to_owned());
            return;
        }
        form.attempt(account.use_code(used), |_| {});
    };
    let why = "An admin of your organisation gave it to you, with your e-mail address. A new password has at least 10 \
               characters.";
    let fields = vec![
        labelled("E-mail", field(email, "email", "email", "username")),
        labelled("Code", field(code, "code", "text", "one-time-code").attr("autocapitalize", "characters")),
        labelled("Your name, where the account is new", field(name, "name", "text", "name")),
        labelled(
            "Password: a new one, or yours where you have an account",
            field(password, "password", "password", "new-password"),
        ),
    ];
    let other = button("quiet", move |_| has_code.set(false)).child("Sign in with a password");
    Form::new(email).view(("Use a code", why), fields, submit).child(other).any()
}
