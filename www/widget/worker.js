// A worker that sums pages of calls: see `crew.js`.

import init, * as core from "callscope-functions-module";

let sum;
let ready;

async function answer({ asked, stretch, finish }) {
  if (asked) {
    await ready;
    sum?.free();
    sum = new core.CallSum(asked.timeZone, asked.from, asked.to);
  }
  if (stretch) takeIn(stretch);
  return finish ? { sums: sum.sums() } : { room: stretch?.room };
}

/** Sums the pages of a stretch; the one before it is known from elsewhere. */
function takeIn({ room, ends, hasBefore }) {
  const bytes = new Uint8Array(room);
  let from = 0;
  for (const [at, to] of ends.entries()) {
    const page = bytes.subarray(from, to);
    if (hasBefore && at === 0) sum.pass(page);
    else sum.add(page);
    from = to;
  }
}

// One after the other: the first one is not done at once.
let last = Promise.resolve();
onmessage = ({ data }) => {
  if (data.module) {
    ready = init({ module_or_path: data.module });
    return;
  }
  last = last.then(async () => {
    const told = await answer(data).catch(({ message, code }) => ({ failed: { message, code } }));
    // What was handed over goes back, to be filled again.
    postMessage(told, told.room ? [told.room] : []);
  });
};
