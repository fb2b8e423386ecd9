//! The page: question → two answers → panels.

use callscope_client::{ClientError, Problem, Source};
use callscope_core::session::Session;
use callscope_core::usage::{UsageReport, compare};
use callscope_core::{Finding, FindingCode};
use leptos::prelude::*;

use super::agents::AgentsCard;
use super::findings::Findings;
use super::insights::InsightsCard;
use super::panels::{DailyPanel, HourPanel, OutcomePanel, PanelInput, ReasonPanel};
use super::question::{Now, Question};
use super::selection::{Pick, Selection};
use super::tiles::Tiles;
use super::toolbar::{Narrowed, Toolbar};
use crate::load::{Load, use_load};
use crate::states::{Empty, Failed, Skeleton};

/// The answers to one question.
#[derive(Debug)]
struct Answers {
    question: Question,
    report: UsageReport,
    findings: Vec<Finding>,
    previous: Option<UsageReport>,
}

/// Asks for both periods. The previous one may fail: then there is nothing to compare with, and the
/// page says so.
async fn ask(source: Source, question: Question) -> Result<Answers, ClientError> {
    let before = async {
        match &question.previous {
            Some(previous) => Some(source.usage(previous).await),
            None => None,
        }
    };
    let (now, before) = futures_util::future::join(source.usage(&question.request), before).await;
    let (report, mut findings) = now?;
    let previous = match before {
        None => None,
        Some(Ok((report, _))) => Some(report),
        Some(Err(error)) if error.problem == Problem::SignedOut => return Err(error),
        Some(Err(error)) => {
            let sentence = format!("The previous period could not be loaded, so nothing is compared: {error}");
            findings.push(Finding::note(FindingCode::MissingPart, sentence));
            None
        }
    };
    if let Some(name) = &question.unknown_zone {
        let sentence = format!("'{name}' is not a time zone; days are cut by {}.", question.zone.name());
        findings.push(Finding::note(FindingCode::ZoneUnknown, sentence));
    }
    if findings.iter().any(|finding| finding.code == FindingCode::FilterIgnored) {
        // Figures of all calls under the name of one agent would mislead.
        let sentence = "This server cannot narrow a report to one agent or one hour.";
        return Err(ClientError { problem: Problem::BadAnswer, sentence: sentence.to_owned(), retry_after_secs: None });
    }
    Ok(Answers { question, report, findings, previous })
}

/// The usage page below the header.
#[component]
pub fn UsageView(
    /// Where answers come from.
    #[prop(into)]
    source: Signal<Source>,
    /// Who is signed in, for names and zones.
    #[prop(into)]
    session: Signal<Session>,
    /// What is shown.
    #[prop(into)]
    selection: Signal<Selection>,
    /// Called with what should be shown instead.
    on_select: Callback<Selection>,
    /// The instant that counts as now.
    now: Callback<(), Now>,
    /// Counts up to ask anew.
    refresh: RwSignal<u32>,
    /// Called where the session turns out to have ended.
    on_signed_out: Callback<()>,
    /// Told how fresh the calls are.
    #[prop(optional)]
    on_fresh: Option<Callback<Option<String>>>,
) -> impl IntoView {
    let asked = Memo::new(move |_| selection.with(Selection::asked));
    let load = use_load(
        move || {
            refresh.track();
            let question = Question::new(&asked.get(), &session.get(), now.run(()), crate::zone);
            Some((source.get(), question))
        },
        |(source, question)| ask(source, question),
    );
    Effect::new(move |_| {
        load.with(|load| match load {
            Load::Failed { error, .. } if error.problem == Problem::SignedOut => on_signed_out.run(()),
            Load::Ready(answers) => {
                let context = answers.report.context.as_ref();
                if let Some(on_fresh) = on_fresh {
                    on_fresh.run(context.and_then(|context| context.calls_through.clone()));
                }
            }
            _ => {}
        });
    });
    let answers = Memo::new_with_compare(
        move |_| load.with(Load::latest),
        |a, b| match (a, b) {
            (Some(Some(a)), Some(Some(b))) => !std::sync::Arc::ptr_eq(a, b),
            (Some(None), Some(None)) => false,
            _ => true,
        },
    );
    let on_pick = Callback::new(move |pick| match pick {
        Pick::Target(target) => on_select.run(selection.get_untracked().picked(target)),
        Pick::Show(next) => on_select.run(next),
    });
    let ask_again = Callback::new(move |()| refresh.update(|count| *count += 1));
    let question =
        Signal::derive(move || answers.with(|answers| answers.as_ref().map(|answers| answers.question.clone())));
    let input = PanelInput {
        report: Signal::derive(move || answers.with(|answers| answers.as_ref().map(|answers| answers.report.clone()))),
        previous: Signal::derive(move || {
            answers.with(|answers| answers.as_ref().and_then(|answers| answers.previous.clone()))
        }),
        question,
        selection,
        on_pick,
    };
    let is_waiting = Signal::derive(move || load.with(Load::is_waiting));
    let error = move || {
        load.with(|load| match load {
            Load::Failed { error, .. } if error.problem != Problem::SignedOut => Some(error.clone()),
            _ => None,
        })
    };
    let has_answer = Memo::new(move |_| answers.with(Option::is_some));
    let heading = move || question.with(|question| question.as_ref().map(Question::context));
    view! {
        <div class="usage" class:waiting=move || is_waiting.get() aria-busy=move || is_waiting.get().to_string()>
            <h1>"Usage"</h1>
            <p class="context">{heading}</p>
            <Toolbar selection=selection question=question is_waiting=is_waiting on_pick=on_pick refresh=ask_again/>
            <Narrowed selection=selection report=input.report on_pick=on_pick/>
            {move || error().map(|error| view! { <Failed error=error retry=ask_again/> })}
            <Show when=move || has_answer.get() fallback=move || error().is_none().then(|| view! { <Skeleton/> })>
                <Report input=input answers=answers/>
            </Show>
        </div>
    }
}

/// Everything below the controls.
#[component]
fn Report(input: PanelInput, answers: Memo<Option<std::sync::Arc<Answers>>>) -> impl IntoView {
    let findings = Signal::derive(move || {
        answers.with(|answers| answers.as_ref().map(|answers| answers.findings.clone())).unwrap_or_default()
    });
    let change = Signal::derive(move || {
        answers.with(|answers| answers.as_ref().map(|answers| compare(&answers.report, answers.previous.as_ref())))
    });
    let compared = Signal::derive(move || {
        answers.with(|answers| answers.as_ref().is_some_and(|answers| answers.previous.is_some()))
    });
    let is_empty = Memo::new(move |_| {
        input.report.with(|report| report.as_ref().is_some_and(|report| report.totals.calls == Some(0)))
    });
    let period = Signal::derive(move || {
        input.question.with(|question| question.as_ref().map(Question::period)).unwrap_or_default()
    });
    view! {
        <Findings findings=findings/>
        <Tiles report=input.report change=change compared=compared/>
        <Show when=move || is_empty.get()><Empty period=period/></Show>
        <DailyPanel input=input/>
        <div class="pair">
            <HourPanel input=input/>
            <OutcomePanel input=input/>
        </div>
        <AgentsCard report=input.report selection=input.selection texts=input.texts("Agents") on_pick=input.on_pick/>
        <div class="pair even">
            <ReasonPanel input=input/>
            <InsightsCard report=input.report/>
        </div>
    }
}
