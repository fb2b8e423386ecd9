//! The accounts that this process talks to: each is opened once, so that all who ask it share its connections, its
//! token, and its limit of requests under way.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use super::{Atoms, Base, Key, Patience, Telzino, TelzinoProgram};
use crate::db::Connection;

/// Which vendor an account is at, with what is needed to ask it beside its address and its secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "kind")]
pub enum Account {
    /// At Atoms.
    Atoms,
    /// At Telzino.
    Telzino(TelzinoProgram),
}

/// Accounts that are open. Clones share them.
#[derive(Clone, Debug, Default)]
pub struct Accounts(Arc<Mutex<HashMap<String, Open>>>);

#[derive(Debug)]
struct Open {
    base: Base,
    account: Account,
    key: Key,
    vendor: Vendor,
}

#[derive(Clone, Debug)]
enum Vendor {
    Atoms(Atoms),
    Telzino(Telzino),
}

impl Accounts {
    /// The account of a connection at Atoms; none where it is at another vendor.
    ///
    /// # Errors
    /// Where its key is not to be had.
    pub fn atoms(&self, of: &Connection, patience: Patience) -> anyhow::Result<Option<Atoms>> {
        Ok(match self.vendor(of)? {
            Vendor::Atoms(atoms) => Some(atoms.with(patience)),
            Vendor::Telzino(_) => None,
        })
    }

    /// The account of a connection at Telzino; none where it is at another vendor.
    ///
    /// # Errors
    /// Where its secret is not to be had.
    pub fn telzino(&self, of: &Connection) -> anyhow::Result<Option<Telzino>> {
        Ok(match self.vendor(of)? {
            Vendor::Telzino(telzino) => Some(telzino),
            Vendor::Atoms(_) => None,
        })
    }

    /// The secret is read each time: it may have been changed where it lies.
    fn vendor(&self, of: &Connection) -> anyhow::Result<Vendor> {
        let key = of.key_place.key()?;
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = open.get(&of.id)
            && (&known.base, &known.account, &known.key) == (&of.base, &of.vendor, &key)
        {
            return Ok(known.vendor.clone());
        }
        let patience = Patience::default();
        let vendor = match &of.vendor {
            Account::Atoms => Vendor::Atoms(Atoms::new(of.base.clone(), key.clone(), patience)?),
            Account::Telzino(program) => {
                Vendor::Telzino(Telzino::new(of.base.clone(), program.clone(), key.clone(), Patience::AT_A_PAGE)?)
            }
        };
        let (base, account) = (of.base.clone(), of.vendor.clone());
        open.insert(of.id.clone(), Open { base, account, key, vendor: vendor.clone() });
        Ok(vendor)
    }
}
