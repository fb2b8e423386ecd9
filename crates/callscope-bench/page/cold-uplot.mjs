import { uplot } from "./uplot.mjs";
import { report } from "./data.mjs";
import { flush, settle } from "./timing.mjs";

export async function draw(frame) {
  const of = report(365, 50);
  uplot(frame, of);
  await settle();
  flush(frame);
}
