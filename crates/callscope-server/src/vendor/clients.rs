//! The accounts that this process talks to: each is opened once, so that all who ask it share its connections, its
//! token, and its limit of requests under way.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use super::{Atoms, Base, Key, Patience, Telzino, TelzinoCredentials};
use crate::db::Connection;

/// Which vendor an account is at, with what is needed to ask it beside its address and its secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum Vendor {
    /// Atoms: agents, versions and calls.
    Atoms,
    /// Telzino: usage reports alone.
    Telzino(TelzinoCredentials),
}

impl Vendor {
    /// Whether single calls can be had of it, and not only reports on them.
    pub fn gives_calls(&self) -> bool {
        matches!(self, Self::Atoms)
    }
}

/// Accounts that are open. Clones share them.
#[derive(Clone, Debug, Default)]
pub struct Clients(Arc<Mutex<HashMap<String, Open>>>);

#[derive(Debug)]
struct Open {
    base: Base,
    vendor: Vendor,
    key: Key,
    client: Client,
}

#[derive(Clone, Debug)]
enum Client {
    Atoms(Atoms),
    Telzino(Telzino),
}

impl Clients {
    /// The account of a connection at Atoms; none where it is at another vendor.
    ///
    /// # Errors
    /// Where its key is not to be had.
    pub fn atoms(&self, of: &Connection, patience: Patience) -> anyhow::Result<Option<Atoms>> {
        Ok(match self.client(of)? {
            Client::Atoms(atoms) => Some(atoms.with(patience)),
            Client::Telzino(_) => None,
        })
    }

    /// The account of a connection at Telzino; none where it is at another vendor.
    ///
    /// # Errors
    /// Where its secret is not to be had.
    pub fn telzino(&self, of: &Connection) -> anyhow::Result<Option<Telzino>> {
        Ok(match self.client(of)? {
            Client::Telzino(telzino) => Some(telzino),
            Client::Atoms(_) => None,
        })
    }

    /// The secret is read each time: it may have been changed where it lies.
    fn client(&self, of: &Connection) -> anyhow::Result<Client> {
        let key = of.key_place.key()?;
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = open.get(&of.id)
            && (&known.base, &known.vendor, &known.key) == (&of.base, &of.vendor, &key)
        {
            return Ok(known.client.clone());
        }
        let (base, vendor) = (of.base.clone(), of.vendor.clone());
        let client = match &vendor {
            Vendor::Atoms => Client::Atoms(Atoms::new(base.clone(), key.clone(), Patience::default())?),
            Vendor::Telzino(credentials) => {
                let credentials = credentials.clone();
                Client::Telzino(Telzino::new(base.clone(), credentials, key.clone(), Patience::AT_A_PAGE)?)
            }
        };
        open.insert(of.id.clone(), Open { base, vendor, key, client: client.clone() });
        Ok(client)
    }
}
