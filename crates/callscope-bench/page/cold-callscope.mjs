import init from "callscope-module";
import { callscope } from "./callscope.mjs";
import { report } from "./data.mjs";
import { flush, settle } from "./timing.mjs";

export async function draw(frame) {
  // Compiled anew each time, as for somebody who comes for the first time.
  await init({ module_or_path: new URL(`callscope-bench_bg.wasm${new URL(import.meta.url).search}`, import.meta.url) });
  const of = report(365, 50);
  callscope(frame, of);
  await settle();
  flush(frame);
}
