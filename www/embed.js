// The report of an iframe: what the address says becomes its attributes, and its height is told to the page around.

const report = document.querySelector("callscope-report");
// Where the server is and how it is asked, an address may not say.
const own = ["api", "usage-api", "credentials", "app"];
for (const [name, value] of new URLSearchParams(location.search)) {
  const isKnown = report.constructor.observedAttributes?.includes(name);
  if (isKnown && !own.includes(name)) report.setAttribute(name, value);
}

const meta = document.querySelector("meta[name='callscope-parents']");
const listed = [location.origin, ...meta.content.split(" ").filter(Boolean)];

/** The origins to tell: the page around where it can be known, else all that are listed. Never any other. */
function parents() {
  const around = location.ancestorOrigins?.[0] ?? (document.referrer && new URL(document.referrer).origin);
  if (!around) return listed;
  return listed.includes(around) ? [around] : [];
}

let told = 0;
function tell() {
  const height = Math.ceil(document.body.getBoundingClientRect().height);
  if (height === told) return;
  told = height;
  for (const origin of parents()) parent.postMessage({ type: "callscope-resize", height }, origin);
}
new ResizeObserver(tell).observe(document.body);
