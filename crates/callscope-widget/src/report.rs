//! What the custom element holds while it stands in the page.

use std::any::Any;
use std::cell::RefCell;
use std::sync::Arc;

use callscope_client::{Access, Api, Given, Local, Source};
use callscope_ui::chart::{Exports, png_blob};
use callscope_ui::piece::{Place, State};
use callscope_ui::theme::{Repaint, provide_repaint};
use callscope_ui::{Ground, Shade};
use js_sys::{Function, Promise};
use leptos::mount::mount_to;
use leptos::reactive::owner::Owner;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::future_to_promise;
use web_sys::{HtmlElement, ShadowRoot};

use crate::failure::error;
use crate::settings::Settings;
use crate::telling::Telling;
use crate::view::{Shown, element};

/// A report in the page. Freeing it takes it out, and ends its requests and all that it listens to.
#[wasm_bindgen]
pub struct Report {
    shown: Shown,
    repaint: State<Option<Repaint>>,
    frame: HtmlElement,
    /// What the source was made of: the element may be told the same again.
    made_of: RefCell<MadeOf>,
    /// Dropped with the report, which takes the view out of the page; before what the view reads.
    #[expect(dead_code, reason = "held, not read")]
    mounted: Box<dyn Any>,
    #[expect(dead_code, reason = "held, not read")]
    owner: Owner,
}

/// What a source is made of.
#[derive(Clone, PartialEq)]
struct MadeOf {
    settings: Settings,
    /// JSON: read from there as from a server, with the same limits. What holds itself or is nested without end
    /// cannot be in it.
    data: Option<String>,
    get_token: Option<Function>,
}

impl MadeOf {
    /// Whether the same server would be asked in the same way.
    fn asks_as(&self, other: &Self) -> bool {
        let place = |of: &Self| (of.settings.bases(), of.settings.credentials());
        place(self) == place(other) && self.get_token == other.get_token
    }

    fn server(&self) -> Source {
        let access = Access::new(self.settings.credentials(), self.get_token.clone());
        Source::Server(Arc::new(Api::with_access(self.settings.bases(), access)))
    }

    /// What the page around brought; none where it brought nothing.
    fn given(&self) -> Result<Option<Arc<Given>>, String> {
        let Some(text) = &self.data else { return Ok(None) };
        let value =
            serde_json::from_slice(text.as_bytes()).map_err(|_| "The property 'data' is no JSON.".to_owned())?;
        Ok(Some(Arc::new(Given::new(value))))
    }
}

#[wasm_bindgen]
impl Report {
    /// Draws a report into `frame`, which stands in `root`. `settings` are names and values in turn; `data` is the
    /// documents' JSON, or nothing where a server is to be asked; `get_token` gives a Bearer token or a promise of
    /// one; `tell` is called with the name of an event and what it holds.
    #[wasm_bindgen(constructor)]
    pub fn new(
        root: ShadowRoot,
        frame: HtmlElement,
        settings: Vec<String>,
        data: Option<String>,
        get_token: Option<Function>,
        tell: Function,
    ) -> Self {
        let made_of = MadeOf { settings: Settings::new(settings), data, get_token };
        let owner = Owner::new_root(None);
        let (shown, repaint, mounted) = owner.with(|| {
            let shown = Shown {
                settings: State::new(made_of.settings.clone()),
                source: State::new(made_of.server()),
                data: State::new(None),
                data_problem: State::new(None),
                refresh: State::new(0),
                exports: State::new(None),
                place: State::new(Place::default()),
                telling: Telling::new(tell),
                is_signed_out: State::new(false),
            };
            shown.take(&made_of);
            let repaint = State::new(None);
            let mounted = mount_to(frame.clone(), move || {
                Ground::provide(root);
                repaint.set(Some(provide_repaint()));
                element(shown)
            });
            (shown, repaint, Box::new(mounted))
        });
        Self { shown, repaint, frame, made_of: RefCell::new(made_of), mounted, owner }
    }

    /// Shows what other settings say, in place. What stays as it was is not asked for again.
    pub fn update(&self, settings: Vec<String>, data: Option<String>, get_token: Option<Function>) {
        let next = MadeOf { settings: Settings::new(settings), data, get_token };
        let before = self.made_of.replace(next.clone());
        if before.data != next.data {
            self.shown.take(&next);
        }
        let is_from_server = self.shown.data.with_untracked(Option::is_none);
        if is_from_server && (before.data != next.data || !before.asks_as(&next)) {
            self.shown.source.set(next.server());
        }
        if before.settings != next.settings {
            self.shown.settings.set(next.settings);
        }
    }

    /// Asks everything anew.
    pub fn refresh(&self) {
        self.shown.ask_anew();
    }

    /// Has everything drawn anew, as its colours changed.
    pub fn repaint(&self) {
        if let Some(repaint) = self.repaint.get_untracked() {
            repaint.now();
        }
    }

    /// Waits for the code that saves: what follows needs it. The promise is refused with a code where it cannot be
    /// loaded.
    #[wasm_bindgen(js_name = readyToSave)]
    pub fn ready_to_save(&self) -> Promise {
        let exports = self.shown.exports.try_get_untracked().flatten();
        future_to_promise(async move {
            if let Some(exports) = exports {
                exports.ready().await.map_err(|cause| error("module", &cause.sentence))?;
            }
            Ok(JsValue::UNDEFINED)
        })
    }

    /// The picture of what is shown, as a promise of a PNG: `scale` pixels to a CSS pixel, `theme` is `light`,
    /// `dark` or empty for the one that is shown.
    ///
    /// # Errors
    /// With a code, where nothing is drawn yet, or where there is a table alone.
    #[wasm_bindgen(js_name = exportPng)]
    pub fn export_png(&self, scale: f64, theme: &str) -> Result<Promise, JsValue> {
        let picture = self.exported(|exports| exports.picture(&self.frame, scale, shade(theme)));
        picture.map(|picture| png_blob(&picture)).ok_or_else(no_picture)
    }

    /// The picture of what is shown, as SVG.
    ///
    /// # Errors
    /// As [`Report::export_png`].
    #[wasm_bindgen(js_name = exportSvg)]
    pub fn export_svg(&self, theme: &str) -> Result<String, JsValue> {
        self.exported(|exports| exports.svg(&self.frame, shade(theme))).ok_or_else(no_picture)
    }

    /// The figures of what is shown, as CSV.
    ///
    /// # Errors
    /// With a code, where nothing is there yet.
    #[wasm_bindgen(js_name = exportCsv)]
    pub fn export_csv(&self) -> Result<String, JsValue> {
        let none = || error("nothing-shown", "There is nothing to save yet: the report is not drawn.");
        self.exported(|exports| exports.csv(&self.frame)).ok_or_else(none)
    }

    /// Something made of what is shown, written as it is.
    fn exported<T>(&self, make: impl FnOnce(Exports) -> Option<T>) -> Option<T> {
        let exports = self.shown.exports.try_get_untracked().flatten()?;
        self.shown.place.try_get_untracked()?.within(|| make(exports))
    }
}

impl Shown {
    /// Takes what the page around brought in the place of a server's answers.
    fn take(self, made_of: &MadeOf) {
        let given = made_of.given();
        self.data_problem.set(given.as_ref().err().cloned());
        let given = given.ok().flatten();
        if let Some(given) = &given {
            let local: Arc<dyn Local> = Arc::clone(given) as Arc<dyn Local>;
            self.source.set(Source::Local(local));
        }
        self.data.set(given);
    }
}

fn shade(theme: &str) -> Shade {
    match theme {
        "light" => Shade::Light,
        "dark" => Shade::Dark,
        _ => Shade::Shown,
    }
}

fn no_picture() -> JsValue {
    error("no-picture", "There is no picture to save: the report is not drawn yet, or it is a table alone.")
}
