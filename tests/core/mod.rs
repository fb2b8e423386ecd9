//! The pure core, from outside.
