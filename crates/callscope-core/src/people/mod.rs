//! Who may do what in an organisation, and who did what: the answers of `/members` and `/audit`.
//!
//! Both are additions of this product's own server; no document describes them. They are read as they are written.

use serde::{Deserialize, Serialize};

use crate::session::Role;

/// The answer of `GET /members`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct MembersAnswer {
    /// Always true; errors have false.
    pub status: bool,
    /// The people.
    pub data: Members,
}

/// The people of an organisation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Members {
    /// Those with an account, by their addresses.
    pub members: Vec<Member>,
    /// Those who were asked to come and have not yet, by their addresses.
    pub invitations: Vec<Invitation>,
}

/// Somebody who may see an organisation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Member {
    /// The account's id.
    pub id: String,
    /// The address to sign in with.
    pub email: String,
    /// The person's name.
    pub name: String,
    /// What the person may do.
    pub role: Role,
    /// The reseller through whom the person sees the organisation, where not by itself.
    pub reseller: Option<String>,
    /// Whether the account is closed for now.
    pub is_disabled: bool,
    /// When the person was last seen with a session that is still open, RFC 3339 in UTC.
    pub seen_at: Option<String>,
    /// Whether it is the one who asks.
    pub is_self: bool,
    /// Whether the account is of this organisation alone, or of others that the one who asks administers too: then
    /// it can be closed, and given another password.
    pub is_ours: bool,
}

/// Somebody who was asked to come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Invitation {
    /// Its id.
    pub id: String,
    /// The address it is for.
    pub email: String,
    /// What the person may do then.
    pub role: Role,
    /// When its code ends, RFC 3339 in UTC.
    pub expires_at: String,
}

/// What is sent to ask somebody to come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct NewInvitation {
    /// The organisation.
    pub organization_id: String,
    /// The address.
    pub email: String,
    /// What the person may do then.
    pub role: Role,
}

/// What is sent to change what a person may do; what is absent stays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct MemberChange {
    /// The organisation.
    pub organization_id: String,
    /// What the person may do from now on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// Whether the account is closed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_disabled: Option<bool>,
}

/// The answer with a code that can be used once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CodeAnswer {
    /// Always true; errors have false.
    pub status: bool,
    /// The code.
    pub data: Code,
}

/// A code that can be used once, by the person of an address. It cannot be read again.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Code {
    /// The address it is for.
    pub email: String,
    /// The code.
    pub code: String,
    /// When it ends, RFC 3339 in UTC.
    pub expires_at: String,
}

/// Without the code.
impl std::fmt::Debug for Code {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Code").field("email", &self.email).finish_non_exhaustive()
    }
}

/// What is sent to use a code: a new account, or a new password.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct CodeUse {
    /// The address that the code was made for.
    pub email: String,
    /// The code.
    pub code: String,
    /// The password: a new one; of somebody who has an account and was invited, the one of that account.
    pub password: String,
    /// The person's name, where the account is new.
    #[serde(default)]
    pub name: String,
}

/// What is sent to change one's own password.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct PasswordChange {
    /// The password as it is.
    pub current: String,
    /// The password from now on.
    pub password: String,
}

macro_rules! without_content {
    ($($name:ident),*) => {
        $(
            /// Without what is secret in it.
            impl std::fmt::Debug for $name {
                fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                    f.write_str(concat!(stringify!($name), "(…)"))
                }
            }
        )*
    };
}

without_content!(CodeUse, PasswordChange);

/// The answer of `GET /audit`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AuditAnswer {
    /// Always true; errors have false.
    pub status: bool,
    /// A page of it.
    pub data: AuditPage,
}

/// A page of what was done, the newest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AuditPage {
    /// What was done.
    pub entries: Vec<AuditEntry>,
    /// How much there is on all pages.
    pub total: u64,
}

/// Something that somebody did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct AuditEntry {
    /// When, RFC 3339 in UTC.
    pub at: String,
    /// Who: an address, the label of a key, or the command line.
    pub who: String,
    /// What, such as `version.published`.
    pub action: String,
    /// The agent that it was done to.
    pub agent_id: Option<String>,
    /// That agent's name now.
    pub agent_name: Option<String>,
    /// The draft, version or address that it was done to.
    pub subject: Option<String>,
    /// The draft or version that came of it.
    pub made: Option<String>,
    /// What it was called, or made.
    pub detail: Option<String>,
    /// `done`, or why it was refused. None where whether it was done is not known: the vendor's answer was lost, or
    /// the server ended meanwhile.
    pub outcome: Option<String>,
}

impl AuditEntry {
    /// What was done, to whom or under which name, in words after who did it.
    pub fn sentence(&self) -> String {
        let (what, detail) = (words(&self.action), self.detail.as_deref());
        let parts = if self.agent_id.is_some() {
            [Some(what.to_owned()), detail.map(|name| format!("'{name}'")), None]
        } else {
            // Who joined did that alone.
            let whom = self.subject.clone().filter(|whom| *whom != self.who || self.action != "member.joined");
            let preposition = if self.action == "member.role" { "to" } else { "as" };
            [Some(what.to_owned()), whom, detail.map(|role| format!("{preposition} {role}"))]
        };
        parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
    }
}

/// What an action is called; the action itself where it is a newer one.
fn words(action: &str) -> &str {
    match action {
        "draft.created" => "made a draft",
        "draft.changed" => "changed a draft",
        "draft.renamed" => "renamed a draft",
        "draft.discarded" => "threw a draft away",
        "version.published" => "published a version",
        "publishing.cancelled" => "cancelled publishing",
        "version.activated" => "let a version go live",
        "metrics.set" => "set what calls are asked",
        "member.invited" => "invited",
        "invitation.withdrawn" => "withdrew the invitation of",
        "member.joined" => "joined",
        "member.role" => "changed the role of",
        "member.removed" => "removed",
        "account.disabled" => "closed the account of",
        "account.enabled" => "opened the account of",
        "account.code" => "made a code for a new password of",
        "password.changed" => "changed the password of",
        "sessions.ended" => "ended all sessions of",
        "key.made" => "made the key",
        "key.revoked" => "revoked the key",
        "connection.made" => "connected the account",
        "connection.removed" => "ended the connection with",
        "calls.pruned" => "deleted calls before",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_secret_is_shown_by_debug() {
        let secret = || "s3cret".to_owned();
        let code = Code { email: "a@b".to_owned(), code: secret(), expires_at: String::new() };
        let used = CodeUse { code: secret(), password: secret(), ..CodeUse::default() };
        let changed = PasswordChange { current: secret(), password: secret() };
        let shown = format!("{code:?} {used:?} {changed:?}");
        assert!(!shown.contains("s3cret") && shown.contains("a@b"), "{shown}");
    }

    #[test]
    fn what_was_done_reads_as_a_sentence() {
        let entry = |who: &str, action: &str, agent: bool, subject: &str, detail: &str| AuditEntry {
            at: String::new(),
            who: who.to_owned(),
            action: action.to_owned(),
            agent_id: agent.then(|| "a".to_owned()),
            agent_name: None,
            subject: Some(subject.to_owned()),
            made: None,
            detail: Some(detail.to_owned()).filter(|detail| !detail.is_empty()),
            outcome: None,
        };
        for (entry, sentence) in [
            (entry("ann", "version.published", true, "v7", "Shorter"), "published a version 'Shorter'"),
            (entry("ann", "draft.discarded", true, "d1", ""), "threw a draft away"),
            (entry("ann", "member.role", false, "kim", "editor"), "changed the role of kim to editor"),
            (entry("ann", "member.invited", false, "kim", "viewer"), "invited kim as viewer"),
            (entry("kim", "member.joined", false, "kim", "viewer"), "joined as viewer"),
            (entry("kim", "sessions.ended", false, "kim", ""), "ended all sessions of kim"),
            (entry("ann", "what.comes", false, "kim", ""), "what.comes kim"),
        ] {
            assert_eq!(entry.sentence(), sentence);
        }
    }

    #[test]
    fn what_is_absent_stays_as_it_is() {
        let change: MemberChange = serde_json::from_str(r#"{"organizationId": "o", "role": "admin"}"#).unwrap();
        assert_eq!((change.role, change.is_disabled), (Some(Role::Admin), None));
        assert_eq!(serde_json::to_string(&change).unwrap(), r#"{"organizationId":"o","role":"admin"}"#);
    }
}
