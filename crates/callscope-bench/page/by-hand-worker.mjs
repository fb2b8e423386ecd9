// Sums pages by hand on a worker.

import { ByHand } from "./by-hand.mjs";

onmessage = ({ data: pages }) => {
  const sums = new ByHand();
  for (const page of pages) sums.add(page);
  postMessage({ ...sums });
};
