//! The server, from outside: its router in-process, its import, its demo data, its database file.

#[cfg(test)]
mod app;
#[cfg(test)]
mod assets;
#[cfg(test)]
mod call_pages;
#[cfg(test)]
mod calls;
#[cfg(test)]
mod csrf_headers;
#[cfg(test)]
mod demo;
#[cfg(test)]
mod drafts;
#[cfg(test)]
mod import;
#[cfg(test)]
mod isolation;
#[cfg(test)]
mod load;
#[cfg(test)]
mod metrics;
#[cfg(test)]
mod openapi;
#[cfg(test)]
mod people;
#[cfg(test)]
mod postcall;
#[cfg(test)]
mod roles;
#[cfg(test)]
mod rollups;
#[cfg(test)]
mod sdk;
#[cfg(test)]
mod session;
#[cfg(test)]
mod status;
#[cfg(test)]
mod sync;
#[cfg(test)]
mod telzino;
#[cfg(test)]
mod throttle;
mod unchanged;
#[cfg(test)]
mod versions;
