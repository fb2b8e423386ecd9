// The product's own charts, in the face that the others have.

import { Dashboard } from "callscope-module";
import { WIDTH } from "./work.mjs";

export function callscope(frame, _, of) {
  const host = document.createElement("div");
  host.className = "callscope bench";
  host.style.width = `${WIDTH}px`;
  frame.append(host);
  const dashboard = new Dashboard(host, of.bytes, of.from, of.to);
  return {
    redraw: () => dashboard.redraw(),
    target: () => host.querySelectorAll(".plot canvas:first-of-type")[1],
    free: () => dashboard.free(),
  };
}
