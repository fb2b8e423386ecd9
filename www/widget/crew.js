// Workers that sum pages of calls beside this thread.

import { asBytes } from "./bytes.js";

/** How many pages a worker is given at a time, and how many such stretches may wait for it: more pages are never kept. */
const STRETCH = 128;
const WAITING = 2;
/** How many workers there may be, and how long they wait for something to do. */
const MOST = 16;
const IDLE_MS = 30_000;

/** Workers that have nothing to do: to start one takes as long as to sum a hundred thousand calls. */
const idle = [];

/** So many workers, ready to take pages; none where there can be none: then one thread does it all. */
export async function startCrew(size, module, asked, transfer) {
  if (!(size > 0) || typeof Worker === "undefined") return null;
  const members = [];
  try {
    for (let at = 0; at < Math.min(size, MOST); at++) members.push(idle.pop() ?? new Member(module));
    await Promise.all(members.map((member) => member.starts(asked)));
    return new Crew(members, transfer);
  } catch {
    // A policy of the page forbids it, or its script lies on another server.
    for (const member of members) member.end();
    return null;
  }
}

class Member {
  /** What was asked and not answered yet, in its order: how each is answered, and the answer. */
  #asked = [];
  #worker;
  #timer;
  /** Until it has it. */
  #module;
  /** Why it answers no more. */
  #stopped = null;

  constructor(module) {
    this.#worker = new Worker(new URL("CALLSCOPE_WORKER_SCRIPT", import.meta.url), { type: "module" });
    this.#worker.onmessage = ({ data }) => this.#asked.shift()?.answer(data);
    this.#worker.onerror = ({ message }) => {
      this.#stopped = { message: message || "A worker has stopped." };
      for (const { answer } of this.#asked.splice(0)) answer({ failed: this.#stopped });
      this.end();
    };
    this.#module = module;
  }

  ask(what, moved = []) {
    if (this.#stopped) return Promise.resolve({ failed: this.#stopped });
    this.#worker.postMessage(what, moved);
    let answer;
    const answered = new Promise((act) => (answer = act));
    this.#asked.push({ answer, answered });
    return answered;
  }

  /** Waits until it has not much to do any more. */
  async hasTime() {
    while (this.#asked.length >= WAITING) await this.#asked[0].answered;
  }

  async starts(asked) {
    clearTimeout(this.#timer);
    if (this.#module) this.#worker.postMessage({ module: this.#module });
    this.#module = null;
    const { failed } = await this.ask({ asked });
    if (failed) throw new Error(failed.message);
  }

  /** Waits for something to do, for a while. */
  rest() {
    if (this.#stopped) return;
    idle.push(this);
    this.#timer = setTimeout(() => this.end(), IDLE_MS);
  }

  end() {
    clearTimeout(this.#timer);
    if (idle.includes(this)) idle.splice(idle.indexOf(this), 1);
    this.#worker.terminate();
  }
}

/** Gives each stretch of pages to one of its members, with the page before, whose calls count no second time. */
class Crew {
  #members;
  #transfer;
  #stretch = [];
  #before;
  #given = [];
  #failures = [];
  #isDone = false;

  constructor(members, transfer) {
    [this.#members, this.#transfer] = [members, transfer];
  }

  /** Takes a page; waits while all have enough to do. */
  async take(page) {
    this.#stretch.push(alone(page, this.#transfer));
    if (this.#stretch.length === STRETCH) await this.#give();
  }

  async #give() {
    const [pages, before, at] = [this.#stretch, this.#before, this.#given.length];
    const last = pages.at(-1);
    // What is handed over is gone here, and who has the next stretch must know its calls, too.
    this.#before = last instanceof Uint8Array ? new Uint8Array(last) : last;
    this.#stretch = [];
    // What stands there twice goes once.
    const moved = [...new Set(pages.filter((page) => page instanceof Uint8Array).map((page) => page.buffer))];
    const member = this.#members[at % this.#members.length];
    await member.hasTime();
    if (this.#failures.length) await this.#fail();
    this.#given.push(member.ask({ pages, before }, moved).then(({ failed }) => failed && (this.#failures[at] = failed)));
  }

  /** Of several faults that of the first page is thrown, as it would be on one thread. */
  async #fail() {
    await Promise.all(this.#given);
    const { message, code } = this.#failures.find(Boolean);
    throw Object.assign(new Error(message), { code });
  }

  /** The fault of the first page among all that were taken; none where they are as they should be. */
  async fault() {
    try {
      if (!this.#isDone) await this.finish();
      return null;
    } catch (error) {
      return error;
    }
  }

  /** What each of them summed, when all pages are. */
  async finish() {
    if (this.#stretch.length) await this.#give();
    await Promise.all(this.#given);
    if (this.#failures.length) await this.#fail();
    const answers = await Promise.all(this.#members.map((member) => member.ask({ finish: true })));
    const failed = answers.find((answer) => answer.failed)?.failed;
    if (failed) throw new Error(failed.message);
    this.#isDone = true;
    return answers.map(({ sums }) => sums);
  }

  end() {
    // One that has not finished is told so by nothing else.
    for (const member of this.#members) this.#isDone ? member.rest() : member.end();
  }
}

/** A page that can be handed over and that nobody else changes: its own bytes where they may go, else a copy. */
function alone(page, mayGo) {
  const bytes = asBytes(page);
  if (!(bytes instanceof Uint8Array)) return typeof page === "object" ? JSON.stringify(page) : page;
  const isWhole = bytes.buffer instanceof ArrayBuffer && bytes.byteLength === bytes.buffer.byteLength;
  return mayGo && isWhole ? bytes : new Uint8Array(bytes);
}
