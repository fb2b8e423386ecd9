//! The people of an organisation: who may what, who was asked to come, and asking somebody.

use std::sync::Arc;

use callscope_core::people::{Invitation, Member, MemberChange, Members, NewInvitation};
use callscope_core::session::{Role, SessionOrganisation};
use callscope_ui::load::{Load, use_load};
use callscope_ui::piece::{Element, Spot, State, button, el, live};
use callscope_ui::states::{Way, failed, skeleton};
use leptos::prelude::*;

use super::{Acting, Desk, Said, labelled};
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
    let zone = of.time_zone.clone();
    let note = format!("of {}", of.name);
    let card = Card { desk, acting, of: Arc::new(of) };
    let members = load(&card);
    let listed = card.clone();
    let list = live(move || match members.get() {
        Load::Failed { error, .. } => {
            failed(&error, &[Way::again(Callback::new(move |()| acting.done.update(|count| *count += 1)))])
        }
        loaded => loaded.latest().map_or_else(skeleton, |members| listed.list(&members)),
    });
    let head = el("header").class("card-head").child(el("h2").child("People"));
    el("section")
        .class("card")
        .child(head.child(el("span").class("note").attr("dir", "auto").child(note)))
        .child(list)
        .child(acting.told(zone))
        .child(card.invite_form())
}

fn load(card: &Card) -> State<Load<Members>> {
    let (desk, id, done) = (card.desk, card.of.id.clone(), card.acting.done);
    use_load(
        move || {
            desk.account.refresh.get();
            Some((done.get(), desk.api.get_value(), id.clone()))
        },
        |(_, api, id)| async move { api.members(&id).await },
    )
}

impl Card {
    fn list(&self, members: &Members) -> AnyView {
        let columns = ["Person", "May", "Last seen"];
        let columns: Vec<Element> = columns.into_iter().map(|name| el("th").attr("scope", "col").child(name)).collect();
        let acts = el("th").attr("scope", "col").child(el("span").class("for-ears").child("To do"));
        let rows = members.members.iter().map(|member| self.member(member));
        let rows: Vec<Element> = rows.chain(members.invitations.iter().map(|of| self.invitation(of))).collect();
        let caption = el("caption").class("for-ears").child(format!("People of {}", self.of.name));
        let head = el("thead").child(el("tr").child(columns).child(acts));
        let table = el("table").class("agents people").child(caption).child(head).child(el("tbody").child(rows));
        el("div")
            .class("agents-frame")
            .attr("tabindex", "0")
            .attr("role", "region")
            .attr("aria-label", "People")
            .child(table)
            .any()
    }

    fn member(&self, member: &Member) -> Element {
        let name = if member.name.is_empty() { member.email.clone() } else { member.name.clone() };
        let closed = member.is_disabled.then(|| el("span").class("pill worse").child("closed"));
        let by = member.reseller.as_ref().map(|reseller| el("small").child(format!("by {reseller}")));
        let mail = (!member.name.is_empty()).then(|| el("small").child(member.email.clone()));
        let seen = member.seen_at.as_deref().and_then(|seen| time(seen, &self.of.time_zone));
        let seen = seen.unwrap_or_else(|| "not signed in".to_owned());
        let person = el("th").attr("scope", "row").attr("dir", "auto").child(name).child(" ").child(closed).child(mail);
        el("tr")
            .child(person)
            .child(el("td").child(self.role_choice(member)).child(by))
            .child(el("td").class("when").child(seen))
            .child(el("td").class("acts").child(self.acts(member)))
    }

    fn role_choice(&self, member: &Member) -> Element {
        if member.is_self || member.reseller.is_some() {
            let own = if member.is_self { " (you)" } else { "" };
            return el("span").child(format!("{}{own}", member.role.name()));
        }
        let (card, id, email, now) = (self.clone(), member.id.clone(), member.email.clone(), member.role);
        let choose = move |event| {
            let Ok(role) = event_target_value(&event).parse::<Role>() else { return };
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
        let (api, id, user_id) = (self.desk.api.get_value(), self.of.id.clone(), member.id.clone());
        self.acting.begin(async move {
            Ok(Said::Code(api.allow_new_password(&id, &user_id).await?, "to set another password"))
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
        let person = el("th").attr("scope", "row").attr("dir", "auto").child(of.email.clone()).child(" ").child(pill);
        el("tr")
            .child(person)
            .child(el("td").child(of.role.name()))
            .child(el("td").class("when").child(format!("until {until}")))
            .child(el("td").class("acts").child(act))
    }

    fn invite_form(&self) -> Element {
        let email = Spot::<web_sys::HtmlInputElement>::new();
        let role = State::new(Role::Viewer);
        let card = self.clone();
        let submit = move |event: web_sys::Event| {
            event.prevent_default();
            let Some(email) = email.get_untracked() else { return };
            if email.value().trim().is_empty() {
                card.acting.said.set(Said::Failed("Give the address of whom to invite.".to_owned()));
                return;
            }
            let api = card.desk.api.get_value();
            let organization_id = card.of.id.clone();
            let new = NewInvitation { organization_id, email: email.value(), role: role.get_untracked() };
            card.acting.begin(async move {
                let code = api.invite(&new).await?;
                email.set_value("");
                Ok(Said::Code(code, "to choose a password and come in"))
            });
        };
        let choose = move |event| {
            if let Ok(chosen) = event_target_value(&event).parse() {
                role.set(chosen);
            }
        };
        let options: Vec<Element> = Role::ALL
            .into_iter()
            .map(|of| {
                el("option").attr("value", of.name()).switched("selected", move || role.get() == of).child(told(of))
            })
            .collect();
        let address =
            el("input").node_ref(email).attr("type", "email").attr("name", "invite").attr("autocomplete", "off");
        el("form")
            .class("filling")
            .on("submit", submit)
            .attr("novalidate", "")
            .child(labelled("Invite by e-mail address", address))
            .child(labelled("As", el("select").class("boxed").on("change", choose).child(options)))
            .child(self.acting.waits(el("button").attr("type", "submit").class("boxed").child("Make a code")))
    }
}
