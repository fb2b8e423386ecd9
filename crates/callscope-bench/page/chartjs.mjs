import { BarController, BarElement, CategoryScale, Chart, Legend, LinearScale, LineController, LineElement, PointElement, Tooltip } from "chart.js";
import { place, series } from "./work.mjs";

Chart.register(BarController, BarElement, CategoryScale, Legend, LinearScale, LineController, LineElement, PointElement, Tooltip);

export function chartjs(frame, report) {
  const of = series(report);
  const make = (type, labels, datasets) => {
    const canvas = document.createElement("canvas");
    place(frame).append(canvas);
    const options = { animation: false, responsive: true, maintainAspectRatio: false, interaction: { mode: "index", intersect: false } };
    return new Chart(canvas, { type, data: { labels, datasets }, options });
  };
  const line = (label, data, borderColor) => ({ label, data, borderColor, borderWidth: 2, pointRadius: 0 });
  const bar = (data) => [{ label: "Calls", data, backgroundColor: "#2456c4" }];
  const charts = [
    make("bar", of.hours, bar(of.hourCalls)),
    make("line", of.days, [line("Total", of.dayCalls, "#2456c4"), line("Resolved", of.dayResolved, "#1b7f6b")]),
    make("bar", of.agents, bar(of.agentCalls)),
  ];
  return {
    redraw: () => charts.forEach((chart) => chart.update("none")),
    target: () => charts[1].canvas,
    free: () => charts.forEach((chart) => chart.destroy()),
  };
}
