// Times one library in a page that has never seen it.

const [library, round] = location.search.slice(1).split("-");
const began = performance.now();
if (library === "callscope") {
  // As the app's own page has it: the module comes beside the script.
  const module = { rel: "preload", as: "fetch", type: "application/wasm", crossOrigin: "anonymous", href: `callscope-bench_bg.wasm?${round}` };
  document.head.append(Object.assign(document.createElement("link"), module));
}
import(`./cold-${library}.js?${round}`)
  .then(({ draw }) => draw(document.body))
  .then(() => parent.postMessage(performance.now() - began), (error) => parent.postMessage(String(error)));
