/**
 * Events: from the WebSocket to the program's handlers.
 *
 * What is read goes into the history, for `waitFor`, and into the queues of the dispatcher, for handlers.
 */

import {
  ConnectionFailedException,
  IllegalInputException,
  IllegalStateException,
  LibraryException,
  TimeoutException,
} from "../errors.js";
import { didYouMean } from "./closest.js";
import { Dispatcher, Handlers } from "./dispatch.js";
import { History, LIBRARY, OVER } from "./history.js";
import { EventIterator } from "./iteration.js";
import { keyText } from "./model.js";

/**
 * How long things take, in milliseconds.
 *
 * `backoff`: the longest first delay of a reconnection, and the longest of all. `good`: a connection that was up for
 * so long was a good one, the next loss starts with a short delay again. `history`: so long the history of an object
 * outlives it, so that `waitFor` still finds its end. `sweep`: so often it is looked for objects to forget.
 * `grace`: takes the place of each grace that the API's facts give an object after its end.
 */
const INTERVALS = {
  backoff: [500, 30_000],
  good: 10_000,
  history: 60_000,
  sweep: 5_000,
  grace: undefined,
};

/** The connection to the server is gone; the library tries to get it back. */
export class ConnectionLost {
  type = "ConnectionLost";

  /**
   * @param {Date} since When the server was last heard; events after that may be missing.
   * @param {string} reason Why the connection is gone, for people.
   */
  constructor(since, reason) {
    this.since = since;
    this.reason = reason;
  }
}

/**
 * The connection is back and everything that was subscribed to is so again.
 *
 * Events between the two moments may be missing: a program that keeps state reads it anew.
 */
export class ConnectionRestored {
  type = "ConnectionRestored";

  /**
   * @param {Date} missedFrom When the server was last heard on the connection that was lost.
   * @param {Date} missedTo When the subscriptions were complete again.
   */
  constructor(missedFrom, missedTo) {
    this.missedFrom = missedFrom;
    this.missedTo = missedTo;
  }
}

/**
 * Another program has taken this one's place; no event will come any more.
 *
 * The library does not reconnect: it would take the place back, and so the two would go on for ever.
 */
export class ConnectionReplaced {
  type = "ConnectionReplaced";

  /** @param {readonly string[]} applications The applications that were taken over. */
  constructor(applications) {
    this.applications = applications;
  }
}

const OWN_EVENTS = { ConnectionLost, ConnectionRestored, ConnectionReplaced };

// The queue of what the library itself has to tell.
const TELLING = "ConnectionLost";

const NONE = [];

/** The events of one library. */
export class EventStream {
  #facts;
  #applications;
  #connect;
  #makeEvent;
  #onReconnected;
  #exists;
  #intervals;
  #handlers = new Handlers();
  #dispatcher = new Dispatcher((item) => (item.own ? this.#handleOwn(item) : this.#handle(item)));
  #iterators = new Set();
  #history = new History();
  #names = new Map();
  #objects = new Map();
  #ends = new Map();
  #endings = new Map();
  #asking = Promise.resolve();
  #warned = new Set();
  #sequence = 0;
  #state = "closed";
  #session;
  #sweep;

  /**
   * @param {object} facts How the API tells of events.
   * @param {object} owner What the stream asks of its library.
   * @param {readonly string[]} owner.applications The names under which the program receives events.
   * @param {(applications: readonly string[], signal: AbortSignal, callbacks: object) =>
   *   Promise<import("./connection.js").Connection>} owner.connect Opens a connection.
   * @param {(data: object, number: number) => object} owner.makeEvent Makes the program's event of a message.
   * @param {() => Promise<void>} owner.onReconnected Puts back what a new connection does not have.
   * @param {(key: string) => Promise<boolean>} owner.exists Whether the server still has an object.
   * @param {object} [owner.intervals] Other times than those of `INTERVALS`.
   */
  constructor(facts, { applications, connect, makeEvent, onReconnected, exists, intervals }) {
    this.#intervals = { ...INTERVALS, ...intervals };
    this.#facts = facts;
    this.#applications = applications;
    this.#connect = connect;
    this.#makeEvent = makeEvent;
    this.#onReconnected = onReconnected;
    this.#exists = exists;
    for (const [type, bases] of Object.entries(facts.parents)) {
      this.#names.set(type, new Set([type, ...bases]));
    }
    for (const type of Object.keys(OWN_EVENTS)) this.#names.set(type, new Set([type]));
    for (const [type, rows] of Object.entries(facts.objects)) {
      this.#objects.set(
        type,
        rows.map(([path, model]) => ({ path: path.split("."), model, ids: facts.ids[model] })),
      );
    }
    for (const [type, rows] of Object.entries(facts.ends)) {
      const named = new Map(facts.objects[type]);
      this.#ends.set(
        type,
        rows.map(([path, grace]) => ({
          path: path.split("."),
          model: named.get(path),
          ids: facts.ids[named.get(path)],
          grace: grace && (this.#intervals.grace ?? grace * 1000),
        })),
      );
    }
  }

  /** `closed`, `connecting`, `connected`, `reconnecting` or `replaced`. */
  get state() {
    return this.#state;
  }

  /** The number of the newest event read. */
  get sequence() {
    return this.#sequence;
  }

  /** The type that every event is of. */
  get everything() {
    return this.#facts.parents[this.#facts.base]?.at(-1) ?? this.#facts.base;
  }

  /**
   * Registers a handler.
   *
   * @param {string} key The object, or `LIBRARY`.
   * @param {string} event The event's name.
   * @param {(event: any) => unknown} handler The handler.
   * @param {boolean} once Whether it runs once only.
   */
  add(key, event, handler, once) {
    if (typeof handler !== "function") {
      throw new IllegalInputException(`the handler for ${event} is no function`);
    }
    this.#checkName(event);
    this.#handlers.add(key, event, handler, once);
  }

  /**
   * Takes a handler away.
   *
   * @param {string} key The object, or `LIBRARY`.
   * @param {string} event The event's name.
   * @param {(event: any) => unknown} handler The handler.
   */
  remove(key, event, handler) {
    if (this.#handlers.remove(key, event, handler)) return;
    // The handlers of an object that is over have been dropped.
    if (key !== LIBRARY && (this.#history.last(key) === undefined || this.#endings.has(key)))
      return;
    throw new IllegalInputException(
      `the handler ${handler?.name || "without a name"} is not registered for ${event}: it never was, it ` +
        "was removed before, or it was to run once and did",
    );
  }

  /**
   * All events from now on, one after the other.
   *
   * @param {string} key The object, or `LIBRARY`.
   * @param {AbortSignal} [signal] Ends them.
   * @returns {EventIterator} The events.
   */
  iterate(key, signal) {
    const all = this.everything;
    const take = (event) => events.push(event);
    const abort = () => events.return();
    const events = new EventIterator(() => {
      signal?.removeEventListener("abort", abort);
      this.#iterators.delete(events);
      this.#handlers.remove(key, all, take);
    });
    this.#iterators.add(events);
    this.#handlers.add(key, all, take, false, () => events.end());
    signal?.addEventListener("abort", abort, { once: true });
    if (signal?.aborted) abort();
    return events;
  }

  /**
   * The first such event after number `since`.
   *
   * @param {string} key The object, or `LIBRARY`.
   * @param {string} event The event's name.
   * @param {object} options How long, and from when.
   * @returns {Promise<any>} The event.
   */
  async waitFor(key, event, { timeout = 60_000, signal, since, seen }) {
    this.#checkName(event);
    if (typeof timeout !== "number" || !(timeout >= 0)) {
      throw new IllegalInputException(
        `timeout is ${String(timeout)}: a number of milliseconds is wanted`,
      );
    }
    const matches = (type) => this.#namesOf(type).has(event);
    const wanted = { name: event, matches, since, seen, timeout, signal };
    const found = await this.#history.wait(key, wanted);
    const what = key === LIBRARY ? event : `${event} of ${key}`;
    if (found === undefined) throw new TimeoutException(`no ${what} came within ${timeout} ms`);
    if (found === OVER) {
      throw new IllegalStateException(`waited for ${what} in vain: the object has ended`);
    }
    if (typeof found === "string") {
      throw new ConnectionFailedException(`waited for ${what} in vain: ${found}`);
    }
    return found;
  }

  /**
   * Drops an object's handlers in a while, unless an event names it until then: it should have come into being
   * and did not.
   *
   * Not at once, since a program may try again, and a call that got no answer may have succeeded.
   *
   * @param {string} key The object.
   */
  expectEnd(key) {
    // What was heard of exists, whatever a further attempt to make it came to.
    if (this.#history.last(key) !== undefined || this.#handlers.table(key).length === 0) return;
    const at = performance.now() + this.#intervals.history;
    this.#endings.set(key, { number: this.#sequence, at });
  }

  /** Opens the connection; resolves when it is up, and rejects if it does not come up or is stopped first. */
  async connect() {
    await this.#running().up;
  }

  /** Connects if need be, and serves until it is stopped. */
  async run() {
    const session = this.#running();
    try {
      await session.up;
    } catch (error) {
      // To be stopped is the way in which it ends, also while it connects.
      if (!session.stopped) throw error;
    }
    await session.ended;
  }

  /** Closes the connection; events that wait in queues are dropped. */
  stop() {
    const session = this.#session;
    if (session) {
      session.stopped = true;
      this.#end(session, "closed", "the library was stopped");
    }
    // The objects end even if nobody handles the events that say so.
    for (const item of this.#dispatcher.clear()) if (!item.own) this.#finish(item);
    this.#endIterators();
  }

  // Connecting

  #running() {
    if (this.#facts.application && this.#applications.length === 0) {
      throw new IllegalInputException(
        "no application is named, so no event would come: give the library the name of one, " +
          `${this.#facts.application}: "my-application"`,
      );
    }
    if (!this.#session) {
      const session = { stopper: new AbortController(), attempts: 0, replaced: new Set() };
      expectUp(session);
      session.ended = new Promise((resolve, reject) => {
        session.finish = (error) => (error ? reject(error) : resolve());
      });
      // Who does not ask is not to be ended by the answer.
      session.ended.catch(() => {});
      this.#session = session;
      this.#state = "connecting";
      this.#history.open();
      this.#sweep = setInterval(() => this.#forgetDue(), this.#intervals.sweep);
      this.#sweep.unref?.();
      this.#open(session).catch((error) => this.#end(session, "closed", error.message, error));
    }
    return this.#session;
  }

  async #open(session) {
    const callbacks = {
      onMessage: (text) => this.#take(text, session),
      // Before it is taken for connected, its loss is a failure to connect.
      onLost: (reason) => session.connection && this.#lost(session, reason),
    };
    const applications = this.#applications.filter((name) => !session.replaced.has(name));
    const { signal } = session.stopper;
    const connection = await this.#connect(applications, signal, callbacks);
    if (signal.aborted) {
      connection.close();
      throw new ConnectionFailedException("the library was stopped while it connected");
    }
    if (connection.over) {
      throw new ConnectionFailedException("the server closed the connection at once");
    }
    session.connection = connection;
    session.since = performance.now();
    this.#state = "connected";
    session.resolve();
    return connection;
  }

  #end(session, state, reason, error) {
    if (this.#session !== session) return;
    this.#session = undefined;
    this.#state = state;
    clearInterval(this.#sweep);
    session.stopper.abort();
    session.connection?.close();
    this.#history.close(reason);
    session.reject(error ?? new ConnectionFailedException(reason));
    // A session that never was up does not end otherwise than by not coming up.
    session.finish(session.since === undefined ? undefined : error);
  }

  #lost(session, reason) {
    if (this.#session !== session) return;
    const since = session.connection.heard;
    session.connection = undefined;
    session.missedFrom ??= since;
    if (performance.now() - session.since >= this.#intervals.good) session.attempts = 0;
    this.#state = "reconnecting";
    expectUp(session);
    this.#tell(new ConnectionLost(since, reason));
    this.#reconnect(session).catch((error) => report("reconnecting failed", error));
  }

  async #reconnect(session) {
    const [first, longest] = this.#intervals.backoff;
    const { signal } = session.stopper;
    let connection;
    while (!connection) {
      // Anything up to the limit: many clients of one server must not come back as one.
      const limit = Math.min(longest, first * 2 ** Math.min(session.attempts, 30));
      session.attempts += 1;
      await pause(Math.random() * limit, signal);
      if (signal.aborted) return;
      try {
        connection = await this.#open(session);
      } catch {
        // A server that is away says so in many ways; the program has been told, and it is tried again.
      }
    }
    await this.#restore(session, connection);
  }

  /** Puts back what the new connection lacks, then tells the program. */
  async #restore(session, connection) {
    const isUp = () => this.#session === session && session.connection === connection;
    const [first, longest] = this.#intervals.backoff;
    let delay = first;
    while (isUp()) {
      try {
        await this.#onReconnected();
        break;
      } catch (error) {
        // Who refuses now refuses again; who did not answer may do so later.
        const again =
          error instanceof LibraryException && (error.status === undefined || error.status >= 500);
        if (!again) {
          if (isUp()) report("what was subscribed to could not be put back", error);
          break;
        }
      }
      await pause(delay, session.stopper.signal);
      delay = Math.min(2 * delay, longest);
    }
    // An object that no event has named may not have begun yet.
    const heardOf = this.#handlers.objects.filter((key) => this.#history.last(key) !== undefined);
    await this.#dropVanished(heardOf, isUp);
    if (!isUp()) return;
    const { missedFrom } = session;
    session.missedFrom = undefined;
    this.#tell(new ConnectionRestored(missedFrom, new Date()));
  }

  /** Forgets those objects that the server has no more. */
  async #dropVanished(keys, goesOn = () => true) {
    // One after the other: a server takes so many connections and no more.
    for (const key of keys) {
      if (!goesOn()) return;
      if (!(await this.#stillExists(key))) this.#forget(key);
    }
  }

  async #stillExists(key) {
    try {
      return await this.#exists(key);
    } catch {
      return true;
    }
  }

  // Reading

  #take(text, session) {
    if (this.#session !== session) return;
    let data;
    try {
      data = JSON.parse(text);
    } catch (error) {
      report("a message is skipped, it is not JSON", error);
      return;
    }
    if (typeof data !== "object" || data === null || Array.isArray(data)) return;
    this.#sequence += 1;
    const named = data[this.#facts.discriminator];
    const type = typeof named === "string" ? named : "";
    const message = new Message(type, data, this.#sequence, this.#makeEvent);
    const keys = [];
    for (const { path, model, ids } of this.#objects.get(type) ?? NONE) {
      const key = keyAt(data, path, model, ids);
      if (key !== undefined && !keys.includes(key)) keys.push(key);
    }
    this.#history.record(LIBRARY, message);
    // An object that ends later keeps the handlers of its own last event.
    const tables = [];
    for (const key of keys) {
      this.#history.record(key, message);
      tables.push(this.#handlers.table(key));
    }
    // Here, and not when handlers have run: one of them may be waiting.
    for (const { path, model, ids, grace } of this.#ends.get(type) ?? NONE) {
      const key = keyAt(data, path, model, ids);
      if (key !== undefined) this.#history.end(key, grace);
    }
    const newest = this.#handlers.number;
    this.#dispatcher.submit(keys[0] ?? LIBRARY, { message, keys, tables, newest });
    if (type && type === this.#facts.replaced) this.#takeReplaced(data, session);
  }

  #takeReplaced(data, session) {
    const values = Object.values(data);
    const named = this.#applications.filter((name) => values.includes(name));
    for (const name of named.length > 0 ? named : this.#applications) session.replaced.add(name);
    if (session.replaced.size < this.#applications.length) return;
    this.#tell(new ConnectionReplaced(this.#applications));
    const error = new ConnectionFailedException(
      `another program has connected for ${this.#applications.join(", ")} and gets the events from now on: only ` +
        "one at a time can. Stop the other one, or give one of the two a name of its own",
    );
    this.#end(session, "replaced", error.message, error);
  }

  #namesOf(type) {
    return this.#names.get(type) ?? new Set([type, ...(this.#names.get(this.#facts.base) ?? [])]);
  }

  // Handling

  #handle(item) {
    const { message, keys, tables } = item;
    const names = this.#namesOf(message.type);
    const wanted = [];
    choose(this.#handlers.table(LIBRARY), names, wanted);
    for (let place = 0; place < keys.length; place += 1) {
      const key = keys[place];
      let table = this.#handlers.table(key);
      // The object may have got handlers since the event came; if it is over, and the event was held up in
      // another object's queue, it has those of that time.
      const heldUp = table.length === 0 && tables[place].length > 0;
      if (heldUp && !(this.#endings.get(key)?.number < message.number)) table = tables[place];
      choose(table, names, wanted);
    }
    const waiting = this.#callAll(wanted, message);
    if (waiting) return waiting.then(() => this.#finish(item));
    this.#finish(item);
    return undefined;
  }

  #handleOwn({ message }) {
    const wanted = [];
    choose(this.#handlers.table(LIBRARY), this.#namesOf(message.type), wanted);
    const waiting = this.#callAll(wanted, message);
    if (!(message.event instanceof ConnectionReplaced)) return waiting;
    return Promise.resolve(waiting).then(() => this.#endIterators());
  }

  /**
   * Calls handlers, one after the other.
   *
   * @returns {Promise<void> | undefined} Their end, if one of them has to be waited for: most have not, and a
   *   promise for each event would cost more than all else here.
   */
  #callAll(registrations, message) {
    for (let place = 0; place < registrations.length; place += 1) {
      const registration = registrations[place];
      if (registration.removed) continue;
      if (registration.once) this.#handlers.takeOut(registration);
      try {
        const given = registration.handler(message.event);
        if (typeof given?.then === "function") {
          const others = registrations.slice(place + 1);
          return Promise.resolve(given)
            .catch((error) => reportFailure(registration, message, error))
            .then(() => this.#callAll(others, message));
        }
      } catch (error) {
        reportFailure(registration, message, error);
      }
    }
    return undefined;
  }

  #tell(event) {
    this.#sequence += 1;
    const message = new Message(event.type, undefined, this.#sequence, () => event);
    this.#history.record(LIBRARY, message);
    this.#dispatcher.submit(TELLING, { message, own: true });
  }

  #endIterators() {
    for (const events of [...this.#iterators]) events.end();
  }

  // The end of objects

  /** An event has been handled: what it ended is over. */
  #finish({ message: { type, data, number }, newest }) {
    for (const { path, model, ids, grace } of this.#ends.get(type) ?? NONE) {
      const key = keyAt(data, path, model, ids);
      if (key === undefined) continue;
      // Of an object that is over, only the past stays for a while. Handlers that came after its end may be for a
      // new object with the same id; they go if that stays silent.
      if (grace === 0) this.#handlers.drop(key, newest);
      this.#endings.set(key, {
        number,
        at: performance.now() + (grace || this.#intervals.history),
      });
    }
  }

  #forgetDue() {
    const now = performance.now();
    const doubtful = [];
    for (const [key, { number, at }] of this.#endings) {
      if (at > now) continue;
      this.#endings.delete(key);
      if ((this.#history.last(key) ?? 0) <= number) {
        this.#forget(key);
      } else {
        // It was heard of again: the server knows whether it still is.
        doubtful.push(key);
      }
    }
    this.#asking = this.#asking.then(() => this.#dropVanished(doubtful));
  }

  #forget(key) {
    this.#handlers.drop(key);
    this.#history.forget(key);
    this.#endings.delete(key);
  }

  /** Warns of an event that the documents do not know: most likely it is misspelt. */
  #checkName(event) {
    if (typeof event !== "string" || event === "") {
      throw new IllegalInputException(`the event is ${String(event)}: its name is wanted`);
    }
    if (this.#names.has(event) || this.#warned.has(event)) return;
    this.#warned.add(event);
    const hint = didYouMean(event, this.#names.keys());
    console.warn(`no event is called ${event} in this version of the API.${hint}`);
  }
}

/** A message of the server, and the event that it is. */
class Message {
  #makeEvent;
  #event;

  constructor(type, data, number, makeEvent) {
    this.type = type;
    this.data = data;
    this.number = number;
    this.#makeEvent = makeEvent;
  }

  /** The program's event: made when somebody first wants it, and once for all. */
  get event() {
    return (this.#event ??= this.#makeEvent(this.data, this.number));
  }
}

/** Adds those registrations of a table that are for one of these names. */
function choose(table, names, wanted) {
  for (const registration of table) {
    if (names.has(registration.name)) wanted.push(registration);
  }
}

/** The identity of the object at a path of a message, if there is one. */
function keyAt(data, path, model, ids) {
  let value = data;
  for (const name of path) value = value?.[name];
  if (typeof value !== "object" || value === null) return undefined;
  const found = [];
  for (const member of ids) {
    const id = value[member];
    if (!isId(id)) return undefined;
    found.push(String(id));
  }
  return keyText(model, found);
}

// Whatever else a server sends as an id names nothing, and may not even have a text.
function isId(value) {
  return typeof value === "string" ? value !== "" : typeof value === "number";
}

/** From now on, who asks waits until the session is up. */
function expectUp(session) {
  session.up = new Promise((resolve, reject) => Object.assign(session, { resolve, reject }));
  // Who does not ask is not to be ended by the answer.
  session.up.catch(() => {});
}

/** A pause that ends early when the signal is aborted. */
function pause(time, signal) {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve();
      return;
    }
    const timer = setTimeout(end, time);
    function end() {
      clearTimeout(timer);
      signal.removeEventListener("abort", end);
      resolve();
    }
    signal.addEventListener("abort", end, { once: true });
  });
}

function reportFailure({ handler }, { type }, error) {
  report(`the handler ${handler.name || "without a name"} for ${type} failed`, error);
}

function report(what, error) {
  console.error(`${what}:`, error);
}
