//! How often a caller may ask.

use std::num::NonZeroU32;

use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use super::error::ApiError;

/// Requests per caller, as a leaky bucket.
pub(super) struct Limits {
    limiter: DefaultKeyedRateLimiter<String>,
}

impl Limits {
    pub(super) fn new(per_minute: u32) -> Self {
        let quota = Quota::per_minute(NonZeroU32::new(per_minute).unwrap_or(NonZeroU32::MIN));
        Self { limiter: RateLimiter::keyed(quota) }
    }

    /// Counts a request of a caller.
    pub(super) fn check(&self, caller: &String) -> Result<(), ApiError> {
        self.limiter.check_key(caller).map_err(|refused| {
            let wait = refused.wait_time_from(DefaultClock::default().now()).as_secs() + 1;
            ApiError::too_many(wait, format!("Too many requests; try again in {wait} seconds."))
        })?;
        // Callers that stopped asking need not be remembered.
        if self.limiter.len() > 10_000 {
            self.limiter.retain_recent();
        }
        Ok(())
    }
}
