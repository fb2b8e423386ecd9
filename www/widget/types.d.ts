// Made of the types of crates/callscope-core; `UPDATE_EXPECT=1 cargo test typescript::` writes it anew.

/**
 * The usage of one period, checked.
 */
export type UsageReport = {
/**
 * The figures of the whole period.
 */
totals: Totals,
/**
 * Calls by day; every day of the range once, in order.
 */
days: Array<DayVolume>,
/**
 * Calls by hour of the day; 24, in order.
 */
hours: Array<HourVolume>,
/**
 * Calls by how they ended.
 */
outcomes: OutcomeCounts | null,
/**
 * Calls by agent, as the server ordered them.
 */
agents: Array<AgentUsage>,
/**
 * Quality of the models.
 */
insights: Insights,
/**
 * Why calls were handed over, as the server ordered them.
 */
escalationReasons: Array<EscalationReason>,
/**
 * What the server said of how the report was made; other servers than ours say nothing.
 */
context: ServerContext | null, };

/**
 * The figures of a whole period.
 */
export type Totals = {
/**
 * Calls that started in the period.
 */
calls: number | null,
/**
 * How long they lasted, in minutes.
 */
minutes: number | null,
/**
 * Resolved / all, 0–1.
 */
resolutionRate: number | null,
/**
 * Mean duration over all calls.
 */
averageDurationSecs: number | null,
/**
 * Agents with at least one call.
 */
activeAgents: number | null,
/**
 * Mean time to the first token of the language model.
 */
responseTimeMs: number | null,
/**
 * Share of calls with positive sentiment, 0–1.
 */
positiveSentiment: number | null,
/**
 * Transferred / all, 0–1.
 */
escalationRate: number | null, };

/**
 * The calls of one day.
 */
export type DayVolume = {
/**
 * The local date.
 */
date: string,
/**
 * Calls that started on it.
 */
calls: number | null,
/**
 * Those of them that were resolved.
 */
resolved: number | null, };

/**
 * The calls of one hour of the day.
 */
export type HourVolume = {
/**
 * The hour, 0–23.
 */
hour: number,
/**
 * Calls that started in it.
 */
calls: number | null,
/**
 * How long they lasted, in minutes.
 */
minutes: number | null, };

/**
 * Calls by how they ended.
 */
export type OutcomeCounts = {
/**
 * Settled by the agent.
 */
resolved: number | null,
/**
 * Handed to a person.
 */
transferred: number | null,
/**
 * Given up by the caller.
 */
abandoned: number | null,
/**
 * Anything else.
 */
other: number | null, };

/**
 * The calls of one agent.
 */
export type AgentUsage = {
/**
 * The agent's id.
 */
id: string,
/**
 * The agent's name, or its id where it has none.
 */
name: string,
/**
 * Whether it is in use.
 */
status: string,
/**
 * Calls it handled.
 */
calls: number | null,
/**
 * Its calls by how they ended.
 */
outcomes: OutcomeCounts,
/**
 * Mean duration of its calls.
 */
averageDurationSecs: number | null,
/**
 * Share of its calls with positive sentiment, 0–1.
 */
positiveSentiment: number | null, };

/**
 * Quality of the models, under names that say what they are.
 */
export type Insights = {
/**
 * Share of calls without a correction by the caller, 0–1 (`intentAccuracy`).
 */
uncorrectedCalls: number | null,
/**
 * Mean share of tokens read from the cache, 0–1 (`contextRetention`).
 */
cachedTokenShare: number | null,
/**
 * Mean confidence of the transcripts, 0–1 (`speechRecognition`).
 */
transcriptConfidence: number | null,
/**
 * Share of tool calls without an error, 0–1 (`entityExtraction`).
 */
toolCallSuccess: number | null,
/**
 * Mean time to the first token (`responseLatency`).
 */
responseLatencyMs: number | null,
/**
 * Number of sessions in the period (`trainingSessions`).
 */
sessions: number | null, };

/**
 * One reason for handing calls over.
 */
export type EscalationReason = {
/**
 * The reason in words.
 */
reason: string,
/**
 * Calls with this reason.
 */
calls: number | null,
/**
 * Mean time before the hand-over.
 */
averageSecsBefore: number | null,
/**
 * Calls with this reason among all that were handed over, 0–1.
 */
share: number | null, };

/**
 * What this project's server says of how a report was made.
 */
export type ServerContext = {
/**
 * The zone by which days and hours were cut.
 */
timeZone: string | null,
/**
 * When the last call counted started, RFC 3339 in UTC.
 */
callsThrough: string | null,
/**
 * To what the server narrowed the report.
 */
narrowing: Narrowing,
/**
 * Versions that went live in the period.
 */
releases: Array<Release>, };

/**
 * To what a report may be narrowed besides its dates.
 */
export type Narrowing = {
/**
 * Only the calls of this agent.
 */
agentId: string | null,
/**
 * Only calls that started in this hour of the day, 0–23.
 */
hour: number | null, };

/**
 * A version that went live.
 */
export type Release = {
/**
 * The local date.
 */
date: string,
/**
 * The agent's name.
 */
agentName: string,
/**
 * The version's label.
 */
label: string, };

/**
 * Two versions of one agent over one range of days, checked.
 */
export type Comparison = {
/**
 * The version that is compared with.
 */
a: VersionFigures,
/**
 * The version that is compared.
 */
b: VersionFigures,
/**
 * The deltas as the server printed them.
 */
printed: PrintedDeltas,
/**
 * What changed in the configuration; unknown where the answer does not say.
 */
config: ConfigDiff | null,
/**
 * What the server said of how the two ran; other servers than ours say nothing.
 */
context: ComparisonContext | null, };

/**
 * The figures of one version.
 */
export type VersionFigures = {
/**
 * The version's id.
 */
versionId: string | null,
/**
 * Calls that it took.
 */
calls: number | null,
/**
 * Those of them that were answered.
 */
answered: number | null,
/**
 * Mean duration over all its calls.
 */
averageDurationSecs: number | null,
/**
 * Answered / all, 0–1, as printed; see [`VersionFigures::completion_rate`].
 */
printedCompletionRate: number | null,
/**
 * Cost of all its calls, in credits.
 */
costCredits: number | null,
/**
 * Calls by who ended them: `user`, `agent`, `system`, `unknown` and any other name, in the
 * order of the names. Unknown where the answer does not say.
 */
hangups: Array<[string, number]> | null,
/**
 * The days that the figures are of, as the server understood them.
 */
period: { first: string, last: string } | null, };

/**
 * The deltas that a server printed, B minus A, in the documents' units.
 */
export type PrintedDeltas = {
/**
 * Of the calls.
 */
calls: number | null,
/**
 * Of the answered calls.
 */
answered: number | null,
/**
 * Of the mean duration, in milliseconds.
 */
averageDurationMs: number | null,
/**
 * Of the completion rate, as a fraction.
 */
completionRate: number | null,
/**
 * Of the cost, in credits.
 */
costCredits: number | null, };

/**
 * What changed in a configuration from the old side to the new one. Written out it has the
 * documents' shape.
 */
export type ConfigDiff = {
/**
 * The sections that changed, with their changes.
 */
diffs: Array<SectionDiff>,
/**
 * The names of the sections that did not.
 */
unchangedSections: Array<string>, };

/**
 * What changed in one section.
 */
export type SectionDiff = {
/**
 * The section's name.
 */
section: string,
/**
 * Its changes; none where a server says that it changed, but not how.
 */
changes: Array<ConfigChange>, };

/**
 * One value that changed.
 */
export type ConfigChange = {
/**
 * Where it stands. Mostly begins with the section's name, but not with every server: see
 * [`Path::within`]. In a list that grew or shrank, on the side that has the value.
 */
path: string,
/**
 * What it was; `None` where it was absent, which is not the same as null.
 */
oldValue?: unknown,
/**
 * What it is; `None` where it is absent.
 */
newValue?: unknown, };

/**
 * How the two versions ran.
 */
export type ComparisonContext = {
/**
 * The zone by which days and hours were cut.
 */
timeZone: string | null,
/**
 * When the last call counted started, RFC 3339 in UTC.
 */
callsThrough: string | null,
/**
 * How the version that is compared with ran.
 */
a: VersionRun,
/**
 * How the version that is compared ran.
 */
b: VersionRun, };

/**
 * When and on what a version ran, over the days of the comparison.
 */
export type VersionRun = {
/**
 * What people call it: its number, and its label where it has one.
 */
label: string | null,
/**
 * The local day on which it went live, as the server says it.
 */
activated: string | null,
/**
 * Whether it takes the agent's calls now.
 */
isLive: boolean | null,
/**
 * Its calls by local day, in order; days without a call may be left out.
 */
days: Array<RunDay>,
/**
 * Its calls by weekday, Monday first.
 */
weekdays: Array<number> | null,
/**
 * Its calls by local hour of the day.
 */
hours: Array<number> | null,
/**
 * Its calls by type: `telephony_inbound`, `webcall` and any other name.
 */
types: Array<[string, number]>,
/**
 * Its test calls.
 */
testCalls: number | null, };

/**
 * The calls of a version on one local day.
 */
export type RunDay = {
/**
 * The day.
 */
date: string,
/**
 * Calls that started on it.
 */
calls: number,
/**
 * Those of them that were answered.
 */
answered: number, };

/**
 * One figure of both versions.
 */
export type Figure = {
/**
 * Which figure.
 */
kind: FigureKind,
/**
 * Of the version that is compared with.
 */
a: number | null,
/**
 * Of the version that is compared.
 */
b: number | null,
/**
 * B minus A, in the figure's unit.
 */
difference: number | null,
/**
 * B minus A as a fraction of A; unknown where A is zero, and for rates, whose difference is in
 * percentage points.
 */
relative: number | null,
/**
 * 95 % interval of the difference.
 */
interval: Interval | null,
/**
 * What may be said.
 */
claim: Claim,
/**
 * Whether the fixed interval, right for one look only, excludes zero where the one that the claim
 * rests on does not.
 */
isClearAtOneLook: boolean,
/**
 * How likely B's rate is the higher one, 0–1, under uniform priors; rates only.
 */
chanceBHigher: number | null,
/**
 * How many calls each version needs in all for the difference that is seen to show with 80 %
 * power; rates without a clear difference only.
 */
callsNeeded: number | null, };

/**
 * Which figure of a version.
 */
export type FigureKind = "completion" | { "endedBy": string } | "calls" | "answered" | "averageDuration" | "cost" | "costPerCall" | "costPerAnsweredCall" | "costPerMinute";

/**
 * What may be said of a difference.
 */
export type Claim = "higher" | "lower" | "no-clear-difference" | "too-few-calls" | "needs-calls" | "volume" | "unknown";

/**
 * On what the verdicts rest.
 */
export type Basis = "fixed" | "always-valid";

/**
 * Both ends of an interval.
 */
export type Interval = {
/**
 * The lower end.
 */
low: number,
/**
 * The upper end.
 */
high: number, };

/**
 * Something that is wrong, and how it is mended.
 */
export type Lint = {
/**
 * The metric, by its place; none where it is about all.
 */
metric: number | null,
/**
 * Which rule is broken.
 */
rule: LintRule,
/**
 * A warning may cost the answers of whole calls; a note makes them worse.
 */
severity: Severity,
/**
 * What is wrong, in a sentence.
 */
sentence: string,
/**
 * What to do, in a sentence.
 */
fix: string, };

/**
 * Which rule is broken.
 */
export type LintRule = "identifier" | "duplicate" | "unknown-type" | "no-prompt" | "no-choices" | "repeated-choice" | "options-differ" | "unlisted-value" | "omission" | "fallback-type" | "refers-to-another" | "unspelled-weights" | "options-of-text" | "no-scale" | "vague" | "too-many";

/**
 * One thing that the audit found, in a sentence, with the numbers that disagree.
 */
export type Finding = {
/**
 * The stable name of what was found.
 */
code: FindingCode,
/**
 * How much it matters.
 */
severity: Severity,
/**
 * One plain sentence.
 */
sentence: string,
/**
 * What the rest of the answer, or the rule, would have it be.
 */
expected: number | null,
/**
 * What the answer says.
 */
found: number | null, };

/**
 * The stable name of a kind of finding, for tests, logs and those who embed reports.
 */
export type FindingCode = "wrong-type" | "not-a-count" | "out-of-bounds" | "bad-date" | "missing-part" | "missing-hours" | "bad-hour" | "repeated-date" | "missing-dates" | "date-outside-range" | "days-sum" | "hours-sum" | "minutes-sum" | "agents-sum" | "outcomes-sum" | "resolved-sum" | "resolved-above-total" | "rate-against-counts" | "agent-outcomes" | "agent-percent" | "repeated-agent" | "active-agents" | "minutes-against-duration" | "response-time-twice" | "reasons-order" | "reasons-sum" | "reason-percent" | "unknown-status" | "sessions-against-calls" | "organisations-left-out" | "unknown-fields" | "no-telemetry" | "filter-ignored" | "zone-unknown" | "hangups-sum" | "answered-above-total" | "delta-disagrees" | "delta-is-percentage" | "periods-differ" | "period-not-asked" | "same-version" | "bad-address" | "bad-row" | "outcome-derived";

/**
 * How much a finding matters to whoever reads the figures.
 */
export type Severity = "note" | "warning";
