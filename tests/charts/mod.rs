//! The charts, from outside: pictures that may not change unseen, and what holds for every picture.

#[cfg(test)]
mod answers;
#[cfg(test)]
mod backends;
#[cfg(test)]
mod compare;
#[cfg(test)]
mod golden;
#[cfg(test)]
mod inputs;
#[cfg(test)]
mod invariants;
