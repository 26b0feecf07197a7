/** Handlers, and the queues they run in: in order, one at a time for each object. */

import { LIBRARY } from "./history.js";

/** Milliseconds for which handlers may run before the reader gets its turn. */
const TURN = 10;

const NONE = [];

/** The registered handlers: those of the library and those of each object. */
export class Handlers {
  #tables = new Map();
  #number = 0;

  /**
   * Registers a handler, after those that are there.
   *
   * @param {string} key The object, or `LIBRARY`.
   * @param {string} name The event's name.
   * @param {(event: any) => unknown} handler The handler.
   * @param {boolean} once Whether it runs once only.
   * @param {() => void} [dropped] Called when it is dropped because its object is over.
   */
  add(key, name, handler, once, dropped) {
    this.#number += 1;
    const number = this.#number;
    const registration = { key, name, handler, once, dropped, number, removed: false };
    // What is read while an event is handled is never changed, only replaced.
    this.#tables.set(key, [...this.table(key), registration]);
  }

  /**
   * Takes the first registration of a handler away.
   *
   * @param {string} key The object, or `LIBRARY`.
   * @param {string} name The event's name.
   * @param {(event: any) => unknown} handler The handler.
   * @returns {boolean} Whether there was one.
   */
  remove(key, name, handler) {
    const found = this.table(key).find((one) => one.name === name && one.handler === handler);
    if (found) this.takeOut(found);
    return Boolean(found);
  }

  /**
   * Takes a registration away.
   *
   * @param {object} registration The registration.
   */
  takeOut(registration) {
    const { key } = registration;
    registration.removed = true;
    this.#keep(
      key,
      this.table(key).filter((one) => one !== registration),
    );
  }

  /**
   * All registrations of an object or of the library.
   *
   * @param {string} key The object, or `LIBRARY`.
   * @returns {readonly object[]} The registrations.
   */
  table(key) {
    return this.#tables.get(key) ?? NONE;
  }

  /**
   * Drops an object's handlers. An event of the object that is held up in the queue of another still gets to
   * them, so they are not marked as removed.
   *
   * @param {string} key The object.
   * @param {number} [upTo] The newest registration to drop; later ones are for a new object with the same id.
   */
  drop(key, upTo = Infinity) {
    const table = this.table(key);
    this.#keep(
      key,
      table.filter(({ number }) => number > upTo),
    );
    for (const { number, dropped } of table) if (number <= upTo) dropped?.();
  }

  /** The number of the newest registration. */
  get number() {
    return this.#number;
  }

  /** The objects that have handlers. */
  get objects() {
    return [...this.#tables.keys()].filter((key) => key !== LIBRARY);
  }

  #keep(key, table) {
    if (table.length > 0) this.#tables.set(key, table);
    else this.#tables.delete(key);
  }
}

/** Runs items: those of one key in order, those of different keys side by side. */
export class Dispatcher {
  #queues = new Map();
  #run;
  #began = 0;
  #pause;

  /** @param {(item: any) => Promise<void> | void} run Runs an item; it must not fail. */
  constructor(run) {
    this.#run = run;
  }

  /**
   * Runs an item when those before it in its queue are done.
   *
   * @param {string} key The queue.
   * @param {any} item The item.
   */
  submit(key, item) {
    const queue = this.#queues.get(key);
    if (queue) {
      queue.items.push(item);
      return;
    }
    if (this.#queues.size === 0) this.#began = performance.now();
    this.#drain(key, { items: [item], next: 0 });
  }

  /**
   * Drops the items that have not begun.
   *
   * @returns {any[]} What was dropped.
   */
  clear() {
    return [...this.#queues.values()].flatMap((queue) => {
      const dropped = queue.items.slice(queue.next);
      queue.items = [];
      queue.next = 0;
      return dropped;
    });
  }

  async #drain(key, queue) {
    this.#queues.set(key, queue);
    // The reader first takes all that has come.
    await undefined;
    while (queue.next < queue.items.length) {
      // Handlers that do not wait would keep the reader waiting until the last one is done.
      while (performance.now() - this.#began > TURN) await this.#turn();
      // The queue may have been cleared meanwhile.
      if (queue.next >= queue.items.length) break;
      const item = queue.items[queue.next];
      queue.next += 1;
      // A long queue must not be moved for each item.
      if (queue.next > 1024) {
        queue.items.splice(0, queue.next);
        queue.next = 0;
      }
      const waiting = this.#run(item);
      if (waiting) await waiting;
    }
    this.#queues.delete(key);
  }

  /** Waits until the reader has had its turn; one pause serves all queues. */
  #turn() {
    this.#pause ??= nextTurn().then(() => {
      this.#pause = undefined;
      this.#began = performance.now();
    });
    return this.#pause;
  }
}

/** Resolves when the platform has looked for what has come. */
function nextTurn() {
  return new Promise((resolve) => {
    if (globalThis.setImmediate) {
      globalThis.setImmediate(resolve);
      return;
    }
    // Timers are slowed down in pages that nobody looks at; messages are not.
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}
