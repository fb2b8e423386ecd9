import uPlot from "uplot";
import { HEIGHT, WIDTH, place, series } from "./work.mjs";

export function uplot(frame, answer) {
  const of = series(answer);
  const at = (list) => list.map((_, i) => i);
  const options = (labels, lines) => ({
    width: WIDTH, height: HEIGHT - 30, scales: { x: { time: false } }, axes: [{ values: (_, ticks) => ticks.map((i) => labels[i] ?? "") }, {}], series: [{}, ...lines],
  });
  const bars = (name) => ({ label: name, fill: "#2456c4", paths: uPlot.paths.bars({ size: [0.8] }) });
  const line = (label, stroke) => ({ label, stroke, width: 2, points: { show: false } });
  const days = of.days.map((date) => Date.parse(date) / 1000);
  const charts = [
    new uPlot(options(of.hours, [bars("Calls")]), [at(of.hours), of.hourCalls], place(frame)),
    new uPlot({ ...options([], [line("Total", "#2456c4"), line("Resolved", "#1b7f6b")]), scales: {}, axes: [{}, {}] }, [days, of.dayCalls, of.dayResolved], place(frame)),
    new uPlot(options(of.agents, [bars("Calls")]), [at(of.agents), of.agentCalls], place(frame)),
  ];
  return {
    redraw: () => charts.forEach((chart) => chart.redraw(true, true)),
    target: () => charts[1].over,
    free: () => charts.forEach((chart) => chart.destroy()),
  };
}
