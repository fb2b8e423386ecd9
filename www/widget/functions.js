// The pure functions of the module, for data teams: reports, comparisons and calls in, checked figures out.

import init, * as core from "callscope-functions-module";
import { asBytes } from "./bytes.js";
import { startCrew } from "./crew.js";

// A module of nothing but a function with an instruction for sixteen bytes: where it is no module, the one that does
// without is taken.
const hasWide = WebAssembly.validate(
  new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 8, 1, 6, 0, 65, 0, 253, 15, 11]),
);
const [wide, plain] = [new URL("CALLSCOPE_WIDE_WASM", import.meta.url), new URL("CALLSCOPE_PLAIN_WASM", import.meta.url)];
const module = await compiled(hasWide ? wide : plain);
await init({ module_or_path: module });

async function compiled(place) {
  if (place.protocol === "file:") {
    // Outside of browsers a file is read, by a module whose name no bundler follows.
    const files = "node:fs/promises";
    return WebAssembly.compile(await (await import(/* @vite-ignore */ files)).readFile(place));
  }
  const answer = await fetch(place);
  if (!answer.ok) throw new Error(`${place} is not there (${answer.status}).`);
  // Some servers give it by another type than that of a module.
  const whole = answer.clone();
  return WebAssembly.compileStreaming(answer).catch(async () => WebAssembly.compile(await whole.arrayBuffer()));
}

export const parseUsage = (input, { from, to } = {}) => core.parseUsage(asBytes(input), from, to);
export const parseComparison = (input) => core.parseComparison(asBytes(input));
export const compare = (input, { isOver = false } = {}) => core.compare(asBytes(input), isOver);
export const lintMetrics = (input) => core.lintMetrics(asBytes(input));

/** The usage report of calls that come page by page: an array, or anything that gives them one by one. */
export async function aggregateCalls(chunks, { timeZone = "UTC", from, to, workers = 0 } = {}) {
  const sum = new core.CallSum(timeZone, from, to);
  const crew = await startCrew(workers, module, { timeZone, from, to });
  try {
    // Nothing is waited for where nothing has to be: there may be ten thousand pages.
    if (crew) for await (const chunk of chunks) await crew.take(chunk);
    else if (!(Symbol.iterator in chunks)) for await (const chunk of chunks) sum.add(asBytes(chunk));
    else for (const chunk of chunks) sum.add(asBytes(typeof chunk?.then === "function" ? await chunk : chunk));
    for (const sums of (await crew?.finish()) ?? []) sum.merge(sums);
    return sum.finish();
  } catch (error) {
    // What was wrong with an earlier page is told first, as on one thread.
    throw (await crew?.fault()) ?? error;
  } finally {
    crew?.end();
    sum.free();
  }
}
