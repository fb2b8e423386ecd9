//! The people of an organisation: who may what, who was asked to come, and asking somebody.

use std::sync::Arc;

use callscope_core::people::{Invitation, Member, MemberChange, Members, NewInvitation};
use callscope_core::session::{Role, SessionOrganisation};
use callscope_ui::load::{Load, use_load};
use callscope_ui::piece::{Callback, Element, State, button, effect, el, live};
use callscope_ui::states::{Way, failed};
use leptos::prelude::*;

use super::{Acting, Desk, Said, ToldCode, cell, focus, row, row_head, table};
use crate::form::{Input, field, labelled, value};
use crate::instants::time;

/// What each role may do, as a choice says it.
fn told(role: Role) -> &'static str {
    match role {
        Role::Viewer => "viewer: sees",
        Role::Editor => "editor: changes agents",
        Role::Admin => "admin: says who may",
    }
}

/// The card of an organisation.
#[derive(Clone)]
struct Card {
    desk: Desk,
    acting: Acting,
    of: Arc<SessionOrganisation>,
}

pub(super) fn card(desk: Desk, acting: Acting, of: SessionOrganisation) -> Element {
    let note = format!("of {} · times of {}", of.name, of.time_zone);
    let card = Card { desk, acting, of: Arc::new(of) };
    let members = load(&card);
    effect(move || match members.get() {
        Load::Failed { error, .. } => acting.heed(&error),
        Load::Ready(_) => keep_focus(acting),
        Load::Waiting { .. } => {}
    });
    let listed = card.clone();
    let again = Way::again(Callback::new(move |()| acting.attempts.update(|count| *count += 1)));
    let list = live(move || match members.get() {
        Load::Failed { error, .. } => failed(&error, &[again]),
        loaded => match loaded.latest() {
            Some(members) => listed.list(&members),
            None => el("p").class("note").child("Loading…").any(),
        },
    });
    let title = el("h2").attr("id", "people").attr("tabindex", "-1").child("People");
    let head = el("header").class("card-head").child(title);
    el("section")
        .class("card")
        .child(head.child(el("span").class("note").attr("dir", "auto").child(note)))
        .child(list)
        .child(acting.message())
        .child(card.invite_form())
}

/// Where what had the focus is gone with what was done, it goes to the head of the card.
fn keep_focus(acting: Acting) {
    let is_lost = document().active_element().is_none_or(|active| active.matches("body").unwrap_or(false));
    if is_lost && acting.attempts.get_untracked() > 0 {
        focus("people");
    }
}

fn load(card: &Card) -> State<Load<Members>> {
    let (desk, id, attempts) = (card.desk, card.of.id.clone(), card.acting.attempts);
    use_load(
        move || {
            desk.account.refresh.get();
            Some((attempts.get(), desk.api.get_value(), id.clone()))
        },
        |(_, api, id)| async move { api.members(&id).await },
    )
}

impl Card {
    fn list(&self, members: &Members) -> AnyView {
        let rows = members.members.iter().map(|member| self.member(member));
        let rows: Vec<Element> = rows.chain(members.invitations.iter().map(|of| self.invitation(of))).collect();
        let caption = format!("People of {}", self.of.name);
        table("agents stacked people", caption, &["Person", "May", "Last seen", "To do"], rows).any()
    }

    fn member(&self, member: &Member) -> Element {
        let name = if member.name.is_empty() { member.email.clone() } else { member.name.clone() };
        let closed = member.is_disabled.then(|| el("span").class("pill worse").child("closed"));
        let by = member.reseller.as_ref().map(|reseller| el("small").child(format!("by {reseller}")));
        let mail = (!member.name.is_empty()).then(|| el("small").child(member.email.clone()));
        let seen = member.seen_at.as_deref().and_then(|seen| time(seen, &self.of.time_zone));
        let seen = seen.unwrap_or_else(|| "no open session".to_owned());
        row(vec![
            row_head().child(name).child(" ").child(closed).child(mail),
            cell().child(self.role_choice(member)).child(by),
            cell().class("when").child(seen),
            cell().class("acts").child(self.acts(member)),
        ])
    }

    fn role_choice(&self, member: &Member) -> Element {
        if member.is_self || member.reseller.is_some() {
            let own = if member.is_self { " (you)" } else { "" };
            return el("span").child(format!("{}{own}", member.role.name()));
        }
        let (card, id, email, now) = (self.clone(), member.id.clone(), member.email.clone(), member.role);
        let choose = move |event| {
            let Ok(role) = event_target_value(&event).parse::<Role>() else { return };
            let question = format!("Make {email} {} of {}?", role.name(), card.of.name);
            if !window().confirm_with_message(&question).unwrap_or(false) {
                // The list shows again what is so.
                card.acting.attempts.update(|count| *count += 1);
                return;
            }
            let change = MemberChange { role: Some(role), ..card.change() };
            card.change_member(&id, change, format!("{email} is {} now.", role.name()));
        };
        let options: Vec<Element> = Role::ALL
            .into_iter()
            .map(|role| {
                el("option").attr("value", role.name()).switched("selected", move || role == now).child(role.name())
            })
            .collect();
        let select = el("select").class("boxed").attr("aria-label", format!("What {} may do", member.email));
        self.acting.waits(select.on("change", choose)).child(options)
    }

    fn change(&self) -> MemberChange {
        MemberChange { organization_id: self.of.id.clone(), ..MemberChange::default() }
    }

    fn change_member(&self, id: &str, change: MemberChange, said: String) {
        let (api, id) = (self.desk.api.get_value(), id.to_owned());
        self.acting.begin(async move {
            api.change_member(&id, &change).await?;
            Ok(Said::Done(said))
        });
    }

    /// What can be done about a person.
    fn acts(&self, member: &Member) -> Vec<Element> {
        let mut acts = Vec::new();
        if member.is_self {
            return acts;
        }
        if member.is_ours {
            if !member.is_disabled {
                acts.push(self.act(member, "New password", None, Self::allow_new_password));
                acts.push(self.act(member, "End sessions", None, Self::end_sessions));
            }
            let (label, question) = if member.is_disabled {
                ("Open", None)
            } else {
                ("Close", Some("Close this account? The person is signed out at once, everywhere: "))
            };
            acts.push(self.act(member, label, question, Self::turn));
        }
        if member.reseller.is_none() {
            let question = "Take this person out of the organisation? ";
            acts.push(self.act(member, "Remove", Some(question), Self::remove));
        }
        acts
    }

    fn act(
        &self,
        member: &Member,
        label: &'static str,
        question: Option<&'static str>,
        act: fn(&Self, &Member),
    ) -> Element {
        let (card, of) = (self.clone(), member.clone());
        let go = move |_| {
            let is_sure = question.is_none_or(|question| {
                window().confirm_with_message(&format!("{question}{}", of.email)).unwrap_or(false)
            });
            if is_sure {
                act(&card, &of);
            }
        };
        let says = format!("{label}: {}", member.email);
        self.acting.waits(button("quiet", go).attr("aria-label", says)).child(label)
    }

    fn allow_new_password(&self, member: &Member) {
        let (acting, zone) = (self.acting, self.of.time_zone.clone());
        let (api, id, user_id) = (self.desk.api.get_value(), self.of.id.clone(), member.id.clone());
        self.acting.begin(async move {
            let code = api.allow_new_password(&id, &user_id).await?;
            acting.code.set(Some(ToldCode { code, what: "it lets them set another password".to_owned(), zone }));
            Ok(Said::Done("A code is made: it stands above, to be handed over.".to_owned()))
        });
    }

    fn end_sessions(&self, member: &Member) {
        let (api, id, user_id) = (self.desk.api.get_value(), self.of.id.clone(), member.id.clone());
        let said = format!("All sessions of {} have ended.", member.email);
        self.acting.begin(async move {
            api.end_sessions(&id, &user_id).await?;
            Ok(Said::Done(said))
        });
    }

    fn turn(&self, member: &Member) {
        let change = MemberChange { is_disabled: Some(!member.is_disabled), ..self.change() };
        let state = if member.is_disabled { "open" } else { "closed" };
        self.change_member(&member.id, change, format!("The account of {} is {state}.", member.email));
    }

    fn remove(&self, member: &Member) {
        let (api, id, user_id) = (self.desk.api.get_value(), self.of.id.clone(), member.id.clone());
        let said = format!("{} does not see {} any more.", member.email, self.of.name);
        self.acting.begin(async move {
            api.remove_member(&id, &user_id).await?;
            Ok(Said::Done(said))
        });
    }

    fn invitation(&self, of: &Invitation) -> Element {
        let until = time(&of.expires_at, &self.of.time_zone).unwrap_or_else(|| of.expires_at.clone());
        let (card, id, email) = (self.clone(), of.id.clone(), of.email.clone());
        let withdraw = move |_| {
            let (api, organisation, id) = (card.desk.api.get_value(), card.of.id.clone(), id.clone());
            let said = format!("The code of {email} is worth nothing any more.");
            card.acting.begin(async move {
                api.withdraw(&organisation, &id).await?;
                Ok(Said::Done(said))
            });
        };
        let label = format!("Withdraw the invitation of {}", of.email);
        let act = self.acting.waits(button("quiet", withdraw).attr("aria-label", label)).child("Withdraw");
        let pill = el("span").class("pill").child("invited");
        row(vec![
            row_head().child(of.email.clone()).child(" ").child(pill),
            cell().child(of.role.name()),
            cell().class("when").child(format!("code until {until}")),
            cell().class("acts").child(act),
        ])
    }

    fn invite_form(&self) -> Element {
        let email = Input::new();
        let role = State::new(Role::Viewer);
        // What was typed for another organisation is not for this one.
        effect(move || {
            if let Some(email) = email.get() {
                email.set_value("");
            }
        });
        let card = self.clone();
        let submit = move |event: web_sys::Event| {
            event.prevent_default();
            if value(email).trim().is_empty() {
                card.acting.said.set(Said::Failed("Give the address of whom to invite.".to_owned()));
            } else {
                card.invite(email, role);
            }
        };
        let choose = move |event| {
            if let Ok(chosen) = event_target_value(&event).parse() {
                role.set(chosen);
            }
        };
        let option = |of: Role| {
            let words = el("option").attr("value", of.name()).switched("selected", move || role.get() == of);
            words.child(told(of))
        };
        let options: Vec<Element> = Role::ALL.into_iter().map(option).collect();
        el("form")
            .class("filling")
            .on("submit", submit)
            .attr("novalidate", "")
            .child(labelled("Invite by e-mail address", field(email, "invite", "email", "off")))
            .child(labelled("As", el("select").class("boxed").on("change", choose).child(options)))
            .child(self.acting.waits(el("button").attr("type", "submit").class("boxed").child("Make a code")))
    }

    fn invite(&self, email: Input, role: State<Role>) {
        let (api, of, acting) = (self.desk.api.get_value(), Arc::clone(&self.of), self.acting);
        let new = NewInvitation { organization_id: of.id.clone(), email: value(email), role: role.get_untracked() };
        let typed = email.get_untracked();
        acting.begin(async move {
            let code = api.invite(&new).await?;
            let what = format!(
                "it lets them come to {} as {}, with a password of their own choice, or the one that they have where \
                 they have an account",
                of.name,
                new.role.name()
            );
            acting.code.set(Some(ToldCode { code, what, zone: of.time_zone.clone() }));
            // It may be the form of another organisation by now, where somebody else is typed.
            if let Some(typed) = typed.filter(|typed| typed.value() == new.email) {
                typed.set_value("");
            }
            role.set(Role::Viewer);
            Ok(Said::Done("A code is made: it stands above, to be handed over.".to_owned()))
        });
    }
}
