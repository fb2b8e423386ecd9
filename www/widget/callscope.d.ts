/** Reports on voice agents inside your own page. */

/** Which report is shown. */
export type View =
  | "usage"
  | "hourly"
  | "daily"
  | "agents"
  | "outcomes"
  | "escalations"
  | "compare"
  | "calls";

/** Light, dark, as the system prefers, or as the page around is. */
export type Theme = "light" | "dark" | "auto" | "inherit";

/** A named range of days that ends today. */
export type Range = "7d" | "30d" | "90d" | "mtd";

/** What a report is told. Everything has a default; days are written `YYYY-MM-DD`. */
export interface ReportOptions {
  /** Which report is shown; the usage report where none is named. */
  view?: View | null;
  /** Where agents, versions and calls are; `/atoms/v1` where nothing is said. */
  api?: string | null;
  /** Where usage metrics are; `/v1` beside an `api` that ends in `/atoms/v1`, else the same as `api`. */
  usageApi?: string | null;
  /** Whether requests carry cookies; `same-origin` where nothing is said. */
  credentials?: "same-origin" | "include" | "omit" | null;
  /** As the page around is, where nothing is said. */
  theme?: Theme | null;
  /** How numbers and dates are written, as a BCP 47 tag; as in English with the day first where nothing is said. */
  locale?: string | null;
  /** Figures alone, without title and controls. */
  compact?: boolean;
  /** Where the Callscope app is: clicks that lead to calls then go there. */
  app?: string | null;

  /** The organisation, by its id. */
  organization?: string | null;
  /** The reseller, by its id. */
  reseller?: string | null;
  /** Days that end today. */
  range?: Range | null;
  /** The first day; `to` belongs to it. */
  from?: string | null;
  /** The last day, itself inside. */
  to?: string | null;
  /** IANA name of the zone that days and hours are cut by; UTC where nothing is said. */
  timeZone?: string | null;
  /** `off` leaves the previous period out. */
  compare?: "off" | null;
  /** The agent, by its id. */
  agent?: string | null;
  /** The hour of the day, 0 to 23. */
  hour?: number | string | null;
  /** `minutes` shows minutes instead of calls by hour. */
  hours?: "minutes" | null;
  /** The column that agents are sorted by, with `-` before it turned round. */
  sortAgents?: string | null;
  /** What agents' names must hold. */
  findAgent?: string | null;

  /** Of a comparison: the version that is compared with, by its id. */
  versionA?: string | null;
  /** Of a comparison: the version that is compared, by its id. */
  versionB?: string | null;

  /** Of calls: the campaign, by its id. */
  campaign?: string | null;
  /** Of calls: the version, by its id. */
  version?: string | null;
  /** Of calls: the status. */
  status?: string | null;
  /** Of calls: the type. */
  type?: string | null;
  /** Of calls: why they ended. */
  endReason?: string | null;
  /** Of calls: who ended them. */
  hangupSource?: string | null;
  /** Of calls: the class of their duration, in minutes. */
  duration?: "0-1" | "1-5" | "5+" | null;
  /** Of calls: how they ended for who called. */
  outcome?: "resolved" | "transferred" | "abandoned" | "other" | null;
  /** Of calls: why they were handed to a person. */
  escalationReason?: string | null;
  /** Of calls: the order, with `-` before it the largest first. */
  order?: string | null;
  /** Of calls: the number of the page, from 1 on. */
  page?: number | string | null;
  /** The call that is looked at, by its id. */
  call?: string | null;

  /**
   * The documents' JSON, for those who fetch themselves: a usage report, a comparison, or a page of calls. It is drawn
   * without any network; `undefined` asks a server again.
   */
  data?: unknown;
  /** Gives a Bearer token, asked for once, and again after the server refused the last one. */
  getToken?: (() => string | Promise<string>) | null;
}

/** What is clicked: a day (`YYYY-MM-DD`), an hour (0 to 23), or the id of an agent or call. */
export interface Selected {
  kind: "day" | "hour" | "agent" | "call" | "outcome" | "escalation-reason" | "row";
  value: string;
}

/** A permanent link: path and query below the app's address. */
export interface Link {
  page: "usage" | "compare" | "calls";
  url: string;
  /** Whether it leads elsewhere; else it says what is shown in place by now. */
  leaves: boolean;
}

/** Why something failed, for programs. */
export type ErrorCode =
  | "bad-setting"
  | "module"
  | "stopped"
  | "network"
  | "timeout"
  | "bad-request"
  | "signed-out"
  | "forbidden"
  | "not-found"
  | "not-held"
  | "branches"
  | "conflict"
  | "too-many-requests"
  | "server"
  | "bad-answer"
  | "bad-element"
  | "bad-scale"
  | "nothing-shown"
  | "no-picture";

/** What methods of a report throw. */
export interface ReportError extends Error {
  code: ErrorCode;
}

/** The events of a report. They bubble, and come out of shadow roots. */
export interface ReportEvents {
  /** A report is drawn; `callsThrough` says how far its calls go, where the server does. */
  "callscope-load": CustomEvent<{ view: View; callsThrough: string | null }>;
  /** Something failed; the element says so, too. */
  "callscope-error": CustomEvent<{ code: ErrorCode; message: string; retryAfterSeconds: number | null }>;
  /** Nobody is signed in. Sign in, and call `refresh()`. */
  "callscope-unauthorized": CustomEvent<Record<string, never>>;
  /** Something was clicked. */
  "callscope-select": CustomEvent<Selected>;
  /** Where a click leads. With `preventDefault()` the report goes nowhere by itself. */
  "callscope-navigate": CustomEvent<Link>;
}

/** How a picture is made. */
export interface PictureOptions {
  /** Pixels to a CSS pixel, from 0.5 to 4; 2 where nothing is said. */
  scale?: number;
  /** Its colours, whatever the page shows. */
  theme?: "light" | "dark";
}

/** What can be done with a report. */
export interface ReportMethods {
  /** Asks everything anew. */
  refresh(): void;
  /** What is shown as PNG, with title, period, zone, number of calls and source in it. */
  exportPng(options?: PictureOptions): Promise<Blob>;
  /** The same as SVG. */
  exportSvg(options?: Pick<PictureOptions, "theme">): Promise<string>;
  /** The figures as CSV, period and zone in the first heading. */
  exportCsv(): Promise<string>;
  /** Ends it at once; an element that stays in the page shows nothing any more. */
  destroy(): void;
}

type Settings = {
  -readonly [Name in Exclude<keyof ReportOptions, "data" | "getToken" | "compact" | "theme">]-?: string | null;
};

/** `<callscope-report>`: attributes are the options in kebab case. */
export interface CallscopeReport extends HTMLElement, ReportMethods, Settings {
  theme: Theme;
  compact: boolean;
  data: unknown;
  getToken: (() => string | Promise<string>) | null;
  addEventListener<Name extends keyof ReportEvents>(
    type: Name,
    listener: (this: CallscopeReport, event: ReportEvents[Name]) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener<Name extends keyof HTMLElementEventMap>(
    type: Name,
    listener: (this: CallscopeReport, event: HTMLElementEventMap[Name]) => unknown,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject,
    options?: boolean | AddEventListenerOptions,
  ): void;
}

export const CallscopeReport: {
  new (): CallscopeReport;
  prototype: CallscopeReport;
};

/** A report that was drawn by `mount`. */
export interface ReportHandle extends ReportMethods {
  /** What holds it. */
  readonly element: HTMLElement;
  /** Shows what other options say, in place; those that are not named stay. */
  update(options: ReportOptions): void;
}

/** Draws a report into an element of the page. */
export function mount(element: Element, options?: ReportOptions): Promise<ReportHandle>;

/** How much memory the module takes, in bytes; 0 before it is loaded. */
export function memoryBytes(): Promise<number>;

/** The version of this script. */
export const version: string;

declare global {
  interface HTMLElementTagNameMap {
    "callscope-report": CallscopeReport;
  }
  interface DocumentEventMap extends ReportEvents {}
}
