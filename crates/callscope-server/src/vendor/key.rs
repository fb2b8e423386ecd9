//! Where a vendor is and how its key is come by: from the environment or a file, and never stored.

use std::fmt;
use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::Arc;

use reqwest::Url;

/// A vendor's address, of which nothing is asked in the clear but on this machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Base(String);

/// Why an address is none that a key may be sent to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the base must be an https address without a query (http only for this machine)")]
pub struct BaseError;

impl std::str::FromStr for Base {
    type Err = BaseError;

    fn from_str(text: &str) -> Result<Self, BaseError> {
        let url = Url::parse(text.trim()).map_err(|_| BaseError)?;
        let host = url.host_str().ok_or(BaseError)?;
        let address = host.trim_matches(['[', ']']).parse::<IpAddr>();
        let is_here = host == "localhost" || address.is_ok_and(|address| address.is_loopback());
        let is_safe = url.scheme() == "https" || (url.scheme() == "http" && is_here);
        let is_plain = url.query().is_none() && url.fragment().is_none() && url.username().is_empty();
        if !is_safe || !is_plain || url.password().is_some() {
            return Err(BaseError);
        }
        Ok(Self(url.as_str().trim_end_matches('/').to_owned()))
    }
}

impl Base {
    /// The address, without a slash at its end.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Where a key is read from when it is needed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum KeyPlace {
    /// An environment variable.
    Environment(String),
    /// A file.
    File(PathBuf),
}

impl KeyPlace {
    /// As it is stored: `env:NAME` or `file:PATH`.
    pub fn written(&self) -> String {
        match self {
            Self::Environment(name) => format!("env:{name}"),
            Self::File(path) => format!("file:{}", path.display()),
        }
    }

    /// What was stored.
    pub fn read(text: &str) -> Option<Self> {
        match text.split_once(':')? {
            ("env", name) => Some(Self::Environment(name.to_owned())),
            ("file", path) => Some(Self::File(path.into())),
            _ => None,
        }
    }

    /// The key that is there now.
    ///
    /// # Errors
    /// Where there is none; says where it was looked for.
    pub fn key(&self) -> anyhow::Result<Key> {
        let text = match self {
            Self::Environment(name) => {
                // Who gives the key in the place of its name does not want to read it here.
                let is_name =
                    name.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_');
                let told = if is_name { name } else { "variable of that name (give its name, not the key)" };
                std::env::var(name).map_err(|_| anyhow::anyhow!("the environment has no {told}"))?
            }
            Self::File(path) => std::fs::read_to_string(path)
                .map_err(|error| anyhow::anyhow!("cannot read the key from {}: {error}", path.display()))?,
        };
        let key = text.trim();
        // What cannot stand in a header is no key, and its characters belong in no message.
        let is_key = !key.is_empty() && key.bytes().all(|byte| byte.is_ascii_graphic());
        anyhow::ensure!(is_key, "there is no key in {}", self.written());
        Ok(Key(key.into()))
    }
}

/// A vendor's key, a program's secret, or a token. It is in memory only, and `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct Key(pub(super) Arc<str>);

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_sent_in_the_clear_to_this_machine_alone() {
        let read = |text: &str| text.parse::<Base>().map(|base| base.as_str().to_owned());
        assert_eq!(read("https://api.example.com/atoms/v1/"), Ok("https://api.example.com/atoms/v1".to_owned()));
        for here in ["http://127.0.0.1:8787/x", "http://localhost/x", "http://[::1]:9/x"] {
            assert_eq!(read(here), Ok(here.to_owned()));
        }
        for wrong in [
            "http://api.example.com",
            "http://127.0.0.1.example.com",
            "https://user:secret@example.com",
            "https://example.com/?key=1",
            "ftp://example.com",
            "file:///etc/passwd",
            "example.com",
            "",
        ] {
            assert_eq!(read(wrong), Err(BaseError), "{wrong}");
        }
    }

    #[test]
    fn a_place_of_a_key_is_stored_and_the_key_is_not_shown() {
        let places = [KeyPlace::Environment("A_B".to_owned()), KeyPlace::File("/run/a key:x".into())];
        for place in places {
            assert_eq!(KeyPlace::read(&place.written()), Some(place));
        }
        assert_eq!(KeyPlace::read("literal"), None);
        let file = std::env::temp_dir().join(format!("callscope-key-{}", std::process::id()));
        std::fs::write(&file, "sk-4711\n").unwrap();
        let key = KeyPlace::File(file.clone()).key().unwrap();
        assert_eq!((&*key.0, format!("{key:?}")), ("sk-4711", "Key(…)".to_owned()));
        std::fs::write(&file, "two\nlines").unwrap();
        let error = KeyPlace::File(file.clone()).key().unwrap_err().to_string();
        assert!(!error.contains("two"), "{error}");
        std::fs::remove_file(file).unwrap();
        assert!(KeyPlace::Environment("CALLSCOPE_NO_SUCH_KEY".to_owned()).key().is_err());
    }
}
