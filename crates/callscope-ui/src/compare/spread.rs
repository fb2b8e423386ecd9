//! The calls of both versions, loaded for what their averages do not tell.

use std::ops::ControlFlow;
use std::sync::Arc;

use callscope_client::{CallPage, CallsRequest, ClientError, Problem, Source};
use callscope_core::calls::{CallFilter, CallSort};
use callscope_core::compare::{Figure, Spread, Unit, with_spread};
use callscope_core::format;
use callscope_core::period::Zone;
use leptos::prelude::*;

use super::answers::{Answers, Given};
use crate::piece::{State, button, el, live, text, when};
use crate::task::Task;

/// How far loading is.
#[derive(Clone, Debug, Default, PartialEq)]
enum Stage {
    #[default]
    Idle,
    Loading,
    Failed(String),
    Done,
}

/// Below the table of figures: loads the calls of both versions, and gives duration and cost their
/// intervals.
pub(super) fn spread_line(given: Given, source: State<Source>) -> AnyView {
    let stage = State::new(Stage::default());
    let loaded = State::new(0_u64);
    let task = Task::new();
    let load = move |_| {
        let answers = given.answers.get_untracked();
        let source = source.get_untracked();
        loaded.set(0);
        stage.set(Stage::Loading);
        task.begin(async move {
            let outcome = spreads(&source, &answers, loaded).await;
            stage.set(match outcome.and_then(|[a, b]| take(given, &a, &b)) {
                Ok(()) => Stage::Done,
                Err(error) => Stage::Failed(error.sentence),
            });
        });
    };
    // Asked anew, the figures are without them again.
    let is_there = move || {
        let has = |figure: &Figure| figure.kind.unit() != Unit::Rate && figure.interval.is_some();
        given.answers.with(|answers| answers.figures.iter().any(has))
    };
    let is_open = move || stage.with(|stage| !matches!(stage, Stage::Loading)) && !is_there();
    let offer = move || {
        let label = "Load the calls of both for the intervals of duration and cost";
        button("boxed", load).attr("id", "load-spread").child(label).any()
    };
    let said = live(move || match stage.get() {
        Stage::Idle => crate::piece::nothing(),
        Stage::Loading => {
            let words = move || format!("{} calls loaded…", format::count(loaded.get()));
            el("p").class("note").attr("role", "status").child(text(words)).any()
        }
        Stage::Failed(why) => el("p").class("problem").attr("role", "alert").child(why).any(),
        Stage::Done if !is_there() => crate::piece::nothing(),
        Stage::Done => {
            let words = format!("Duration and cost from {} calls.", format::count(loaded.get()));
            el("p").class("note").attr("role", "status").child(words).any()
        }
    });
    el("div").class("spread").child(when(is_open, offer)).child(said).any()
}

/// The spreads of A and B.
async fn spreads(source: &Source, answers: &Answers, loaded: State<u64>) -> Result<[Spread; 2], ClientError> {
    let mut both = [Spread::default(), Spread::default()];
    let Some([a, b]) = answers.pair() else { return Ok(both) };
    for (spread, version) in both.iter_mut().zip([a, b]) {
        let Some(request) = request(answers, version) else { continue };
        let mut each = |_: u64, page: CallPage| {
            page.calls.iter().for_each(|call| spread.add(&call.version_facts()));
            loaded.update(|loaded| *loaded += page.calls.len() as u64);
            ControlFlow::Continue(())
        };
        source.all_calls(&request, 1, &mut each).await?;
    }
    Ok(both)
}

/// The calls of a version on the days of the comparison.
fn request(answers: &Answers, version: &str) -> Option<CallsRequest> {
    let question = answers.question.as_ref()?;
    let about = |ms: i64| (ms, ms);
    let zone = |(from, to): (i64, i64)| crate::zone(&question.zone, from, to).unwrap_or_else(Zone::utc);
    let instants = question.range().map(|range| {
        let rough = |date| about(Zone::utc().start_of_day_ms(date)).0;
        range.instants_ms(&zone((rough(range.first()), rough(range.last()))))
    });
    let filter = CallFilter {
        agent_id: Some(question.request.agent_id.clone()),
        version_id: Some(version.to_owned()),
        from_ms: instants.map(|instants| instants.0),
        to_ms: instants.map(|instants| instants.1 - 1),
        ..CallFilter::default()
    };
    Some(CallsRequest {
        organisation_id: None,
        reseller_id: None,
        filter,
        search: None,
        zone: zone(about(0)),
        sort: CallSort::Started,
        is_ascending: false,
        page: 1,
        limit: 500,
    })
}

/// Gives the figures their intervals.
fn take(given: Given, a: &Spread, b: &Spread) -> Result<(), ClientError> {
    let mut answers = Answers::clone(&given.answers.get_untracked());
    let comparison = answers.comparison.clone();
    with_spread(&mut answers.figures, &comparison, [a, b], answers.basis).map_err(|error| ClientError {
        problem: Problem::BadAnswer,
        sentence: error.to_string(),
        retry_after_secs: None,
    })?;
    given.answers.set(Arc::new(answers));
    Ok(())
}
