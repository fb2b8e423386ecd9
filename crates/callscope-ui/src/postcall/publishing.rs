//! Publishing: under which name, how far it is, and what came of it.

use callscope_client::{Problem, PublishOutcome, PublishStep};
use callscope_core::Severity;
use callscope_core::agents::AgentVersion;
use callscope_core::postcall::{LiveConfig, is_same};
use leptos::prelude::*;

use super::changes::difference;
use super::work::{Publishing, Work};
use crate::piece::{Callback, Element, button, el, live, nothing, several};
use crate::states::{Way, failed};

/// The card that publishes.
pub(super) fn publish_card(work: Work) -> AnyView {
    let label = el("input")
        .attr("id", "version-label")
        .attr("maxlength", "200")
        .attr("placeholder", "What changed, in a few words")
        .value(move || work.label.get())
        .on("input", move |event| work.label.set(event_target_value(&event)));
    let field = el("div").class("field").child(el("label").attr("for", "version-label").child("Label")).child(label);
    let publish = move |event: web_sys::Event| {
        event.prevent_default();
        if untrack(|| reason_against(work)).is_none() {
            work.publish();
        }
    };
    let is_shut = move || work.is_busy() || reason_against(work).is_some();
    let send = el("button")
        .attr("type", "submit")
        .class("primary")
        .attr("id", "publish")
        .switched("disabled", is_shut)
        .child(live(move || el("span").child(publish_words(work)).any()));
    let why = live(move || match reason_against(work) {
        Some(why) => el("p").class("note").child(why).any(),
        None => el("p").class("note").child(consequence(work)).any(),
    });
    el("section")
        .class("card publish")
        .child(el("header").class("card-head").child(el("h2").child("Publish")))
        .child(el("form").on("submit", publish).child(field).child(send))
        .child(why)
        .child(progress(work, Callback::new(move |()| work.publish())))
        .any()
}

fn warnings(work: Work) -> usize {
    work.lints.with(|lints| lints.iter().filter(|lint| lint.severity == Severity::Warning).count())
}

fn publish_words(work: Work) -> String {
    let warnings = match warnings(work) {
        0 => String::new(),
        1 => " with 1 warning".to_owned(),
        count => format!(" with {count} warnings"),
    };
    let again = matches!(work.publishing.get(), Publishing::Failed(..));
    let what = if again { "Go on publishing" } else { "Publish and let it go live" };
    format!("{what}{warnings}")
}

/// What publishing means for the calls.
fn consequence(work: Work) -> String {
    let saved = if work.is_unsaved() { "What is typed is saved first. " } else { "" };
    let risk = if warnings(work) > 0 {
        " One metric whose answer does not fit its type costs the answers of all metrics of that call."
    } else {
        ""
    };
    format!("{saved}Calls from then on are asked this; calls before keep their answers.{risk}")
}

/// Why nothing can be published now.
fn reason_against(work: Work) -> Option<&'static str> {
    if work.conflict.with(Option::is_some) {
        return Some("First choose between the two sides above.");
    }
    if work.overtaken_by().is_some() {
        return Some("First choose what becomes of what somebody else published, above.");
    }
    // A publication that was cut may have gone live already; going on finds out.
    let is_cut = work.publishing.with(|publishing| matches!(publishing, Publishing::Failed(..)));
    let is_same = work.desk.with(|desk| work.typed().is_some_and(|typed| is_same(&typed, &desk.live.config)));
    (is_same && !is_cut).then_some("Nothing differs from what is live.")
}

/// The steps, with the one that is under way; and what failed, with the way on.
pub(super) fn progress(work: Work, go_on: Callback<()>) -> AnyView {
    live(move || steps(work, go_on))
}

fn steps(work: Work, go_on: Callback<()>) -> AnyView {
    let (at, error) = match work.publishing.get() {
        Publishing::UnderWay(at) => (at, None),
        Publishing::Failed(at, error) => (at, Some(error)),
        Publishing::Idle | Publishing::Ended(..) => return nothing(),
    };
    let has_failed = error.is_some();
    let item = |step: PublishStep| {
        let (class, mark) = match step.cmp(&at) {
            std::cmp::Ordering::Less => ("done", "✓"),
            std::cmp::Ordering::Equal if has_failed => ("failed", "✗"),
            std::cmp::Ordering::Equal => ("now", "…"),
            std::cmp::Ordering::Greater => ("", "·"),
        };
        el("li").class(class).child(el("span").attr("aria-hidden", "true").child(mark)).child(" ").child(words(step))
    };
    let steps = el("ol").class("steps").attr("role", "status").child(Vec::from(PublishStep::ALL.map(item)));
    let trouble = error.filter(|error| error.problem != Problem::SignedOut).map(|error| {
        let again = Way::new("Go on", go_on);
        let why = "Nothing is lost. Going on first finds out how far it came.";
        several(vec![failed(&error, &[again]), el("p").class("note").child(why).any()])
    });
    several(vec![steps.any(), trouble.unwrap_or_else(nothing)])
}

fn words(step: PublishStep) -> &'static str {
    match step {
        PublishStep::Reading => "Read the draft and what is live",
        PublishStep::Publishing => "Make a version of it",
        PublishStep::Checking => "Wait for the security check",
        PublishStep::Activating => "Let it go live",
        PublishStep::Proving => "Read back what is live and compare it",
    }
}

/// What came of publishing, to be read until it is closed.
pub(super) fn outcome_card(work: Work) -> AnyView {
    live(move || match work.publishing.get() {
        Publishing::Ended(outcome, reads) => outcome_of(work, &outcome, reads),
        _ => nothing(),
    })
}

fn outcome_of(work: Work, outcome: &PublishOutcome, reads: u32) -> AnyView {
    const GONE: &str = "Somebody threw it away, and no new version asks what you typed. What you typed is here.";
    const BEFORE: &str = "What was live before still takes the calls.";
    let look_again = |version: &AgentVersion| {
        let id = version.id.clone();
        Some(Way::new("Look again", Callback::new(move |()| work.go_on(id.clone()))))
    };
    let (heading, why, way) = match outcome {
        PublishOutcome::Live(version) => return went_live(work, version, reads),
        PublishOutcome::DraftGone => {
            let is_branch = work.desk.with(|desk| desk.branch().is_some());
            let carry = || Way::new("Carry it over to a new draft", Callback::new(move |()| work.carry_over()));
            ("The draft is gone", GONE.to_owned(), (!is_branch).then(carry))
        }
        PublishOutcome::CheckFailed(version, why) => {
            let why = why.as_ref().map(|why| format!(" The server says: {why}")).unwrap_or_default();
            let title = version.title();
            let said = format!("{title} was published and did not pass its security check. {BEFORE}{why}");
            ("Not live: the security check failed", said, None)
        }
        PublishOutcome::StillChecking(version) => {
            let said = format!("{} was published, and its security check goes on. {BEFORE}", version.title());
            ("Not live yet", said, look_again(version))
        }
        PublishOutcome::Differs(version, read) => {
            let is_live = if version.is_active { "It is live." } else { "It is not live." };
            let title = version.title();
            let why = format!(
                "{title} holds something else than what you wrote. {is_live} Yours (left), what was read back (right):"
            );
            let wanted = untrack(|| work.typed()).unwrap_or_default();
            return card(work, "outcome", "Not what was wanted", why, None, difference(&wanted, read));
        }
        PublishOutcome::NotLive(version, live) => {
            let title_of = |id: &str| work.desk.with(|desk| desk.title_of(id));
            let other = live.version_id.as_deref().map_or_else(|| "no version".to_owned(), title_of);
            let title = version.title();
            let said = format!("{title} was published and told to go live, and yet {other} takes the calls.");
            ("Not live", said, look_again(version))
        }
        PublishOutcome::Overtaken(version, live) => return overtaken(work, version, live),
        // Shown as a conflict, with both sides.
        PublishOutcome::OtherLive(_) | PublishOutcome::DraftChanged(_) => return nothing(),
    };
    card(work, "outcome", heading, why, way, nothing())
}

/// Live as far as anybody knows: what the page read since may say otherwise.
fn went_live(work: Work, version: &AgentVersion, reads: u32) -> AnyView {
    let title = title_of(work, version);
    let now = work.desk.with(|desk| desk.live.version_id.clone());
    let other = now.filter(|now| *now != version.id && work.reads.get() > reads);
    match other {
        None => {
            let why = format!("{title} takes the calls. It was read back and is what was to go live, to the byte.");
            card(work, "outcome live", "Live", why, None, nothing())
        }
        Some(now) => {
            let now = work.desk.with(|desk| desk.title_of(&now));
            let why = format!("{title} went live and was read back. Since then {now} has gone live.");
            card(work, "outcome", "Not live any more", why, None, nothing())
        }
    }
}

/// Published, and not let live over what somebody else let live meanwhile.
fn overtaken(work: Work, version: &AgentVersion, live: &LiveConfig) -> AnyView {
    let now = live.version_id.clone();
    let theirs = now.as_deref().map_or_else(|| "no version".to_owned(), |id| work.desk.with(|desk| desk.title_of(id)));
    let title = version.title();
    let why = format!(
        "{title} is published, and meanwhile {theirs} went live. {title} was not let live over it: that would take \
         back what {theirs} has."
    );
    let below = untrack(|| work.typed()).map_or_else(nothing, |wanted| difference(&wanted, &live.config));
    let id = version.id.clone();
    let over = Callback::new(move |()| work.go_over(id.clone(), now.clone()));
    let way = Way::new("Let mine take its place", over);
    card(work, "outcome", "Not live: another version went live", why, Some(way), below)
}

/// What the version is called in the list, which knows its number.
fn title_of(work: Work, version: &AgentVersion) -> String {
    let listed = work.desk.with(|desk| desk.published.iter().find(|listed| listed.id == version.id).cloned());
    listed.as_ref().unwrap_or(version).title()
}

fn card(
    work: Work,
    kind: &'static str,
    heading: &'static str,
    why: String,
    way: Option<Way>,
    below: AnyView,
) -> AnyView {
    let class = if kind == "outcome live" { "card outcome live" } else { "card outcome" };
    let close = button("quiet", move |_| work.publishing.set(Publishing::Idle)).child("Close");
    let ways: Element = el("div").class("ways").child(way.map(|way| way.button("boxed"))).child(close);
    el("section")
        .class(class)
        .attr("id", "outcome")
        .attr("tabindex", "-1")
        .attr("role", "status")
        .child(el("h2").child(heading))
        .child(el("p").attr("dir", "auto").child(why))
        .child(below)
        .child(ways)
        .any()
}
