/** The generated JavaScript library drives a real Asterisk. */

import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, createServer } from "node:net";
import { after, before, test } from "node:test";

import {
  AsteriskJs,
  ConnectionFailedException,
  IllegalInputException,
  IllegalStateException,
  NotAuthorizedException,
  NotFoundException,
} from "asteriskjs";

const { ASTERISK_URL, ASTERISK_USERNAME, ASTERISK_PASSWORD } = process.env;
const access = { apiUrl: ASTERISK_URL, username: ASTERISK_USERNAME, password: ASTERISK_PASSWORD };

/** Milliseconds for what must happen; far longer than it takes. */
const SOON = { timeout: 10_000 };

const asterisk = new AsteriskJs({ ...access, app: "live" });

before(() => asterisk.connect());
after(() => asterisk.close());

async function call(options = {}) {
  const channel = asterisk.newChannel();
  await channel.originate({ endpoint: "Local/200@default", app: "live", ...options });
  await channel.waitFor("StasisStart", SOON);
  return channel;
}

test("a call from its beginning to its end", async () => {
  const channel = asterisk.newChannel();
  const seen = [];
  channel.addEventHandler("StasisStart", (event) => seen.push(event.args));
  channel.once("ChannelDestroyed", (event) => seen.push(event.cause));

  const made = await channel.originate({
    endpoint: "Local/200@default",
    app: "live",
    appArgs: "one,two",
    callerId: "Alice <100>",
    variables: { NUMBER: 7, FLAG: true },
  });
  assert.ok(made.equals(channel));
  assert.equal(made.caller.number, "100");
  assert.ok(made.creationtime instanceof Date);
  await channel.waitFor("StasisStart", SOON);
  await channel.answer();
  assert.equal((await channel.getChannelVar({ variable: "NUMBER" })).value, "7");
  assert.equal((await channel.getChannelVar({ variable: "FLAG" })).value, "true");
  await channel.hangup({ reason: "busy" });
  await channel.waitFor("ChannelDestroyed", SOON);
  await asterisk.getInfo();

  assert.deepEqual(seen[0], ["one", "two"]);
  assert.equal(typeof seen[1], "number");
});

test("a bridge with two channels, a prompt and a recording", async () => {
  const [one, two] = await Promise.all([call(), call()]);
  const bridge = asterisk.newBridge();
  await bridge.create({ type: "mixing" });
  await bridge.addChannel({ channel: [one, two] });
  await bridge.waitFor("ChannelEnteredBridge", SOON);
  assert.equal((await bridge.get()).channels.length, 2);

  const playback = asterisk.newPlayback();
  const finished = playback.waitFor("PlaybackFinished", SOON);
  await bridge.play({ media: ["sound:beep", "sound:beep"], playbackId: playback });
  assert.equal((await finished).playback.state, "done");

  const recording = await bridge.record({ name: "live/js", format: "wav", ifExists: "overwrite" });
  await recording.waitFor("RecordingStarted", SOON);
  await recording.stop();
  await recording.waitFor("RecordingFinished", SOON);
  const stored = await asterisk.getRecording("live/js");
  const bytes = await stored.getStoredFile();
  assert.equal(new TextDecoder().decode(bytes.subarray(0, 4)), "RIFF");
  let streamed = 0;
  for await (const chunk of await stored.getStoredFileStream()) streamed += chunk.length;
  assert.equal(streamed, bytes.length);
  await stored.deleteStored();

  await bridge.destroy();
  await Promise.all([one.hangup(), two.hangup()]);
});

test("digits pressed at the far end", async () => {
  const channel = await call({ endpoint: "Local/203@default" });
  let digits = "";
  while (!digits.endsWith("#")) {
    digits += (await channel.waitFor("ChannelDtmfReceived", SOON)).digit;
  }
  assert.equal(digits, "1234#");
  await channel.hangup();
});

test("errors are exceptions of their kinds", async () => {
  await assert.rejects(asterisk.getChannel("nobody"), (error) => {
    assert.ok(error instanceof NotFoundException);
    assert.deepEqual([error.status, error.path], [404, "/channels/nobody"]);
    return true;
  });
  const channel = asterisk.newChannel("outside");
  await channel.originate({ endpoint: "Local/201@default", extension: "400", context: "default" });
  await assert.rejects(channel.answer(), IllegalStateException);
  await channel.hangup();
  await assert.rejects(asterisk.channels.get({ channelId: "" }), IllegalInputException);
  const stranger = new AsteriskJs({ ...access, password: "wrong", app: "live" });
  await assert.rejects(stranger.getInfo(), NotAuthorizedException);
  await assert.rejects(stranger.connect(), NotAuthorizedException);
  const lost = new AsteriskJs({ ...access, apiUrl: `${ASTERISK_URL}/elsewhere`, app: "live" });
  await assert.rejects(lost.connect(), /http\.conf/);
});

test("outcomes go to handlers, and what handlers throw is not swallowed", async () => {
  const outcomes = [];
  const nobody = { channelId: "nobody" };
  const result = await asterisk.channels.get(
    nobody,
    () => outcomes.push("found"),
    (error) => outcomes.push(error.status),
  );
  assert.equal(result, undefined);
  await asterisk.asterisk.ping({}, (pong) => outcomes.push(pong.ping));
  assert.deepEqual(outcomes, [404, "pong"]);
  const own = new Error("the program's own");
  const thrower = () => {
    throw own;
  };
  await assert.rejects(
    asterisk.asterisk.ping({}, thrower, () => outcomes.push("never")),
    own,
  );
  await assert.rejects(asterisk.channels.get(nobody, undefined, thrower), own);
  assert.equal(outcomes.length, 2);
});

test("a call can be aborted, and has a time limit", async () => {
  await assert.rejects(asterisk.getInfo({ signal: AbortSignal.abort() }), { name: "AbortError" });
  await assert.rejects(asterisk.getInfo({ requestTimeout: 0 }), IllegalInputException);
  const silent = createServer(() => {}).listen(0, "127.0.0.1");
  await once(silent, "listening");
  const deaf = new AsteriskJs({ ...access, apiUrl: `http://127.0.0.1:${silent.address().port}` });
  await assert.rejects(deaf.getInfo({ requestTimeout: 100 }), { name: "TimeoutException" });
  deaf.close();
  silent.close();
});

test("connections outlive the server's closing of idle ones", async () => {
  await asterisk.getInfo();
  await new Promise((resolve) => setTimeout(resolve, 3500));
  await asterisk.channels.list();
  await asterisk.events.userEvent({ eventName: "after idling", application: "live" });
});

test("events in order, for await", async () => {
  const numbers = [];
  const listening = (async () => {
    for await (const event of asterisk.events()) {
      if (event.type !== "ChannelUserevent" || event.eventname !== "count") continue;
      numbers.push(Number(event.userevent.n));
      if (numbers.length === 200) break;
    }
  })();
  for (let n = 0; n < 200; n += 1) {
    await asterisk.events.userEvent({ eventName: "count", application: "live", variables: { n } });
  }
  await listening;
  assert.deepEqual(
    numbers,
    Array.from({ length: 200 }, (_, n) => n),
  );
});

test("a lost connection comes back with its subscriptions", async () => {
  const { hostname, port } = new URL(ASTERISK_URL);
  const sockets = new Set();
  const proxy = createServer((near) => {
    const far = connect(Number(port), hostname);
    for (const [one, other] of [
      [near, far],
      [far, near],
    ]) {
      sockets.add(one);
      one.on("error", () => {});
      one.on("close", () => other.destroy());
      one.pipe(other);
    }
  }).listen(0, "127.0.0.1");
  await once(proxy, "listening");
  const apiUrl = ASTERISK_URL.replace(`:${port}`, `:${proxy.address().port}`);
  const library = new AsteriskJs({ ...access, apiUrl, app: "cut" });
  await library.connect();
  await library.applications.subscribe({
    applicationName: "cut",
    eventSource: ["deviceState:Stasis:js", "endpoint:PJSIP/loop"],
  });
  const lost = library.waitFor("ConnectionLost", SOON);
  const restored = library.waitFor("ConnectionRestored", SOON);

  for (const socket of sockets) socket.destroy();
  await lost;
  const { missedFrom, missedTo } = await restored;

  assert.ok(missedFrom <= missedTo);
  const changed = library.waitFor("DeviceStateChanged", SOON);
  await asterisk.deviceStates.update({ deviceName: "Stasis:js", deviceState: "BUSY" });
  assert.equal((await changed).device_state.state, "BUSY");
  await asterisk.deviceStates.delete({ deviceName: "Stasis:js" });
  // The server counts subscriptions, and keeps those to endpoints over a cut: they must not be there twice now.
  await library.applications.unsubscribe({
    applicationName: "cut",
    eventSource: "endpoint:PJSIP/loop",
  });
  assert.deepEqual((await library.applications.get({ applicationName: "cut" })).endpoint_ids, []);
  library.close();
  proxy.close();
});

test("an application that another program takes over", async () => {
  const first = new AsteriskJs({ ...access, app: "taken" });
  const serving = assert.rejects(first.run(), ConnectionFailedException);
  await first.connect();
  const second = new AsteriskJs({ ...access, app: "taken" });
  await second.connect();
  await serving;
  assert.equal(first.state, "replaced");
  second.close();
  assert.equal(second.state, "closed");
});
