//! Who is signed in and what they may see: the answer of `GET` and `POST /session`.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The answer in its envelope.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SessionAnswer {
    /// Always true; errors have false.
    pub status: bool,
    /// The session.
    pub data: Session,
}

/// A person who is signed in, with everything they may see.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct Session {
    /// The person.
    pub user: SessionUser,
    /// Organisations, by name.
    pub organisations: Vec<SessionOrganisation>,
    /// Resellers that may be seen as a whole, by name.
    pub resellers: Vec<SessionReseller>,
}

/// A person.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct SessionUser {
    /// The address to sign in with.
    pub email: String,
    /// The person's name.
    pub name: String,
}

/// What somebody may do in an organisation; each may also do what those before it may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub enum Role {
    /// See everything.
    Viewer,
    /// Change what agents do: drafts, versions, what a call is asked.
    Editor,
    /// Say who may do what, and read who did what.
    Admin,
}

impl Role {
    /// All, the one that may least first.
    pub const ALL: [Self; 3] = [Self::Viewer, Self::Editor, Self::Admin];

    /// As it is written.
    pub fn name(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Editor => "editor",
            Self::Admin => "admin",
        }
    }
}

impl std::str::FromStr for Role {
    type Err = crate::Error;

    fn from_str(text: &str) -> Result<Self, crate::Error> {
        let found = Self::ALL.into_iter().find(|role| role.name() == text);
        found.ok_or_else(|| crate::Error::new(crate::ErrorKind::Shape, "must be viewer, editor or admin"))
    }
}

/// An organisation.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct SessionOrganisation {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The IANA name of its time zone.
    pub time_zone: String,
    /// The reseller it belongs to.
    pub reseller_id: Option<String>,
    /// What the person may do there; a server may not say, and decides by itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    /// Whether there are only usage reports of it, and no single calls, agents or versions.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub has_reports_only: bool,
    /// How far its calls have been brought from a vendor; none where they are its server's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sync: Option<OrganisationSync>,
}

impl SessionOrganisation {
    /// Whether the person may do what a role may. Where the server does not say it is let try.
    pub fn allows(&self, role: Role) -> bool {
        self.role.is_none_or(|mine| mine >= role)
    }
}

/// How far the calls of an organisation have been brought from its account at a vendor.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", default)]
pub struct OrganisationSync {
    /// When everything was here last, RFC 3339 in UTC; none before that.
    pub synced_at: Option<String>,
    /// Whether all calls there were have been brought once.
    pub is_complete: bool,
    /// Until then: up to which start they are here, RFC 3339 in UTC; none before the first.
    pub walked_to: Option<String>,
    /// Since when calls may be missing among those that are here, RFC 3339 in UTC: what came since then is being
    /// read, the newest first. None where nothing is missing.
    pub missing_since: Option<String>,
    /// Whether calls are being brought now.
    pub is_running: bool,
    /// Why the last attempt ended early.
    pub failure: Option<String>,
    /// Rows of the account that could not be read as calls and were kept aside.
    pub kept_aside: u64,
}

/// A reseller.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct SessionReseller {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
}

/// What is sent to sign in.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Credentials {
    /// The address of the account.
    pub email: String,
    /// Its password.
    pub password: String,
}

/// Without the password.
impl std::fmt::Debug for Credentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Credentials(…)")
    }
}

/// The answer to a request that failed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(default)]
pub struct ErrorAnswer {
    /// Always false.
    pub status: bool,
    /// What was wrong, each naming the parameter at fault where there is one.
    pub errors: Vec<String>,
}

/// Reads the answer of `/session`. Parts that are absent or of another type are empty: the app then
/// shows less, and the server still decides what may be seen.
///
/// # Errors
/// Where the bytes are no such answer.
pub fn parse(bytes: &[u8]) -> Result<Session, crate::Error> {
    let answer: Value = serde_json::from_slice(bytes)?;
    let Some(data) = answer.get("data").filter(|data| data.is_object()) else {
        return Err(crate::Error::new(crate::ErrorKind::Shape, "the answer holds no session"));
    };
    let user = data.get("user");
    Ok(Session {
        user: SessionUser { email: text(user, "email"), name: text(user, "name") },
        organisations: list(data, "organisations", |entry| SessionOrganisation {
            id: text(entry, "id"),
            name: text(entry, "name"),
            time_zone: text(entry, "timeZone"),
            reseller_id: Some(text(entry, "resellerId")).filter(|id| !id.is_empty()),
            role: text(entry, "role").parse().ok(),
            has_reports_only: entry.and_then(|entry| entry.get("hasReportsOnly")?.as_bool()).unwrap_or(false),
            sync: entry.and_then(|entry| entry.get("sync")).filter(|sync| sync.is_object()).map(sync),
        }),
        resellers: list(data, "resellers", |entry| SessionReseller {
            id: text(entry, "id"),
            name: text(entry, "name"),
        }),
    })
}

fn sync(of: &Value) -> OrganisationSync {
    let some = |name: &str| Some(text(Some(of), name)).filter(|text| !text.is_empty());
    let is = |name: &str| of.get(name).and_then(Value::as_bool);
    OrganisationSync {
        synced_at: some("syncedAt"),
        is_complete: is("isComplete").unwrap_or(true),
        walked_to: some("walkedTo"),
        missing_since: some("missingSince"),
        is_running: is("isRunning").unwrap_or(false),
        failure: some("failure"),
        kept_aside: of.get("keptAside").and_then(Value::as_u64).unwrap_or(0),
    }
}

/// The sentences of an error answer; none where the bytes are another thing.
pub fn parse_errors(bytes: &[u8]) -> Vec<String> {
    let answer: Value = serde_json::from_slice(bytes).unwrap_or_default();
    let errors = answer.get("errors").and_then(Value::as_array).into_iter().flatten();
    errors.filter_map(|error| error.as_str().map(str::to_owned)).collect()
}

/// The stable name of an error, where its answer has one.
pub fn parse_error_type(bytes: &[u8]) -> Option<String> {
    let answer: Value = serde_json::from_slice(bytes).ok()?;
    Some(answer.get("error_type")?.as_str()?.to_owned())
}

fn text(object: Option<&Value>, name: &str) -> String {
    object.and_then(|object| object.get(name)?.as_str()).unwrap_or_default().to_owned()
}

fn list<T>(object: &Value, name: &str, read: fn(Option<&Value>) -> T) -> Vec<T> {
    let entries = object.get(name).and_then(Value::as_array).into_iter().flatten();
    entries.map(|entry| read(Some(entry))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_server_writes_is_read() {
        let organisation = SessionOrganisation {
            id: "o".to_owned(),
            name: "Ö".to_owned(),
            time_zone: "Europe/Berlin".to_owned(),
            reseller_id: Some("r".to_owned()),
            role: Some(Role::Editor),
            has_reports_only: true,
            sync: Some(OrganisationSync {
                synced_at: Some("2026-11-03T10:00:00Z".to_owned()),
                is_complete: false,
                walked_to: Some("2026-11-01T10:00:00Z".to_owned()),
                missing_since: Some("2026-11-02T10:00:00Z".to_owned()),
                is_running: true,
                failure: Some("the vendor failed".to_owned()),
                kept_aside: 3,
            }),
        };
        let data = Session {
            user: SessionUser { email: "a@b".to_owned(), name: "A".to_owned() },
            organisations: vec![organisation, SessionOrganisation::default()],
            resellers: vec![SessionReseller { id: "r".to_owned(), name: "R".to_owned() }],
        };
        let bytes = serde_json::to_vec(&SessionAnswer { status: true, data: data.clone() }).unwrap();
        assert_eq!(parse(&bytes).unwrap(), data);
        let errors = ErrorAnswer { status: false, errors: vec!["x: y".to_owned()] };
        assert_eq!(parse_errors(&serde_json::to_vec(&errors).unwrap()), ["x: y"]);
    }

    #[test]
    fn a_role_may_what_those_before_it_may() {
        let of = |role| SessionOrganisation { role, ..SessionOrganisation::default() };
        for (mine, may) in [("viewer", [true, false, false]), ("editor", [true, true, false]), ("admin", [true; 3])] {
            let mine = of(Some(mine.parse().unwrap()));
            assert_eq!(Role::ALL.map(|role| mine.allows(role)), may);
        }
        assert!(of(None).allows(Role::Editor));
        assert!("Admin".parse::<Role>().is_err());
    }

    #[test]
    fn nonsense_is_an_error_and_oddities_are_empty() {
        for bad in ["", "<html>", "7", "{}", "{\"data\": []}"] {
            assert!(parse(bad.as_bytes()).is_err(), "{bad}");
            assert!(parse_errors(bad.as_bytes()).is_empty(), "{bad}");
        }
        let odd = parse(br#"{"data": {"user": 7, "organisations": [3, {"id": 4}], "resellers": {}}}"#).unwrap();
        assert_eq!(odd.organisations, vec![SessionOrganisation::default(); 2]);
    }
}
