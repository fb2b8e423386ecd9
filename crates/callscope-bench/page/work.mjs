// What every library is given to draw, and where.

export const WIDTH = 800;
export const HEIGHT = 320;

export function place(frame) {
  const element = document.createElement("div");
  element.style.cssText = `width:${WIDTH}px;height:${HEIGHT}px`;
  frame.append(element);
  return element;
}

/** What all draw, from the bytes of an answer: hours and agents as bars, days as two lines. */
export function series({ bytes }) {
  const { dailyVolume, hourlyDistribution, agentPerformance } = JSON.parse(new TextDecoder().decode(bytes)).data;
  return {
    hours: hourlyDistribution.map((of) => of.hour), hourCalls: hourlyDistribution.map((of) => of.calls),
    days: dailyVolume.map((of) => of.date), dayCalls: dailyVolume.map((of) => of.totalCalls),
    dayResolved: dailyVolume.map((of) => of.resolvedCalls),
    agents: agentPerformance.map((of) => of.agentName), agentCalls: agentPerformance.map((of) => of.totalCalls),
  };
}
