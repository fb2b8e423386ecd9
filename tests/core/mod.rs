//! The pure core, from outside.

mod bits_inputs;

#[cfg(test)]
mod bits;
#[cfg(test)]
mod calls;
#[cfg(test)]
mod compare;
#[cfg(test)]
mod diff_documents;
#[cfg(test)]
mod diff_texts;
#[cfg(test)]
mod postcall;
#[cfg(test)]
mod postcall_read;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod stats;
#[cfg(test)]
mod usage_audit;
#[cfg(test)]
mod usage_documents;
#[cfg(test)]
mod usage_inputs;
