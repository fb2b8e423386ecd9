// Times all: charts, and sums, which are the same at every density.

import { calls, callsInDatabase, callsOnWorkers } from "./calls.mjs";
import { drawing, tell } from "./drawing.mjs";

const sums = [
  ["10,000 calls", (times) => calls(10000, 30, times)],
  ["1,000,000 calls", (times) => calls(1000000, 30, times)],
  ["1,000,000 calls, two workers", (times) => callsOnWorkers(1000000, 10, times)],
  ["1,000,000 calls, in a database", (times) => callsInDatabase(1000000, 3, times)],
];

await tell(devicePixelRatio === 1 ? [...drawing, ...sums] : drawing);
