//! Who is signed in and what they may see: the answer of `GET` and `POST /session`.

use serde::{Deserialize, Serialize};

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

/// Reads the answer of `/session`.
///
/// # Errors
/// Where the bytes are no such answer.
pub fn parse(bytes: &[u8]) -> Result<Session, crate::Error> {
    Ok(serde_json::from_slice::<SessionAnswer>(bytes)?.data)
}

/// The sentences of an error answer; none where the bytes are another thing.
pub fn parse_errors(bytes: &[u8]) -> Vec<String> {
    serde_json::from_slice::<ErrorAnswer>(bytes).map(|answer| answer.errors).unwrap_or_default()
}
