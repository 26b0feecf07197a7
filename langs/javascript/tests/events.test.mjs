/** Events: order, handlers, waiting, reconnecting and ending, against a server that a test scripts. */

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { getEventListeners } from "node:events";
import { afterEach, beforeEach, test } from "node:test";
import { fileURLToPath } from "node:url";
import { inspect, promisify } from "node:util";

import {
  AsteriskJs,
  ConnectionFailedException,
  IllegalInputException,
  NotAuthorizedException,
  NotFoundException,
  TimeoutException,
} from "asteriskjs";
import WebSocket from "ws";

import { FakeServer, sleep, until } from "./fake-server.mjs";

const SECRET = "se:cret";
const INTERVALS = { backoff: [5, 20], sweep: 10, history: 50, grace: 100 };

let server;
let library;
let unhandled;
const remember = (error) => unhandled.push(error);

beforeEach(async () => {
  unhandled = [];
  process.on("unhandledRejection", remember);
  process.on("uncaughtException", remember);
  server = await FakeServer.start();
  library = open();
});

afterEach(async () => {
  library.close();
  await server.close();
  await sleep(5);
  process.off("unhandledRejection", remember);
  process.off("uncaughtException", remember);
  assert.deepEqual(unhandled, []);
});

function open(options) {
  const where = { apiUrl: server.url, username: "user", password: SECRET };
  return new AsteriskJs({ ...where, app: "hello", intervals: INTERVALS, ...options });
}

const about = (id, type = "ChannelVarset", more = {}) => ({ type, channel: { id }, ...more });
const numbered = (id, value) => about(id, "ChannelVarset", { variable: "N", value: `${value}` });

/** Waits until the library has read everything that was sent. */
async function read() {
  const marker = library.waitFor("ChannelHold");
  server.send({ type: "ChannelHold", channel: { id: "marker" } });
  await marker;
  await sleep(1);
}

/** Runs something and gives what it wrote to console.warn or console.error. */
async function written(name, run) {
  const original = console[name];
  const lines = [];
  console[name] = (...words) => lines.push(words);
  try {
    await run();
  } finally {
    console[name] = original;
  }
  return lines;
}

test("events of an object come in order, one at a time, and block no other object", async () => {
  await library.connect();
  const seen = [];
  let running = 0;
  let letGo;
  const gate = new Promise((resolve) => (letGo = resolve));
  library.newChannel("slow").addEventHandler("ChannelVarset", async ({ value }) => {
    running += 1;
    assert.equal(running, 1);
    await gate;
    seen.push(value);
    running -= 1;
  });
  const quick = [];
  library.newChannel("quick").addEventHandler("ChannelVarset", ({ value }) => quick.push(value));
  for (let n = 0; n < 20; n += 1) server.send(numbered("slow", n), numbered("quick", n));
  await until(() => quick.length === 20);
  assert.deepEqual(seen, []);
  letGo();
  await until(() => seen.length === 20);
  const order = Array.from({ length: 20 }, (_, n) => `${n}`);
  assert.deepEqual([seen, quick], [order, order]);
});

test("what a handler gives is waited for if it can be, whatever kind of promise it is", async () => {
  await library.connect();
  const seen = [];
  library.newChannel("c").addEventHandler("ChannelVarset", ({ value }) => ({
    then: (resolve) => setTimeout(() => resolve(seen.push(value)), value === "0" ? 20 : 0),
  }));
  server.send(numbered("c", 0), numbered("c", 1));
  await until(() => seen.length === 2);
  assert.deepEqual(seen, ["0", "1"]);
});

test("the library's handlers run before the object's, every object named gets the event once", async () => {
  await library.connect();
  const seen = [];
  library.newBridge("b").addEventHandler("ChannelEnteredBridge", () => seen.push("bridge"));
  library.newChannel("c").addEventHandler("ChannelEnteredBridge", () => seen.push("channel"));
  library.addEventHandler("ChannelEnteredBridge", () => seen.push("library"));
  server.send(about("c", "ChannelEnteredBridge", { bridge: { id: "b" } }));
  await until(() => seen.length === 3);
  server.send({ type: "Dial", caller: { id: "c" }, peer: { id: "c" } });
  let dials = 0;
  library.newChannel("c").addEventHandler("Dial", () => (dials += 1));
  await read();
  assert.deepEqual(seen, ["library", "channel", "bridge"]);
  assert.equal(dials, 1);
});

test("once runs once, a removed handler never, and one that is added twice runs twice", async () => {
  await library.connect();
  const seen = [];
  const twice = () => seen.push("twice");
  const removed = () => seen.push("removed");
  library.once("StasisStart", () => seen.push("once"));
  library.addEventHandler("StasisStart", twice);
  library.addEventHandler("StasisStart", twice);
  library.addEventHandler("StasisStart", removed);
  library.removeEventHandler("StasisStart", removed);
  assert.throws(() => library.removeEventHandler("StasisStart", removed), IllegalInputException);
  assert.throws(() => library.addEventHandler("StasisStart", "f"), IllegalInputException);
  server.send(about("a", "StasisStart"), about("b", "StasisStart"));
  await read();
  assert.deepEqual(seen.sort(), ["once", "twice", "twice", "twice", "twice"]);
});

test("handlers may be added and removed while an event is handled", async () => {
  await library.connect();
  const seen = [];
  const second = () => seen.push("second");
  library.addEventHandler("StasisStart", () => {
    seen.push("first");
    if (seen.length > 1) return;
    library.removeEventHandler("StasisStart", second);
    library.addEventHandler("StasisStart", () => seen.push("third"));
  });
  library.addEventHandler("StasisStart", second);
  server.send(about("c", "StasisStart"));
  await read();
  assert.deepEqual(seen, ["first"]);
  server.send(about("c", "StasisStart"));
  await read();
  assert.deepEqual(seen, ["first", "first", "third"]);
});

test("a handler that fails is reported and hurts no other", async () => {
  await library.connect();
  const seen = [];
  const reports = await written("error", async () => {
    library.addEventHandler("StasisStart", function thrower() {
      throw new Error("mine");
    });
    library.addEventHandler("StasisStart", async () => Promise.reject(undefined));
    library.addEventHandler("StasisStart", () => seen.push("after"));
    server.send(about("c", "StasisStart"), about("c", "StasisStart"));
    await read();
  });
  assert.deepEqual(seen, ["after", "after"]);
  assert.equal(reports.length, 4);
  assert.match(reports[0][0], /thrower for StasisStart failed/);
  assert.equal(reports[0][1].message, "mine");
});

test("a base type means its subtypes, and an unknown type comes as the base event", async () => {
  await library.connect();
  const seen = [];
  const messages = [];
  library.addEventHandler("Event", (event) => seen.push([event.constructor.name, event.type]));
  library.addEventHandler("Message", (event) => messages.push(event.type));
  const types = ["StasisStart", "Novelty", "MissingParams"];
  for (const type of types) server.send(about("c", type, { a: { b: 1 } }));
  await read();
  assert.deepEqual(seen.slice(0, 2), [
    ["StasisStart", "StasisStart"],
    ["Event", "Novelty"],
  ]);
  // Not all that is a message is an event.
  assert.ok(!seen.flat().includes("MissingParams"));
  assert.deepEqual(
    messages.filter((type) => types.includes(type)),
    types,
  );
});

test("a misspelt name is warned of once, and still registered", async () => {
  await library.connect();
  let seen = 0;
  const warnings = await written("warn", () => {
    for (let n = 0; n < 2; n += 1) library.addEventHandler("StasisStrat", () => (seen += 1));
    library.addEventHandler("Event", () => {});
    library.addEventHandler("ConnectionLost", () => {});
  });
  assert.deepEqual(warnings, [
    ["no event is called StasisStrat in this version of the API. Did you mean StasisStart?"],
  ]);
  server.send({ type: "StasisStrat" });
  await read();
  assert.equal(seen, 2);
});

test("messages that nobody expects harm nothing", async () => {
  await library.connect();
  const seen = [];
  library.addEventHandler("Event", (event) => seen.push(event));
  const reports = await written("error", async () => {
    const socket = server.sockets[0];
    for (const text of ["{", "[]", "null", "5", '"x"', "{}", '{"type":5}']) socket.send(text);
    socket.send(Buffer.from('{"type":"StasisStart"}'));
    // Nothing here has a text: it would have thrown in the reader.
    socket.send('{"type":{"toString":1}}');
    socket.send('{"type":"StasisStart","channel":{"id":{"toString":1}}}');
    socket.send('{"type":"StasisStart","channel":[]}');
    // A lone half of a letter cannot be percent-encoded.
    socket.send('{"type":"StasisStart","channel":{"id":"\\ud800"}}');
    socket.send('{"type":"__proto__"}');
    socket.send(
      '{"type":"StasisStart","__proto__":{"evil":1},"constructor":{"evil":2},"toJSON":3}',
    );
    await read();
  });
  assert.equal(reports.length, 1);
  assert.match(reports[0][0], /not JSON/);
  assert.equal({}.evil, undefined);
  const last = seen.find((event) => Object.hasOwn(event.toJSON(), "constructor"));
  assert.equal(last.constructor.name, "StasisStart");
  assert.equal(last.evil, undefined);
  assert.deepEqual(JSON.parse(JSON.stringify(last)).constructor, { evil: 2 });
  assert.equal(library.state, "connected");
});

test("waitFor finds what came since the call, each event once, and what is yet to come", async () => {
  await library.connect();
  server.send(about("c", "StasisStart"));
  const channel = library.newChannel("c");
  await read();
  assert.equal((await channel.waitFor("StasisStart")).type, "StasisStart");
  await assert.rejects(channel.waitFor("StasisStart", { timeout: 5 }), TimeoutException);
  const coming = channel.waitFor("ChannelVarset", { timeout: Infinity });
  server.send(numbered("other", 1), numbered("c", 2));
  assert.equal((await coming).value, "2");
  for (const timeout of [NaN, -1, "5"]) {
    await assert.rejects(channel.waitFor("Dial", { timeout }), IllegalInputException);
  }
});

test("waitFor of a library that has called nothing means the events from now on", async () => {
  await library.connect();
  server.send(numbered("c", 1));
  let read = false;
  library.once("ChannelVarset", () => (read = true));
  await until(() => read);
  const coming = library.waitFor("ChannelVarset");
  server.send(numbered("c", 2));
  assert.equal((await coming).value, "2");
});

test("waitFor ends with its object, in a handler too, unless the event is there", async () => {
  await library.connect();
  const [bridge, channel] = [library.newBridge("b"), library.newChannel("c")];
  const over = {
    name: "IllegalStateException",
    message: /Channel c in vain: the object has ended/,
  };
  let inside;
  channel.once("StasisStart", ({ channel }) => {
    inside = assert.rejects(channel.waitFor("ChannelDtmfReceived"), over);
    return inside;
  });
  const waiting = assert.rejects(channel.waitFor("ChannelDtmfReceived"), over);
  const end = channel.waitFor("ChannelDestroyed");
  server.send(about("c", "StasisStart"), about("c", "ChannelDestroyed"));
  await waiting;
  await end;
  await inside;
  await assert.rejects(channel.waitFor("ChannelDtmfReceived"), over);
  assert.equal((await channel.waitFor("StasisStart")).type, "StasisStart");
  // What is made now is another channel with the same id.
  const again = library.newChannel("c").waitFor("ChannelDtmfReceived");
  server.send(about("c", "StasisStart"), about("c", "ChannelDtmfReceived"));
  await again;
  // The library is never over, and neither is who is heard of within the grace.
  const left = library.newChannel("left").waitFor("ChannelDtmfReceived");
  const heard = library.newChannel("heard").waitFor("ChannelDtmfReceived");
  const any = library.waitFor("ChannelDtmfReceived");
  server.send(about("left", "StasisEnd"), about("heard", "StasisEnd"), about("heard"));
  await assert.rejects(left, { name: "IllegalStateException" });
  server.send(about("heard", "ChannelDtmfReceived"));
  await heard;
  await any;
  const never = bridge.waitFor("BridgeMerged");
  server.answer = () => [404, {}];
  bridge.addEventHandler("BridgeMerged", () => {});
  await assert.rejects(bridge.create(), NotFoundException);
  await assert.rejects(never, { name: "IllegalStateException" });
});

test("waitFor inside a handler does not wait for itself", async () => {
  await library.connect();
  let found;
  library.once("StasisStart", async ({ channel }) => {
    found = await channel.waitFor("ChannelDtmfReceived");
  });
  server.send(about("c", "StasisStart"), about("c", "ChannelDtmfReceived", { digit: "5" }));
  await until(() => found);
  assert.equal(found.digit, "5");
});

test("waitFor ends when it is aborted, and leaves nothing on the signal", async () => {
  await library.connect();
  const { signal } = new AbortController();
  for (let n = 0; n < 3; n += 1) {
    await library.waitFor("StasisStart", { timeout: 1, signal }).catch(() => {});
  }
  const events = library.newChannel("c").events({ signal });
  await events.return();
  assert.equal(getEventListeners(signal, "abort").length, 0);
  for (const reason of [new Error("enough"), "text", null]) {
    const stopper = new AbortController();
    const waiting = library.waitFor("StasisStart", { signal: stopper.signal });
    stopper.abort(reason);
    assert.equal(await waiting.then(assert.fail, (error) => error), reason);
    const late = library.waitFor("StasisStart", { signal: stopper.signal });
    assert.equal(await late.then(assert.fail, (error) => error), reason);
  }
});

test("waitFor ends when the library is stopped, and fails at once while nothing can come", async () => {
  await assert.rejects(library.waitFor("StasisStart"), /before connect\(\)/);
  await library.connect();
  const waiting = library.newChannel("c").waitFor("StasisStart");
  library.stop();
  await assert.rejects(waiting, ConnectionFailedException);
  await assert.rejects(library.waitFor("StasisStart"), /was stopped/);
});

test("a lost connection comes back, and so does what was subscribed to", async () => {
  await library.connect();
  const { signal } = new AbortController();
  const controller = new AbortController();
  await library.applications.subscribe({
    applicationName: "hello",
    eventSource: new Set(["channel:1", "bridge:2"]),
    signal: controller.signal,
  });
  await library.applications.unsubscribe({
    applicationName: "hello",
    eventSource: "bridge:2",
    signal,
  });
  // What was for that one call is not for those to come.
  controller.abort();
  const told = [];
  library.addEventHandler("ConnectionLost", (event) => told.push(event));
  library.addEventHandler("ConnectionRestored", (event) => told.push(event));
  server.requests = [];
  server.cut();
  await until(() => told.length === 2);
  // A server that counts subscriptions, and kept this one, must not count it twice.
  assert.deepEqual(server.requests, [
    "DELETE /applications/hello/subscription?eventSource=channel%3A1",
    "POST /applications/hello/subscription?eventSource=channel%3A1",
  ]);
  const [lost, restored] = told;
  assert.equal(lost.type, "ConnectionLost");
  assert.match(lost.reason, /1006/);
  assert.equal(restored.type, "ConnectionRestored");
  assert.equal(restored.missedFrom.getTime(), lost.since.getTime());
  assert.ok(restored.missedTo >= restored.missedFrom);
  assert.equal(library.state, "connected");
  const coming = library.waitFor("StasisStart");
  server.send(about("c", "StasisStart"));
  await coming;
});

test("it goes on trying, with pauses, and connect() meanwhile waits for the connection", async () => {
  await library.connect();
  let tries = 0;
  const times = [];
  server.on("upgrade", () => {
    times.push(Date.now());
    tries += 1;
    if (tries === 6) server.upgrades = 101;
  });
  server.upgrades = 503;
  server.cut();
  await until(() => library.state === "reconnecting");
  let up = false;
  const waiting = library.connect().then(() => (up = true));
  await until(() => tries > 2);
  assert.equal(up, false);
  await waiting;
  assert.equal(library.state, "connected");
  assert.equal(tries, 6);
  assert.ok(times.at(-1) - times[0] >= 5, "it tried without pauses");
});

test("a server that does not answer yet is asked again for the subscriptions", async () => {
  await library.connect();
  await library.applications.subscribe({ applicationName: "hello", eventSource: ["channel:1"] });
  const told = library.waitFor("ConnectionRestored");
  let refused = 0;
  server.answer = (method, url, text, request) => {
    refused += 1;
    if (refused > 3) return [200, {}];
    request.socket.destroy();
    return [];
  };
  server.sockets.at(-1).terminate();
  await told;
  assert.ok(refused > 3);
});

test("a subscription is put back also where nothing is left of it, and is forgotten if refused", async () => {
  await library.connect();
  await library.applications.subscribe({ applicationName: "hello", eventSource: ["a:1", "b:2"] });
  server.answer = (method, url) =>
    method === "DELETE" || url.includes("b%3A2") ? [422, { message: "no" }] : [200, {}];
  const reconnect = async () => {
    const told = library.waitFor("ConnectionRestored");
    server.requests = [];
    server.sockets.at(-1).terminate();
    await told;
    return server.requests.filter((line) => line.startsWith("POST"));
  };
  const path = "POST /applications/hello/subscription?eventSource=";
  const warnings = await written("warn", async () => {
    assert.deepEqual(await reconnect(), [`${path}a%3A1`, `${path}b%3A2`]);
    assert.deepEqual(await reconnect(), [`${path}a%3A1`]);
  });
  assert.equal(warnings.length, 1);
});

/** What a platform's own class can: it knows neither pings nor what the server answered. */
class Plain {
  constructor(...given) {
    const socket = new WebSocket(...given);
    for (const name of ["onopen", "onmessage", "onclose", "onerror"]) {
      Object.defineProperty(this, name, { set: (value) => (socket[name] = value) });
    }
    this.close = (code) => socket.close(code);
  }
}

test("where a WebSocket has no pings, a server that answers no more is taken for gone", async () => {
  library = open({ WebSocket: Plain, intervals: { ...INTERVALS, ping: 40, pong: 200 } });
  await library.connect();
  const lost = [];
  library.addEventHandler("ConnectionLost", (event) => lost.push(event));
  await sleep(250);
  assert.deepEqual(lost, []);
  assert.ok(server.requests.length >= 3, "it is asked again and again");
  server.answer = () => new Promise(() => {});
  await until(() => lost.length === 1);
  assert.match(lost[0].reason, /no sign of life/);
  server.answer = () => [200, {}];
  await until(() => library.state === "connected");
  server.answer = (_method, _url, _text, request) => {
    request.socket.destroy();
    return [];
  };
  await until(() => lost.length === 2);
});

test("a page that is allowed a WebSocket and nothing else keeps its connection", async () => {
  library = open({ WebSocket: Plain, intervals: { ...INTERVALS, ping: 40, pong: 200 } });
  server.answer = (_method, _url, _text, request) => {
    request.socket.destroy();
    return [];
  };
  await library.connect();
  await sleep(500);
  assert.equal(library.state, "connected");
  assert.equal(server.sockets.length, 1);
  assert.ok(server.requests.length > 0);
});

test("the place taken by another program is told, and not taken back", async () => {
  library = open({ app: ["hello", "hello"] });
  const running = library.run();
  running.catch(() => {});
  await library.connect();
  const told = library.waitFor("ConnectionReplaced");
  const loop = collect(library.events());
  server.send({ type: "ApplicationReplaced", application: "hello" });
  assert.deepEqual((await told).applications, ["hello"]);
  await assert.rejects(running, /another program/);
  assert.deepEqual(await loop, ["ApplicationReplaced"]);
  assert.equal(library.state, "replaced");
  await sleep(50);
  assert.equal(server.sockets.length, 1);
});

test("of several applications the one that was taken over is given up", async () => {
  library = open({ app: ["one", "two"] });
  await library.connect();
  server.send({ type: "ApplicationReplaced", application: "one" });
  await read();
  assert.equal(library.state, "connected");
  const restored = library.waitFor("ConnectionRestored");
  server.cut();
  await restored;
  assert.match(server.sockets.at(-1).target, /app=two$/);
});

test("a server that answers no ping is taken for gone; one that does is not", async () => {
  library = open({ intervals: { ...INTERVALS, ping: 40, pong: 40 } });
  await library.connect();
  await sleep(250);
  assert.equal(library.state, "connected");
  assert.equal(server.sockets.length, 1);
  const lost = library.waitFor("ConnectionLost", { timeout: 2000 });
  server.sockets[0].pong = () => {};
  server.sockets[0]._socket.pause();
  assert.match((await lost).reason, /no sign of life/);
  await until(() => server.sockets.length === 2);
});

test("a handler that keeps the process busy does not make the server seem gone", async () => {
  library = open({ intervals: { ...INTERVALS, ping: 40, pong: 40 } });
  await library.connect();
  let lost = false;
  library.addEventHandler("ConnectionLost", () => (lost = true));
  const end = Date.now() + 300;
  while (Date.now() < end);
  await sleep(60);
  assert.equal(lost, false);
});

test("the reader gets its turn while handlers have much to do", async () => {
  await library.connect();
  let handled = 0;
  let handledWhenRead;
  library.newChannel("c").addEventHandler("ChannelVarset", () => {
    handled += 1;
    const end = performance.now() + 2;
    while (performance.now() < end);
  });
  const reading = library.waitFor("StasisStart").then(() => (handledWhenRead = handled));
  for (let n = 0; n < 200; n += 1) server.send(numbered("c", n));
  await until(() => handled > 0);
  server.send(about("d", "StasisStart"));
  await reading;
  assert.ok(handledWhenRead < 100, `${handledWhenRead} handlers ran before it was read`);
  await until(() => handled === 200);
});

test("handlers of an object are dropped at its end, after the handlers of that end", async () => {
  await library.connect();
  const seen = [];
  const handler = ({ type }) => seen.push(type);
  const bridge = library.newBridge("b");
  bridge.addEventHandler("Event", handler);
  server.send({ type: "BridgeDestroyed", bridge: { id: "b" } });
  server.send({ type: "BridgeCreated", bridge: { id: "b" } });
  await read();
  assert.deepEqual(seen, ["BridgeDestroyed"]);
  // The library did that; it is no mistake of the program.
  bridge.removeEventHandler("Event", handler);
});

test("handlers of an object with a grace are dropped after it", async () => {
  await library.connect();
  const seen = [];
  library.newChannel("c").addEventHandler("Event", ({ type }) => seen.push(type));
  server.send(about("c", "StasisEnd"));
  await read();
  server.send(about("c", "ChannelHangupRequest"));
  await read();
  server.answer = () => [404, { message: "Channel not found" }];
  await until(() => server.requests.includes("GET /channels/c"));
  await sleep(20);
  server.send(about("c", "ChannelVarset"));
  await read();
  assert.deepEqual(seen, ["StasisEnd", "ChannelHangupRequest"]);
});

test("handlers that are added for a new object with the id of one that is over stay", async () => {
  await library.connect();
  const seen = [];
  const playback = (type) => ({ type, playback: { id: "p" } });
  const first = library.newPlayback?.("p") ?? (await playbackOf("p"));
  first.addEventHandler("PlaybackFinished", async () => {
    await sleep(10);
    first.addEventHandler("PlaybackStarted", () => seen.push("again"));
  });
  server.send(playback("PlaybackFinished"), playback("PlaybackStarted"));
  await until(() => seen.length === 1);
});

async function playbackOf(id) {
  server.answer = () => [200, { id }];
  return library.playbacks.get({ playbackId: id });
}

test("an event that is held up still gets to the handlers of an object that ended meanwhile", async () => {
  await library.connect();
  const seen = [];
  let letGo;
  const gate = new Promise((resolve) => (letGo = resolve));
  library.newChannel("c").once("ChannelVarset", () => gate);
  library.newBridge("b").addEventHandler("Event", ({ type }) => seen.push(type));
  server.send(numbered("c", 1), about("c", "ChannelLeftBridge", { bridge: { id: "b" } }), {
    type: "BridgeDestroyed",
    bridge: { id: "b" },
  });
  await until(() => seen.length === 1);
  letGo();
  await until(() => seen.length === 2);
  assert.deepEqual(seen, ["BridgeDestroyed", "ChannelLeftBridge"]);
});

test("objects that ended while nothing was heard are asked for, one at a time, and dropped", async () => {
  await library.connect();
  const handler = () => {};
  const channels = Array.from({ length: 30 }, (_, n) => library.newChannel(`c${n}`));
  for (const channel of channels) channel.addEventHandler("ChannelVarset", handler);
  for (const { id } of channels.slice(1)) server.send(numbered(id, 1));
  await read();
  let asking = 0;
  let most = 0;
  server.answer = async (_method, url) => {
    asking += 1;
    most = Math.max(most, asking);
    await sleep(1);
    asking -= 1;
    return url.endsWith("/c1") ? [200, { id: "c1" }] : [404, { message: "gone" }];
  };
  const restored = library.waitFor("ConnectionRestored");
  server.cut();
  await restored;
  assert.equal(server.requests.length, 29);
  assert.equal(most, 1);
  const seen = [];
  for (const { id } of channels.slice(0, 2)) {
    library.newChannel(id).removeEventHandler("ChannelVarset", handler);
  }
  library.newChannel("c2").addEventHandler("ChannelVarset", () => seen.push("new"));
  server.send(numbered("c2", 1));
  await read();
  assert.deepEqual(seen, ["new"]);
});

test("stop ends what connects, at every moment, and run() with it", async () => {
  library.stop();
  const connecting = library.connect();
  const running = library.run();
  library.stop();
  library.stop();
  await assert.rejects(connecting, ConnectionFailedException);
  await running;
  server.upgrades = 0;
  for (const wait of [0, 1, 20]) {
    const waiting = library.connect();
    await sleep(wait);
    library.stop();
    await assert.rejects(waiting, /stopped/);
    assert.equal(library.state, "closed");
  }
  server.upgrades = 101;
  await library.connect();
  assert.equal(library.state, "connected");
});

test("stop ends the back-off, and what is put back after it", async () => {
  library = open({ intervals: { ...INTERVALS, backoff: [60_000, 60_000] } });
  await library.connect();
  const running = library.run();
  server.cut();
  await until(() => library.state === "reconnecting");
  library.stop();
  await running;
  library = open({ intervals: { ...INTERVALS, backoff: [5, 60_000] } });
  await library.connect();
  await library.applications.subscribe({ applicationName: "hello", eventSource: ["channel:1"] });
  let asked = 0;
  server.answer = async (_method, _url, _text, request) => {
    asked += 1;
    request.socket.destroy();
    return [];
  };
  server.sockets.at(-1).terminate();
  await until(() => asked > 0);
  library.stop();
  await sleep(30);
  assert.equal(library.state, "closed");
});

test("stop while the server is asked for the subscriptions leaves no timer behind", async (context) => {
  library = open({ intervals: { ...INTERVALS, backoff: [60_000, 60_000] } });
  await library.connect();
  await library.applications.subscribe({ applicationName: "hello", eventSource: ["channel:1"] });
  const timers = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;
  const before = timers();
  // The first attempt to reconnect comes at once, the second to subscribe would come in a minute.
  context.mock.method(Math, "random", () => 0);
  let asked = 0;
  server.answer = async (_method, _url, _text, request) => {
    asked += 1;
    library.stop();
    request.socket.destroy();
    return [];
  };
  server.sockets.at(-1).terminate();
  await until(() => asked > 0 && timers() <= before, "the timers are gone");
});

test("stop in a handler drops what waits; afterwards the library works as new", async () => {
  await library.connect();
  const seen = [];
  const running = library.run();
  let letGo;
  const gate = new Promise((resolve) => (letGo = resolve));
  library.newChannel("c").addEventHandler("ChannelVarset", async ({ value }) => {
    seen.push(value);
    if (value !== "1") return;
    library.stop();
    library.stop();
    await gate;
  });
  server.send(numbered("c", 0), numbered("c", 1), numbered("c", 2), numbered("c", 3));
  await running;
  await library.connect();
  // The handler of the time before is still busy: these wait in its queue.
  server.send(numbered("c", 4), numbered("c", 5));
  await read();
  letGo();
  await until(() => seen.length === 4);
  assert.deepEqual(seen, ["0", "1", "4", "5"]);
});

test("nothing is heard after stop", async () => {
  await library.connect();
  const seen = [];
  library.addEventHandler("StasisStart", () => seen.push("late"));
  const [socket] = server.sockets;
  library.stop();
  for (let n = 0; n < 100; n += 1) socket.send(JSON.stringify(about("c", "StasisStart")));
  await sleep(50);
  assert.deepEqual(seen, []);
});

test("an object that ended in a dropped event is over too", async () => {
  await library.connect();
  const handler = () => library.stop();
  const bridge = library.newBridge("b");
  bridge.addEventHandler("BridgeCreated", handler);
  server.send(
    { type: "BridgeCreated", bridge: { id: "b" } },
    { type: "BridgeDestroyed", bridge: { id: "b" } },
  );
  const loop = collect(bridge.events());
  await until(() => library.state === "closed");
  await loop;
  const seen = [];
  bridge.addEventHandler("BridgeCreated", () => seen.push("mine"));
  await library.connect();
  server.send({ type: "BridgeCreated", bridge: { id: "b" } });
  await read();
  assert.deepEqual([seen, library.state], [["mine"], "connected"]);
});

test("an object whose creation failed loses its handlers, unless it comes into being after all", async () => {
  // Long enough for a busy computer to hear of what is late.
  library = open({ intervals: { ...INTERVALS, history: 1000 } });
  await library.connect();
  server.answer = (_method, url) => (url.startsWith("/channels") ? [500, {}] : [409, {}]);
  const seen = [];
  const handled = (object) => {
    object.addEventHandler("ChannelEnteredBridge", () => seen.push(object.id));
    return collect(object.events());
  };
  const [lost, late, known] = ["lost", "late", "known"].map((id) => library.newChannel(id));
  const [bridge, living] = [library.newBridge("b"), library.newChannel("living")];
  const ended = [handled(lost), handled(bridge)];
  for (const channel of [late, known, living]) handled(channel);
  server.send(about("known"));
  await read();

  for (const channel of [lost, late, known]) {
    await assert.rejects(channel.originate({ endpoint: "Local/1" }), { status: 500 });
  }
  let refused;
  await bridge.create({}, undefined, (error) => (refused = error.status));
  assert.equal(refused, 409);
  // It was never to be made; that it is not there says nothing.
  await assert.rejects(living.answer());
  server.send(about("late"));
  // The server knows whether what was heard of is still there.
  server.answer = () => [200, {}];

  await Promise.all(ended);
  await sleep(100);
  for (const id of ["lost", "late", "known", "living"]) {
    server.send(about(id, "ChannelEnteredBridge", { bridge: { id: "b" } }));
  }
  await read();
  assert.deepEqual(seen, ["late", "known", "living"]);
});

async function collect(events) {
  const types = [];
  for await (const { type } of events) types.push(type);
  return types;
}

test("for await gives the events from the call on, and ends with the library", async () => {
  await library.connect();
  const events = library.events();
  for (let n = 0; n < 3000; n += 1) server.send(about("c", `Type${n}`));
  let handled = 0;
  library.addEventHandler("Event", () => (handled += 1));
  await until(() => handled === 3000);
  const loop = collect(events);
  await sleep(1);
  library.stop();
  const types = Array.from({ length: 3000 }, (_, n) => `Type${n}`);
  assert.deepEqual(
    (await loop).filter((type) => type !== "ChannelHold"),
    types,
  );
});

test("for await ends with its object, with its signal, and when it is left", async () => {
  await library.connect();
  const bridge = collect(library.newBridge("b").events());
  const stopper = new AbortController();
  const aborted = collect(library.events({ signal: stopper.signal }));
  const left = (async () => {
    for await (const event of library.events()) return event.type;
  })();
  const events = library.events();
  const waiting = events.next();
  server.send(
    { type: "BridgeCreated", bridge: { id: "b" } },
    { type: "BridgeDestroyed", bridge: { id: "b" } },
  );
  assert.deepEqual(await bridge, ["BridgeCreated", "BridgeDestroyed"]);
  assert.equal(await left, "BridgeCreated");
  stopper.abort();
  assert.deepEqual(await aborted, ["BridgeCreated", "BridgeDestroyed"]);
  assert.equal((await waiting).value.type, "BridgeCreated");
  await events.next();
  const never = events.next();
  await events.return();
  assert.deepEqual(await never, { value: undefined, done: true });
});

test("handlers that do not wait let the loop turn during a flood", async () => {
  await library.connect();
  let [handled, turns] = [0, 0];
  library.addEventHandler("ChannelVarset", () => {
    const until = performance.now() + 1;
    while (performance.now() < until);
    handled += 1;
  });
  const turn = () => {
    if (handled > 0) turns += 1;
    if (handled < 300) setImmediate(turn);
  };
  turn();
  for (let n = 0; n < 300; n += 1) server.send(numbered(`c${n % 3}`, n));
  await until(() => handled === 300);
  // They are all in one packet or two, and take 300 ms.
  assert.ok(turns >= 10, `${turns} turns`);
});

test("20,000 events arrive, all and in order", async () => {
  await library.connect();
  const seen = [];
  library.addEventHandler("ChannelVarset", ({ value }) => seen.push(Number(value)));
  let looped = 0;
  const events = library.events();
  const loop = (async () => {
    for await (const _ of events) if ((looped += 1) === 20_000) return;
  })();
  for (let n = 0; n < 20_000; n += 1) server.send(numbered("c", n));
  await loop;
  assert.equal(seen.length, 20_000);
  assert.ok(seen.every((value, n) => value === n));
});

test("20,000 objects that came and went leave nothing behind", async () => {
  globalThis.gc ??= await collector();
  await library.connect();
  let handled = 0;
  library.addEventHandler("StasisStart", ({ channel }) => {
    channel.addEventHandler("ChannelDestroyed", () => (handled += 1));
    channel.addEventHandler("ChannelVarset", () => {});
  });
  const live = async (from, to) => {
    for (let n = from; n < to; n += 1) {
      const id = `channel-${n}`;
      server.send(about(id, "StasisStart"), numbered(id, n), about(id, "ChannelDestroyed"));
      if (n % 500 === 0) await until(() => handled >= n - 500);
    }
    await until(() => handled === to);
    await sleep(150);
    globalThis.gc();
    return process.memoryUsage().heapUsed;
  };
  const before = await live(0, 2_000);
  const after = await live(2_000, 20_000);
  assert.ok(after - before < 4_000_000, `${after - before} bytes more`);
});

async function collector() {
  const { setFlagsFromString } = await import("node:v8");
  const { runInNewContext } = await import("node:vm");
  setFlagsFromString("--expose-gc");
  return runInNewContext("gc");
}

test("two libraries in one process do not disturb each other", async () => {
  await library.connect();
  const other = open({ app: "other" });
  await other.connect();
  const seen = [];
  library.newChannel("c").addEventHandler("ChannelVarset", () => seen.push("first"));
  other.newChannel("c").addEventHandler("ChannelVarset", () => seen.push("second"));
  server.send(numbered("c", 1));
  await until(() => seen.length > 0);
  other.close();
  assert.deepEqual(seen, ["second"]);
  assert.equal(library.state, "connected");
});

test("the first connection fails with a word on what to do", async () => {
  await assert.rejects(open({ app: [] }).connect(), /no application is named/);
  for (const [status, error] of [
    [401, NotAuthorizedException],
    [404, NotFoundException],
    [400, IllegalInputException],
  ]) {
    server.upgrades = status;
    await assert.rejects(library.connect(), error);
    await assert.rejects(library.run(), error);
    assert.equal(library.state, "closed");
  }
  server.upgrades = 0;
  const hasty = open({ timeout: 30 });
  await assert.rejects(hasty.connect(), TimeoutException);
  await until(() => server.connections === 0, "the attempt was given up");
});

test("no credentials in what is shown of a library, its objects and its errors", async () => {
  server.upgrades = 401;
  const error = await library.connect().catch((caught) => caught);
  server.upgrades = 101;
  server.answer = (_method, _url, _text, request) => {
    request.socket.destroy();
    return [];
  };
  const cut = await library.asterisk.ping().catch((caught) => caught);
  await library.connect();
  const channel = library.newChannel("c");
  const shown = [error, cut, channel, library, library.events(), server.sockets.at(-1).target].map(
    (value) => inspect(value, { depth: 20, showHidden: true }) + JSON.stringify(value),
  );
  const encoded = Buffer.from(`user:${SECRET}`).toString("base64");
  for (const text of shown) {
    assert.ok(
      !text.includes(SECRET) && !text.includes(encoded) && !text.includes("se%3Acret"),
      text,
    );
  }
});

test("a platform whose WebSocket closes at once, or is refused, breaks nothing", async () => {
  class Fickle {
    constructor() {
      queueMicrotask(() => {
        this.onopen();
        this.onclose({ code: 1006, reason: "" });
      });
    }
    close() {}
  }
  library = open({ WebSocket: Fickle });
  await assert.rejects(library.connect(), /closed the connection at once/);
  await assert.rejects(
    open({
      WebSocket: class {
        constructor() {
          throw new Error("not from here");
        }
      },
    }).connect(),
  );
});

const run = promisify(execFile);
const here = fileURLToPath(new URL(".", import.meta.url));

for (const [when, code] of [
  ["after close()", "await library.connect(); library.close();"],
  ["after close() while it connects", "library.connect().catch(() => {}); library.close();"],
  [
    "after stop() with a call made",
    "await library.asterisk.ping(); await library.connect(); library.stop();",
  ],
  [
    "after close() with a stream that nobody reads",
    "await library.connect(); await open(); library.close();",
  ],
  [
    "after close() with a wait, a loop and a subscription",
    `await library.connect();
     library.waitFor("StasisStart").catch(() => {});
     (async () => { for await (const _ of library.events()); })();
     await library.applications.subscribe({ applicationName: "hello", eventSource: ["channel:1"] });
     library.close();`,
  ],
]) {
  test(`a process ends ${when}`, async () => {
    server.answer = (_method, url) =>
      url.includes("/file") ? [200, Buffer.alloc(5_000_000)] : [200, {}];
    const program = `
      import { AsteriskJs } from "asteriskjs";
      const library = new AsteriskJs({ apiUrl: "${server.url}", username: "u", password: "p", app: "hello" });
      const open = () => library.recordings.getStoredFileStream({ recordingName: "r" });
      ${code}`;
    const began = Date.now();
    const { stderr } = await run(process.execPath, ["--input-type=module", "-e", program], {
      cwd: here,
      timeout: 5000,
    });
    assert.equal(stderr, "");
    assert.ok(Date.now() - began < 4000);
  });
}

test("a call is aborted with the very reason, and leaves nothing on the signal", async () => {
  const { signal } = new AbortController();
  await library.asterisk.ping({ signal });
  assert.equal(getEventListeners(signal, "abort").length, 0);
  server.answer = () => sleep(10_000, [], { ref: false });
  for (const reason of [new Error("enough"), "text", null, Object.freeze({})]) {
    const stopper = new AbortController();
    const call = library.asterisk.ping({ signal: stopper.signal });
    setTimeout(() => stopper.abort(reason), 5);
    assert.equal(await call.then(assert.fail, (error) => error), reason);
  }
  await until(() => server.connections === 0, "the calls were given up");
});

test("a stream is aborted while it runs", async () => {
  server.answer = () => [200, Buffer.alloc(20_000_000)];
  const stopper = new AbortController();
  const { signal } = stopper;
  const content = await library.recordings.getStoredFileStream({ recordingName: "r", signal });
  const reason = new Error("enough");
  stopper.abort(reason);
  await assert.rejects(async () => {
    for await (const _ of content);
  }, reason);
  await until(() => getEventListeners(signal, "abort").length === 0, "the signal is let go");
});

test("close() gives up the connection of a stream that nobody reads", async () => {
  server.answer = () => [200, Buffer.alloc(20_000_000)];
  const content = await library.recordings.getStoredFileStream({ recordingName: "r" });
  assert.equal(server.connections, 1);
  library.close();
  await until(() => server.connections === 0, "the connection is closed");
  await assert.rejects(async () => {
    for await (const _ of content);
  });
});

test("a redirect to another host carries no credentials, one to no URL is told", async () => {
  const other = await FakeServer.start();
  const seen = [];
  other.answer = (_method, _url, _text, { headers }) => {
    seen.push(headers.authorization);
    return [200, { ping: "pong" }];
  };
  server.answer = () => [302, {}, { Location: `${other.url}/elsewhere` }];
  await library.asterisk.ping();
  assert.deepEqual(seen, [undefined]);
  server.answer = () => [302, {}, { Location: "http://[" }];
  await assert.rejects(library.asterisk.ping(), ConnectionFailedException);
  await other.close();
});

test("more calls at once than a server takes connections share what there is", async () => {
  let most = 0;
  server.answer = async () => {
    most = Math.max(most, server.connections);
    await sleep(1);
    return [200, {}];
  };
  await Promise.all(Array.from({ length: 300 }, () => library.asterisk.ping()));
  assert.ok(most <= 50, `${most} connections`);
});

test("a value that is no JSON is refused as the program's mistake", async () => {
  const filter = {};
  filter.self = filter;
  const call = library.applications.filter({ applicationName: "hello", filter });
  await assert.rejects(call, IllegalInputException);
  assert.deepEqual(server.requests, []);
});

test("a browser gets along without Node, and sends credentials in the address alone", async () => {
  const urls = [];
  server.on("upgrade", ({ url, headers }) => urls.push([url, headers.authorization]));
  server.answer = async (method, url, _text, { headers }) => {
    urls.push([`${method} ${url}`, headers.authorization]);
    if (url.includes("slow")) await sleep(2000, undefined, { ref: false });
    return url.includes("/file") ? [200, Buffer.alloc(100_000)] : [200, {}];
  };
  const program = `
    import assert from "node:assert";
    import { getEventListeners } from "node:events";
    import WebSocket from "ws";
    import { AsteriskJs, TimeoutException } from "asteriskjs";
    await fetch("${server.url}").then((response) => response.text());
    // What a page has: a WebSocket that knows an address and nothing else.
    globalThis.WebSocket = class {
      constructor(...given) {
        assert.equal(given.length, 1);
        const socket = new WebSocket(...given);
        for (const name of ["onopen", "onmessage", "onclose", "onerror"]) {
          Object.defineProperty(this, name, { set: (value) => (socket[name] = value) });
        }
        this.close = (code) => socket.close(code);
      }
    };
    Object.defineProperty(process, "versions", { value: {} });
    process.getBuiltinModule = undefined;
    const library = new AsteriskJs({
      apiUrl: "${server.url}", username: "u", password: "p", app: "hello",
    });
    await library.connect();
    const { signal } = new AbortController();
    await library.asterisk.ping({ signal });
    assert.equal(getEventListeners(signal, "abort").length, 0);
    const late = library.channels.get({ channelId: "slow", requestTimeout: 50 });
    await assert.rejects(late, TimeoutException);
    const reason = Object.freeze({});
    const stopper = new AbortController();
    const aborted = library.channels.get({ channelId: "slow", signal: stopper.signal });
    setTimeout(() => stopper.abort(reason), 50);
    assert.equal(await aborted.catch((error) => error), reason);
    let size = 0;
    const stream = await library.recordings.getStoredFileStream({ recordingName: "r" });
    for await (const chunk of stream) size += chunk.length;
    assert.equal(size, 100_000);
    library.close();`;
  const { stderr } = await run(process.execPath, ["--input-type=module", "-e", program], {
    cwd: here,
    timeout: 8000,
  });
  assert.equal(stderr, "");
  const [, upgrade, ping] = urls;
  assert.deepEqual(upgrade, ["/ari/events?app=hello&api_key=u%3Ap", undefined]);
  assert.deepEqual(ping, ["GET /asterisk/ping?api_key=u%3Ap", undefined]);
});

test("what else proves who the program is travels with each upgrade", async () => {
  const { EventClient } = await import("./node_modules/asteriskjs/lib/runtime/event-client.js");
  const { EVENTS } = await import("./node_modules/asteriskjs/lib/events.js");
  let number = 0;
  const proof = async () => {
    number += 1;
    return { headers: { Authorization: `Bearer t-${number}`, "X-Key": "k" }, query: "key=k%201" };
  };
  const access = {
    hints: {},
    userAgent: "own",
    prove: (_options, _place, transport) => ({ ...transport, proof }),
  };
  const close = () => {};
  const options = { apiUrl: server.url, app: "hello", intervals: INTERVALS, transport: { close } };
  const client = new EventClient({ queryLimit: 0, lists: "comma", ...access }, EVENTS, options);
  const seen = [];
  server.on("upgrade", ({ url, headers }) => {
    seen.push([url.replace(/^.*[?]/, ""), headers.authorization, headers["x-key"]]);
  });
  try {
    await client.connect();
    server.cut();
    await until(() => seen.length === 2 && client.state === "connected");
  } finally {
    client.close();
  }
  assert.deepEqual(seen, [
    ["app=hello&key=k%201", "Bearer t-1", "k"],
    ["app=hello&key=k%201", "Bearer t-2", "k"],
  ]);
});
