//! What stands in the place of figures: waiting, failed, nothing there.

use callscope_client::{ClientError, Problem};
use leptos::prelude::*;

use crate::piece::click;

/// Cards without figures, while the first answer is awaited.
pub fn skeleton() -> AnyView {
    view! {
        <div class="skeleton" role="status" aria-label="Loading">
            <div class="tiles">{(0..8).map(|_| view! { <div class="card bone"></div> }.into_any()).collect_view()}</div>
            <div class="card bone tall"></div>
            <div class="card bone tall"></div>
        </div>
    }
    .into_any()
}

/// What failed, and what can be done about it.
pub fn failed(error: &ClientError, retry: Callback<()>) -> AnyView {
    let heading = match error.problem {
        Problem::Forbidden => "You may not see this",
        Problem::NotFound => "There is nothing at this address",
        Problem::BadRequest => "The server refused the question",
        Problem::BadAnswer => "The answer cannot be read",
        Problem::Branches => "This account has branches, not versions",
        Problem::TooMany => "Too many requests",
        Problem::SignedOut => "You are signed out",
        Problem::Network | Problem::Timeout => "No connection to the server",
        Problem::Server => "The server failed",
    };
    let wait = error.retry_after_secs.map(|secs| format!(" The server asks to wait {secs} seconds."));
    view! {
        <div class="card state" role="alert">
            <h2>{heading}</h2>
            <p>{error.sentence.clone()}{wait}</p>
            <button type="button" class="primary" on:click=click(move |_| retry.run(()))>"Try again"</button>
        </div>
    }
    .into_any()
}

/// A period without calls.
pub fn empty(period: &str) -> AnyView {
    let why =
        format!("Nothing started in {period}. Choose a longer period, another organisation, or clear the filters.");
    view! { <div class="card state"><h2>"No calls in this period"</h2><p>{why}</p></div> }.into_any()
}
