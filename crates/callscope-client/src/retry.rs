//! When to try again, and how long to wait before.

use std::future::Future;

use gloo_timers::future::TimeoutFuture;

use crate::ClientError;

/// So often a request is made at most, where it may be made more than once.
pub(crate) const ATTEMPTS: u32 = 4;
/// The first wait; each further one is twice as long.
const FIRST_WAIT_MS: f64 = 400.0;
/// A server that asks for a longer wait gets none: the page says so instead of standing still.
const LONGEST_WAIT_MS: f64 = 15_000.0;

/// A failed attempt: the error, and the status where there was an answer.
pub(crate) struct Failure {
    pub(crate) error: ClientError,
    pub(crate) status: Option<u16>,
}

/// Makes an attempt until it succeeds, cannot be helped, or was made as often as it may be.
pub(crate) async fn with_retries<T, F>(most: u32, mut attempt: impl FnMut() -> F) -> Result<T, ClientError>
where
    F: Future<Output = Result<T, Failure>>,
{
    for number in 1.. {
        let failure = match attempt().await {
            Ok(value) => return Ok(value),
            Err(failure) => failure,
        };
        let wait_ms = wait_ms(number, failure.error.retry_after_secs, js_sys::Math::random());
        if number == most || !failure.error.is_passing(failure.status) || wait_ms > LONGEST_WAIT_MS {
            return Err(failure.error);
        }
        TimeoutFuture::new(wait_ms as u32).await;
    }
    Err(ClientError::new(crate::Problem::Network, "The server cannot be reached."))
}

/// How long to wait after attempt `number`: what the server asked for, or twice as long each time;
/// with up to half as much again by chance, so that many pages do not come back at once.
fn wait_ms(number: u32, retry_after_secs: Option<u32>, chance: f64) -> f64 {
    let doubled = FIRST_WAIT_MS * f64::from(1_u32 << number.saturating_sub(1).min(8));
    let asked = retry_after_secs.map_or(doubled, |secs| f64::from(secs) * 1000.0);
    asked * (1.0 + chance / 2.0)
}

#[cfg(test)]
mod tests {
    use super::wait_ms;

    #[test]
    fn waits_grow_and_honour_the_server() {
        assert!((wait_ms(1, None, 0.0) - 400.0).abs() < 1e-9);
        assert!((wait_ms(3, None, 0.0) - 1600.0).abs() < 1e-9);
        assert!((wait_ms(1, None, 1.0) - 600.0).abs() < 1e-9);
        assert!((wait_ms(1, Some(3), 0.0) - 3000.0).abs() < 1e-9);
    }
}
