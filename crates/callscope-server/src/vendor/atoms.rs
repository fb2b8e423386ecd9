//! An account at Atoms: whose it is, its agents, their versions, its calls, and what is passed on to it.

use std::collections::HashSet;

use callscope_core::agents::{AgentSummary, AgentVersion, parse_agents, parse_versions};
use callscope_core::calls::{CallDetail, CallRows, Recordings, parse_call, parse_call_rows};
use callscope_core::postcall::{parse_branches, parse_revisions};
use jiff::Timestamp;
use serde_json::Value;

use super::fetch::{Auth, Fetch, Forwarded, Patience, VendorError};
use super::key::{Base, Key};

/// The vendor's own address.
pub const ATOMS_BASE: &str = "https://api.smallest.ai/atoms/v1";
/// Calls of a page; the vendor gives no more.
pub const PAGE: u64 = 500;
/// Agents and versions of a page.
const LIST: u64 = 100;
/// No account has so many pages of agents, or an agent of versions: a list that never ends is left there.
const MOST_PAGES: u64 = 1_000;

/// An account at the vendor. Clones share its connections and its limit of requests under way.
#[derive(Clone, Debug)]
pub struct Atoms {
    fetch: Fetch,
}

/// The order in which calls are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallOrder {
    /// The oldest start first, from this instant on, in Unix milliseconds: what is new comes at the end.
    Started(Option<i64>),
    /// What was written to last first.
    Updated,
}

/// How an account keeps the versions of an agent.
enum Versions {
    Plain,
    /// On branches, by their ids.
    Branches(Vec<String>),
}

impl Atoms {
    /// An account by its key.
    ///
    /// # Errors
    /// Where this machine cannot make a client.
    pub fn new(base: Base, key: Key, patience: Patience) -> anyhow::Result<Self> {
        Ok(Self { fetch: Fetch::new(base, Auth::Key(key), patience)? })
    }

    /// The same account, for who waits longer or less long.
    #[must_use]
    pub fn with(&self, patience: Patience) -> Self {
        Self { fetch: self.fetch.with(patience) }
    }

    /// Passes something on to a path below the base, once, and gives what the vendor answers.
    ///
    /// # Errors
    /// Where it gives no answer that can be passed back. Whether something was changed is not known then, unless the
    /// key was refused.
    pub async fn forward(
        &self,
        method: reqwest::Method,
        path_and_query: &str,
        body: Option<Vec<u8>>,
    ) -> Result<Forwarded, VendorError> {
        self.fetch.forward(method, path_and_query, body).await
    }

    /// The recording of a call, from a range of bytes on where one is asked for. Addresses of recordings end soon, so
    /// it is asked for where it is each time.
    ///
    /// # Errors
    /// [`VendorError::NotFound`] where there is none; else where the vendor does not answer.
    pub async fn recording(
        &self,
        call_id: &str,
        is_dual: bool,
        range: Option<&str>,
    ) -> Result<reqwest::Response, VendorError> {
        let call = format!("/conversation/{}", encoded(call_id));
        let named = if is_dual { None } else { self.named_recording(&call).await? };
        let address = match named {
            Some(address) => Some(address),
            None => self.call(call_id).await?.and_then(|call| {
                let Recordings { mono, stereo } = call.recordings;
                if is_dual { stereo } else { mono }
            }),
        };
        let address = address.ok_or_else(|| VendorError::NotFound("the recording".to_owned()))?;
        self.fetch.open(&address, range).await
    }

    /// Where the vendor says that the recording of a call is now; none where it does not say so.
    async fn named_recording(&self, call: &str) -> Result<Option<String>, VendorError> {
        match self.fetch.get(&format!("{call}/recording/download-url"), &[]).await {
            Ok(bytes) => {
                let answer: Value = serde_json::from_slice(&bytes).unwrap_or_default();
                Ok(answer.pointer("/data/presignedUrl").and_then(Value::as_str).map(str::to_owned))
            }
            Err(VendorError::Unauthorized) => Err(VendorError::Unauthorized),
            // Not every server has it, and the call itself may say where it is.
            Err(_) => Ok(None),
        }
    }

    /// What of an agent's configuration is live, as the vendor writes it.
    ///
    /// # Errors
    /// Where the vendor does not answer.
    pub async fn agent(&self, agent_id: &str) -> Result<Vec<u8>, VendorError> {
        self.fetch.get(&format!("/agent/{}", encoded(agent_id)), &[]).await
    }

    /// Whose account the key is of, in the vendor's words. A server that does not say is asked for an agent:
    /// then the key is good, and nothing more is known.
    ///
    /// # Errors
    /// Where the key is refused, or the vendor does not answer.
    pub async fn account(&self) -> Result<String, VendorError> {
        match self.fetch.get("/user", &[]).await {
            Ok(bytes) => Ok(described(&bytes)),
            Err(VendorError::NotFound(_)) => {
                self.fetch.get("/agent", &[("page", "1".to_owned()), ("offset", "1".to_owned())]).await?;
                Ok("an account that the vendor does not name".to_owned())
            }
            Err(error) => Err(error),
        }
    }

    /// All agents, those that were put away among them.
    ///
    /// # Errors
    /// Where the vendor does not answer, or not with agents.
    pub async fn agents(&self) -> Result<Vec<AgentSummary>, VendorError> {
        let mut agents: Vec<AgentSummary> = Vec::new();
        for archived in ["false", "true"] {
            for page in 1..=MOST_PAGES {
                let query =
                    [("page", page.to_string()), ("offset", LIST.to_string()), ("archived", archived.to_owned())];
                let bytes = self.fetch.get("/agent", &query).await?;
                let (found, _) = parse_agents(&bytes).map_err(|error| wrong("/agent", &error))?;
                let count = found.entries.len();
                let new = found.entries.into_iter().filter(|agent| agents.iter().all(|known| known.id != agent.id));
                let new: Vec<AgentSummary> = new.collect();
                let is_end = (count as u64) < LIST || new.is_empty();
                agents.extend(new);
                if is_end {
                    break;
                }
            }
        }
        Ok(agents)
    }

    /// The published versions of an agent, each with its configuration unless that is known or not told; of an
    /// account with branches their revisions, which have the same ids.
    ///
    /// # Errors
    /// Where the vendor does not answer, or not with versions.
    pub async fn versions(
        &self,
        agent_id: &str,
        known: &HashSet<String>,
    ) -> Result<Vec<(AgentVersion, Option<Value>)>, VendorError> {
        let root = format!("/agent/{}", encoded(agent_id));
        let (listed, kept) = match self.plain_versions(&root).await {
            Ok(listed) => (listed, Versions::Plain),
            Err(VendorError::Branches) => self.revisions(&root).await?,
            Err(error) => return Err(error),
        };
        let mut versions = Vec::new();
        for version in listed {
            let is_known = known.contains(&version.id);
            let config = if is_known { None } else { self.config(&root, &kept, &version.id).await? };
            versions.push((version, config));
        }
        Ok(versions)
    }

    async fn plain_versions(&self, root: &str) -> Result<Vec<AgentVersion>, VendorError> {
        let path = format!("{root}/versions");
        let mut versions: Vec<AgentVersion> = Vec::new();
        for page in 0..MOST_PAGES {
            let query = [("limit", LIST.to_string()), ("skip", (page * LIST).to_string())];
            let bytes = self.fetch.get(&path, &query).await?;
            let (found, _) = parse_versions(&bytes).map_err(|error| wrong(&path, &error))?;
            versions.extend(
                found
                    .entries
                    .into_iter()
                    .filter(|of| versions.iter().all(|known| known.id != of.id))
                    .collect::<Vec<_>>(),
            );
            // Drafts among them count, too.
            if entries(&bytes, "versions") < LIST {
                break;
            }
        }
        Ok(versions)
    }

    async fn revisions(&self, root: &str) -> Result<(Vec<AgentVersion>, Versions), VendorError> {
        let path = format!("{root}/branches");
        let bytes = self.fetch.get(&path, &[]).await?;
        let branches = parse_branches(&bytes).map_err(|error| wrong(&path, &error))?;
        let mut versions = Vec::new();
        for branch in &branches {
            let path = format!("{root}/branches/{}/revisions", encoded(&branch.id));
            let mut found: Vec<AgentVersion> = Vec::new();
            for page in 0..MOST_PAGES {
                let query = [("limit", LIST.to_string()), ("skip", (page * LIST).to_string())];
                let bytes = self.fetch.get(&path, &query).await?;
                let listed = parse_revisions(&bytes).map_err(|error| wrong(&path, &error))?;
                let before = found.len();
                let new = listed.into_iter().filter(|of| found.iter().all(|known| known.id != of.id));
                let new: Vec<AgentVersion> = new.collect();
                found.extend(new);
                if entries(&bytes, "revisions") < LIST || found.len() == before {
                    break;
                }
            }
            if let Some(newest) = found.first_mut().filter(|_| branch.is_live) {
                newest.is_active = true;
            }
            versions.extend(found);
        }
        Ok((versions, Versions::Branches(branches.into_iter().map(|branch| branch.id).collect())))
    }

    /// The configuration of a version, as the vendor writes it; none where it does not.
    async fn config(&self, root: &str, kept: &Versions, version_id: &str) -> Result<Option<Value>, VendorError> {
        let id = encoded(version_id);
        let paths = match kept {
            Versions::Plain => vec![format!("{root}/versions/{id}")],
            Versions::Branches(branches) => {
                branches.iter().map(|branch| format!("{root}/branches/{}/revisions/{id}", encoded(branch))).collect()
            }
        };
        for path in paths {
            let bytes = match self.fetch.get(&path, &[]).await {
                Err(VendorError::NotFound(_)) => continue,
                other => other?,
            };
            let answer: Value = serde_json::from_slice(&bytes).unwrap_or_default();
            if let Some(config) = answer.pointer("/data/resolvedConfig").filter(|config| config.is_object()) {
                return Ok(Some(config.clone()));
            }
        }
        Ok(None)
    }

    /// A page of calls, from 1 on.
    ///
    /// # Errors
    /// Where the vendor does not answer, or not with calls.
    pub async fn calls(&self, order: CallOrder, page: u64, limit: u64) -> Result<CallRows, VendorError> {
        let path = "/conversation";
        let (sort, direction) = match order {
            CallOrder::Started(_) => ("createdAt", "asc"),
            CallOrder::Updated => ("updatedAt", "desc"),
        };
        let mut query = vec![
            ("page", page.to_string()),
            ("limit", limit.to_string()),
            ("sortBy", sort.to_owned()),
            ("sortOrder", direction.to_owned()),
        ];
        if let CallOrder::Started(Some(from_ms)) = order
            && let Ok(from) = Timestamp::from_millisecond(from_ms)
        {
            query.push(("dateFrom", from.to_string()));
        }
        let bytes = self.fetch.get(path, &query).await?;
        parse_call_rows(&bytes).map_err(|error| wrong(path, &error))
    }

    /// One call with what was said; none where the vendor has it no more.
    ///
    /// # Errors
    /// Where the vendor does not answer, or not with a call.
    pub async fn call(&self, id: &str) -> Result<Option<CallDetail>, VendorError> {
        let path = format!("/conversation/{}", encoded(id));
        match self.fetch.get(&path, &[]).await {
            Ok(bytes) => parse_call(&bytes).map(|(call, _)| Some(call)).map_err(|error| wrong(&path, &error)),
            Err(VendorError::NotFound(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

/// How many entries a list of an answer has, whatever they are.
fn entries(bytes: &[u8], name: &str) -> u64 {
    let answer: Value = serde_json::from_slice(bytes).unwrap_or_default();
    answer.pointer(&format!("/data/{name}")).and_then(Value::as_array).map_or(0, |list| list.len() as u64)
}

fn wrong(path: &str, error: &callscope_core::Error) -> VendorError {
    VendorError::BadAnswer { path: path.to_owned(), why: error.to_string() }
}

/// The vendor's words for the person and the organisation behind a key.
fn described(bytes: &[u8]) -> String {
    let answer: Value = serde_json::from_slice(bytes).unwrap_or_default();
    let text = |name: &str| answer.pointer(&format!("/data/{name}")).and_then(Value::as_str).unwrap_or_default().trim();
    let name = [text("firstName"), text("lastName")].join(" ");
    let parts = [name.trim(), text("userEmail"), text("organizationId")];
    let known: Vec<&str> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    if known.is_empty() { "an account that the vendor does not name".to_owned() } else { known.join(" · ") }
}

/// A text as a part of a path.
fn encoded(text: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'~');
    text.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}
