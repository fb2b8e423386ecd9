// The pure functions of the module, for data teams: reports, comparisons and calls in, checked figures out.

import init, * as core from "callscope-functions-module";

const place = new URL("CALLSCOPE_FUNCTIONS_WASM", import.meta.url);
// Outside of browsers a file is read, by a module whose name no bundler follows.
const files = "node:fs/promises";
await init({
  module_or_path: place.protocol === "file:" ? (await import(/* @vite-ignore */ files)).readFile(place) : place,
});

export const parseUsage = (input, { from, to } = {}) => core.parseUsage(input, from, to);
export const parseComparison = (input) => core.parseComparison(input);
export const compare = (input, { isOver = false } = {}) => core.compare(input, isOver);
export const lintMetrics = (input) => core.lintMetrics(input);

/** The usage report of calls that come page by page: an array, or anything that gives them one by one. */
export async function aggregateCalls(chunks, { timeZone = "UTC", from, to } = {}) {
  const sum = new core.CallSum(timeZone, from, to);
  try {
    for await (const chunk of chunks) sum.add(chunk);
    return sum.finish();
  } finally {
    sum.free();
  }
}
