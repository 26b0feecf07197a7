/**
 * What happened to each object of late.
 *
 * `waitFor` reads it, so that it also finds what came before it was called: between the call that made an
 * object and the line of the program that waits for it.
 */

/** Events kept for each object and each type: a burst of one type must not displace the others. */
const KEPT = 64;

/** Objects remembered at most. A server may tell of objects whose end it never tells. */
const REMEMBERED = 20_000;

/** Types remembered at most, of each object: a server may invent types without end. */
const TYPES = 1000;

/** The longest time that a timer takes. */
const LONGEST = 0x7fffffff;

/** The key of the library, which every event names. */
export const LIBRARY = "";

/** What a wait finds when the object is over and the event has not come. */
export const OVER = Symbol("over");

/** The late events of living objects. */
export class History {
  #pasts = new Map();
  #waiters = new Map();
  #closed = "no events come before connect() or run() is called";

  /**
   * Takes note of an event, and wakes who waits for it.
   *
   * @param {string} key The object, or `LIBRARY`.
   * @param {{ type: string, number: number, event: object }} message The event, its type and number.
   */
  record(key, message) {
    const { type } = message;
    let past = this.#pasts.get(key);
    if (!past) {
      past = { types: new Map(), last: message.number, over: false };
      this.#pasts.set(key, past);
      if (this.#pasts.size > REMEMBERED) this.#prune();
    }
    past.last = message.number;
    // Whoever is heard of again is there again.
    past.over = false;
    const entries = past.types.get(type);
    if (!entries) {
      if (past.types.size >= TYPES) past.types.delete(past.types.keys().next().value);
      past.types.set(type, [message]);
    }
    // Cutting now and then is cheaper than moving the list for each event.
    else if (entries.push(message) > 2 * KEPT) entries.splice(0, entries.length - KEPT);
    const waiters = this.#waiters.get(key);
    if (!waiters) return;
    for (const waiter of [...waiters]) if (waiter.matches(type)) waiter.look();
  }

  /**
   * The number of the newest event of an object, if it has one.
   *
   * @param {string} key The object.
   * @returns {number | undefined} The number.
   */
  last(key) {
    return this.#pasts.get(key)?.last;
  }

  /**
   * The object's newest event ends it, in so many milliseconds, unless it is heard of again until then: ends
   * every wait for it, and those to come.
   *
   * @param {string} key The object.
   * @param {number} grace The milliseconds.
   */
  end(key, grace) {
    const past = this.#pasts.get(key);
    const number = past.last;
    const end = () => {
      if (past.last !== number) return;
      past.over = true;
      for (const waiter of [...(this.#waiters.get(key) ?? [])]) waiter.look();
    };
    if (grace === 0) end();
    else setTimeout(end, grace).unref?.();
  }

  /**
   * Drops the events of an object that is over, and ends every wait for it.
   *
   * @param {string} key The object.
   */
  forget(key) {
    this.#pasts.delete(key);
    for (const waiter of [...(this.#waiters.get(key) ?? [])]) waiter.giveUp();
  }

  /** How many objects are remembered. */
  get size() {
    return this.#pasts.size;
  }

  /** Events will come: waiting makes sense. */
  open() {
    this.#closed = undefined;
  }

  /**
   * Ends every wait, and those to come: no event will come any more.
   *
   * @param {string} reason Why.
   */
  close(reason) {
    this.#closed = reason;
    for (const waiters of [...this.#waiters.values()]) {
      for (const waiter of [...waiters]) waiter.look();
    }
  }

  /**
   * The first event that is newer than `since` and than those found before.
   *
   * @param {string} key The object, or `LIBRARY`.
   * @param {object} wanted What is waited for.
   * @param {string} wanted.name The name it was asked for by.
   * @param {(type: string) => boolean} wanted.matches Whether a type is meant.
   * @param {number} wanted.since The newest event that is too old.
   * @param {Map<string, number>} wanted.seen The newest that was found for each name.
   * @param {number} wanted.timeout Milliseconds to wait; `Infinity` for as long as it takes.
   * @param {AbortSignal} [wanted.signal] Ends the waiting.
   * @returns {Promise<object | undefined | string | typeof OVER>} The event; nothing if none came in time; the
   *   reason if none can come any more; `OVER` if that is because the object is over.
   */
  wait(key, { name, matches, since, seen, timeout, signal }) {
    return new Promise((resolve, reject) => {
      const waiters = this.#waiters.get(key) ?? new Set();
      const end = (settle, value) => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", abort);
        waiters.delete(waiter);
        if (waiters.size === 0) this.#waiters.delete(key);
        settle(value);
      };
      const waiter = {
        matches,
        look: () => {
          const found = this.#find(key, matches, Math.max(since, seen.get(name) ?? 0));
          if (found) {
            seen.set(name, found.number);
            try {
              end(resolve, found.event);
            } catch (error) {
              // It is the reader that looks, and it must not fail.
              end(reject, error);
            }
          } else if (this.#closed !== undefined) {
            end(resolve, this.#closed);
          } else if (this.#isOver(key, since)) {
            end(resolve, OVER);
          }
        },
        giveUp: () => end(resolve, OVER),
      };
      const abort = () => end(reject, signal.reason);
      const timer =
        timeout > LONGEST ? undefined : setTimeout(() => end(resolve, undefined), timeout);
      this.#waiters.set(key, waiters.add(waiter));
      signal?.addEventListener("abort", abort, { once: true });
      if (signal?.aborted) abort();
      else waiter.look();
    });
  }

  /** Whether an object that was there at event number `since` is over. */
  #isOver(key, since) {
    const past = this.#pasts.get(key);
    // What was made after the end is a new object with the same id.
    return past !== undefined && past.over && past.last > since;
  }

  #find(key, matches, after) {
    const past = this.#pasts.get(key);
    if (!past || past.last <= after) return undefined;
    let best;
    for (const [type, entries] of past.types) {
      if (!matches(type)) continue;
      const entry = entries.find(({ number }) => number > after);
      if (entry && (!best || entry.number < best.number)) best = entry;
    }
    return best;
  }

  /** Forgets the quarter of the objects that was silent the longest. */
  #prune() {
    const pasts = [...this.#pasts].filter(([key]) => key !== LIBRARY);
    pasts.sort(([, a], [, b]) => a.last - b.last);
    for (const [key] of pasts.slice(0, pasts.length / 4)) this.#pasts.delete(key);
  }
}
