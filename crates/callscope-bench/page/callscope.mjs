// The product's own charts, in the face that the others have.

import { Dashboard } from "callscope-module";
import { WIDTH } from "./work.mjs";

function place(frame) {
  const host = document.createElement("div");
  host.className = "callscope bench";
  host.style.width = `${WIDTH}px`;
  // As the style sheets of app and widget have it.
  host.style.font = "var(--c-font-size)/1.45 var(--c-font)";
  frame.append(host);
  return host;
}

const shown = (dashboard, target) => ({ redraw: () => dashboard.redraw(), target: () => target, free: () => dashboard.free() });

export function callscope(frame, of) {
  const host = place(frame);
  const dashboard = new Dashboard(host, of.bytes, of.from, of.to);
  return shown(dashboard, host.querySelectorAll(".plot canvas:first-of-type")[1]);
}

/** Days alone, of which there are many. */
export function callscopeDays(frame, of) {
  const host = place(frame);
  const dashboard = Dashboard.ofDays(host, of.first, of.calls, of.resolved);
  return shown(dashboard, host.querySelector(".plot canvas"));
}
