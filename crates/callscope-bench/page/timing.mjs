// When something is done.

/** Runs what waits in microtasks: effects that follow from what was just told. */
export async function settle() {
  for (let turn = 0; turn < 12; turn++) await null;
}

/** Waits until all that was drawn is in its pixels. */
export function flush(frame) {
  for (const canvas of frame.querySelectorAll("canvas")) canvas.getContext("2d").getImageData(0, 0, 1, 1);
}
