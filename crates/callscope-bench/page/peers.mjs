// The libraries that a user would otherwise take, each with the same three charts. All animation is off.

import uPlot from "uplot";
import { BarController, BarElement, CategoryScale, Chart, Legend, LinearScale, LineController, LineElement, PointElement, Tooltip } from "chart.js";
import { BarChart, LineChart } from "echarts/charts";
import { GridComponent, LegendComponent, TooltipComponent } from "echarts/components";
import * as echarts from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";

export const WIDTH = 800;
export const HEIGHT = 320;

function place(frame) {
  const element = document.createElement("div");
  element.style.cssText = `width:${WIDTH}px;height:${HEIGHT}px`;
  frame.append(element);
  return element;
}

/** What all draw: hours and agents as bars, days as two lines. */
function series({ data: { dailyVolume, hourlyDistribution, agentPerformance } }) {
  return {
    hours: hourlyDistribution.map((of) => of.hour), hourCalls: hourlyDistribution.map((of) => of.calls),
    days: dailyVolume.map((of) => of.date), dayCalls: dailyVolume.map((of) => of.totalCalls),
    dayResolved: dailyVolume.map((of) => of.resolvedCalls),
    agents: agentPerformance.map((of) => of.agentName), agentCalls: agentPerformance.map((of) => of.totalCalls),
  };
}

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

Chart.register(BarController, BarElement, CategoryScale, Legend, LinearScale, LineController, LineElement, PointElement, Tooltip);

export function chartjs(frame, answer) {
  const of = series(answer);
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

echarts.use([BarChart, LineChart, GridComponent, LegendComponent, TooltipComponent, CanvasRenderer]);

export function echarts6(frame, answer) {
  const of = series(answer);
  const make = (labels, series) => {
    const chart = echarts.init(place(frame));
    const option = { animation: false, tooltip: { trigger: "axis" }, legend: {}, xAxis: { type: "category", data: labels }, yAxis: {}, series };
    chart.setOption(option);
    chart.getZr().flush();
    return [chart, option];
  };
  const line = (name, data) => ({ name, type: "line", data, showSymbol: false });
  const bar = (data) => [{ name: "Calls", type: "bar", data }];
  const charts = [
    make(of.hours, bar(of.hourCalls)), make(of.days, [line("Total", of.dayCalls), line("Resolved", of.dayResolved)]), make(of.agents, bar(of.agentCalls)),
  ];
  return {
    redraw: () => charts.forEach(([chart, option]) => { chart.setOption(option, true); chart.getZr().flush(); }),
    target: () => charts[1][0].getDom().querySelector("canvas"),
    free: () => charts.forEach(([chart]) => chart.dispose()),
  };
}
