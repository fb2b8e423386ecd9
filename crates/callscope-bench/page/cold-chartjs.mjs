import { chartjs } from "./chartjs.mjs";
import { report } from "./data.mjs";
import { flush, settle } from "./timing.mjs";

export async function draw(frame) {
  const of = report(365, 50);
  chartjs(frame, of);
  await settle();
  flush(frame);
}
