//! Whose calls, by which clock, and between which instants: what several addresses ask in the same words.

use callscope_core::period::{Date, Zone};

use super::error::ApiError;
use super::query::Query;
use crate::db::{Access, Organisation};

/// The organisations that `organizationId` and `resellerId` ask for, among those that the caller may
/// see. Whether an id exists elsewhere is not said.
pub(super) fn organisations(query: &Query, access: &Access) -> Result<Vec<Organisation>, ApiError> {
    let (organisation, reseller) = (query.get("organizationId"), query.get("resellerId"));
    if let Some(id) = reseller
        && !access.resellers.iter().any(|reseller| reseller.id == id)
    {
        return Err(ApiError::forbidden("resellerId: you may not see this reseller"));
    }
    let wanted = |of: &&Organisation| {
        organisation.is_none_or(|id| of.id == id) && reseller.is_none_or(|id| of.reseller_id.as_deref() == Some(id))
    };
    let found: Vec<_> = access.organisations.iter().filter(wanted).cloned().collect();
    if found.is_empty() && organisation.is_some() {
        return Err(ApiError::forbidden("organizationId: you may not see this organisation"));
    }
    Ok(found)
}

/// The name of the zone that `timeZone` asks for, or of the one that the organisations share, or UTC.
pub(super) fn zone_name(query: &Query, organisations: &[Organisation]) -> String {
    if let Some(name) = query.get("timeZone") {
        return name.to_owned();
    }
    let mut names = organisations.iter().map(|organisation| organisation.time_zone.as_str());
    let first = names.next().unwrap_or("UTC");
    if names.all(|name| name == first) { first.to_owned() } else { "UTC".to_owned() }
}

/// The zone of a name, with its offsets over a span of Unix milliseconds.
pub(super) fn zone(name: &str, from_ms: i64, to_ms: i64) -> Result<Zone, ApiError> {
    crate::zone(name, from_ms, to_ms).map_err(|error| ApiError::parameter("timeZone", error))
}

/// The end of a period as it was given: a local day, or an instant in Unix milliseconds.
#[derive(Clone, Copy, Debug)]
pub(super) enum Bound {
    Day(Date),
    Instant(i64),
}

impl Bound {
    /// The local day, and the first instant that is meant.
    pub(super) fn place(self, zone_name: &str) -> Result<(Date, i64), ApiError> {
        // Offsets around the bound are enough to place it.
        match self {
            Self::Instant(ms) => Ok((zone(zone_name, ms, ms)?.local(ms).date, ms)),
            Self::Day(date) => {
                let about = Zone::utc().start_of_day_ms(date);
                Ok((date, zone(zone_name, about, about)?.start_of_day_ms(date)))
            }
        }
    }
}
