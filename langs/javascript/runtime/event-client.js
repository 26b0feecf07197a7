/** The main class of a library whose API tells of events, and the base of that API's objects. */

import {
  ConnectionFailedException,
  LibraryException,
  NotFoundException,
  TimeoutException,
} from "../errors.js";
import { Client } from "./client.js";
import { Connector } from "./connection.js";
import { EventStream } from "./events.js";
import { LIBRARY } from "./history.js";
import { Entity, Model, keyText } from "./model.js";
import { prepare } from "./operation.js";

/** Adds to a class what handlers can be put on; `streamOf` gives stream, key and age of an instance. */
function observable(Base, streamOf) {
  return class extends Base {
    #seen = new Map();

    /**
     * Calls `handler(event)` for every event of that type; on an object, for those that name it.
     *
     * @param {string} event The event's name; a base type means all its subtypes.
     * @param {(event: any) => unknown} handler Gets the event; a promise that it gives is waited for.
     */
    addEventHandler(event, handler) {
      const { stream, key } = streamOf(this);
      stream.add(key, event, handler, false);
    }

    /**
     * Takes a handler away that `addEventHandler` or `once` put on.
     *
     * @param {string} event The event's name.
     * @param {(event: any) => unknown} handler The handler.
     */
    removeEventHandler(event, handler) {
      const { stream, key } = streamOf(this);
      stream.remove(key, event, handler);
    }

    /**
     * Like `addEventHandler`, for the first such event only.
     *
     * @param {string} event The event's name.
     * @param {(event: any) => unknown} handler Gets the event.
     */
    once(event, handler) {
      const { stream, key } = streamOf(this);
      stream.add(key, event, handler, true);
    }

    /**
     * Waits for an event. It also finds what has come since the call, or the event, that made this object;
     * each event is found once. Once the object has ended, and the event has not come, it rejects with an
     * `IllegalStateException`.
     *
     * @param {string} event The event's name.
     * @param {object} [options] How long to wait.
     * @param {number} [options.timeout] Milliseconds to wait; 60000 if left out, and `Infinity` for as long as
     *   it takes.
     * @param {AbortSignal} [options.signal] Ends the waiting when it is aborted.
     * @returns {Promise<any>} The event.
     */
    waitFor(event, { timeout, signal } = {}) {
      const { stream, key, since } = streamOf(this);
      return stream.waitFor(key, event, { timeout, signal, since, seen: this.#seen });
    }

    /**
     * The events from now on, for `for await`. They end when the library is stopped or its place is taken,
     * and those of an object when it is over.
     *
     * @param {object} [options] When to end.
     * @param {AbortSignal} [options.signal] Ends the events when it is aborted.
     * @returns {AsyncIterableIterator<any>} The events.
     */
    events({ signal } = {}) {
      const { stream, key } = streamOf(this);
      return stream.iterate(key, signal);
    }
  };
}

const streams = new WeakMap();

/** A client that also listens. Nothing is opened before `connect` or `run`. */
export class EventClient extends observable(Client, (client) => ({
  stream: streams.get(client),
  key: LIBRARY,
  // A program that has called nothing means the events from now on.
  since: client.lastOrigin ?? streams.get(client).sequence,
})) {
  #facts;
  #access;
  #options;
  #subscriptions = new Map();
  #lastOrigin;

  /**
   * @param {import("./operation.js").Access} access How requests are written.
   * @param {object} facts How the API tells of events.
   * @param {object} options The options of the main class; `intervals` among them changes how long things
   *   take, see `INTERVALS` of events.js and connection.js.
   */
  constructor(access, facts, options = {}) {
    super(access, options);
    this.#facts = facts;
    this.#access = access;
    this.#options = options;
    const settings = {
      ...Client.settingsOf(this),
      hints: access.hints,
      WebSocket: options.WebSocket,
      intervals: options.intervals,
    };
    const probe = (target, signal) => this.probe(target, signal);
    const connector = new Connector(settings, probe);
    streams.set(
      this,
      new EventStream(facts, {
        applications: [...new Set([options[facts.application] ?? []].flat())],
        intervals: options.intervals,
        connect: (applications, signal, callbacks) =>
          connector.open(this.#target(applications), signal, callbacks),
        makeEvent: (data, number) => this.#event(data, number),
        onReconnected: () => this.#resubscribe(),
        exists: (key) => this.#exists(key),
      }),
    );
  }

  /** How the event connection is: `closed`, `connecting`, `connected`, `reconnecting` or `replaced`. */
  get state() {
    return streams.get(this).state;
  }

  /** The number of the newest event when the program's latest call began, if there was one. */
  get lastOrigin() {
    return this.#lastOrigin;
  }

  /**
   * Opens the event connection, and resolves when it is up. A connection that is lost later is made again,
   * without limit; what happened to it comes as `ConnectionLost` and `ConnectionRestored`.
   *
   * @returns {Promise<void>}
   */
  async connect() {
    await streams.get(this).connect();
  }

  /**
   * Serves events until `stop` is called; connects first if need be.
   *
   * @returns {Promise<void>}
   */
  async run() {
    await streams.get(this).run();
  }

  /** Closes the event connection and ends `run`; in a handler too. */
  stop() {
    streams.get(this).stop();
  }

  /** Stops, and lets go of the connections. */
  close() {
    this.stop();
    super.close();
  }

  origin() {
    this.#lastOrigin = streams.get(this).sequence;
    return { library: this, since: this.#lastOrigin };
  }

  call(operation, options, onSuccess, onError) {
    if (!operation.subscription) return super.call(operation, options, onSuccess, onError);
    const noted = (result) => {
      for (const [key, alone] of subscribed(operation, options)) {
        if (operation.subscription === "remove") this.#subscriptions.delete(key);
        else this.#subscriptions.set(key, [operation, alone]);
      }
      return onSuccess?.(result);
    };
    return super.call(operation, options, noted, onError);
  }

  failed(operation, options) {
    const [model, option] = operation.makes ?? [];
    const id = plain(options[option]);
    if (typeof id === "string") streams.get(this).expectEnd(keyText(model, [id]));
  }

  #target(applications) {
    const { operation, application } = this.#facts;
    const names = operation.parameters.map((parameter) => parameter.as ?? parameter.name);
    const given = Object.fromEntries(names.map((name) => [name, this.#options[name]]));
    const options = { ...given, [application]: applications };
    const { path, query } = prepare(operation, options, this.#access);
    return query ? `${path}?${query}` : path;
  }

  #event(data, number) {
    const type = data[this.#facts.discriminator];
    const { models, base } = this.#facts;
    const known = typeof type === "string" && Object.hasOwn(models, type);
    const EventModel = models[known ? type : base];
    return new EventModel(data, { library: this, since: number });
  }

  /** Tells the server again what this program wants to hear of. */
  async #resubscribe() {
    for (const [key, [operation, options]] of this.#subscriptions) {
      // A server may have kept the subscription, and may count: one that is made twice outlives the program's
      // call that ends it. So whatever is left of it is taken away first; usually that is nothing.
      const { endedBy } = operation;
      if (endedBy) await this.#repeat({ ...operation, method: endedBy }, options);
      const refused = await this.#repeat(operation, options);
      if (!refused) continue;
      // What was subscribed to may be gone by now; that ends nothing else.
      console.warn(`a subscription could not be put back: ${refused.message}`);
      this.#subscriptions.delete(key);
    }
  }

  /** Makes a call again; gives the error if the server refuses it. */
  async #repeat(operation, options) {
    try {
      await this.#quietly(() => super.call(operation, options));
      return undefined;
    } catch (error) {
      const away = error instanceof ConnectionFailedException || error instanceof TimeoutException;
      if (away || !(error instanceof LibraryException)) throw error;
      return error;
    }
  }

  /** Makes a call that is not the program's: what the program waits for is as old as its own call. */
  #quietly(call) {
    const latest = this.#lastOrigin;
    try {
      return call();
    } finally {
      this.#lastOrigin = latest;
    }
  }

  async #exists(key) {
    const [model, ids] = key.split(" ");
    const read = this.#facts.reads[model];
    if (!read) return true;
    const [resource, method, names] = read;
    const values = ids.split("/").map(decodeURIComponent);
    const options = Object.fromEntries(names.map((name, place) => [name, values[place]]));
    try {
      await this.#quietly(() => this[resource][method](options));
      return true;
    } catch (error) {
      if (error instanceof NotFoundException) return false;
      throw error;
    }
  }
}

/** An object that handlers can be put on. */
export class ObservableEntity extends observable(Entity, (entity) => ({
  stream: streams.get(Entity.libraryOf(entity)),
  key: Entity.keyOf(entity),
  since: Model.originOf(entity).since,
})) {}

/**
 * A resource that can also be called, because it has the name of a method.
 *
 * @param {object} resource The resource.
 * @param {(...options: any[]) => any} method The method.
 * @returns {object} Both.
 */
export function callable(resource, method) {
  return new Proxy(method, {
    get(_method, name) {
      const value = resource[name];
      return typeof value === "function" ? value.bind(resource) : value;
    },
  });
}

/** A key for each thing subscribed to, with the options that subscribe to it alone. */
function* subscribed(operation, given = {}) {
  // These were for that call: a signal that was aborted since would refuse each later one.
  const { signal: _, requestTimeout: __, ...options } = given;
  const ids = operation.parameters
    .filter((parameter) => parameter.in === "path")
    .map((parameter) => plain(options[parameter.as ?? parameter.name]));
  const place = [operation.path, ...ids];
  if (operation.subscription === "replace") {
    yield [JSON.stringify(["replace", ...place]), { ...options }];
    return;
  }
  for (const parameter of operation.parameters.filter(({ type }) => type === "list")) {
    const name = parameter.as ?? parameter.name;
    const value = options[name] ?? [];
    const items = value instanceof Set ? [...value] : [value].flat();
    for (const item of items.map(plain)) {
      yield [JSON.stringify(["add", ...place, item]), { ...options, [name]: [item] }];
    }
  }
}

function plain(value) {
  return Entity.is(value) ? Entity.idsOf(value).join("/") : value;
}
