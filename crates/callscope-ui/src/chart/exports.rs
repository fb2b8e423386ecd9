//! What an element shows, for those who save it without the menu.

use std::sync::Arc;

use callscope_client::ClientError;
use futures_util::FutureExt as _;
use leptos::prelude::*;
use web_sys::{Element, HtmlCanvasElement};

use super::menu::Offer;
use super::saving::{Made, Wanted, make, ready_to_save};
use crate::apart::code_not_loaded;
use crate::canvas::Shade;
use crate::piece::State;

/// The picture and the table of what is shown, once there is something. Whoever shows a view provides it.
#[derive(Clone, Copy)]
pub struct Exports {
    /// Whether several charts stand there, of which one picture is made.
    is_whole: bool,
    current: State<Option<Offer>>,
}

impl Exports {
    /// Provides it to the views below.
    pub fn provide(is_whole: bool) -> Self {
        let exports = Self { is_whole, current: State::new(None) };
        provide_context(exports);
        exports
    }

    /// Waits until the code that saves is there, which the others need.
    ///
    /// # Errors
    /// Where it cannot be loaded.
    pub async fn ready(self) -> Result<(), ClientError> {
        ready_to_save().await?;
        if let Some(offer) = self.offer() {
            untrack(|| (offer.make)()).await.ok_or_else(code_not_loaded)?;
        }
        Ok(())
    }

    fn offer(self) -> Option<Offer> {
        self.current.try_get_untracked().flatten()
    }

    /// The picture, `scale` pixels to a CSS pixel; none where nothing is shown yet, or a table alone.
    pub fn picture(self, near: &Element, scale: f64, shade: Shade) -> Option<HtmlCanvasElement> {
        let Made::Picture(picture) = self.made(Wanted::Picture(scale), near, shade) else { return None };
        Some(picture)
    }

    /// The picture as SVG.
    pub fn svg(self, near: &Element, shade: Shade) -> Option<String> {
        let Made::Text(svg) = self.made(Wanted::Svg, near, shade) else { return None };
        Some(svg)
    }

    /// The table as CSV, with period and zone in its first heading.
    pub fn csv(self, near: &Element) -> Option<String> {
        let Made::Text(csv) = self.made(Wanted::Csv, near, Shade::Shown) else { return None };
        Some(csv)
    }

    fn made(self, wanted: Wanted, near: &Element, shade: Shade) -> Made {
        let input = self.offer().and_then(|offer| untrack(|| (offer.make)()).now_or_never()?);
        input.map(|input| make(&input, wanted, near, shade)).unwrap_or_default()
    }
}

/// Offers what a view shows: the whole of it, or the one chart it has.
pub(crate) fn offer(input: &Offer, is_whole: bool) {
    if let Some(exports) = use_context::<Exports>().filter(|exports| exports.is_whole == is_whole) {
        exports.current.set(Some(input.clone()));
        // What has gone cannot be saved; another one may be offered by then.
        let texts = input.texts.clone();
        on_cleanup(move || {
            let is_it = |offer: &Offer| Arc::ptr_eq(&offer.texts, &texts);
            if exports.current.try_get_untracked().flatten().is_some_and(|offer| is_it(&offer)) {
                exports.current.set(None);
            }
        });
    }
}
