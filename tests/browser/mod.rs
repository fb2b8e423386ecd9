//! The app in a real browser, against the real server.

#[cfg(test)]
mod accessibility;
#[cfg(test)]
mod address;
#[cfg(test)]
mod bank;
#[cfg(test)]
mod brought;
#[cfg(test)]
mod calls;
#[cfg(test)]
mod compare;
#[cfg(test)]
mod export;
#[cfg(test)]
mod figures;
#[cfg(test)]
mod harness;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod isolation;
#[cfg(test)]
mod keyboard;
#[cfg(test)]
mod layout;
#[cfg(test)]
mod narrowing;
#[cfg(test)]
mod network;
#[cfg(test)]
mod notes;
#[cfg(test)]
mod outage;
#[cfg(test)]
mod people;
#[cfg(test)]
mod postcall;
#[cfg(test)]
mod printing;
#[cfg(test)]
mod samples;
#[cfg(test)]
mod sign_in;
#[cfg(test)]
mod speed;
#[cfg(test)]
mod widget;
