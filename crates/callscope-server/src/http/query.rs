//! The parameters of a query, and the values that several addresses read from them.

use std::collections::BTreeMap;

use callscope_core::period::{Date, DateRange, parse_date};
use jiff::Timestamp;

use super::error::ApiError;
use super::scope::Bound;

/// The parameters of a query by name, percent-decoded, each at most once.
#[derive(Debug, Default)]
pub(super) struct Query(BTreeMap<String, String>);

impl Query {
    /// Reads the parameters of these names. Others are passed over, as the documents' servers do.
    pub(super) fn read(query: Option<&str>, names: &[&str]) -> Result<Self, ApiError> {
        let uri = axum::http::Uri::builder().path_and_query(format!("/?{}", query.unwrap_or_default())).build();
        let uri = uri.map_err(|_| ApiError::bad_request("The query cannot be read."))?;
        let pairs = axum::extract::Query::<Vec<(String, String)>>::try_from_uri(&uri);
        let pairs = pairs.map_err(|_| ApiError::bad_request("The query cannot be read."))?.0;
        let mut parameters = BTreeMap::new();
        for (name, value) in pairs.into_iter().filter(|(name, _)| names.contains(&name.as_str())) {
            if parameters.contains_key(&name) {
                return Err(ApiError::parameter(&name, "is given twice"));
            }
            parameters.insert(name, value);
        }
        Ok(Self(parameters))
    }

    /// A parameter, where it is given.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// A parameter that must be given.
    pub(super) fn needed(&self, name: &str) -> Result<&str, ApiError> {
        self.get(name).filter(|value| !value.is_empty()).ok_or_else(|| ApiError::parameter(name, "is missing"))
    }

    /// A whole number between bounds, both inside.
    pub(super) fn number(&self, name: &str, (least, most): (u64, u64), otherwise: u64) -> Result<u64, ApiError> {
        let Some(text) = self.get(name) else { return Ok(otherwise) };
        let number = text.parse().ok().filter(|number| (least..=most).contains(number));
        number.ok_or_else(|| ApiError::parameter(name, format!("must be a whole number from {least} to {most}")))
    }

    /// A whole number between bounds, both inside, where it is given.
    pub(super) fn optional_number(&self, name: &str, bounds: (u64, u64)) -> Result<Option<u64>, ApiError> {
        self.get(name).map(|_| self.number(name, bounds, 0)).transpose()
    }

    /// The values of a parameter that may hold several, parted by commas.
    pub(super) fn list(&self, name: &str) -> Vec<String> {
        let parts = self.get(name).unwrap_or_default().split(',').map(str::trim);
        parts.filter(|part| !part.is_empty()).map(str::to_owned).collect()
    }

    /// The values of such a parameter, each one of a known set.
    pub(super) fn list_of<T>(
        &self,
        name: &str,
        known: &[&str],
        read: fn(&str) -> Option<T>,
    ) -> Result<Vec<T>, ApiError> {
        let wrong = |text: &String| {
            let shown: String = text.chars().take(40).collect();
            ApiError::parameter(name, format!("'{shown}' is none of {}", known.join(", ")))
        };
        self.list(name).iter().map(|text| read(text).ok_or_else(|| wrong(text))).collect()
    }

    /// A local day or an instant.
    pub(super) fn bound(&self, name: &str) -> Result<Option<Bound>, ApiError> {
        let Some(text) = self.get(name) else { return Ok(None) };
        if let Ok(date) = parse_date(text) {
            return Ok(Some(Bound::Day(date)));
        }
        let instant = text.parse::<Timestamp>().map(|instant| Some(Bound::Instant(instant.as_millisecond())));
        instant.map_err(|_| {
            let shown: String = text.chars().take(40).collect();
            let what = format!("'{shown}' is neither a date (2025-01-31) nor an instant (2025-01-31T00:00:00.000Z)");
            ApiError::parameter(name, what)
        })
    }

    /// `true` or `false`.
    pub(super) fn flag(&self, name: &str) -> Result<Option<bool>, ApiError> {
        match self.get(name) {
            None => Ok(None),
            Some("true") => Ok(Some(true)),
            Some("false") => Ok(Some(false)),
            Some(_) => Err(ApiError::parameter(name, "must be true or false")),
        }
    }

    /// A local day.
    pub(super) fn day(&self, name: &str) -> Result<Option<Date>, ApiError> {
        let Some(text) = self.get(name) else { return Ok(None) };
        let shown: String = text.chars().take(40).collect();
        let date =
            parse_date(text).map_err(|_| ApiError::parameter(name, format!("'{shown}' is no date (2025-01-31)")));
        date.map(Some)
    }

    /// A range of local days of which either end may be open.
    pub(super) fn days(&self, first: &str, last: &str) -> Result<(Option<Date>, Option<Date>), ApiError> {
        let (from, to) = (self.day(first)?, self.day(last)?);
        if let (Some(from), Some(to)) = (from, to) {
            DateRange::new(from, to).map_err(|error| ApiError::parameter(first, error))?;
        }
        Ok((from, to))
    }
}
