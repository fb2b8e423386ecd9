// The same figures for all: a usage report in the documents' shape, and pages of calls.

/** Numbers from 0 to 1 that look like chance, the same ones each time (mulberry32). */
export function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const day = (first, at) => new Date(Date.parse(first) + at * 86400000).toISOString().slice(0, 10);

/** A report of so many days and agents; its days begin at `first`. */
export function report(days, agents, first = "2015-01-01") {
  const next = random(7);
  const count = (most) => Math.floor(next() * most);
  const dailyVolume = Array.from({ length: days }, (_, at) => {
    const totalCalls = 400 + count(300) + (at % 7 < 5 ? 500 : 0);
    return { date: day(first, at), totalCalls, resolvedCalls: Math.floor(totalCalls * (0.6 + next() * 0.3)) };
  });
  const hourlyDistribution = Array.from({ length: 24 }, (_, hour) => {
    const calls = 50 + count(900);
    return { hour: `${String(hour).padStart(2, "0")}:00`, calls, minutes: calls * 2 };
  });
  const agentPerformance = Array.from({ length: agents }, (_, at) => {
    const [resolved, transferred, abandoned, other] = [count(900), count(200), count(90), count(30)];
    const totalCalls = resolved + transferred + abandoned + other;
    return { agentId: `a${at}`, agentName: `Agent ${at + 1}`, totalCalls, resolved, transferred, abandoned, other };
  }).sort((a, b) => b.totalCalls - a.totalCalls);
  const totalCalls = dailyVolume.reduce((sum, of) => sum + of.totalCalls, 0);
  const answer = { data: { metrics: { totalCalls }, dailyVolume, hourlyDistribution, agentPerformance } };
  return { bytes: new TextEncoder().encode(JSON.stringify(answer)), from: first, to: day(first, days - 1) };
}

/** Two series of so many days. */
export function longDays(days, first = "0100-01-01") {
  const next = random(5);
  const calls = Uint32Array.from({ length: days }, (_, at) => 400 + Math.floor(next() * 300) + (at % 7 < 5 ? 500 : 0));
  const resolved = calls.map((of) => Math.floor(of * (0.6 + next() * 0.3)));
  const seconds = Float64Array.from({ length: days }, (_, at) => Date.parse(first) / 1000 + at * 86400);
  return { first, calls, resolved, seconds };
}

const STATUS = ["completed", "completed", "completed", "completed", "failed", "no_answer"];
const ENDED = ["user_hangup", "agent_hangup", "call_transferred", "dial_no_answer"];
const hex = (next, length) => Array.from({ length }, () => Math.floor(next() * 16).toString(16)).join("");

/** Pages of a hundred calls each, as bytes. */
export function pages(calls) {
  const next = random(11);
  const agents = Array.from({ length: 200 }, () => hex(next, 24));
  const campaigns = Array.from({ length: 20 }, () => hex(next, 24));
  const log = (at) => ({
    _id: hex(next, 24), callId: `CALL-${1700000000000 + at}-${hex(next, 6)}`, agentId: agents[Math.floor(next() * 200)],
    campaignId: campaigns[Math.floor(next() * 20)], status: STATUS[Math.floor(next() * 6)], type: "telephony_inbound",
    from: `+1415555${1000 + Math.floor(next() * 9000)}`, to: `+1628555${1000 + Math.floor(next() * 9000)}`,
    duration: Math.floor(next() * 600), disconnectionReason: ENDED[Math.floor(next() * 4)], callCost: Math.floor(next() * 1000) / 100,
    createdAt: new Date(1704067200000 + Math.floor(next() * 31536000000)).toISOString(), averageAgentLatency: Math.floor(next() * 900),
  });
  const encoder = new TextEncoder();
  return Array.from({ length: Math.ceil(calls / 100) }, (_, page) => {
    const logs = Array.from({ length: Math.min(100, calls - page * 100) }, (_, at) => log(page * 100 + at));
    const pagination = { total: calls, page: page + 1, hasMore: (page + 1) * 100 < calls, limit: 100 };
    return encoder.encode(JSON.stringify({ status: true, data: { logs, pagination } }));
  });
}
