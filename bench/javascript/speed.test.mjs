/**
 * How fast the JavaScript library is: beside the bare modules it stands on, and beside other libraries.
 *
 * Machines differ, and one machine differs from minute to minute: two programs take turns, each turn gives a
 * ratio, and the median of the ratios is the figure.
 */

import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import http from "node:http";
import { createInterface } from "node:readline";
import { after, test } from "node:test";
import { promisify } from "node:util";

import { AriClient } from "@ipcom/asterisk-ari";
import ari from "ari-client";
import { AsteriskJs } from "asteriskjs";
import WebSocket from "ws";

const { ASTERISK_URL: url, ASTERISK_USERNAME: user, ASTERISK_PASSWORD: password } = process.env;
const basic = `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;
const rows = [];

/** Notes a figure; gives the ratio. */
function note(figure, ours, theirs, target = "") {
  const ratio = median(ours.map((value, turn) => value / theirs[turn]));
  const [mine, other] = [ours, theirs].map((values) => `${median(values).toPrecision(3)} ms`);
  rows.push({ figure, this: mine, other, ratio: Number(ratio.toFixed(2)), target });
  return ratio;
}

function median(values) {
  return [...values].sort((one, other) => one - other)[values.length >> 1];
}

/** Lets programs take turns: the milliseconds of each. */
async function turns(number, programs) {
  const times = programs.map(() => []);
  for (let turn = 0; turn < number; turn += 1) {
    for (const [place, program] of programs.entries()) times[place].push(await program());
  }
  return times;
}

/** Milliseconds that something takes. */
async function timed(action) {
  const started = performance.now();
  await action();
  return performance.now() - started;
}

async function run(...args) {
  return (await promisify(execFile)(process.execPath, args)).stdout;
}

after(() => console.table(rows));

test("GET /asterisk/info: at most 1.3 times a bare agent's", async () => {
  const agent = new http.Agent({ keepAlive: true });
  const headers = { authorization: basic };
  const bare = () =>
    new Promise((resolve, reject) => {
      const request = http.get(`${url}/asterisk/info`, { agent, headers });
      request.on("error", reject).on("response", (response) => {
        const chunks = [];
        response.on("data", (chunk) => chunks.push(chunk));
        response.on("end", () => resolve(JSON.parse(Buffer.concat(chunks).toString())));
      });
    });
  const asterisk = new AsteriskJs({ apiUrl: url, username: user, password });
  const { hostname: host, port } = new URL(url);
  const older = await ari.connect(new URL(url).origin, user, password);
  const other = new AriClient({ host, port: Number(port), username: user, password });
  const calls = [
    bare,
    () => asterisk.getInfo(),
    () => older.asterisk.getInfo(),
    () => other.asterisk.get(),
  ];
  const blocks = calls.map(
    (call) => () =>
      timed(async () => {
        for (let n = 0; n < 20; n += 1) await call();
      }),
  );
  await turns(25, blocks); // Until the compiler has seen it all.

  // Short turns, and many: what else the machine does falls upon all alike.
  const [theirs, ours, first, second] = await turns(75, blocks);

  agent.destroy();
  asterisk.close();
  note("20 × GET: ari-client over bare", first, theirs);
  note("20 × GET: @ipcom/asterisk-ari over bare", second, theirs);
  assert.ok(note("20 × GET over a bare agent", ours, theirs, "≤ 1.3") <= 1.3);
});

test("process start to the first answer: under 1.5 times bare Node's", async () => {
  const names = ["bare", "asteriskjs", "ari-client", "@ipcom/asterisk-ari"];
  const programs = names.map(
    (name) => () => timed(() => run("first.mjs", name, url, user, password)),
  );
  const [theirs, ours, first, second] = await turns(11, programs);
  note("first answer: ari-client over bare", first, theirs);
  note("first answer: @ipcom/asterisk-ari over bare", second, theirs);
  assert.ok(note("first answer over bare Node", ours, theirs, "< 1.5") < 1.5);
});

for (const [count, target] of [
  // Over before a compiler has seen anything: the figure is that of code that is only interpreted.
  [2_000, undefined],
  [100_000, 0.8],
]) {
  test(`${count} events as fast as they are taken, in a new process`, async () => {
    const server = spawn(process.execPath, ["flood.mjs"], { stdio: ["pipe", "pipe", "inherit"] });
    const [port] = await once(createInterface({ input: server.stdout }), "line");
    const read = (name) => async () =>
      Number(await run("read.mjs", name, `http://127.0.0.1:${port}`, `${count}`));
    const [theirs, ours] = await turns(9, [read("bare"), read("asteriskjs")]);
    server.stdin.end();
    // Rates are the other way round than times.
    const figure = `${count} events: a bare reader's time over ours`;
    const ratio = note(figure, theirs, ours, target && `≥ ${target}`);
    if (target) assert.ok(ratio >= target);
  });
}

test("2000 events of a real server are all delivered, at least 0.8 times as fast", async () => {
  const sender = new AsteriskJs({ apiUrl: url, username: user, password });
  /** Milliseconds from the first of 2000 events sent to the last one taken. */
  const burst = async (application, listen) => {
    const seen = new Set();
    const all = new Promise((resolve) => {
      listen(({ userevent }) => {
        if (seen.add(userevent.n).size === 2000) resolve();
      });
    });
    const numbers = Array.from({ length: 2000 }, (_, n) => n).values();
    const send = async () => {
      for (const n of numbers) {
        await sender.events.userEvent({ eventName: "count", application, variables: { n } });
      }
    };
    return timed(() => Promise.all([all, ...Array.from({ length: 8 }, send)]));
  };
  const bare = async () => {
    const options = { headers: { authorization: basic } };
    const socket = new WebSocket(`${url.replace("http", "ws")}/events?app=bare`, options);
    await once(socket, "open");
    const time = await burst("bare", (take) => {
      socket.on("message", (data) => {
        const event = JSON.parse(data);
        if (event.type === "ChannelUserevent") take(event);
      });
    });
    socket.close();
    return time;
  };
  const library = async () => {
    const asterisk = new AsteriskJs({ apiUrl: url, username: user, password, app: "bench" });
    await asterisk.connect();
    const time = await burst("bench", (take) => asterisk.addEventHandler("ChannelUserevent", take));
    asterisk.close();
    return time;
  };
  await turns(1, [bare, library]);

  const [theirs, ours] = await turns(7, [bare, library]);

  sender.close();
  const figure = "2000 events of a real server: a bare reader's time over ours";
  assert.ok(note(figure, theirs, ours, "≥ 0.8") >= 0.8);
});
