// Times the product's charts beside the others: one page, rotated order, every draw ended by reading a pixel.

import init from "callscope-module";
import { callscope, callscopeDays } from "./callscope.mjs";
import { chartjs } from "./chartjs.mjs";
import { longDays, report } from "./data.mjs";
import { echarts6 } from "./echarts.mjs";
import { flush, settle } from "./timing.mjs";
import { uplot, uplotDays } from "./uplot.mjs";
import { HEIGHT } from "./work.mjs";

const ROUNDS = 30;
const MOVES = 20;

const LIBRARIES = { callscope, uplot, chartjs, echarts: echarts6 };

async function timed(frame, act) {
  const began = performance.now();
  const made = act();
  await settle();
  flush(frame);
  return [performance.now() - began, made];
}

/** Something that is made, drawn anew, and pointed at, by every library in turn. */
async function drawn(name, libraries, rounds, times) {
  const names = Object.keys(libraries);
  for (let round = 0; round < rounds; round++) {
    for (let turn = 0; turn < names.length; turn++) {
      const library = names[(round + turn) % names.length];
      const frame = document.createElement("main");
      document.body.append(frame);
      const [create, made] = await timed(frame, () => libraries[library](frame));
      await new Promise((done) => requestAnimationFrame(done));
      // The first time after it was made says more about that than about drawing anew.
      await timed(frame, made.redraw);
      const [redraw] = await timed(frame, made.redraw);
      const hover = await pointed(frame, made.target(), round);
      made.free();
      frame.remove();
      if (round === 0) continue;
      for (const [what, time] of [["create", create], ["redraw", redraw], ["hover", hover]]) {
        ((times[`${name}, ${what}`] ??= {})[library] ??= []).push(time);
      }
    }
  }
}

const dashboard = (name, of, rounds, times) =>
  drawn(name, Object.fromEntries(Object.entries(LIBRARIES).map(([library, draw]) => [library, (frame) => draw(frame, of)])), rounds, times);

/** Two lines of so many points; beside the library alone that is made for it. */
const lines = (name, of, rounds, times) =>
  drawn(name, { callscope: (frame) => callscopeDays(frame, of), uplot: (frame) => uplotDays(frame, of) }, rounds, times);

/** Processor time of a move of the pointer over the chart of days: what it has the page style and lay out, too. */
async function pointed(frame, target, round) {
  const box = target.getBoundingClientRect();
  const move = (at) => {
    const clientX = box.left + 60 + (((at + 2) * 31 + round * 7) % (box.width - 120));
    const options = { clientX, clientY: box.top + box.height / 2, movementX: 31, bubbles: true, composed: true, view: window };
    target.dispatchEvent(new PointerEvent("pointermove", options));
    target.dispatchEvent(new MouseEvent("mousemove", options));
  };
  // Some only follow a pointer that came in.
  for (const name of ["pointerenter", "mouseenter", "pointerover", "mouseover"]) target.dispatchEvent(new MouseEvent(name, { view: window }));
  // What is made and laid out when a pointer comes in is no part of a move.
  for (let at = -2; at <= 0; at++) {
    await withFrames(() => move(at), settle);
    frame.getBoundingClientRect();
  }
  const began = performance.now();
  for (let at = 1; at <= MOVES; at++) {
    await withFrames(() => move(at), settle);
    frame.getBoundingClientRect();
  }
  flush(frame);
  return (performance.now() - began) / MOVES;
}

/** A page of its own for each library and round: code loaded, started, and the first dashboard drawn. */
async function cold(rounds, times) {
  const names = Object.keys(LIBRARIES);
  for (let round = 0; round <= rounds; round++) {
    for (let turn = 0; turn < names.length; turn++) {
      const library = names[(round + turn) % names.length];
      const frame = document.createElement("iframe");
      Object.assign(frame, { width: 900, height: 1100, src: `cold.html?${library}-${round}` });
      const told = new Promise((done) => addEventListener("message", ({ data }) => done(data), { once: true }));
      document.body.append(frame);
      const time = await told;
      frame.remove();
      if (typeof time !== "number") throw new Error(`${library}: ${time}`);
      if (round > 0) ((times["dashboard, cold"] ??= {})[library] ??= []).push(time);
    }
  }
}

/** What is timed, by what is printed before the comma. */
export const drawing = [
  ["dashboard, cold", (times) => cold(12, times)],
  ["dashboard", (times, name) => dashboard(name, report(365, 50), ROUNDS + 1, times)],
  ["3,650 days and 5,000 agents", (times, name) => dashboard(name, report(3650, 5000), 11, times)],
  ["two series × 100,000 points", (times, name) => lines(name, longDays(100000), ROUNDS + 1, times)],
  ["two series × 1,000,000 points", (times, name) => lines(name, longDays(1000000), 11, times)],
];

/** Runs what is asked for in the page's address, and tells the times. */
export async function tell(works) {
  const told = await timesOf(works).catch((error) => ({ failed: String(error.stack ?? error) }));
  await fetch("/told", { method: "POST", body: JSON.stringify(told) });
}

async function timesOf(works) {
  await init();
  const times = {};
  const only = new URLSearchParams(location.search).get("only") ?? "";
  for (const [name, time] of works) {
    if (name.includes(only)) await time(times, name);
  }
  return { density: devicePixelRatio, agent: navigator.userAgent, height: HEIGHT, times };
}
