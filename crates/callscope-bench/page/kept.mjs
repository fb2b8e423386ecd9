// Times what every run of the tests holds: charts without their first drawing, and sums of fewer calls.

import { calls, callsOnWorkers } from "./calls.mjs";
import { drawing, tell } from "./drawing.mjs";

const charts = drawing.filter(([name]) => !name.endsWith("cold"));
const sums = [
  ["100,000 calls", (times) => calls(100000, 10, times)],
  ["100,000 calls, two workers", (times) => callsOnWorkers(100000, 10, times)],
];

await tell(devicePixelRatio === 1 ? [...charts, ...sums] : charts);
