import init from "callscope-module";
import { callscope } from "./callscope.mjs";
import { report } from "./data.mjs";
import { flush, settle } from "./timing.mjs";

export async function draw(frame) {
  await init();
  const of = report(365, 50);
  callscope(frame, of.answer, of);
  await settle();
  flush(frame);
}
