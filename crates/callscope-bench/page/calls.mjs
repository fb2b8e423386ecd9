// Times sums of calls: the product's own function for data teams beside a loop by hand, on one thread and on two.

import { aggregateCalls } from "./functions.js";
import { ByHand } from "./by-hand.mjs";
import { pages } from "./data.mjs";
import { listOf, startDuckdb } from "./duckdb.mjs";

const WORKERS = 2;
const STRETCH = 1 << 21;
/** Before each turn: threads that worked for another one clear up what that left, which must not be in this one's time. */
const REST_MS = 150;

/** What all must agree on: calls, those at nine in the morning, days, agents. */
function figuresOf({ calls, hours, days, agents }) {
  return String([calls, hours[9], days.size, agents.size]);
}

async function byCallscope(all, options) {
  const { calls, report } = await aggregateCalls(all, { timeZone: "UTC", ...options });
  return String([calls, report.hours[9].calls, report.days.filter((day) => day.calls).length, report.agents.length]);
}

function byHand(all) {
  const sums = new ByHand();
  for (const page of all) sums.add(page);
  return figuresOf(sums);
}

/** Runs each way in turn, in changing order; `given` makes what it takes, anew where that is used up. */
async function inTurn(ways, rounds, name, times, given, restMs = 0) {
  for (let round = 0; round <= rounds; round++) {
    const names = Object.keys(ways);
    if (round % 2) names.reverse();
    const figures = new Set();
    for (const way of names) {
      const pages = given(way);
      if (restMs) await new Promise((rested) => setTimeout(rested, restMs));
      const began = performance.now();
      figures.add(await ways[way](pages));
      if (round > 0) ((times[name] ??= {})[way] ??= []).push(performance.now() - began);
    }
    if (figures.size !== 1) throw new Error(`the sums differ: ${[...figures].join(" or ")}`);
  }
}

export async function calls(count, rounds, times) {
  const all = pages(count);
  const name = `${count.toLocaleString("en")} calls`;
  await inTurn({ callscope: (pages) => byCallscope(pages), "JSON.parse": byHand }, rounds, name, times, () => all);
}

/** The same on workers that stand ready. */
export async function callsOnWorkers(count, rounds, times) {
  const all = pages(count);
  const name = `${count.toLocaleString("en")} calls, two workers`;
  const workers = Array.from({ length: WORKERS }, () => new Worker("by-hand-worker.js", { type: "module" }));
  const ways = {
    callscope: (pages) => byCallscope(pages, { workers: WORKERS }),
    "JSON.parse": (pages) => byHandOn(workers, pages),
  };
  await inTurn(ways, rounds, name, times, () => all, REST_MS);
  for (const worker of workers) worker.terminate();
}

/** The same beside a database, which takes seconds for it. */
export async function callsInDatabase(count, rounds, times) {
  const all = pages(count);
  const database = await startDuckdb();
  const ways = {
    callscope: (pages) => byCallscope(pages, { workers: WORKERS }),
    DuckDB: (list) => database.sum(list),
  };
  const given = (way) => (way === "DuckDB" ? listOf(all) : all);
  await inTurn(ways, rounds, `${count.toLocaleString("en")} calls, in a database`, times, given, REST_MS);
  await database.end();
}

/** Pages go there in buffers that come back, as the product's own do: to hand over each page is no quicker. */
async function byHandOn(workers, all) {
  let at = 0;
  const sums = new ByHand();
  const serve = async (worker) => {
    const asked = [];
    const ask = (what, moved) => {
      worker.postMessage(what, moved);
      return new Promise((done) => asked.push(done));
    };
    worker.onmessage = ({ data }) => asked.shift()(data);
    const work = async () => {
      for (let room = new ArrayBuffer(STRETCH); at < all.length; ) {
        const [bytes, ends] = [new Uint8Array(room), []];
        for (let used = 0; at < all.length && used + all[at].length <= STRETCH; at++) {
          bytes.set(all[at], used);
          ends.push((used += all[at].length));
        }
        ({ room } = await ask({ room, ends }, [room]));
      }
    };
    // Two buffers for each, so that one is filled while the other is read.
    await Promise.all([work(), work()]);
    sums.merge((await ask({}, [])).sums);
  };
  await Promise.all(workers.map(serve));
  return figuresOf(sums);
}
