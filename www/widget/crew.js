// Workers that sum pages of calls beside this thread.

import { asBytes } from "./bytes.js";

/**
 * How many bytes of pages a worker is given at a time, and how many such stretches may wait for it: no more of them are
 * ever kept. They lie in the caches of a processor on both ways.
 */
const STRETCH = 1 << 21;
const WAITING = 2;
/** So many pages are a stretch however short they are: what is wrong with one of them is told in time. */
const MOST_PAGES = 1024;
/** So many of them are one at least, however long they are. */
const SEVERAL = 8;
/** How many workers there may be, and how long they wait for something to do. */
const MOST = 16;
const IDLE_MS = 30_000;

const encoder = new TextEncoder();

/** Workers that have nothing to do: to start one takes as long as to sum a hundred thousand calls. */
const idle = [];

/** So many workers, ready to take pages; none where there can be none: then one thread does it all. */
export async function startCrew(size, module, asked) {
  if (!(size > 0) || typeof Worker === "undefined") return null;
  const members = [];
  try {
    for (let at = 0; at < Math.min(size, MOST); at++) members.push(idle.pop() ?? new Member(module));
    await Promise.all(members.map((member) => member.starts(asked)));
    return new Crew(members);
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

  /** How much it has to do. */
  get load() {
    return this.#asked.length;
  }

  /** Told when it has done the next thing. */
  get next() {
    return this.#asked[0]?.answered;
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

/**
 * Gives each stretch of pages to one of its members, with the page before, whose calls count no second time. Pages are
 * copied one behind the other into a few buffers that go there and back: handing over thousands of them keeps this thread
 * longer, and so does a new buffer for each.
 */
class Crew {
  #members;
  /** Buffers that came back. */
  #free = [];
  #stretch = null;
  #given = [];
  #failures = [];
  #isDone = false;

  constructor(members) {
    this.#members = members;
  }

  /** Takes a page, which is copied at once; waits while all have enough to do. */
  async take(page) {
    const [bytes, full] = [written(page), this.#stretch];
    if (full?.hasRoom(bytes)) return full.add(bytes);
    const before = full?.last();
    this.#stretch = new Stretch(this.#room(bytes.length, before?.length ?? 0), before);
    this.#stretch.add(bytes);
    if (full) await this.#give(full);
  }

  /** A buffer for a page of so many bytes and the one before. Of large pages there are several, too: that one is read twice. */
  #room(length, before) {
    const needed = Math.max(STRETCH, before + length * SEVERAL);
    return (needed === STRETCH && this.#free.pop()) || new ArrayBuffer(needed);
  }

  async #give(stretch) {
    const at = this.#given.length;
    const member = await this.#memberWithTime();
    if (this.#failures.length) await this.#fail();
    this.#given.push(
      member.ask({ stretch: stretch.told() }, [stretch.room]).then(({ room, failed }) => {
        if (failed) this.#failures[at] = failed;
        else if (room.byteLength === STRETCH) this.#free.push(room);
      }),
    );
  }

  /** Whoever has least to do, once that is not much. */
  async #memberWithTime() {
    for (;;) {
      const least = this.#members.reduce((least, other) => (other.load < least.load ? other : least));
      if (least.load < WAITING) return least;
      await Promise.race(this.#members.map((member) => member.next));
    }
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
    const last = this.#stretch;
    this.#stretch = null;
    if (last) await this.#give(last);
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

/** Pages one behind the other in a buffer; where there was a page before, it stands ahead of them. */
class Stretch {
  room;
  #hasBefore;
  #bytes;
  /** Where each page ends. */
  #ends = [];

  constructor(room, before) {
    this.room = room;
    this.#bytes = new Uint8Array(room);
    this.#hasBefore = before !== undefined;
    if (before) this.add(before);
  }

  get #used() {
    return this.#ends.at(-1) ?? 0;
  }

  hasRoom(page) {
    return this.#used + page.length <= this.#bytes.length && this.#ends.length < MOST_PAGES;
  }

  add(page) {
    this.#bytes.set(page, this.#used);
    this.#ends.push(this.#used + page.length);
  }

  /** A copy of its last page. */
  last() {
    return this.#bytes.slice(this.#ends.at(-2) ?? 0, this.#used);
  }

  told() {
    return { room: this.room, ends: this.#ends, hasBefore: this.#hasBefore };
  }
}

/** A page as bytes that are copied at once. */
function written(page) {
  const bytes = asBytes(page);
  if (bytes instanceof Uint8Array) return bytes;
  return encoder.encode(typeof bytes === "string" ? bytes : (JSON.stringify(bytes) ?? "null"));
}
