// A worker that sums pages of calls: see `crew.js`.

import init, * as core from "callscope-functions-module";

let sum;
let ready;

async function answer({ asked, pages, before, finish }) {
  if (asked) {
    await ready;
    sum?.free();
    sum = new core.CallSum(asked.timeZone, asked.from, asked.to);
  }
  if (before !== undefined) sum.pass(before);
  for (const page of pages ?? []) sum.add(page);
  return finish ? { sums: sum.sums() } : {};
}

// One after the other: the first one is not done at once.
let last = Promise.resolve();
onmessage = ({ data }) => {
  if (data.module) {
    ready = init({ module_or_path: data.module });
    return;
  }
  last = last.then(async () => {
    postMessage(await answer(data).catch(({ message, code }) => ({ failed: { message, code } })));
  });
};
