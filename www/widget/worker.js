// A worker that sums pages of calls: see `crew.js`.

import init, * as core from "callscope-functions-module";

let sum;

async function answer({ module, timeZone, from, to, pages, before, finish }) {
  if (module) {
    await init({ module_or_path: module });
    sum = new core.CallSum(timeZone, from, to);
  }
  if (before !== undefined) sum.pass(before);
  for (const page of pages ?? []) sum.add(page);
  return finish ? { sums: sum.sums() } : {};
}

// One after the other: the first one is not done at once.
let last = Promise.resolve();
onmessage = ({ data }) => {
  last = last.then(async () => {
    postMessage(await answer(data).catch(({ message, code }) => ({ failed: { message, code } })));
  });
};
