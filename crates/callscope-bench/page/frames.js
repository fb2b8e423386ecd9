// Loaded before every library: while `withFrames` runs something, what is put off to the next frame is done at once,
// so that its time counts.
{
  const later = window.requestAnimationFrame.bind(window);
  let waiting = null;
  window.requestAnimationFrame = (act) => (waiting ? waiting.push(act) : later(act));
  window.withFrames = async (act, settle) => {
    waiting = [];
    act();
    await settle();
    for (let frames = 0; waiting.length && frames < 4; frames++) {
      for (const act of waiting.splice(0)) act(performance.now());
      await settle();
    }
    waiting = null;
  };
}
