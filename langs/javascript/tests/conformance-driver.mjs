/** Plays scenarios against the generated JavaScript library; see test_resources/conformance/README.md. */

import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtempSync, openAsBlob, writeFileSync } from "node:fs";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { json } from "node:stream/consumers";
import { inspect } from "node:util";

/** Milliseconds that handlers may take to get their events. */
const PATIENCE = 15_000;

const sleep = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

/** The library's name for a document's resource, operation or parameter. */
function jsName(name) {
  if (/^[a-z][A-Za-z0-9]*$/.test(name)) return name;
  const [first, ...rest] = name.match(/[A-Z]+(?=[A-Z][a-z])|[A-Z]?[a-z0-9]+|[A-Z]+/g);
  const words = rest.map((word) => word[0].toUpperCase() + word.slice(1).toLowerCase());
  return `${/^[0-9]/.test(first) ? "n" : ""}${first.toLowerCase()}${words.join("")}`;
}

/** The member that a library has for a document's name; a name that is taken has an underscore behind it. */
function memberOf(target, name) {
  return name in target ? target[name] : target[`${name}_`];
}

/** The names of a method's ids, which stand before its options. */
function idsOf(method) {
  const [, head] = /^\w+\(([^)]*)\)/.exec(String(method));
  const names = head.split(",").map((name) => name.trim());
  return names.slice(0, names.indexOf("options"));
}

/** Plays scenarios through the given library module; `control` is the replay server's. */
export class Driver {
  #lib;
  #MainClass;
  #control;

  constructor(lib, MainClass, control) {
    this.#lib = lib;
    this.#MainClass = MainClass;
    this.#control = control;
  }

  async scenarios() {
    return this.#ask("scenarios");
  }

  /** Plays one scenario; what is wrong is thrown. */
  async play(scenario) {
    const access = await this.#ask("play", { id: scenario.id });
    this.secrets = [access.password, btoa(access.password)];
    if (typeof scenario.credentials === "object") {
      this.secrets.push(...secretsOf(scenario.credentials));
    }
    const { timeout, ...others } = scenario.client ?? {};
    const options = {
      apiUrl: access.url,
      ...credentials(scenario, access),
      ...named(others),
      ...(timeout && { timeout: timeout * 1000 }),
    };
    const opens = scenario.operation === "events.eventWebsocket";
    if (opens) Object.assign(options, named(scenario.arguments ?? {}));
    const make = () => new this.#MainClass(options);
    const library = opens && scenario.refused ? undefined : make();
    try {
      for (const call of scenario.before ?? []) {
        await this.#call(library, call).catch(() => {});
        await sleep(call.pause ?? 0);
      }
      if (opens && scenario.handlers) await this.#checkEvents(library, scenario);
      else if (opens) await this.#checkCall(async () => (library ?? make()).connect(), scenario);
      else await this.#checkCall(() => this.#call(library, scenario), scenario);
      if ("rate_limit" in scenario) same(scenario.rate_limit, library.rateLimit, "rate_limit");
      const shown = `${inspect(library, { depth: 9, showHidden: true })}${JSON.stringify(library)}`;
      for (const secret of this.secrets) assert.ok(!shown.includes(secret), `${secret} is shown`);
    } finally {
      library?.close();
    }
    const verdict = await this.#ask("verdict");
    assert.ok(verdict.ok, verdict.differences.join("\n"));
  }

  /** Asks the replay server, which closes the connection after each answer. */
  async #ask(what, value) {
    const call = request(`${this.#control}/${what}`, {
      agent: false,
      method: value ? "POST" : "GET",
    });
    call.end(value && JSON.stringify(value));
    const [answer] = await once(call, "response");
    return json(answer);
  }

  async #call(library, call) {
    if (call.shortcut) return library[call.shortcut](...(call.positional ?? []));
    if ("fetch" in call) {
      const { origin } = new URL(library.toJSON().apiUrl);
      return library.fetch(call.fetch.startsWith("/") ? origin + call.fetch : call.fetch);
    }
    const options = {};
    for (const [name, value] of Object.entries(call.arguments ?? {})) {
      options[optionName(name)] = await this.#argument(library, value);
    }
    if (call.way) return this.#callPlace(library, call.way, options);
    const [resource, operation] = call.operation.split(".");
    const target = call.on ? this.#object(library, call.on) : memberOf(library, jsName(resource));
    return target[jsName(operation)](options);
  }

  async #callPlace(library, way, options) {
    let target = library;
    for (const [name, ...ids] of way.slice(0, -1).map((step) => [step].flat())) {
      const member = memberOf(target, jsName(name));
      target = ids.length > 0 ? member.apply(target, ids) : member;
    }
    const method = jsName(way.at(-1));
    const ids = [];
    for (const name of idsOf(target[method])) {
      ids.push(options[name]);
      delete options[name];
    }
    const result = target[method](...ids, options);
    if (method !== "iterate") return result;
    const items = [];
    for await (const item of result) items.push(item);
    return items;
  }

  #object(library, { object, ids }) {
    const Class = this.#lib[object];
    const data = Object.fromEntries(Class.idMembers.map((member, place) => [member, ids[place]]));
    return new Class(data, { library, since: 0 });
  }

  async #argument(library, value) {
    if (value === null) return undefined;
    if (value.$null) return null;
    return this.#value(library, value);
  }

  async #value(library, value) {
    if (Array.isArray(value)) {
      return Promise.all(value.map((item) => this.#value(library, item)));
    }
    if (typeof value !== "object" || value === null) return value;
    if ("$null" in value) return null;
    if ("$object" in value) return this.#object(library, { object: value.$object, ids: value.ids });
    if ("$model" in value) return new this.#lib[value.$model](value.data, { library, since: 0 });
    if ("$file" in value) return file(value);
    if ("$date" in value) return new Date(value.$date);
    if ("$base64" in value || "$text" in value) return bytes(value);
    const members = Object.entries(value).map(async ([name, item]) => [
      name,
      await this.#value(library, item),
    ]);
    return Object.fromEntries(await Promise.all(members));
  }

  // What comes of a call

  async #checkCall(call, scenario) {
    const expected = scenario.refused ?? scenario.error;
    let result;
    try {
      result = await call();
    } catch (error) {
      if (!expected) throw error;
      this.#checkError(error, expected, Boolean(scenario.refused));
      return;
    }
    assert.ok(!expected, `${expected?.class} was expected, ${inspect(result)} came`);
    this.#checkResult(result, scenario);
  }

  #checkResult(actual, scenario) {
    const expected = scenario.result;
    if (expected === null) {
      assert.equal(actual ?? undefined, undefined);
      return;
    }
    const last = (scenario.exchanges ?? [scenario]).at(-1);
    const value = "value" in expected ? expected.value : last.response.body;
    const [, item] = /^List\[(.*)\]$/.exec(expected.type ?? "") ?? [];
    if (item) for (const each of actual) assert.equal(nameOf(each), item);
    else if (expected.type) assert.equal(nameOf(actual), expected.type);
    same(value, actual, "result");
  }

  #checkError(error, expected, refused) {
    const { [expected.class]: Class, LibraryException } = this.#lib;
    assert.ok(error instanceof Class, `${expected.class} was expected, ${inspect(error)} came`);
    assert.ok(error instanceof LibraryException);
    const shown = error.message;
    assert.doesNotMatch(shown, /\p{Cc}/u);
    const everything = `${shown}${inspect(error, { depth: 9 })}${JSON.stringify(error)}`;
    for (const secret of this.secrets) {
      assert.ok(!everything.includes(secret), `${secret} is shown: ${everything}`);
    }
    const plain = (text) => text.toLowerCase().replaceAll("_", "");
    for (const text of expected.mentions ?? []) {
      assert.ok(plain(shown).includes(plain(text)), `${text} is not mentioned in ${shown}`);
    }
    for (const text of expected.excludes ?? []) assert.ok(!shown.includes(text), shown);
    if (refused) return;
    if ("status" in expected) assert.equal(error.status ?? null, expected.status);
    if ("message" in expected) assert.equal(error.reason, expected.message);
    if ("code" in expected) assert.equal(error.code ?? null, expected.code);
  }

  // Events

  async #checkEvents(library, scenario) {
    const order = [];
    const waiting = [];
    const recorders = scenario.handlers.map((handler, number) => {
      const got = [];
      const record = (event) => {
        got.push(event);
        order.push(number);
        if (handler.raises) throw new Error("a handler that fails on purpose");
      };
      const source = handler.on ? this.#object(library, handler.on) : library;
      if ("waits" in handler) {
        waiting.push({ source, handler, record });
      } else {
        if (handler.once) source.once(handler.event, record);
        else source.addEventHandler(handler.event, record);
        if (handler.removed) source.removeEventHandler(handler.event, record);
      }
      return got;
    });
    await library.connect();
    for (const call of scenario.calls ?? []) await this.#call(library, call);
    for (const one of waiting) await this.#wait(one);
    const pushed = (scenario.exchanges ?? [scenario])
      .flatMap(({ response }) => response.websocket?.push ?? [])
      .filter((step) => "type" in step);
    const wanted = scenario.handlers.map((handler) => {
      if (handler.counts) return handler.counts.to;
      return handler.receives_all ? pushed.length : handler.receives.length;
    });
    const end = Date.now() + PATIENCE;
    while (Date.now() < end && recorders.some((got, number) => got.length < wanted[number])) {
      await sleep(0.02);
    }
    await sleep(scenario.linger ?? 0.2);
    library.stop();
    scenario.handlers.forEach((handler, number) => {
      checkReceived(handler, recorders[number], pushed, `handlers[${number}]`);
    });
    if (scenario.order) assert.deepEqual(order, scenario.order);
  }

  async #wait({ source, handler, record }) {
    const options = { timeout: handler.waits * 1000 };
    for (const _ of handler.receives) record(await source.waitFor(handler.event, options));
    if (handler.receives.length === 0) {
      await assert.rejects(source.waitFor(handler.event, options), this.#lib.TimeoutException);
    }
  }
}

/** What the library is given to prove who the program is. */
function credentials(scenario, { username, password }) {
  const given = scenario.credentials ?? "basic";
  if (given === "basic") return { username, password };
  if (given === "none") return {};
  const { keys = {}, token, ...others } = given;
  const options = { ...named(keys), ...named(others) };
  if (token?.$calls) {
    const tokens = [...token.$calls];
    options.token = async () => tokens.shift();
  } else if (token) {
    options.token = token;
  }
  return options;
}

/** What of it nobody may see: all but the client's id. */
function secretsOf({ client_id: _, ...given }) {
  const values = (value) =>
    typeof value === "object" ? Object.values(value).flatMap(values) : value;
  return values(given);
}

/** The library's name of a parameter; of two of one name the second has a number. */
function optionName(name) {
  const [text, number] = name.split("#");
  const option = jsName(text);
  const taken = option === "requestTimeout" ? "_" : "";
  return `${option}${taken}${number ? `_${number}` : ""}`;
}

function bytes({ $base64, $text }) {
  return new Uint8Array(Buffer.from($base64 ?? $text, $base64 === undefined ? "utf8" : "base64"));
}

/** A file in one of the ways in which a program may give it. */
async function file({ $file: name, body, as }) {
  const content = bytes(body);
  if (as === "pair") return { name, content };
  if (as === "open") return new File([content], name);
  if (as === "stream") return new Blob([content]).stream();
  const path = join(mkdtempSync(join(tmpdir(), "file-")), name);
  writeFileSync(path, content);
  return { name, content: await openAsBlob(path) };
}

function named(values) {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [jsName(name), value]));
}

/** The document's name of a value's class; one that is taken has an underscore behind it. */
function nameOf(value) {
  return value.constructor.name.replace(/_$/, "");
}

/** Compares a value of the library with JSON, as the README says. */
function same(expected, actual, place) {
  if (Array.isArray(expected)) {
    assert.ok(Array.isArray(actual), `${place}: a list was expected, ${inspect(actual)} came`);
    assert.equal(actual.length, expected.length, place);
    expected.forEach((value, number) => same(value, actual[number], `${place}[${number}]`));
  } else if (expected === null) {
    assert.equal(actual ?? null, null, place);
  } else if (typeof expected === "object") {
    const { $date, $base64, $text, $type, ...members } = expected;
    if ($date !== undefined) {
      assert.equal(actual?.getTime?.(), Date.parse($date), place);
    } else if ($base64 !== undefined || $text !== undefined) {
      assert.ok(actual instanceof Uint8Array, `${place}: bytes were expected`);
      assert.deepEqual(Buffer.from(actual), Buffer.from(bytes({ $base64, $text })), place);
    } else {
      if ($type) assert.equal(nameOf(actual), $type, place);
      for (const [name, value] of Object.entries(members)) {
        // What no name can have is an underscore.
        const kept = actual.constructor === Object ? name : name.replace(/\W/g, "_");
        same(value, actual[`${kept}_`] ?? actual[kept], `${place}.${name}`);
      }
    }
  } else if (actual instanceof Date) {
    assert.equal(actual.getTime(), Date.parse(expected.replace(/(\d\d)(\d\d)$/, "$1:$2")), place);
  } else {
    assert.equal(actual, expected, place);
  }
}

function checkReceived(handler, got, pushed, place) {
  if (handler.counts) {
    const { member, to } = handler.counts;
    const numbers = Array.from({ length: to }, (_, number) => String(number));
    assert.deepEqual(
      got.map((event) => event[member]),
      numbers,
      place,
    );
  } else if (handler.receives_all) {
    // Queues of different objects run side by side: only the whole can be compared.
    const key = (event) => JSON.stringify(Object.entries(event).sort());
    const sorted = (events) => events.toSorted((a, b) => (key(a) < key(b) ? -1 : 1));
    const expected = sorted(pushed);
    const actual = got.toSorted((a, b) => (key(a.toJSON()) < key(b.toJSON()) ? -1 : 1));
    same(expected, actual, place);
    actual.forEach((event, number) => assert.equal(event.constructor.name, expected[number].type));
  } else {
    same(handler.receives, got, place);
  }
}
