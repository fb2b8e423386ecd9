/** The pure functions of Callscope, in browsers and in Node: JSON in, checked figures out. No network, no clock. */

import type { Basis, Comparison, Figure, Finding, Lint, UsageReport } from "./types.js";

export type * from "./types.js";

/** JSON as bytes, as text, or read already. */
export type Json = Uint8Array | ArrayBuffer | string | object;

/** What these functions throw is a real `Error` with one of these codes. */
export interface FunctionError extends Error {
  code: "bad-json" | "bad-shape" | "bad-value";
}

/** Days, `YYYY-MM-DD`, both inside; they belong together. */
export interface Days {
  from?: string;
  to?: string;
}

/** Reads and checks the answer of `GET /v1/metrics`. Days that are not named are those of the report. */
export function parseUsage(input: Json, options?: Days): { report: UsageReport; findings: Finding[] };

/** Reads and checks the answer of `compare-metrics`, whichever versions it is of. */
export function parseComparison(input: Json): { comparison: Comparison; findings: Finding[] };

/** What may be said of a comparison. `isOver` says that no more calls come in; else the answer itself is asked. */
export function compare(
  input: Json,
  options?: { isOver?: boolean },
): {
  /** Plain sentences. */
  verdict: string;
  /** On what they rest. */
  restsOn: string;
  basis: Basis;
  figures: Array<Figure & { label: string }>;
  findings: Finding[];
};

/**
 * The usage report of calls that come page by page. Without days, of all that come.
 *
 * A call that stands in a page and again in it or in the next one counts once: while pages are read, new calls push
 * others from one to the next. What is kept grows with agents and days, not with calls.
 */
export function aggregateCalls(
  chunks: Iterable<Json | Promise<Json>> | AsyncIterable<Json>,
  options?: Days & {
    timeZone?: string;
    /**
     * How many workers sum in the place of this thread, at most 16; none (0) without this. Worth it from some hundred
     * thousand calls on: two of them take two thirds of its time, and what is left to it is to write pages into buffers, a
     * few megabytes in a row. They wait half a minute for more. Where the page allows none, this thread does it all.
     */
    workers?: number;
  },
): Promise<{
  report: UsageReport;
  /** Calls that were counted. */
  calls: number;
  /** Rows without an id or a start, which were left out. */
  refused: number;
  findings: Finding[];
}>;

/** Everything that is wrong with a configuration of post-call metrics, each with its mend. */
export function lintMetrics(config: Json): Lint[];
