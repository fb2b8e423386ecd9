// The frame says how high its report is; this page makes it so.

const frame = document.getElementById("report");

addEventListener("message", (event) => {
  const isOurs = event.source === frame.contentWindow && event.origin === new URL(frame.src).origin;
  if (isOurs && event.data?.type === "callscope-resize") frame.height = Math.ceil(event.data.height);
});
