//! One process at a time brings the calls of a database.

use std::ffi::OsString;
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

/// The turn of this process. It ends when this is dropped, and with the process however that ends.
#[derive(Debug)]
pub struct Turn(#[expect(dead_code, reason = "held, not read")] File);

impl Turn {
    /// Takes the turn for a database file, by a lock on a file beside it; none while another process has it.
    ///
    /// # Errors
    /// Where no file can be made there.
    pub fn take(database: &Path) -> std::io::Result<Option<Self>> {
        let path = beside(database);
        // Of somebody else's file it is enough that it can be read.
        let file = File::options()
            .create(true)
            .append(true)
            .open(&path)
            .or_else(|error| File::open(&path).map_err(|_| error))?;
        // A file system may have no locks: then it is as if there were one process.
        let is_taken = matches!(file.try_lock(), Err(TryLockError::WouldBlock));
        Ok((!is_taken).then_some(Self(file)))
    }
}

fn beside(database: &Path) -> PathBuf {
    // By whatever name the database is reached.
    let database = database.canonicalize().unwrap_or_else(|_| database.to_owned());
    let mut name = OsString::from(database);
    name.push("-sync");
    name.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_turn_is_one_at_a_time_and_ends() {
        let database = std::env::temp_dir().join(format!("callscope-turn-{}.db", std::process::id()));
        let first = Turn::take(&database).unwrap();
        assert!(first.is_some() && Turn::take(&database).unwrap().is_none());
        drop(first);
        assert!(Turn::take(&database).unwrap().is_some());
        std::fs::remove_file(beside(&database)).unwrap();
    }
}
