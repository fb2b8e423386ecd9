// Times one library in a page that has never seen it.

const [library, round] = location.search.slice(1).split("-");
const began = performance.now();
import(`./cold-${library}.js?${round}`)
  .then(({ draw }) => draw(document.body))
  .then(() => parent.postMessage(performance.now() - began), (error) => parent.postMessage(String(error)));
