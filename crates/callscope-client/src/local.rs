//! Answers that are there already, in the place of a server's.

use callscope_core::Finding;
use callscope_core::session::Session;
use callscope_core::usage::UsageReport;
use serde_json::Value;

use crate::{ClientError, Problem, UsageRequest};

/// What can stand in for a server. What it does not hold, it says so of.
pub trait Local: Send + Sync {
    /// Who is signed in, as far as names and zones go.
    fn session(&self) -> Session;

    /// The instant that counts as now, in Unix milliseconds; none for the present.
    fn now_ms(&self) -> Option<i64> {
        None
    }

    /// Whether these are the sample data.
    fn is_sample(&self) -> bool {
        false
    }

    /// The usage report of a scope and period.
    ///
    /// # Errors
    /// Where it holds none, or one that cannot be read.
    fn usage(&self, request: &UsageRequest) -> Result<(UsageReport, Vec<Finding>), ClientError>;

    /// The documents' JSON that it holds, for what is not a usage report. The code that reads it then stands where it
    /// is needed.
    ///
    /// # Errors
    /// Where it holds none.
    fn json(&self) -> Result<&Value, ClientError> {
        Err(not_held())
    }
}

pub(crate) fn not_held() -> ClientError {
    let sentence = "What is shown here was not asked of a server: it holds figures alone, without versions, numbers and \
                    transcripts. With a server behind it, this page has them.";
    ClientError::new(Problem::NotInSamples, sentence)
}
