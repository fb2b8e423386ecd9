//! How the server is set up.

use std::path::PathBuf;

use axum::http::Uri;

use crate::vendor::Clients;

/// Scheme, host and port of a page, as browsers send it in `Origin`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin(String);

/// A setting that cannot be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("'{0}' is not an origin like https://console.example.com")]
pub struct ConfigError(String);

impl Origin {
    /// The origin as it stands in headers.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether pages of this origin are loaded over TLS.
    pub fn is_https(&self) -> bool {
        self.0.starts_with("https://")
    }
}

impl std::str::FromStr for Origin {
    type Err = ConfigError;

    fn from_str(text: &str) -> Result<Self, ConfigError> {
        let wrong = || ConfigError(text.to_owned());
        let uri: Uri = text.trim_end_matches('/').parse().map_err(|_| wrong())?;
        let scheme = uri.scheme_str().filter(|scheme| matches!(*scheme, "http" | "https")).ok_or_else(wrong)?;
        let authority = uri.authority().ok_or_else(wrong)?;
        if uri.path_and_query().is_some_and(|rest| rest.as_str() != "/") {
            return Err(wrong());
        }
        // No pattern and nothing that would end the entry in a header.
        let is_plain = |c: char| c.is_ascii_alphanumeric() || "-._:[]".contains(c);
        if !authority.as_str().chars().all(is_plain) {
            return Err(wrong());
        }
        let port = authority.as_str().strip_prefix(authority.host()).unwrap_or_default();
        if authority.host().is_empty() || (!port.is_empty() && authority.port_u16().is_none()) {
            return Err(wrong());
        }
        // Browsers leave out the port that the scheme has anyway.
        let own = match scheme {
            "https" => 443,
            _ => 80,
        };
        let port = authority.port_u16().filter(|port| *port != own);
        let port = port.map(|port| format!(":{port}")).unwrap_or_default();
        Ok(Self(format!("{scheme}://{}{port}", authority.host().to_lowercase())))
    }
}

/// How the server is set up.
#[derive(Clone, Debug)]
pub struct Config {
    /// The built app's folder; none to serve the API alone.
    pub assets: Option<PathBuf>,
    /// The address people open, where it is not the one listened on: behind a proxy with TLS.
    pub public_origin: Option<Origin>,
    /// Other pages that may call the API with the session cookie.
    pub allowed_origins: Vec<Origin>,
    /// Pages that may hold the app in a frame.
    pub frame_ancestors: Vec<Origin>,
    /// Whether the last entry of `X-Forwarded-For` names the caller.
    pub behind_proxy: bool,
    /// How long the security check of a published version takes, in milliseconds; 0 for none.
    pub check_ms: i64,
    /// The folder of recordings; none where there are none.
    pub recordings: Option<PathBuf>,
    /// How many requests a caller may make in a minute.
    pub requests_per_minute: u32,
    /// The accounts at vendors that are open.
    pub clients: Clients,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            assets: None,
            public_origin: None,
            allowed_origins: Vec::new(),
            frame_ancestors: Vec::new(),
            behind_proxy: false,
            recordings: None,
            check_ms: 0,
            requests_per_minute: 600,
            clients: Clients::default(),
        }
    }
}

impl Config {
    /// Whether people reach the server over TLS, so that the cookie may be sent over it alone.
    pub fn is_https(&self) -> bool {
        self.public_origin.as_ref().is_some_and(Origin::is_https)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_are_read_strictly() {
        let origin: Origin = "https://Console.example.com/".parse().unwrap();
        assert_eq!(origin.as_str(), "https://console.example.com");
        assert!("http://127.0.0.1:8080".parse::<Origin>().is_ok());
        for bad in [
            "",
            "*",
            "null",
            "console.example.com",
            "ftp://a",
            "https://a/b",
            "https://u@a",
            "https://a?x",
            "https://a:99999",
            "https://a:80x",
            "https://[::1]x",
            "https://:443",
            "https://*",
        ] {
            assert!(bad.parse::<Origin>().is_err(), "{bad}");
        }
    }
}
