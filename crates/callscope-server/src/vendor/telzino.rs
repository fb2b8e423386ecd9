//! An account at Telzino: usage reports, and no single calls.

use callscope_core::period::{DateRange, Zone};
use callscope_core::usage::{self, Asked, Narrowing};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use std::sync::Arc;

use super::fetch::{Auth, Fetch};
use super::oauth::ClientCredentials;
use super::{Base, Key, Patience, VendorError};

/// The vendor's own address.
pub const TELZINO_BASE: &str = "https://api.telzino.com";

/// A program's name at Telzino, and what of the account it looks at. Its secret is not here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TelzinoCredentials {
    /// The client id.
    pub client_id: String,
    /// What a token is asked for.
    pub audience: String,
    /// Only this organisation of the account, by the vendor's id.
    pub organization_id: Option<String>,
    /// Only this reseller of the account, by the vendor's id.
    pub reseller_id: Option<String>,
}

/// An account by the credentials of a program. Clones share its token and its limit of requests under way.
#[derive(Clone, Debug)]
pub struct Telzino {
    fetch: Fetch,
    program: TelzinoCredentials,
}

impl Telzino {
    /// An account by a program's secret.
    ///
    /// # Errors
    /// Where this machine cannot make a client.
    pub fn new(base: Base, program: TelzinoCredentials, secret: Key, patience: Patience) -> anyhow::Result<Self> {
        let tokens = ClientCredentials::new(program.client_id.clone(), secret, program.audience.clone());
        Ok(Self { fetch: Fetch::new(base, Auth::Token(Arc::new(tokens)), patience)?, program })
    }

    /// How many calls the program sees of the 30 days before an instant in Unix milliseconds; none where the vendor
    /// does not say.
    ///
    /// # Errors
    /// Where its secret is refused, or the vendor does not answer with a report.
    pub async fn recent_calls(&self, now_ms: i64) -> Result<Option<u64>, VendorError> {
        let from_ms = now_ms - 30 * 86_400_000;
        let bytes = self.report(from_ms, now_ms).await?;
        let zone = Zone::utc();
        let range = DateRange::new(zone.local(from_ms).date, zone.local(now_ms).date);
        let asked = Asked { range: range.map_err(|error| bad(&error))?, narrowing: Narrowing::default() };
        let (report, _) = usage::parse(&bytes, &asked).map_err(|error| bad(&error))?;
        Ok(report.totals.calls)
    }

    /// The usage report between two instants in Unix milliseconds, both inside, as the vendor writes it.
    ///
    /// # Errors
    /// Where the vendor does not answer.
    pub async fn report(&self, from_ms: i64, to_ms: i64) -> Result<Vec<u8>, VendorError> {
        let instant = |ms: i64| Timestamp::from_millisecond(ms).map(|at| format!("{at:.3}")).unwrap_or_default();
        let mut query = vec![("startDate", instant(from_ms)), ("endDate", instant(to_ms))];
        query.extend(self.program.organization_id.clone().map(|id| ("organizationId", id)));
        query.extend(self.program.reseller_id.clone().map(|id| ("resellerId", id)));
        self.fetch.get("/v1/metrics", &query).await
    }
}

fn bad(error: &callscope_core::Error) -> VendorError {
    VendorError::BadAnswer { path: "/v1/metrics".to_owned(), why: error.to_string() }
}
