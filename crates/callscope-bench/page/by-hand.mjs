// The best loop by hand over what `JSON.parse` gives of pages of calls.

const decoder = new TextDecoder();

export class ByHand {
  calls = 0;
  hours = new Float64Array(24);
  agents = new Map();
  days = new Map();
  ends = new Map();

  add(page) {
    const { agents, days, ends, hours } = this;
    for (const log of JSON.parse(decoder.decode(page)).data.logs) {
      this.calls += 1;
      const at = log.createdAt;
      hours[(at.charCodeAt(11) - 48) * 10 + at.charCodeAt(12) - 48] += 1;
      const day = at.slice(0, 10);
      days.set(day, (days.get(day) ?? 0) + 1);
      agents.set(log.agentId, (agents.get(log.agentId) ?? 0) + log.duration);
      const end = log.status === "completed" ? log.disconnectionReason : log.status;
      ends.set(end, (ends.get(end) ?? 0) + 1);
    }
  }

  /** Takes in what another one summed. */
  merge(other) {
    this.calls += other.calls;
    for (const [hour, calls] of other.hours.entries()) this.hours[hour] += calls;
    for (const name of ["agents", "days", "ends"]) {
      for (const [key, value] of other[name]) this[name].set(key, (this[name].get(key) ?? 0) + value);
    }
  }
}
