//! The figures of two versions as people read them, and as a table.

use super::figures::{Basis, Claim, Figure, FigureKind, Unit};
use crate::export::{Cell, Column, Table};
use crate::format;

/// One figure in words: what stands in each column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FigureWords {
    /// Of the version that is compared with.
    pub a: String,
    /// Of the version that is compared.
    pub b: String,
    /// B minus A: a rate's in percentage points, any other's absolute.
    pub difference: String,
    /// B minus A in percent of A; empty for rates.
    pub relative: String,
    /// The 95 % interval of the difference.
    pub interval: String,
    /// The chance that B's rate is the higher one; empty for what is no rate.
    pub chance: String,
    /// What may be said, in a few words.
    pub claim: &'static str,
}

impl Figure {
    /// The figure in words.
    pub fn words(&self) -> FigureWords {
        let written = |value: Option<f64>, write: fn(&FigureKind, f64) -> String| {
            value.map_or_else(|| format::UNKNOWN.to_owned(), |value| write(&self.kind, value))
        };
        FigureWords {
            a: written(self.a, FigureKind::written),
            b: written(self.b, FigureKind::written),
            difference: written(self.difference, FigureKind::written_change),
            relative: self.relative.map(format::change).unwrap_or_default(),
            interval: self.interval_words(),
            chance: self.chance_b_higher.map(chance).unwrap_or_default(),
            claim: self.claim_words(),
        }
    }

    fn interval_words(&self) -> String {
        match (self.interval, self.claim) {
            (Some(interval), _) if self.kind.unit() == Unit::Rate => format::points_range(interval.low, interval.high),
            (Some(interval), _) => {
                let [low, high] = [interval.low, interval.high].map(|end| self.kind.written_change(end));
                format!("{low} to {high}, one look")
            }
            (None, Claim::NeedsCalls) => "unknown".to_owned(),
            (None, _) => String::new(),
        }
    }

    fn claim_words(&self) -> &'static str {
        match (self.claim, self.is_clearly_better()) {
            (_, Some(true)) => "clearly better",
            (_, Some(false)) => "clearly worse",
            (Claim::Higher, None) => "clearly higher",
            (Claim::Lower, None) => "clearly lower",
            (Claim::NoClearDifference, None) if self.is_clear_at_one_look => "not settled yet",
            (Claim::NoClearDifference, None) => "no clear difference",
            (Claim::TooFewCalls, None) => "too few calls",
            (Claim::NeedsCalls, None) => "no interval from averages",
            (Claim::Volume, None) => "how much, not how well",
            (Claim::Unknown, None) => "unknown",
        }
    }
}

/// A probability as percent. It never reads as certain: no finite number of calls makes it so.
fn chance(probability: f64) -> String {
    match probability {
        _ if probability > 0.999 => "> 99.9\u{202f}%".to_owned(),
        _ if probability < 0.001 => "< 0.1\u{202f}%".to_owned(),
        _ => format::percent(probability),
    }
}

impl FigureKind {
    fn written(&self, value: f64) -> String {
        match self.unit() {
            Unit::Rate => format::percent(value),
            Unit::Seconds => format::seconds(value),
            Unit::Count | Unit::Credits => format::number(value, self.decimals()),
        }
    }

    fn written_change(&self, value: f64) -> String {
        match self.unit() {
            Unit::Rate => format::points(value),
            Unit::Seconds => format::with_unit(format::signed(value, self.decimals()), "s"),
            Unit::Count | Unit::Credits => format::signed(value, self.decimals()),
        }
    }

    /// As many as a person compares: a sum of credits has two, a call costs a fraction of one.
    fn decimals(&self) -> usize {
        match (self, self.unit()) {
            (Self::Cost, _) => 2,
            (_, Unit::Credits) => 4,
            (_, Unit::Count) => 0,
            _ => 1,
        }
    }
}

/// The headings of the figures as people read them, one for each of [`Figure::words`] and its name:
/// intervals are for as many looks as the basis says, the chance is always for one.
pub fn headings(basis: Basis) -> [&'static str; 7] {
    let [interval, chance] = match basis {
        Basis::Fixed => ["95 % interval", "Chance B is higher"],
        Basis::AlwaysValid => ["95 % interval, for many looks", "Chance B is higher, at one look"],
    };
    ["Figure", "A", "B", "B minus A", interval, chance, "Verdict"]
}

/// All figures as a table for files: values whole, in the units that stand beside them.
pub fn table(figures: &[Figure], basis: Basis) -> Table {
    let [figure, a, b, difference, interval, chance, verdict] = headings(basis);
    let columns = vec![
        Column::text(figure),
        Column::text("Unit"),
        Column::figure(a),
        Column::figure(b),
        Column::figure(difference),
        Column::figure(format!("{interval}: from")),
        Column::figure("to"),
        Column::figure(chance),
        Column::text(verdict),
    ];
    Table { caption: String::new(), columns, rows: figures.iter().map(row).collect() }
}

fn row(figure: &Figure) -> Vec<Cell> {
    let unit = figure.kind.unit();
    let name = match unit {
        Unit::Rate => "fraction",
        Unit::Count => "calls",
        Unit::Seconds => "seconds",
        Unit::Credits => "credits",
    };
    let decimals = if unit == Unit::Rate { 4 } else { figure.kind.decimals() };
    let measure = |value| Cell::measure(value, decimals);
    vec![
        Cell::Text(figure.kind.label()),
        Cell::Text(name.to_owned()),
        measure(figure.a),
        measure(figure.b),
        measure(figure.difference),
        measure(figure.interval.map(|interval| interval.low)),
        measure(figure.interval.map(|interval| interval.high)),
        Cell::measure(figure.chance_b_higher, 4),
        Cell::Text(figure.claim_words().to_owned()),
    ]
}

#[cfg(test)]
mod tests {
    use super::super::figures;
    use super::super::model::{Comparison, VersionFigures};
    use super::*;

    /// Figures of two versions of some calls.
    fn example() -> Vec<Figure> {
        let side = |calls, answered, secs, cost| VersionFigures {
            calls: Some(calls),
            answered: Some(answered),
            average_duration_secs: Some(secs),
            cost_credits: Some(cost),
            ..VersionFigures::default()
        };
        let comparison =
            Comparison { a: side(1284, 1102, 32.0, 41.2), b: side(1310, 1141, 28.0, 38.9), ..Comparison::default() };
        figures(&comparison, Basis::Fixed)
    }

    #[test]
    fn figures_are_written_with_their_units() {
        let figures = example();
        let words = figures[0].words();
        assert_eq!((words.a.as_str(), words.b.as_str()), ("85.8\u{202f}%", "87.1\u{202f}%"));
        assert_eq!(words.difference, "+1.3\u{202f}pp");
        assert_eq!((words.claim, words.relative.as_str()), ("no clear difference", ""));
        let duration = figures.iter().find(|figure| figure.kind.unit() == Unit::Seconds).unwrap().words();
        assert_eq!((duration.difference.as_str(), duration.relative.as_str()), ("−4.0\u{202f}s", "−12.5\u{202f}%"));
        assert_eq!((duration.interval.as_str(), duration.chance.as_str()), ("unknown", ""));
    }

    #[test]
    fn no_chance_reads_as_certain() {
        assert_eq!(chance(1.0), "> 99.9\u{202f}%");
        assert_eq!(chance(0.0), "< 0.1\u{202f}%");
        assert_eq!(chance(0.853), "85.3\u{202f}%");
    }

    #[test]
    fn every_row_of_the_table_has_every_column() {
        let table = table(&example(), Basis::Fixed);
        assert!(table.rows.iter().all(|row| row.len() == table.columns.len()) && table.rows.len() > 6);
    }
}
