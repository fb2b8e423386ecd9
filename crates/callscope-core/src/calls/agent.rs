//! The id of an agent as it stands in a page of calls or in a database.

use std::hash::{Hash, Hasher};

use hashbrown::Equivalent;
use serde::{Deserialize, Serialize};

/// An agent's id, borrowed: UTF-8. It is kept as bytes, since to look again whether a text of a page is text takes as
/// long as to find its agent among hundreds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AgentId<'a>(&'a [u8]);

/// The id of an agent that had a call, as [`AgentId`] has it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub(super) struct KeptId(Box<[u8]>);

impl<'a> AgentId<'a> {
    /// Of a text that was looked at; none where it is empty.
    pub(super) fn of_text(text: &'a [u8]) -> Option<Self> {
        (!text.is_empty()).then_some(Self(text))
    }

    /// As a text.
    pub fn as_str(self) -> &'a str {
        std::str::from_utf8(self.0).unwrap_or_default()
    }
}

impl<'a> From<&'a str> for AgentId<'a> {
    fn from(id: &'a str) -> Self {
        Self(id.as_bytes())
    }
}

impl<'a> From<&'a KeptId> for AgentId<'a> {
    fn from(id: &'a KeptId) -> Self {
        Self(&id.0)
    }
}

impl From<&AgentId<'_>> for KeptId {
    fn from(id: &AgentId<'_>) -> Self {
        Self(id.0.into())
    }
}

impl From<String> for KeptId {
    fn from(id: String) -> Self {
        Self(id.into_bytes().into())
    }
}

impl From<KeptId> for String {
    fn from(id: KeptId) -> Self {
        AgentId::from(&id).as_str().to_owned()
    }
}

impl Hash for AgentId<'_> {
    /// By its bytes alone: nothing stands behind it that could be taken for a part of it.
    #[inline]
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write(self.0);
    }
}

impl Hash for KeptId {
    fn hash<H: Hasher>(&self, state: &mut H) {
        AgentId::from(self).hash(state);
    }
}

impl Equivalent<KeptId> for AgentId<'_> {
    /// Eight bytes in one step: in WebAssembly two slices are compared byte by byte.
    #[inline]
    fn equivalent(&self, kept: &KeptId) -> bool {
        let ((eights, rest), (kept_eights, kept_rest)) = (self.0.as_chunks::<8>(), kept.0.as_chunks::<8>());
        let is_same = |(of, other): (&[u8; 8], &[u8; 8])| u64::from_le_bytes(*of) == u64::from_le_bytes(*other);
        self.0.len() == kept.0.len() && eights.iter().zip(kept_eights).all(is_same) && rest == kept_rest
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_of_all_lengths_are_told_apart_in_any_byte() {
        let id: String = ('a'..='z').collect();
        for length in 1..=id.len() {
            let kept = KeptId::from(&AgentId::from(&id[..length]));
            assert!(
                AgentId::from(&id[..length]).equivalent(&kept) && !AgentId::from(&id[..length - 1]).equivalent(&kept)
            );
            for at in 0..length {
                let mut other = id[..length].to_owned();
                other.replace_range(at..=at, "!");
                assert!(!AgentId::from(other.as_str()).equivalent(&kept), "{other}");
            }
        }
        assert_eq!((AgentId::of_text(b""), AgentId::of_text("Ⅽ".as_bytes()).map(AgentId::as_str)), (None, Some("Ⅽ")));
    }
}
