/** A real browser, a page of examples/, and a real Asterisk. */

import assert from "node:assert/strict";
import { once } from "node:events";
import { accessSync, constants, readFileSync } from "node:fs";
import { createServer } from "node:http";
import { delimiter, extname, join, normalize } from "node:path";
import { after, before, test } from "node:test";

import { AsteriskJs } from "asteriskjs";
import { chromium } from "playwright-core";

const { ASTERISK_URL, ASTERISK_USERNAME, ASTERISK_PASSWORD, EXAMPLES } = process.env;
const access = { apiUrl: ASTERISK_URL, username: ASTERISK_USERNAME, password: ASTERISK_PASSWORD };

/** Milliseconds for what must happen; far longer than it takes. */
const SOON = { timeout: 20_000 };

const TYPES = { ".css": "text/css", ".html": "text/html", ".js": "text/javascript" };

const program = chromiumHere();
const skip = program || process.env.ASTERISK_REQUIRED === "1" ? false : "no Chromium is installed";

const asterisk = new AsteriskJs({ ...access, app: "beside-the-page" });
let server, browser, origin;

/** The Chromium that is installed. */
function chromiumHere() {
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/bin"];
  return ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"]
    .flatMap((name) => folders.map((folder) => join(folder, name)))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

/** Serves the page, and the library beside it. */
function serve({ url }, response) {
  const path = normalize(new URL(url, "http://page").pathname);
  const [, top, ...rest] = path.split("/");
  const folder = top === "asteriskjs" ? join("node_modules", top) : join(EXAMPLES, top);
  try {
    const content = readFileSync(join(folder, ...rest));
    response.writeHead(200, { "Content-Type": TYPES[extname(path)] }).end(content);
  } catch {
    response.writeHead(404).end();
  }
}

before(async () => {
  if (skip) return;
  assert.ok(program, "ASTERISK_REQUIRED=1, but no Chromium is installed");
  server = createServer(serve).listen(0, "127.0.0.1");
  await once(server, "listening");
  origin = `http://127.0.0.1:${server.address().port}`;
  // Where the tests run as root, Chromium's own sandbox refuses to.
  const args = ["--no-sandbox", "--disable-dev-shm-usage"];
  browser = await chromium.launch({ executablePath: program, args });
});

after(async () => {
  asterisk.close();
  await browser?.close();
  server?.close();
});

/** A page, and what went wrong in it. */
async function open(path) {
  const page = await browser.newPage();
  const wrong = [];
  page.setDefaultTimeout(SOON.timeout);
  page.on("pageerror", (error) => wrong.push(String(error)));
  page.on("console", (message) => message.type() === "error" && wrong.push(message.text()));
  await page.goto(`${origin}${path}`);
  return { page, wrong };
}

async function dial(page, { password = ASTERISK_PASSWORD, endpoint = "Local/203@default" } = {}) {
  await page.fill("[name=url]", ASTERISK_URL);
  await page.fill("[name=user]", ASTERISK_USERNAME);
  await page.fill("[name=password]", password);
  await page.fill("[name=endpoint]", endpoint);
  await page.click("#dial");
}

test("the page makes a call, shows its events as they come, and hangs up", { skip }, async () => {
  const { page, wrong } = await open("/browser/index.html");
  await dial(page);

  await page.waitForSelector("#state:text('Connected')");
  // The far end has answered, and sends digits.
  await page.waitForSelector("li:has-text('ChannelDtmfReceived'):has-text('#')");
  await page.waitForSelector("li:has-text('PlaybackStarted'):has-text('sound:hello-world')");
  assert.equal((await asterisk.getChannels()).length, 2);
  await page.click("#hangup");
  await page.waitForSelector("#state:text('The call is over')");

  assert.equal((await asterisk.getChannels()).length, 0);
  const types = await page.locator("li strong").allTextContents();
  // The newest stands first.
  const order = ["ChannelDestroyed", "StasisEnd", "ChannelDtmfReceived", "StasisStart"];
  const places = order.map((type) => types.indexOf(type));
  assert.ok(!places.includes(-1), `${types}`);
  assert.deepEqual(
    places,
    [...places].sort((one, other) => one - other),
  );
  assert.equal(await page.textContent("#count"), String(types.length));
  assert.equal(await page.isEnabled("#dial"), true);
  assert.deepEqual(wrong, []);
  await page.close();
});

test("the page says what is wrong, and can be used again", { skip }, async () => {
  const { page } = await open("/browser/index.html");
  await dial(page, { password: "wrong" });
  await page.waitForSelector("#state[data-kind=failed]");
  assert.match(await page.textContent("#state"), /refuses the user/);
  await dial(page, { endpoint: "Local/202@default" });
  await page.waitForSelector("#state:text('The call is over')");
  await page.close();
});

test("the library in a page: every kind of request", { skip }, async () => {
  const { page, wrong } = await open("/browser/index.html");
  const result = await page.evaluate(async (options) => {
    const { AsteriskJs, NotFoundException } = await import("asteriskjs");
    const library = new AsteriskJs({ ...options, app: "in-a-page" });
    await library.connect();
    const channel = library.newChannel();
    await channel.originate({
      endpoint: "Local/204@default",
      app: "in-a-page",
      variables: { NAME: "Zoë & Söhne" },
    });
    await channel.waitFor("StasisStart");
    const { value } = await channel.getChannelVar({ variable: "NAME" });
    const recording = await channel.record({ name: "page", format: "wav", ifExists: "overwrite" });
    await recording.waitFor("RecordingStarted");
    await recording.stop();
    await recording.waitFor("RecordingFinished");
    const stored = await library.getRecording("page");
    const bytes = await stored.getStoredFile();
    let streamed = 0;
    const reader = (await stored.getStoredFileStream()).getReader();
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      streamed += part.value.length;
    }
    await stored.deleteStored();
    await channel.hangup();
    const missing = await library.getChannel("nobody").catch((error) => error);
    const shown = JSON.stringify(library);
    library.close();
    return {
      value,
      begin: String.fromCharCode(...bytes.subarray(0, 4)),
      whole: streamed === bytes.length,
      missing: missing instanceof NotFoundException,
      secret: shown.includes(options.password),
    };
  }, access);
  assert.deepEqual(result, {
    value: "Zoë & Söhne",
    begin: "RIFF",
    whole: true,
    missing: true,
    secret: false,
  });
  // The browser itself tells of the answer 404.
  assert.deepEqual(
    wrong.filter((text) => !text.includes("404")),
    [],
  );
  await page.close();
});
