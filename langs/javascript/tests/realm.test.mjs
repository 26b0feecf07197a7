/** The realm library against the reference server: what its users do, from the token to the last page. */

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { openAsBlob, readFileSync, writeFileSync } from "node:fs";
import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";

import {
  IllegalInputException,
  NotAuthorizedException,
  NotFoundException,
  RealmJs,
  RequestRejectedException,
} from "realmjs";

import { startRealm } from "./realm-server.mjs";

const { GUIDE, TEST_TMPDIR = tmpdir() } = process.env;

/** All of the example data's calls. */
const YEAR = { startDatetime: "2026-01-01 00:00:00", endDatetime: "2026-12-31 23:59:59" };

const server = await startRealm();
after(() => server.stop());

/** The library of an application; its user's type is told where `userType` is given. */
function opened(application = "director", { url = server.url, ...options } = {}) {
  const clientSecret = `${application}-secret`;
  const realm = new RealmJs({ apiUrl: url, clientId: application, clientSecret, ...options });
  after(() => realm.close());
  return realm;
}

async function all(items) {
  const found = [];
  for await (const item of items) found.push(item);
  return found;
}

const realm = opened();
const client = realm.client("@me");

/** An MP3 file of some length, made of one that the server has. */
const [{ record_uuid: recorded }] = await client.records.list({
  startDatetime: "2026-11-01 00:00:00",
  endDatetime: "2026-12-31 23:59:59",
});
const frames = await client.records.get(recorded);

test("who asks", async () => {
  const user = await realm.user.get();
  assert.deepEqual([user.login, user.client_id, user.extension_id], ["director", 1, null]);
  assert.ok((await realm.timezones.list()).includes("Europe/Minsk"));
  const given = new RealmJs({ apiUrl: server.url, token: server.token });
  after(() => given.close());
  assert.equal((await given.user.get()).login, "director");
});

test("filters must all hold", async () => {
  const found = await client.extensions.list({ extensionGroupId: 1, type: "phone" });
  assert.deepEqual(
    found.map(({ name }) => name),
    ["1844*101", "1844*102"],
  );
  assert.deepEqual(await client.extensions.list({ extensionGroupId: 14, type: "queue" }), []);
  const registered = await realm.extensions.registrations.list({ extensionId: [1, 2] });
  assert.deepEqual(
    registered.map((each) => each.extension_id),
    [1, 2],
  );
});

for (const id of ["@1844*101", "@101", "1", 1]) {
  test(`an extension by ${typeof id} ${id}`, async () => {
    assert.equal((await realm.extension(id).phone.get()).label, "Anna");
  });
}

test("a thing from its making to its end", async () => {
  const { extensions } = client;
  const made = await extensions.add({
    name: "1844*109",
    type: "phone",
    label: "Dora",
    extensionGroupId: 14,
  });
  assert.deepEqual([made.label, made.extension_group_id], ["Dora", 14]);
  // What is left out stays, and a null clears.
  const changed = await extensions.update(made.id, { extensionGroupId: null });
  assert.deepEqual([changed.label, changed.extension_group_id], ["Dora", null]);
  assert.deepEqual((await extensions.get(made.id)).toJSON(), changed.toJSON());
  assert.equal(await extensions.delete(made.id), undefined);
  await assert.rejects(extensions.get(made.id), (error) => {
    assert.ok(error instanceof NotFoundException);
    assert.equal(error.status, 404);
    return true;
  });
});

test("handlers get the outcomes that a program can act upon", async () => {
  const told = [];
  const { extensions } = client;
  const nothing = await extensions.get(999, {}, undefined, (error) => told.push(error.status));
  const found = await extensions.get("2", {}, ({ name }) => told.push(name));
  assert.deepEqual([nothing, told, found.id], [undefined, [404, "1844*102"], 2]);
});

test("what the server calls an error", async () => {
  await assert.rejects(client.extensions.add({ name: "1844*101", type: "phone" }), (error) => {
    assert.ok(error instanceof IllegalInputException);
    assert.match(error.reason, /taken/);
    return error.status === 400;
  });
  await assert.rejects(client.extensions.add({ name: "not a number", type: "phone" }), (error) => {
    assert.ok(error instanceof IllegalInputException);
    assert.match(error.message, /^add: name is "not a number", which does not match /);
    return error.status === undefined;
  });
  await assert.rejects(opened("anna").client(1).extensions.list(), (error) => {
    assert.ok(error instanceof NotAuthorizedException);
    assert.deepEqual([error.status, error.code], [403, "access_denied"]);
    return true;
  });
});

test("the own id in another realm than the user's", async () => {
  const refused = (status) => (error) => {
    assert.ok(error instanceof IllegalInputException);
    assert.equal(error.status, status);
    return true;
  };
  const told = opened("director", { userType: "client" });
  await assert.rejects(told.extension("@me").phone.get(), refused(undefined));
  assert.equal(told.rateLimit, null);
  await assert.rejects(opened().extension("@me").phone.get(), refused(400));
  const anna = opened("anna", { userType: "extension" });
  assert.equal((await anna.extension("@me").phone.get()).label, "Anna");
});

test("a secret that is wrong", async () => {
  await assert.rejects(opened("director", { clientSecret: "?" }).user.get(), (error) => {
    assert.ok(error instanceof NotAuthorizedException);
    assert.equal(error.message, "401 no token was given: invalid_client (POST /oauth/token)");
    return true;
  });
});

test("tokens are renewed", async () => {
  // Each holds for so short a time that the next call needs another.
  const { url, stop } = await startRealm("--token-seconds=1");
  try {
    const short = opened("director", { url });
    for (let count = 0; count < 3; count += 1) {
      assert.equal((await short.user.get()).login, "director");
      await pause(1100);
    }
  } finally {
    await stop();
  }
});

test("an upload, its progress and its end", async () => {
  const { sounds } = client;
  const folder = await mkdtemp(join(TEST_TMPDIR, "upload-"));
  const path = join(folder, "welcome.mp3");
  const long = Buffer.concat(Array.from({ length: 20 }, () => frames));
  await writeFile(path, long);
  for (const file of [{ name: "welcome.mp3", content: await openAsBlob(path) }, long]) {
    const told = [];
    const sound = await sounds.add({
      title: "Welcome",
      file,
      progress: (...state) => told.push(state),
    });
    assert.equal(sound.title, "Welcome");
    assert.ok(told.length > long.length / 65_536, `${told.length} times`);
    const sent = told.map(([bytes]) => bytes);
    assert.deepEqual(
      sent,
      sent.toSorted((a, b) => a - b),
    );
    const [[, total]] = told;
    assert.ok(total > long.length);
    assert.deepEqual(told.at(-1), [total, total]);
    assert.equal((await sounds.replace(sound.id, { file: frames })).id, sound.id);
    const found = await sounds.list({ title: ["Welcome", "Calm music"], ownOnly: false });
    assert.deepEqual(new Set(found.map(({ title }) => title)), new Set(["Welcome", "Calm music"]));
    await sounds.delete(sound.id);
  }
  const stop = () => {
    throw new RangeError("enough");
  };
  await assert.rejects(sounds.add({ title: "Never", file: long, progress: stop }), RangeError);
  assert.deepEqual(await sounds.list({ title: ["Never"] }), []);
});

test("a recording, and where it is stored", async () => {
  const told = [];
  const progress = (...state) => told.push(state);
  const { records } = client;
  const content = await records.get(recorded, { progress });
  assert.deepEqual(told.at(-1), [content.length, content.length]);
  told.length = 0;
  const path = join(await mkdtemp(join(TEST_TMPDIR, "record-")), "record.mp3");
  await writeFile(path, await client.record(recorded).getStream({ progress }));
  assert.deepEqual(await readFile(path), Buffer.from(content));
  assert.deepEqual(told.at(-1), [content.length, content.length]);
  // The server refuses a token there.
  const { record_url: link } = await client.record(recorded).storageUrl.get();
  told.length = 0;
  assert.deepEqual(await realm.fetch(link, { progress }), content);
  assert.deepEqual(told.at(-1), [content.length, content.length]);
  await writeFile(path, await realm.fetchStream(new URL(link)));
  assert.deepEqual(await readFile(path), Buffer.from(content));
  await assert.rejects(realm.fetch(`${link}x`), NotFoundException);
});

test("a progress that fails ends the download", async () => {
  const progress = () => {
    throw new RangeError("enough");
  };
  const { records } = client;
  await assert.rejects(records.get(recorded, { progress }), RangeError);
  const stream = await records.getStream(recorded, { progress });
  await assert.rejects(stream.getReader().read(), RangeError);
  const { record_url: link } = await client.record(recorded).storageUrl.get();
  await assert.rejects(realm.fetch(link, { progress }), RangeError);
});

for (const order of ["asc", "desc", undefined]) {
  test(`a year in pages, ${order}`, async () => {
    const found = await all(client.callHistory.iterate({ ...YEAR, order, perPage: 2 }));
    assert.equal(found.length, 10);
    const times = found.map((call) => call.init_time_gmt);
    const sorted = times.toSorted();
    assert.deepEqual(times, order === "asc" ? sorted : sorted.reverse());
  });
}

test("the server itself takes two months", async () => {
  await assert.rejects(client.callHistory.list(YEAR), IllegalInputException);
});

test("of each realm its own recordings", async () => {
  const found = await all(realm.extensionGroup(14).records.iterate(YEAR));
  assert.deepEqual(
    found.map((each) => each.extension_id),
    [3, 3],
  );
  assert.equal((await all(client.records.iterate(YEAR))).length, 5);
});

test("pages are asked for when they are needed", async () => {
  const own = opened();
  const extensions = own.client("@me").extensions.iterate({ perPage: 2 });
  assert.equal(own.rateLimit, null);
  await extensions.next();
  const { remaining } = own.rateLimit;
  await extensions.next();
  assert.equal(own.rateLimit.remaining, remaining);
  await extensions.next();
  assert.equal(own.rateLimit.remaining, remaining - 1);
});

test("the hour's requests are used up", async () => {
  const { url, stop } = await startRealm("--rate-limit=2");
  try {
    const own = opened("director", { url });
    await own.user.get();
    await own.user.get();
    await assert.rejects(own.user.get(), (error) => {
      assert.ok(error instanceof RequestRejectedException);
      assert.deepEqual([error.status, error.code], [429, "rate_limit_exceeded"]);
      return true;
    });
    const { reset, ...others } = own.rateLimit;
    assert.deepEqual(others, { limit: 2, remaining: 0 });
    assert.ok(reset > 0 && reset <= 3600, `${reset} seconds`);
  } finally {
    await stop();
  }
});

test("the program in the guide", { skip: !GUIDE && "it is not known where that is" }, async () => {
  const blocks = readFileSync(GUIDE, "utf8").matchAll(/^```js\n(.*?)^```$/gms);
  const program = Array.from(blocks, ([, text]) => text).join("\n");
  const known = "http://localhost:8080/api/ver1.0";
  assert.equal(program.split(known).length, 2);
  writeFileSync("guide.mjs", program.replace(known, server.url));
  const { stdout } = await promisify(execFile)(process.execPath, ["guide.mjs"], {
    timeout: 60_000,
  });
  assert.match(stdout, /^404 undefined /m);
  assert.match(stdout, /give the id/);
});

test("the program in the README", async () => {
  const [, program] = /^```js\n(.*?)^```$/ms.exec(
    readFileSync("node_modules/realmjs/README.md", "utf8"),
  );
  writeFileSync("readme.mjs", program.replace("http://localhost:8080/api/ver1.0", server.url));
  writeFileSync("welcome.mp3", frames);
  const { stdout } = await promisify(execFile)(process.execPath, ["readme.mjs"], {
    timeout: 60_000,
  });
  assert.match(stdout, /^1844\*101 Anna$/m);
  const [, sent, total] = /^(\d+) of (\d+)\n$/m.exec(stdout);
  assert.equal(sent, total);
  assert.deepEqual(readFileSync(`${recorded}.mp3`), Buffer.from(frames));
});
