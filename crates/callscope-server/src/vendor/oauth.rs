//! The client credentials grant of OAuth 2.0 (RFC 6749 section 4.4): a secret for tokens that end.

use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;

use super::fetch::{Stopped, VendorError, bad, cause, read, refused};
use super::key::{Base, Key};

/// Tokens for the credentials of a program (OAuth 2.0, RFC 6749 section 4.4), one at a time, in memory only and
/// renewed before it ends.
#[derive(Debug)]
pub(super) struct ClientCredentials {
    client_id: String,
    secret: Key,
    audience: String,
    kept: Mutex<Option<Token>>,
}

#[derive(Debug)]
struct Token {
    key: Key,
    asked_at: Instant,
    renew_at: Instant,
}

/// What a token is asked for with. (It is sent, never shown.)
#[derive(Serialize)]
struct TokenRequest<'s> {
    client_id: &'s str,
    client_secret: &'s str,
    audience: &'s str,
    grant_type: &'static str,
}

#[derive(Deserialize)]
struct TokenAnswer {
    access_token: String,
    expires_in: Option<f64>,
}

impl ClientCredentials {
    pub(super) fn new(client_id: String, secret: Key, audience: String) -> Self {
        Self { client_id, secret, audience, kept: Mutex::new(None) }
    }

    /// A token that is good for a while. Who comes while one is asked for waits for that one.
    pub(super) async fn token(&self, http: &reqwest::Client, base: &Base) -> Result<Key, Stopped> {
        let mut kept = self.kept.lock().await;
        if let Some(token) = kept.as_ref().filter(|token| Instant::now() < token.renew_at) {
            return Ok(token.key.clone());
        }
        let token = self.ask(http, base).await?;
        let key = token.key.clone();
        *kept = Some(token);
        Ok(key)
    }

    async fn ask(&self, http: &reqwest::Client, base: &Base) -> Result<Token, Stopped> {
        const PATH: &str = "/oauth/token";
        let body = TokenRequest {
            client_id: &self.client_id,
            client_secret: &self.secret.0,
            audience: &self.audience,
            grant_type: "client_credentials",
        };
        let asked_at = Instant::now();
        let request = http.post(format!("{}{PATH}", base.as_str())).timeout(Duration::from_secs(15));
        let body = serde_json::to_vec(&body).map_err(|_| Stopped::Failed(bad(PATH, "it cannot be asked")))?;
        let request = request.header("Content-Type", "application/json").body(body);
        let sent = request.header("Accept", "application/json").send().await;
        let response = sent.map_err(|error| Stopped::Again(cause(&error.without_url()), None))?;
        // A wrong name or secret is told by any of these.
        if matches!(response.status().as_u16(), 400 | 401 | 403) {
            return Err(Stopped::Failed(VendorError::Unauthorized));
        }
        if let Some(refused) = refused(PATH, &response) {
            return Err(refused);
        }
        let bytes = read(response).await.map_err(|why| Stopped::Again(why, None))?;
        // What is wrong with it is not repeated: it may hold the token.
        let answer: TokenAnswer =
            serde_json::from_slice(&bytes).map_err(|_| Stopped::Failed(bad(PATH, "the answer holds no token")))?;
        let is_token =
            !answer.access_token.is_empty() && answer.access_token.bytes().all(|byte| byte.is_ascii_graphic());
        if !is_token {
            return Err(Stopped::Failed(bad(PATH, "the answer holds no token")));
        }
        let lasts = Duration::from_secs_f64(answer.expires_in.unwrap_or(3600.0).clamp(0.0, 86_400.0 * 30.0));
        // Five minutes before it ends, or where it lasts less than ten half-way.
        let renew_at = asked_at + lasts.saturating_sub(Duration::from_mins(5)).max(lasts / 2);
        Ok(Token { key: Key(answer.access_token.into()), asked_at, renew_at })
    }

    /// Has another token asked for where this one was refused; false where it was brand-new, so that another one
    /// would be no better.
    pub(super) async fn forget(&self, refused: &Key) -> bool {
        let mut kept = self.kept.lock().await;
        let Some(token) = kept.take_if(|token| token.key.0 == refused.0) else { return true };
        token.asked_at.elapsed() > Duration::from_secs(5)
    }
}
