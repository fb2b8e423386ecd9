//! Tokens and passwords: made at random, kept as digests.

use argon2::Argon2;
use argon2::password_hash::rand_core::OsRng;
use argon2::password_hash::{PasswordHash, PasswordHasher as _, PasswordVerifier as _, SaltString};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rand::TryRngCore as _;
use sha2::{Digest as _, Sha256};

/// A secret of 256 random bits. It can be shown once; it is never stored or printed by `Debug`.
pub struct Secret(String);

/// The SHA-256 of a secret. Secrets of 256 random bits need no salt and no slow hash.
pub type Digest = Vec<u8>;

impl Secret {
    /// A new secret behind a prefix that says what it is for.
    ///
    /// # Errors
    /// Where the system has no randomness.
    pub fn random(prefix: &str) -> anyhow::Result<Self> {
        let mut bytes = [0_u8; 32];
        rand::rngs::OsRng.try_fill_bytes(&mut bytes)?;
        Ok(Self(format!("{prefix}{}", URL_SAFE_NO_PAD.encode(bytes))))
    }

    /// A code of 100 random bits that a person can read out and type: letters and digits in groups of four, none
    /// of which is easily taken for another.
    ///
    /// # Errors
    /// Where the system has no randomness.
    pub fn code() -> anyhow::Result<Self> {
        const SIGNS: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
        let mut bytes = [0_u8; 20];
        rand::rngs::OsRng.try_fill_bytes(&mut bytes)?;
        let signs = bytes.map(|byte| SIGNS.get(usize::from(byte % 32)).map_or('2', |sign| char::from(*sign)));
        Ok(Self(signs.chunks(4).map(String::from_iter).collect::<Vec<_>>().join("-")))
    }

    /// A code as somebody typed it, with or without its dashes, in small letters or large.
    pub fn typed(text: &str) -> Self {
        let signs: Vec<char> = text.chars().filter(char::is_ascii_alphanumeric).collect();
        let groups = signs.chunks(4).map(|group| String::from_iter(group).to_ascii_uppercase());
        Self(groups.collect::<Vec<_>>().join("-"))
    }

    /// The secret itself, to hand to its owner.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// What is stored of it.
    pub fn digest(&self) -> Digest {
        digest(&self.0)
    }
}

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// The digest of a secret that somebody presents.
pub(super) fn digest(secret: &str) -> Digest {
    Sha256::digest(secret.as_bytes()).to_vec()
}

/// Hashes a password with argon2id and a random salt. Slow on purpose: call it off the request path.
pub(super) fn hash_password(password: &str) -> anyhow::Result<String> {
    let salt = SaltString::generate(&mut OsRng);
    let hash = Argon2::default().hash_password(password.as_bytes(), &salt);
    Ok(hash.map_err(|error| anyhow::anyhow!("cannot hash the password: {error}"))?.to_string())
}

/// Whether a password has this hash. Without a hash the same work is done in vain, so that an
/// account that does not exist takes as long as one that does.
pub(super) fn verify_password(password: &str, hash: Option<&str>) -> bool {
    /// The hash of a random text that nobody kept.
    const NOBODY: &str =
        "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$KSMVBZ2Gg2jyP0YVnUZ1JNaJKW5xbCGgZ7FGZ+7dzXo";
    let Ok(parsed) = PasswordHash::new(hash.unwrap_or(NOBODY)) else { return false };
    Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok() && hash.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_may_be_typed_in_any_way() {
        let code = Secret::code().unwrap();
        assert_eq!((code.expose().len(), code.expose().matches('-').count()), (24, 4));
        let plain = code.expose().replace('-', "");
        for typed in [code.expose().to_owned(), plain.clone(), plain.to_lowercase(), format!(" {} ", code.expose())] {
            assert_eq!(Secret::typed(&typed).digest(), code.digest(), "{typed}");
        }
        assert_ne!(Secret::code().unwrap().digest(), code.digest());
    }
}
