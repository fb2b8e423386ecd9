// Sums pages by hand on a worker: those that stand one behind the other in a buffer, until it is asked for the sums.

import { ByHand } from "./by-hand.mjs";

let sums = new ByHand();

onmessage = ({ data: { room, ends } }) => {
  if (!room) {
    postMessage({ sums: { ...sums } });
    sums = new ByHand();
    return;
  }
  const bytes = new Uint8Array(room);
  let from = 0;
  for (const to of ends) {
    sums.add(bytes.subarray(from, to));
    from = to;
  }
  postMessage({ room }, [room]);
};
