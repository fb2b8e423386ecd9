//! The single-page app.

mod account;
mod account_page;
mod address;
mod app;
mod brought;
mod calls_page;
mod compare_page;
mod form;
mod header;
mod instants;
mod keys;
mod postcall_page;
mod samples_apart;
mod settings;
mod sign_in;
mod usage_page;

fn main() {
    #[cfg(debug_assertions)]
    console_error_panic_hook::set_once();
    leptos::mount::mount_to_body(app::app);
}
