import { BarChart, LineChart } from "echarts/charts";
import { GridComponent, LegendComponent, TooltipComponent } from "echarts/components";
import * as echarts from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";
import { place, series } from "./work.mjs";

echarts.use([BarChart, LineChart, GridComponent, LegendComponent, TooltipComponent, CanvasRenderer]);

export function echarts6(frame, report) {
  const of = series(report);
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
