//! Agents: a stacked bar each, by outcome, as long as it has calls.

use std::sync::Arc;

use callscope_core::calls::Outcome;
use callscope_core::export::{Cell, Column};
use callscope_core::format;
use callscope_core::usage::AgentUsage;

use super::{LEFT_MIDDLE, RIGHT_MIDDLE, nothing, text};
use crate::Theme;
use crate::lazy::{LazyTable, Made};
use crate::scene::{Legend, Mark, Point, Rect, Scene, Size, Target, TargetId};
use crate::text::{Font, MeasureText, fitted};

const NAME: &str = "Agents";
/// Name and count above, bar below.
const ROW_CSS_PX: f64 = 36.0;

/// Lays the chart out: as many agents as the height has room for, in the order given, and a line
/// that says how many more there are.
pub fn agents(agents: &Arc<[AgentUsage]>, size: Size, theme: &Theme, measure: &dyn MeasureText) -> Scene {
    let table = agents_table(agents);
    if agents.is_empty() {
        return nothing(NAME, "No agents.", size, theme, table);
    }
    let rows = ((size.height_css_px / ROW_CSS_PX) as usize).clamp(1, agents.len());
    // The last line is needed for "and more".
    let rows = if rows < agents.len() { rows.saturating_sub(1).max(1) } else { rows };
    let plot = Rect { left: 0.0, top: 0.0, width: size.width_css_px, height: size.height_css_px };
    let largest = agents.iter().take(rows).filter_map(|agent| agent.calls).max().unwrap_or(0) as f64;
    let mut marks = Vec::new();
    let mut targets = Vec::new();
    for (i, agent) in agents.iter().take(rows).enumerate() {
        let region = Rect { top: i as f64 * ROW_CSS_PX, height: ROW_CSS_PX, ..plot };
        row(agent, region, largest, theme, measure, &mut marks);
        let anchor = Point { x: length(agent, largest, plot.width), y: region.top + 25.0 };
        targets.push(Target { id: TargetId::Agent(agent.id.clone()), region, anchor });
    }
    if rows < agents.len() {
        let more = format!("and {} more in the table", format::count((agents.len() - rows) as u64));
        let at = Point { x: 0.0, y: rows as f64 * ROW_CSS_PX + 12.0 };
        marks.push(text(more, at, LEFT_MIDDLE, Font::LABEL, theme.third));
    }
    let legend = Outcome::ALL
        .into_iter()
        .map(|outcome| Legend { label: outcome.label().to_owned(), color: theme.outcome(outcome), dashed: false })
        .collect();
    let summary = format!("{} agents; {}.", format::count(agents.len() as u64), busiest(agents));
    let targets = targets.into();
    Scene { size, name: NAME.to_owned(), summary, marks, targets, series: Vec::new(), legend, table, plot }
}

fn busiest(agents: &[AgentUsage]) -> String {
    match agents.iter().filter_map(|agent| Some((agent.calls?, &agent.name))).max_by_key(|(calls, _)| *calls) {
        Some((calls, name)) if calls > 0 => format!("most calls: {name} with {}", format::count(calls)),
        _ => "none had a call".to_owned(),
    }
}

/// How long an agent's bar is.
fn length(agent: &AgentUsage, largest: f64, most: f64) -> f64 {
    agent.calls.filter(|calls| *calls > 0).map_or(0.0, |calls| calls as f64 / largest * most)
}

fn row(
    agent: &AgentUsage,
    region: Rect,
    largest: f64,
    theme: &Theme,
    measure: &dyn MeasureText,
    marks: &mut Vec<Mark>,
) {
    let count = Cell::count(agent.calls).display();
    let count_width = measure.width_css_px(&count, Font::LABEL);
    let y = region.top + 10.0;
    let name = fitted(&agent.name, region.width - count_width - 12.0, Font::LABEL, measure);
    marks.push(text(name, Point { x: 0.0, y }, LEFT_MIDDLE, Font::LABEL, theme.ink));
    marks.push(text(count, Point { x: region.right(), y }, RIGHT_MIDDLE, Font::LABEL, theme.second));
    let Some(calls) = agent.calls.filter(|calls| *calls > 0) else { return };
    let length = length(agent, largest, region.width);
    // Where an outcome is unknown its calls are left blank, so that the others keep their length.
    let known: f64 = Outcome::ALL.into_iter().filter_map(|outcome| agent.outcomes.of(outcome)).map(|n| n as f64).sum();
    let sum = known.max(calls as f64);
    let mut left = 0.0;
    for outcome in Outcome::ALL {
        let width = agent.outcomes.of(outcome).unwrap_or(0) as f64 / sum * length;
        if width > 0.0 {
            let bar = Rect { left, top: region.top + 20.0, width: (width - 1.0).max(0.5), height: 10.0 };
            marks.push(Mark::Rect(bar, theme.outcome(outcome)));
        }
        left += width;
    }
}

/// Every figure of every agent, in the order given.
pub fn agents_table(agents: &Arc<[AgentUsage]>) -> LazyTable {
    let mut columns = vec![Column::text("Agent"), Column::text("Status"), Column::figure("Calls")];
    for label in Outcome::ALL.map(Outcome::label) {
        columns.push(Column::figure(label));
        columns.push(Column::figure(format!("{label} (%)")));
    }
    columns.extend([Column::figure("Average duration (s)"), Column::figure("Positive sentiment (%)")]);
    let kept = Arc::clone(agents);
    let row = move |at: usize| {
        let agent = kept.get(at)?;
        let mut cells =
            vec![Cell::Text(agent.name.clone()), Cell::Text(agent.status.label().to_owned()), Cell::count(agent.calls)];
        for outcome in Outcome::ALL {
            cells.push(Cell::count(agent.outcomes.of(outcome)));
            cells.push(Cell::measure(agent.share(outcome).map(|share| share * 100.0), 1));
        }
        cells.push(Cell::measure(agent.average_duration_secs, 1));
        cells.push(Cell::measure(agent.positive_sentiment.map(|share| share * 100.0), 1));
        Some(cells)
    };
    LazyTable::new(NAME, columns, Made::new(agents.len(), row))
}
