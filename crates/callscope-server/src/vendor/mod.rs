//! Accounts at vendors: what is read of them, and what is passed on to them.

mod atoms;
mod clients;
mod fetch;
mod key;
mod oauth;
mod telzino;

pub use atoms::{ATOMS_BASE, Atoms, CallOrder, PAGE};
pub use clients::{Clients, Vendor};
pub use fetch::{Forwarded, Patience, VendorError};
pub use key::{Base, BaseError, Key, KeyPlace};
pub use telzino::{TELZINO_BASE, Telzino, TelzinoCredentials};
