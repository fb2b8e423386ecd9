//! What was done in an organisation, and by whom.

use callscope_core::people::{AuditEntry, AuditPage};
use callscope_core::session::SessionOrganisation;
use callscope_ui::load::{Load, use_load};
use callscope_ui::piece::{Callback, Element, State, button, effect, el, live};
use callscope_ui::states::{Way, failed};
use leptos::prelude::*;

use super::{Acting, Desk, cell, row, row_head};
use crate::instants::time;

/// Pages at most, one after the other.
const MOST_PAGES: u64 = 20;

pub(super) fn card(desk: Desk, acting: Acting, of: &SessionOrganisation) -> Element {
    let pages = State::new(1_u64);
    let again = State::new(0_u32);
    let id = of.id.clone();
    let loaded = use_load(
        move || {
            desk.account.refresh.get();
            acting.attempts.get();
            Some((again.get(), desk.api.get_value(), id.clone(), pages.get()))
        },
        |(_, api, id, pages)| async move {
            let mut all = AuditPage::default();
            for page in 1..=pages {
                let next = api.audit(&id, page).await?;
                all.total = next.total;
                all.entries.extend(next.entries);
            }
            Ok(all)
        },
    );
    effect(move || {
        if let Load::Failed { error, .. } = loaded.get() {
            acting.heed(&error);
        }
    });
    let zone = of.time_zone.clone();
    let list = live(move || match loaded.get() {
        Load::Failed { error, .. } => {
            failed(&error, &[Way::again(Callback::new(move |()| again.update(|count| *count += 1)))])
        }
        load => match load.latest() {
            Some(page) => table(&page, &zone, pages),
            None => el("p").class("note").child("Loading…").any(),
        },
    });
    let head = el("header").class("card-head").child(el("h2").child("What was done"));
    let note = format!("in {} · times of {}", of.name, of.time_zone);
    el("section").class("card").child(head.child(el("span").class("note").attr("dir", "auto").child(note))).child(list)
}

fn table(page: &AuditPage, zone: &str, pages: State<u64>) -> AnyView {
    if page.entries.is_empty() {
        return el("p").class("nothing").child("Nothing yet.").any();
    }
    let rows: Vec<Element> = page.entries.iter().map(|entry| entry_row(entry, zone)).collect();
    let columns = ["When", "Who", "What", "How it ended"];
    let table = super::table("agents stacked record", "What was done, by whom and when".to_owned(), &columns, rows);
    let is_more = (page.entries.len() as u64) < page.total;
    let more = if is_more && pages.get_untracked() < MOST_PAGES {
        Some(button("quiet", move |_| pages.update(|pages| *pages += 1)).child("Older"))
    } else {
        is_more.then(|| el("p").class("note").child("What is older is given by the server's /audit, page by page."))
    };
    el("div").child(table).child(more).any()
}

fn entry_row(entry: &AuditEntry, zone: &str) -> Element {
    let when = time(&entry.at, zone).unwrap_or_else(|| entry.at.clone());
    let outcome = match entry.outcome.as_deref() {
        Some("done") => el("span").child("done"),
        Some(why) => el("span").class("problem").child(why.to_owned()),
        None => el("span").class("problem").child("not known: the answer was lost; look whether it was done"),
    };
    row(vec![
        row_head().child(when),
        cell().attr("dir", "auto").child(entry.who.clone()),
        cell().attr("dir", "auto").child(entry.sentence()).child(el("small").child(place(entry))),
        cell().attr("dir", "auto").child(outcome),
    ])
}

/// The agent, and the draft or version by its id.
fn place(entry: &AuditEntry) -> String {
    let agent = entry.agent_name.as_deref().or(entry.agent_id.as_deref());
    let Some(agent) = agent else { return String::new() };
    match entry.made.as_ref().or(entry.subject.as_ref()) {
        Some(subject) => format!("{agent} · {subject}"),
        None => agent.to_owned(),
    }
}
