// The custom element: attributes, properties and events on one side, a report of the module on the other.

import init, { Report } from "callscope-module";
import styles from "callscope-styles";

const TAG = "callscope-report";

/** The attributes that a report reads, by their names as properties. */
const SETTINGS = {
  view: "view", api: "api", usageApi: "usage-api", credentials: "credentials", locale: "locale",
  organization: "organization", reseller: "reseller", range: "range", from: "from", to: "to", timeZone: "time-zone",
  compare: "compare", agent: "agent", hour: "hour", hours: "hours", sortAgents: "sort-agents", findAgent: "find-agent",
  versionA: "version-a", versionB: "version-b",
  campaign: "campaign", version: "version", status: "status", type: "type", endReason: "end-reason",
  hangupSource: "hangup-source", duration: "duration", outcome: "outcome", escalationReason: "escalation-reason",
  order: "order", page: "page", call: "call",
};
const THEMES = ["light", "dark", "auto", "inherit"];

/** An error with a stable code. */
function failure(code, message) {
  return Object.assign(new Error(message), { code });
}

let loading;
let sheet;
/** Why the module is dead; nothing of it works any more then. */
let dead = null;
const hosts = new Set();

/** Loads the module, once for all reports of a page. After a failure the next one tries again. */
function load() {
  loading ??= init().catch((error) => {
    loading = undefined;
    console.error(error);
    throw failure("module", "The code of the report could not be loaded.");
  });
  return loading;
}

/** The style sheet, one for all reports of a page. */
function styleSheet() {
  if (!sheet) {
    sheet = new CSSStyleSheet();
    sheet.replaceSync(styles);
  }
  return sheet;
}

/** A trap of the module ends it for every report of the page. */
function bury(error) {
  if (dead || !(error instanceof WebAssembly.RuntimeError)) return;
  dead = failure("stopped", "Something went wrong inside the reports of this page, and they have stopped.");
  for (const host of hosts) host.die();
}

/** Listens for traps, but not for those of other modules of the page. */
function watch(event) {
  const error = event.error ?? event.reason;
  if (error instanceof WebAssembly.RuntimeError && String(error.stack).includes(CALLSCOPE_MODULE)) bury(error);
}
addEventListener("error", watch);
addEventListener("unhandledrejection", watch);

/** A page that gives no token for so long has none. */
const TOKEN_MS = 30_000;

/** What a page brought, as JSON; nothing where it is none, as what holds itself. */
function json(value) {
  if (typeof value === "string") return value;
  try {
    return JSON.stringify(value) ?? "";
  } catch {
    return "";
  }
}

// On paper everything is dark on light.
addEventListener("beforeprint", () => hosts.forEach((host) => host.dress("light")));
addEventListener("afterprint", () => hosts.forEach((host) => host.dress()));

/** One report: what it is told, and what it shows in a shadow root. */
class Host {
  #element;
  #root;
  #frame;
  #stage;
  #report = null;
  #starting = null;
  #queued = false;
  #settings = [];
  #isCompact = false;
  #theme = "inherit";
  #brought;
  #data;
  getToken = null;
  // One and the same for as long as there is a function: frameworks make a new one each time they draw.
  #token = async () => {
    try {
      return await Promise.race([this.getToken?.(), new Promise((_, refuse) => setTimeout(refuse, TOKEN_MS))]);
    } catch (error) {
      console.error("callscope: getToken gave no token", error);
      throw error;
    }
  };

  constructor(element, root) {
    this.#element = element;
    this.#root = root;
  }

  get data() {
    return this.#brought;
  }

  set data(value) {
    if (value === this.#brought) return;
    this.#brought = value;
    this.#data = value === undefined || value === null ? undefined : json(value);
  }

  /** Takes settings by their attributes' names; what is not there is not set. */
  set(settings, theme) {
    this.#settings = Object.entries(settings).flat();
    this.#isCompact = "compact" in settings;
    this.#theme = theme;
    this.update();
  }

  /** Shows what was set, once for all that is set in a row. */
  update() {
    if (this.#queued || !this.#frame) return;
    this.#queued = true;
    queueMicrotask(() => {
      this.#queued = false;
      this.dress();
      this.#guard(() => this.#report?.update(this.#settings, this.#data, this.#access()));
    });
  }

  start() {
    if (this.#frame) return;
    hosts.add(this);
    this.#build();
    this.dress();
    if (dead) return this.die();
    const starting = {};
    this.#starting = starting;
    const once = (act) => (outcome) => {
      if (this.#starting !== starting) return;
      this.#starting = null;
      act(outcome);
    };
    load().then(once(() => this.#draw()), once((error) => this.#refuse(error, () => this.refresh())));
  }

  stop() {
    this.#starting = null;
    hosts.delete(this);
    const report = this.#report;
    this.#report = null;
    this.#frame?.remove();
    this.#frame = null;
    // A listener that is told something by the report may end it: it goes on until it has said all.
    queueMicrotask(() => this.#guard(() => report?.free()));
  }

  refresh() {
    if (this.#frame && !this.#report && !this.#starting) {
      this.stop();
      this.start();
    }
    this.#guard(() => this.#report?.refresh());
  }

  /** The report, for those who save it, once the code that saves is there. */
  async #drawn() {
    for (const wait of [true, false]) {
      if (dead) throw dead;
      // It may have gone while its code was loaded.
      if (!this.#report) throw failure("nothing-shown", "There is nothing to save yet: the report is not drawn.");
      if (wait) await this.#report.readyToSave();
    }
    return this.#report;
  }

  async #saved(make) {
    const report = await this.#drawn();
    try {
      return await make(report);
    } catch (error) {
      bury(error);
      throw dead ?? error;
    }
  }

  async exportPng(options) {
    const { scale = 2, theme } = options ?? {};
    if (!(scale >= 0.5 && scale <= 4)) throw failure("bad-scale", "The scale of a picture is a number from 0.5 to 4.");
    const picture = await this.#saved((report) => report.exportPng(scale, String(theme ?? "")));
    // Browsers have a limit, and answer with nothing above it.
    if (!picture) throw failure("no-picture", "The browser makes no picture of this size: choose a smaller scale.");
    return picture;
  }

  async exportSvg(options) {
    return this.#saved((report) => report.exportSvg(String(options?.theme ?? "")));
  }

  async exportCsv() {
    return this.#saved((report) => report.exportCsv());
  }

  /** The module is dead: says so in the place of the report. */
  die() {
    this.#report = null;
    this.#starting = null;
    this.#refuse(dead, () => location.reload(), "Load the page again");
  }

  #access() {
    return this.getToken ? this.#token : undefined;
  }

  #build() {
    if (!this.#root.adoptedStyleSheets.includes(styleSheet())) this.#root.adoptedStyleSheets.push(styleSheet());
    this.#frame = document.createElement("div");
    this.#frame.className = "callscope";
    this.#frame.part = "frame";
    this.#frame.lang = "en";
    this.#frame.dir = "ltr";
    const probe = document.createElement("span");
    probe.className = "probe";
    probe.ariaHidden = "true";
    probe.addEventListener("transitionrun", () => this.dress());
    this.#stage = document.createElement("div");
    this.#stage.className = "stage";
    this.#frame.append(probe, this.#stage);
    this.#root.append(this.#frame);
  }

  #draw() {
    if (dead) return this.die();
    const stage = this.#stage;
    stage.replaceChildren();
    // Of a report that has been ended nothing is told any more.
    const tell = (name, detail) => this.#stage === stage && this.#frame && this.#tell(name, detail);
    this.#guard(() => {
      this.#report = new Report(this.#root, stage, this.#settings, this.#data, this.#access(), tell);
    });
  }

  /** Gives the frame its theme. Where the page around is to be followed, dark is what writes in light letters. */
  dress(forced) {
    if (!this.#frame) return;
    const inherits = this.#theme === "inherit";
    const theme = forced ?? (inherits ? (isLight(getComputedStyle(this.#element).color) ? "dark" : "light") : this.#theme);
    this.#frame.dataset.theme = theme;
    this.#frame.classList.toggle("inherit", inherits);
    this.#frame.classList.toggle("compact", this.#isCompact);
    this.#guard(() => this.#report?.repaint());
  }

  #tell(name, detail) {
    const event = new CustomEvent(`callscope-${name}`, {
      detail, bubbles: true, composed: true, cancelable: name === "navigate",
    });
    this.#element.dispatchEvent(event);
    const base = this.#element.getAttribute?.("app");
    if (name === "navigate" && detail.leaves && base !== null && base !== undefined && !event.defaultPrevented) {
      location.assign(base.replace(/\/$/, "") + detail.url);
    }
  }

  /** Says in the place of the report why there is none, and what can be done. */
  #refuse(error, act, label = "Try again") {
    if (!this.#frame) return;
    const card = document.createElement("div");
    card.className = "card state";
    card.setAttribute("role", "alert");
    card.part = "card";
    const text = document.createElement("p");
    text.textContent = error.message;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "primary";
    button.textContent = label;
    button.addEventListener("click", act);
    card.append(text, button);
    this.#stage.replaceChildren(card);
    this.#tell("error", { code: error.code, message: error.message, retryAfterSeconds: null });
  }

  #guard(act) {
    if (dead) return;
    try {
      act();
    } catch (error) {
      bury(error);
      if (!dead) throw error;
    }
  }
}

/** Whether a computed colour is a light one, by its luminance. */
function isLight(color) {
  const [red = 0, green = 0, blue = 0] = (color.match(/[\d.]+/g) ?? []).map(Number);
  // Colours of other kinds than rgb(…) begin with their lightness, from 0 to 1 or in percent.
  if (!color.startsWith("rgb")) return (red > 1 ? red / 100 : red) > 0.6;
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 140;
}

function themeOf(given) {
  return THEMES.includes(given) ? given : "inherit";
}

/** `<callscope-report>`. */
export class CallscopeReport extends HTMLElement {
  static observedAttributes = [...Object.values(SETTINGS), "compact", "theme", "app"];
  #host;

  constructor() {
    super();
    this.#host = new Host(this, this.attachShadow({ mode: "open" }));
  }

  connectedCallback() {
    // What was set before the element was known stands on it as plain properties.
    for (const name of [...Object.keys(SETTINGS), "app", "compact", "theme", "data", "getToken"]) {
      if (Object.hasOwn(this, name)) {
        const value = this[name];
        delete this[name];
        this[name] = value;
      }
    }
    this.#read();
    this.#host.start();
  }

  disconnectedCallback() {
    // Moving it takes it out and puts it in again at once.
    queueMicrotask(() => this.isConnected || this.#host.stop());
  }

  attributeChangedCallback() {
    this.#read();
  }

  #read() {
    const settings = {};
    for (const name of [...Object.values(SETTINGS), "compact"]) {
      const value = this.getAttribute(name);
      if (value !== null) settings[name] = value;
    }
    this.#host.set(settings, themeOf(this.getAttribute("theme")));
  }

  get theme() {
    return themeOf(this.getAttribute("theme"));
  }

  set theme(value) {
    setAttribute(this, "theme", value);
  }

  get app() {
    return this.getAttribute("app");
  }

  set app(value) {
    setAttribute(this, "app", value);
  }

  get compact() {
    return this.hasAttribute("compact");
  }

  set compact(value) {
    this.toggleAttribute("compact", Boolean(value));
  }

  get data() {
    return this.#host.data;
  }

  set data(value) {
    this.#host.data = value;
    this.#host.update();
  }

  get getToken() {
    return this.#host.getToken;
  }

  set getToken(value) {
    this.#host.getToken = value;
    this.#host.update();
  }

  refresh() {
    this.#host.refresh();
  }

  exportPng(options) {
    return this.#host.exportPng(options);
  }

  exportSvg(options) {
    return this.#host.exportSvg(options);
  }

  exportCsv() {
    return this.#host.exportCsv();
  }

  destroy() {
    this.#host.stop();
  }
}

function setAttribute(element, name, value) {
  if (value === null || value === undefined || value === false) element.removeAttribute(name);
  else element.setAttribute(name, value === true ? "" : String(value));
}

for (const [property, attribute] of Object.entries(SETTINGS)) {
  Object.defineProperty(CallscopeReport.prototype, property, {
    configurable: true,
    enumerable: true,
    get() {
      return this.getAttribute(attribute);
    },
    set(value) {
      setAttribute(this, attribute, value);
    },
  });
}

/** Draws a report into an element of the page. The promise is kept once the report's code is there. */
export async function mount(element, options = {}) {
  if (!(element instanceof Element)) throw failure("bad-element", "mount() needs an element of the page to draw into.");
  const place = document.createElement("div");
  const host = new Host(place, place.attachShadow({ mode: "open" }));
  let shown = {};
  const update = (changes) => {
    shown = { ...shown, ...changes };
    const settings = {};
    for (const [property, attribute] of Object.entries(SETTINGS)) {
      const value = shown[property];
      if (value !== null && value !== undefined && value !== false) settings[attribute] = String(value);
    }
    if (shown.compact) settings.compact = "";
    setAttribute(place, "app", shown.app);
    host.data = shown.data;
    host.getToken = shown.getToken ?? null;
    host.set(settings, themeOf(shown.theme));
  };
  element.append(place);
  update(options);
  host.start();
  try {
    await load();
    if (dead) throw dead;
  } catch (error) {
    host.stop();
    place.remove();
    throw error;
  }
  return {
    element: place,
    update,
    refresh: () => host.refresh(),
    exportPng: (options) => host.exportPng(options),
    exportSvg: (options) => host.exportSvg(options),
    exportCsv: () => host.exportCsv(),
    destroy() {
      host.stop();
      place.remove();
    },
  };
}

/** How much memory the module takes, in bytes; none before it is loaded. For those who look for leaks. */
export async function memoryBytes() {
  return loading ? (await loading).memory.buffer.byteLength : 0;
}

/** The version of this script. */
export const version = CALLSCOPE_VERSION;

// Two versions of this script may meet in a page: the element is the first one's, and mount() is each one's own.
if (!customElements.get(TAG)) customElements.define(TAG, CallscopeReport);
else console.info(`callscope ${version}: <${TAG}> is defined already, by another version or another copy.`);
