//! The answers about post-call metrics as they go over the wire.

use serde_json::Value;

use crate::wire::{Field, List, Text, objects};

objects! {
    /// The answer about what an agent asks after its calls.
    ConfigAnswer {
        /// Whether the server could answer.
        status "status": Field<bool> = bool,
        /// The configuration.
        data "data": Field<Value> = Object,
    }
    /// The answer of the list of templates.
    TemplatesAnswer {
        /// Whether the server could answer.
        success "success": Field<bool> = bool,
        /// The templates.
        data "data": List<Template> = Vec<Template>,
    }
    /// A metric to begin with.
    Template {
        /// Its name.
        identifier "identifier": Text = String,
        /// The question.
        #[serde(rename = "dispositionMetricPrompt")]
        prompt "dispositionMetricPrompt": Text = String,
        /// `STRING`, `BOOLEAN`, `INTEGER`, `ENUM`, `DATETIME`.
        #[serde(rename = "dispositionMetricType")]
        kind "dispositionMetricType": Text = String,
    }
}
