import { echarts6 } from "./echarts.mjs";
import { report } from "./data.mjs";
import { flush, settle } from "./timing.mjs";

export async function draw(frame) {
  const of = report(365, 50);
  echarts6(frame, of);
  await settle();
  flush(frame);
}
