//! What stands in the place of figures: waiting, failed, nothing there.

use callscope_client::{ClientError, Problem};
use leptos::prelude::*;

/// Cards without figures, while the first answer is awaited.
#[component]
pub fn Skeleton() -> impl IntoView {
    view! {
        <div class="skeleton" role="status" aria-label="Loading">
            <div class="tiles">{(0..8).map(|_| view! { <div class="card bone"></div> }).collect_view()}</div>
            <div class="card bone tall"></div>
            <div class="card bone tall"></div>
        </div>
    }
}

/// What failed, and what can be done about it.
#[component]
pub fn Failed(
    /// Why there is no answer.
    #[prop(into)]
    error: Signal<ClientError>,
    /// Asks again.
    retry: Callback<()>,
) -> impl IntoView {
    let heading = move || match error.with(|error| error.problem) {
        Problem::Forbidden => "You may not see this",
        Problem::NotFound => "There is nothing at this address",
        Problem::BadRequest => "The server refused the question",
        Problem::BadAnswer => "The answer cannot be read",
        Problem::TooMany => "Too many requests",
        Problem::SignedOut => "You are signed out",
        Problem::Network | Problem::Timeout => "No connection to the server",
        Problem::Server => "The server failed",
    };
    let wait = move || {
        let secs = error.with(|error| error.retry_after_secs)?;
        Some(format!(" The server asks to wait {secs} seconds."))
    };
    view! {
        <div class="card state" role="alert">
            <h2>{heading}</h2>
            <p>{move || error.with(|error| error.sentence.clone())}{wait}</p>
            <button type="button" class="primary" on:click=move |_| retry.run(())>"Try again"</button>
        </div>
    }
}

/// A period without calls.
#[component]
pub fn Empty(
    /// The period in words.
    #[prop(into)]
    period: Signal<String>,
) -> impl IntoView {
    view! {
        <div class="card state">
            <h2>"No calls in this period"</h2>
            <p>{move || format!("Nothing started in {}. Choose a longer period, another organisation, or clear the filters.", period.get())}</p>
        </div>
    }
}
