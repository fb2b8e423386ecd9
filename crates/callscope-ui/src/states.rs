//! What stands in the place of figures: waiting, failed, nothing there.

use callscope_client::{ClientError, Problem};
use leptos::prelude::*;

use crate::piece::{Element, button, el};

/// Cards without figures, while the first answer is awaited.
pub fn skeleton() -> AnyView {
    let tiles: Vec<Element> = (0..8).map(|_| el("div").class("card bone")).collect();
    el("div")
        .class("skeleton")
        .attr("role", "status")
        .attr("aria-label", "Loading")
        .child(el("div").class("tiles").child(tiles))
        .child(el("div").class("card bone tall"))
        .child(el("div").class("card bone tall"))
        .any()
}

/// What failed, and what can be done about it.
pub fn failed(error: &ClientError, retry: Callback<()>) -> AnyView {
    let heading = match error.problem {
        Problem::Forbidden => "You may not see this",
        Problem::NotFound => "There is nothing at this address",
        Problem::BadRequest => "The server refused the question",
        Problem::BadAnswer => "The answer cannot be read",
        Problem::NotInSamples => "The samples hold no versions to compare",
        Problem::Branches => "This account has branches, not versions",
        Problem::TooMany => "Too many requests",
        Problem::SignedOut => "You are signed out",
        Problem::Network | Problem::Timeout => "No connection to the server",
        Problem::Server => "The server failed",
    };
    let can_help = error.problem != Problem::NotInSamples;
    let wait = error.retry_after_secs.map(|secs| format!(" The server asks to wait {secs} seconds."));
    el("div")
        .class("card state")
        .attr("role", "alert")
        .child(el("h2").child(heading))
        .child(el("p").child(error.sentence.clone()).child(wait))
        .child(can_help.then(|| button("primary", move |_| retry.run(())).child("Try again")))
        .any()
}

/// A period without calls.
pub fn empty(period: &str) -> AnyView {
    let why =
        format!("Nothing started in {period}. Choose a longer period, another organisation, or clear the filters.");
    message("No calls in this period", why)
}

/// Why there is nothing to show.
pub fn message(heading: &'static str, why: String) -> AnyView {
    el("div").class("card state").child(el("h2").child(heading)).child(el("p").child(why)).any()
}
