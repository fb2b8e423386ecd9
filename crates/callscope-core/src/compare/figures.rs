//! A comparison → its figures side by side, each with what may be claimed of it.

use super::model::{Comparison, ComparisonContext, VersionFigures};
use crate::period::{Date, DateRange};
use crate::stats::{Interval, Proportion, always_valid, calls_needed, chance_b_higher, newcombe};
use crate::usage::Better;

/// On what the verdicts rest.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "typescript", derive(serde::Serialize, ts_rs::TS), serde(rename_all = "kebab-case"))]
pub enum Basis {
    /// No more calls come, because the range has ended or neither version is live: one look, the fixed
    /// 95 % interval.
    #[default]
    Fixed,
    /// Calls may still come: the interval that stays right however often one looks.
    AlwaysValid,
}

impl Basis {
    /// What the verdicts of a range rest on, as of a local day: the fixed interval where no more calls
    /// come, because the range has ended or neither version is live. Where that is unknown, calls may
    /// still come.
    pub fn of(range: Option<DateRange>, today: Date, context: Option<&ComparisonContext>) -> Self {
        let has_ended = range.is_some_and(|range| range.last() < today);
        let is_over =
            |context: &ComparisonContext| context.a.is_live == Some(false) && context.b.is_live == Some(false);
        if has_ended || context.is_some_and(is_over) { Self::Fixed } else { Self::AlwaysValid }
    }

    /// The same in words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Fixed => "95 % intervals from the counts; no more calls come in",
            Self::AlwaysValid => {
                "95 % intervals that stay right however often one looks, as calls may still come in; they are wider than for one look"
            }
        }
    }
}

/// Which figure of a version.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "typescript", derive(serde::Serialize, ts_rs::TS), serde(rename_all = "camelCase"))]
pub enum FigureKind {
    /// Answered / all.
    Completion,
    /// Ended by one source / all whose hangup is counted.
    EndedBy(String),
    /// All calls.
    Calls,
    /// Answered calls.
    Answered,
    /// Mean duration over all calls.
    AverageDuration,
    /// Cost of all calls.
    Cost,
    /// Cost of a call.
    CostPerCall,
    /// Cost of an answered call.
    CostPerAnsweredCall,
    /// Cost of a minute.
    CostPerMinute,
}

impl FigureKind {
    /// The figure's name as a person reads it.
    pub fn label(&self) -> String {
        match self {
            Self::Completion => "Completion rate".to_owned(),
            Self::EndedBy(source) => format!("Ended by {source}"),
            Self::Calls => "Calls".to_owned(),
            Self::Answered => "Answered calls".to_owned(),
            Self::AverageDuration => "Average duration".to_owned(),
            Self::Cost => "Cost (credits)".to_owned(),
            Self::CostPerCall => "Cost per call (credits)".to_owned(),
            Self::CostPerAnsweredCall => "Cost per answered call (credits)".to_owned(),
            Self::CostPerMinute => "Cost per minute (credits)".to_owned(),
        }
    }

    /// In what it is measured.
    pub fn unit(&self) -> Unit {
        match self {
            Self::Completion | Self::EndedBy(_) => Unit::Rate,
            Self::Calls | Self::Answered => Unit::Count,
            Self::AverageDuration => Unit::Seconds,
            Self::Cost | Self::CostPerCall | Self::CostPerAnsweredCall | Self::CostPerMinute => Unit::Credits,
        }
    }

    /// Which way is good (design: cost and calls ended by the system are better low).
    pub fn better(&self) -> Better {
        match self {
            Self::Completion => Better::Up,
            Self::EndedBy(source) if source == SYSTEM => Better::Down,
            Self::Cost | Self::CostPerCall | Self::CostPerAnsweredCall | Self::CostPerMinute => Better::Down,
            _ => Better::Neither,
        }
    }

    fn of(&self, version: &VersionFigures) -> Option<f64> {
        match self {
            Self::Completion => version.completion_rate(),
            Self::EndedBy(source) => version.ended_by(source)?.rate(),
            Self::Calls => version.calls.map(|calls| calls as f64),
            Self::Answered => version.answered.map(|calls| calls as f64),
            Self::AverageDuration => version.average_duration_secs,
            Self::Cost => version.cost_credits,
            Self::CostPerCall => version.cost_per_call(),
            Self::CostPerAnsweredCall => version.cost_per_answered_call(),
            Self::CostPerMinute => version.cost_per_minute(),
        }
    }

    fn counts(&self, version: &VersionFigures) -> Option<Proportion> {
        match self {
            Self::Completion => version.completion(),
            Self::EndedBy(source) => version.ended_by(source),
            _ => None,
        }
    }
}

/// The source under which every hangup goes that is neither the user's nor the agent's nor unknown.
pub const SYSTEM: &str = "system";

/// In what a figure is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// A fraction, 0–1; its differences are percentage points.
    Rate,
    /// A count.
    Count,
    /// Seconds.
    Seconds,
    /// The account's own money.
    Credits,
}

/// What may be said of a difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "typescript", derive(serde::Serialize, ts_rs::TS), serde(rename_all = "kebab-case"))]
pub enum Claim {
    /// The interval lies above zero.
    Higher,
    /// The interval lies below zero.
    Lower,
    /// The interval holds zero.
    NoClearDifference,
    /// Too few calls for an interval to mean anything.
    TooFewCalls,
    /// No interval can be given from these aggregates; the calls themselves would tell.
    NeedsCalls,
    /// A volume: it says how much there was, not how well it went.
    Volume,
    /// A side is unknown.
    Unknown,
}

/// One figure of both versions.
#[derive(Clone, Debug, PartialEq)]
#[cfg_attr(feature = "typescript", derive(serde::Serialize, ts_rs::TS), serde(rename_all = "camelCase"))]
pub struct Figure {
    /// Which figure.
    pub kind: FigureKind,
    /// Of the version that is compared with.
    pub a: Option<f64>,
    /// Of the version that is compared.
    pub b: Option<f64>,
    /// B minus A, in the figure's unit.
    pub difference: Option<f64>,
    /// B minus A as a fraction of A; unknown where A is zero, and for rates, whose difference is in
    /// percentage points.
    pub relative: Option<f64>,
    /// 95 % interval of the difference.
    pub interval: Option<Interval>,
    /// What may be said.
    pub claim: Claim,
    /// Whether the fixed interval, right for one look only, excludes zero where the one that the claim
    /// rests on does not.
    pub is_clear_at_one_look: bool,
    /// How likely B's rate is the higher one, 0–1, under uniform priors; rates only.
    pub chance_b_higher: Option<f64>,
    /// How many calls each version needs in all for the difference that is seen to show with 80 %
    /// power; rates without a clear difference only.
    pub calls_needed: Option<f64>,
}

impl Figure {
    /// Whether the difference is clearly for the better (`true`) or the worse (`false`).
    pub fn is_clearly_better(&self) -> Option<bool> {
        let up = match self.claim {
            Claim::Higher => true,
            Claim::Lower => false,
            _ => return None,
        };
        match self.kind.better() {
            Better::Up => Some(up),
            Better::Down => Some(!up),
            Better::Neither => None,
        }
    }

    fn of(kind: FigureKind, comparison: &Comparison, basis: Basis) -> Self {
        let (a, b) = (kind.of(&comparison.a), kind.of(&comparison.b));
        let difference = a.zip(b).map(|(a, b)| b - a);
        let is_rate = kind.unit() == Unit::Rate;
        let relative =
            if is_rate { None } else { a.zip(difference).and_then(|(a, difference)| fraction(difference, a)) };
        let mut figure = Self {
            a,
            b,
            difference,
            relative,
            interval: None,
            claim: claim_without_interval(&kind, difference),
            is_clear_at_one_look: false,
            chance_b_higher: None,
            calls_needed: None,
            kind,
        };
        let counts = figure.kind.counts(&comparison.a).zip(figure.kind.counts(&comparison.b));
        if let Some((a, b)) = counts {
            figure.weigh(a, b, basis);
        }
        figure
    }

    /// Fills in what the counts of a rate allow to say.
    fn weigh(&mut self, a: Proportion, b: Proportion, basis: Basis) {
        if self.difference.is_none() {
            return;
        }
        self.interval = match basis {
            Basis::Fixed => newcombe(a, b),
            Basis::AlwaysValid => always_valid(a, b),
        };
        self.chance_b_higher = chance_b_higher(a, b);
        self.claim = match self.interval {
            None => Claim::Unknown,
            Some(_) if !a.is_enough_with(b) => Claim::TooFewCalls,
            Some(interval) if interval.low > 0.0 => Claim::Higher,
            Some(interval) if interval.high < 0.0 => Claim::Lower,
            Some(_) => Claim::NoClearDifference,
        };
        if self.claim == Claim::NoClearDifference {
            self.calls_needed = calls_needed(a, b);
            let at_one_look = newcombe(a, b).is_some_and(crate::stats::Interval::excludes_zero);
            self.is_clear_at_one_look = basis == Basis::AlwaysValid && at_one_look;
        }
    }
}

/// A difference as a fraction of what it is a difference to; unknown where that is zero.
fn fraction(difference: f64, of: f64) -> Option<f64> {
    (of.abs() > 0.0).then(|| difference / of)
}

fn claim_without_interval(kind: &FigureKind, difference: Option<f64>) -> Claim {
    match (kind, difference) {
        (_, None) => Claim::Unknown,
        (FigureKind::Calls | FigureKind::Answered | FigureKind::Cost, _) => Claim::Volume,
        _ => Claim::NeedsCalls,
    }
}

/// All figures of a comparison, in the order in which they are read.
pub fn figures(comparison: &Comparison, basis: Basis) -> Vec<Figure> {
    let sources = sources(comparison).into_iter().map(FigureKind::EndedBy);
    let others = [
        FigureKind::Calls,
        FigureKind::Answered,
        FigureKind::AverageDuration,
        FigureKind::Cost,
        FigureKind::CostPerCall,
        FigureKind::CostPerAnsweredCall,
        FigureKind::CostPerMinute,
    ];
    let kinds = std::iter::once(FigureKind::Completion).chain(sources).chain(others);
    kinds.map(|kind| Figure::of(kind, comparison, basis)).collect()
}

/// The names of all hangup sources of both versions: the documents' own first, then the others in
/// the order of their names.
pub(super) fn sources(comparison: &Comparison) -> Vec<String> {
    const DOCUMENTED: [&str; 4] = ["user", "agent", SYSTEM, "unknown"];
    let listed = [&comparison.a.hangups, &comparison.b.hangups];
    let mut names: Vec<&str> = listed.into_iter().flatten().flatten().map(|(name, _)| name.as_str()).collect();
    names.sort_unstable();
    names.dedup();
    let known = DOCUMENTED.into_iter().filter(|name| names.contains(name));
    let open = names.iter().copied().filter(|name| !DOCUMENTED.contains(name));
    known.chain(open).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::super::model::VersionRun;
    use super::*;
    use crate::period::parse_date;

    #[test]
    fn verdicts_rest_on_one_look_only_where_no_more_calls_come() {
        let day = |text| parse_date(text).unwrap();
        let range = DateRange::new(day("2024-05-01"), day("2024-05-31")).unwrap();
        let live = |a, b| {
            let run = |is_live| VersionRun { is_live, ..VersionRun::default() };
            ComparisonContext { a: run(a), b: run(b), ..ComparisonContext::default() }
        };
        let of = |range, today, context: Option<ComparisonContext>| Basis::of(range, day(today), context.as_ref());
        assert_eq!(of(Some(range), "2024-06-01", None), Basis::Fixed);
        assert_eq!(of(Some(range), "2024-05-31", None), Basis::AlwaysValid);
        assert_eq!(of(None, "2024-05-31", Some(live(Some(false), Some(true)))), Basis::AlwaysValid);
        assert_eq!(of(None, "2024-05-31", Some(live(Some(false), Some(false)))), Basis::Fixed);
        assert_eq!(of(None, "2024-05-31", Some(live(None, Some(false)))), Basis::AlwaysValid);
    }
}
