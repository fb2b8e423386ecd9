import uPlot from "uplot";
import { HEIGHT, WIDTH, place, series } from "./work.mjs";

const line = (label, stroke) => ({ label, stroke, width: 2, points: { show: false } });

function ofDays(frame, seconds, calls, resolved) {
  const series = [{}, line("Total", "#2456c4"), line("Resolved", "#1b7f6b")];
  return new uPlot({ width: WIDTH, height: HEIGHT - 30, axes: [{}, {}], series }, [seconds, calls, resolved], place(frame));
}

const shown = (charts, days) => ({
  redraw: () => charts.forEach((chart) => chart.redraw(true, true)),
  target: () => days.over,
  free: () => charts.forEach((chart) => chart.destroy()),
});

/** Days alone, of which there are many. */
export function uplotDays(frame, of) {
  const days = ofDays(frame, of.seconds, of.calls, of.resolved);
  return shown([days], days);
}

export function uplot(frame, report) {
  const of = series(report);
  const at = (list) => list.map((_, i) => i);
  const options = (labels, lines) => ({
    width: WIDTH, height: HEIGHT - 30, scales: { x: { time: false } }, axes: [{ values: (_, ticks) => ticks.map((i) => labels[i] ?? "") }, {}], series: [{}, ...lines],
  });
  const bars = (name) => ({ label: name, fill: "#2456c4", paths: uPlot.paths.bars({ size: [0.8] }) });
  const seconds = of.days.map((date) => Date.parse(date) / 1000);
  const charts = [
    new uPlot(options(of.hours, [bars("Calls")]), [at(of.hours), of.hourCalls], place(frame)),
    ofDays(frame, seconds, of.dayCalls, of.dayResolved),
    new uPlot(options(of.agents, [bars("Calls")]), [at(of.agents), of.agentCalls], place(frame)),
  ];
  return shown(charts, charts[1]);
}
