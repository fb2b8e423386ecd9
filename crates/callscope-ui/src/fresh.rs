//! How fresh the calls of a page are.

/// What a page tells of the calls that it counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fresh {
    /// When the last call counted started, RFC 3339 in UTC, as the server says it.
    pub calls_through: String,
    /// The zone whose days the page shows.
    pub time_zone: String,
}

impl Fresh {
    /// Of what an answer says; none where it does not say how far its calls go.
    pub(crate) fn of(calls_through: Option<&String>, time_zone: &str) -> Option<Self> {
        Some(Self { calls_through: calls_through?.clone(), time_zone: time_zone.to_owned() })
    }
}
