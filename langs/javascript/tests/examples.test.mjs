/** The examples do what they say, against a real Asterisk. */

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, before, test } from "node:test";

import { AsteriskJs } from "asteriskjs";

const { ASTERISK_URL, ASTERISK_USERNAME, ASTERISK_PASSWORD, EXAMPLES } = process.env;

/** Milliseconds for what must happen; far longer than it takes. */
const SOON = { timeout: 30_000 };

const MENU = "sound:basic-pbx-ivr-main";

const asterisk = new AsteriskJs({
  apiUrl: ASTERISK_URL,
  username: ASTERISK_USERNAME,
  password: ASTERISK_PASSWORD,
  app: "far-end",
});
const chosen = [];
let over = 0;
let ivr;
let lines;

before(async () => {
  await asterisk.connect();
  // Of all channels, also those that only the IVR knows: what it plays is seen by that.
  await asterisk.applications.subscribe({ applicationName: "far-end", eventSource: "channel:" });
  // Beside node_modules, as a user's program stands.
  copyFileSync(join(EXAMPLES, "ivr.mjs"), "ivr.mjs");
  const env = { ARI_URL: ASTERISK_URL, ARI_USER: ASTERISK_USERNAME, IVR_PATIENCE: "2" };
  ivr = spawn(process.execPath, ["ivr.mjs"], {
    env: { ...process.env, ...env, ARI_PASSWORD: ASTERISK_PASSWORD },
    stdio: ["ignore", "pipe", "inherit"],
  });
  lines = createInterface({ input: ivr.stdout }).on("line", (line) => {
    const choice = /chose (\S+)$/.exec(line)?.[1];
    if (choice) chosen.push(choice);
    if (line.includes(" is over: ")) over += 1;
  });
  const started = Date.now();
  while (!(await running())) {
    assert.ok(ivr.exitCode === null && Date.now() - started < SOON.timeout, "the IVR runs");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
});

after(() => {
  ivr.kill();
  asterisk.close();
});

async function running() {
  const applications = await asterisk.applications.list();
  return applications.some(({ name }) => name === "ivr");
}

/** The next choices of callers, which the IVR writes: they may be read later than the events that follow them. */
async function choices(count) {
  const signal = AbortSignal.timeout(SOON.timeout);
  while (chosen.length < count) await once(lines, "line", { signal });
  return chosen.splice(0, count);
}

/** Waits until the IVR has seen that its caller is gone; what it says until then belongs to that call. */
async function firstCallOver() {
  const signal = AbortSignal.timeout(SOON.timeout);
  while (over === 0) await once(lines, "line", { signal });
  chosen.length = 0;
}

/** What the IVR plays from now on, as it begins. */
async function* played() {
  for await (const event of asterisk.events()) {
    if (event.type === "PlaybackStarted") yield event.playback.media_uri;
    if (event.type === "PlaybackContinuing") yield event.playback.next_media_uri;
  }
}

/** The next that was played, which must come soon. */
async function next(media) {
  const late = new Promise((_, reject) => {
    setTimeout(reject, SOON.timeout, new Error("nothing was played")).unref();
  });
  return (await Promise.race([media.next(), late])).value;
}

/** A caller, who comes through the dialplan. */
async function caller() {
  const channel = asterisk.newChannel();
  const ready = channel.waitFor("StasisStart", SOON);
  await channel.originate({
    endpoint: "Local/301@default",
    app: "far-end",
    variables: { __APP: "ivr" },
  });
  await ready;
  return channel;
}

test("IVR: digits interrupt prompts, and a number of several digits is read back", async () => {
  const media = played();
  const first = next(media);
  const channel = asterisk.newChannel();
  await channel.originate({ endpoint: "Local/203@default", app: "ivr" });

  const heard = [await first];
  while (heard.at(-1) !== "digits:34") heard.push(await next(media));

  // A prompt for which the digit has come before is stopped at once, and may never begin.
  const interrupted = [MENU, "sound:telephone-number"];
  assert.deepEqual(
    heard.filter((what) => !interrupted.includes(what)),
    ["sound:tt-weasels", "sound:you-entered", "digits:34"],
  );
  assert.deepEqual(await choices(2), ["1", "2"]);
  await channel.hangup();
  await firstCallOver();
});

test("IVR: a choice that there is not, and the way out to the dialplan", async () => {
  const media = played();
  const first = next(media);
  const channel = await caller();
  assert.equal(await first, MENU);
  await channel.sendDTMF({ dtmf: "9" });
  assert.equal(await next(media), "sound:pbx-invalid");
  assert.equal(await next(media), MENU);
  const over = channel.waitFor("ChannelDestroyed", SOON);
  await channel.sendDTMF({ dtmf: "0" });
  await over;
  assert.deepEqual(await choices(2), ["9", "0"]);
});

test("IVR: who says nothing three times is told goodbye", async () => {
  const media = played();
  const first = next(media);
  const channel = await caller();
  const heard = [await first];
  while (heard.length < 4) heard.push(await next(media));
  assert.deepEqual(heard, [MENU, MENU, MENU, "sound:vm-goodbye"]);
  await channel.waitFor("ChannelDestroyed", SOON);
  assert.deepEqual(await choices(3), ["nothing", "nothing", "nothing"]);
});

test("IVR: an interrupt ends it", async () => {
  ivr.kill("SIGINT");
  const [code] = await once(ivr, "exit");
  assert.equal(code, 0);
  assert.equal(await running(), false);
  assert.deepEqual(chosen, []);
});
