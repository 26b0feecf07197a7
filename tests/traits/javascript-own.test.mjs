/** What no scenario can say of the JavaScript libraries: streams, browsers, calls at the same time. */

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { createServer as createTcpServer } from "node:net";
import { after, test } from "node:test";
import { inspect } from "node:util";

import * as bytes from "traits-bytes";
import * as clients from "traits-clients";
import * as files from "traits-files";
import * as names from "traits-names";
import * as nulls from "traits-nulls";
import * as objects from "traits-objects";
import * as tokens from "traits-tokens";

/** A server that notes what comes and answers with `answer(request, number)`. */
async function serve(answer) {
  const requests = [];
  const server = createServer((request, response) => {
    // A request that is broken off needs no answer.
    take(request, response).catch(() => response.destroy());
  });
  const take = async (request, response) => {
    const noted = { method: request.method, url: request.url, headers: request.headers };
    requests.push(noted);
    const number = requests.length;
    const early = answer.early?.(noted, number);
    const chunks = [];
    if (!early) for await (const chunk of request) chunks.push(chunk);
    noted.body = Buffer.concat(chunks).toString("latin1");
    const { status = 200, headers = {}, body = {} } = early ?? (await answer(noted, number)) ?? {};
    response.writeHead(status, { "Content-Type": "application/json", ...headers });
    response.end(JSON.stringify(body));
  };
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${server.address().port}`, requests };
}

function opened(lib, name, options) {
  const library = new lib[name](options);
  after(() => library.close());
  return library;
}

const created = () => ({ status: 201, body: { id: "1" } });

/** The parts of a multipart body: head and content of each. */
function partsOf({ headers, body }) {
  const [, boundary] = /boundary=(.*)$/.exec(headers["content-type"]);
  const parts = body.split(`--${boundary}`);
  assert.equal(parts.shift(), "");
  assert.equal(parts.pop(), "--\r\n");
  return parts.map((part) => {
    const [head, ...content] = part.slice(2, -2).split("\r\n\r\n");
    return [head, content.join("\r\n\r\n")];
  });
}

// Files and content

const abc = new Uint8Array([0x5f, 0x61, 0x62, 0x63, 0x5f]);

async function* pieces() {
  yield new Uint8Array([0x61]);
  yield "b";
  yield Buffer.from("c");
}

for (const [what, content, length] of [
  ["bytes within others", abc.subarray(1, 4), "3"],
  ["a Buffer", Buffer.from("abc"), "3"],
  ["an ArrayBuffer", abc.slice(1, 4).buffer, "3"],
  ["another view of bytes", new DataView(abc.buffer, 1, 3), "3"],
  ["a Blob", new Blob(["ab", "c"]), "3"],
  ["a stream", new Blob(["abc"]).stream(), undefined],
  ["a generator, text among its pieces", pieces(), undefined],
]) {
  test(`content is ${what}`, async () => {
    const { url, requests } = await serve(() => ({ status: 204 }));
    const library = opened(files, "TraitsFiles", { apiUrl: url });
    await library.sounds.replace({ id: "1", body: content });
    assert.equal(requests[0].body, "abc");
    assert.equal(requests[0].headers["content-length"], length);
    assert.equal(requests[0].headers["content-type"], "audio/wav");
  });
}

test("a stream is read no faster than it is sent", async () => {
  let release;
  const held = new Promise((resolve) => (release = resolve));
  let given = 0;
  const server = createServer(async (request, response) => {
    await held;
    for await (const _ of request);
    response.writeHead(204).end();
  }).listen(0, "127.0.0.1");
  after(() => server.close());
  await once(server, "listening");
  async function* endless() {
    for (; given < 1000; given += 1) yield new Uint8Array(64 * 1024);
  }
  const library = opened(files, "TraitsFiles", {
    apiUrl: `http://127.0.0.1:${server.address().port}`,
  });
  const sending = library.sounds.replace({ id: "1", body: endless() });
  await new Promise((resolve) => setTimeout(resolve, 300));
  const waiting = given;
  release();
  await sending;
  assert.ok(waiting < 500, `${waiting} of 1000 blocks were read before the server took any`);
  assert.equal(given, 1000);
});

test("what fails while it is read ends the call, and says why", async () => {
  const { url } = await serve(() => ({ status: 204 }));
  const library = opened(files, "TraitsFiles", { apiUrl: url });
  const broken = new Error("the disk is gone");
  async function* failing() {
    yield abc;
    throw broken;
  }
  await assert.rejects(library.sounds.replace({ id: "1", body: failing() }), (error) => {
    assert.ok(error instanceof files.IllegalInputException);
    assert.match(error.message, /the disk is gone/);
    assert.equal(error.cause, broken);
    return true;
  });
  async function* numbers() {
    yield 5;
  }
  await assert.rejects(library.sounds.replace({ id: "1", body: numbers() }), {
    message: /a stream gave 5: bytes or text are wanted/,
  });
});

test("a server that answers and reads no further is heard, and the stream is let go", async () => {
  const server = createTcpServer((socket) => {
    socket.on("error", () => {});
    socket.once("data", () => {
      socket.pause();
      socket.write("HTTP/1.1 413 Too Much\r\nContent-Length: 0\r\n\r\n");
    });
  }).listen(0, "127.0.0.1");
  after(() => server.close());
  await once(server, "listening");
  const apiUrl = `http://127.0.0.1:${server.address().port}`;
  const library = opened(files, "TraitsFiles", { apiUrl });
  let over;
  const ended = new Promise((resolve) => (over = resolve));
  async function* endless() {
    try {
      for (;;) yield new Uint8Array(64 * 1024);
    } finally {
      over("let go");
    }
  }
  await assert.rejects(library.sounds.replace({ id: "1", body: endless() }), { status: 413 });
  const late = new Promise((resolve) => setTimeout(resolve, 3000, "held").unref());
  assert.equal(await Promise.race([ended, late]), "let go");
});

test("a stream is not sent again where the connection was dead", async () => {
  const { url, requests } = await serve(({ method }) => {
    if (method === "PUT") throw new Error("the connection is cut");
    return { body: "" };
  });
  const library = opened(files, "TraitsFiles", { apiUrl: url });
  await library.notes.read({ id: "1" });
  await assert.rejects(
    library.sounds.replace({ id: "1", body: pieces() }),
    files.ConnectionFailedException,
  );
  assert.deepEqual(
    requests.map(({ method }) => method),
    ["GET", "PUT"],
  );
});

test("a long upload is not taken for a server that does not answer", async () => {
  const { url } = await serve(() => ({ status: 204 }));
  const library = opened(files, "TraitsFiles", { apiUrl: url, timeout: 250 });
  async function* slow() {
    for (let n = 0; n < 4; n += 1) {
      await new Promise((resolve) => setTimeout(resolve, 120));
      yield abc;
    }
  }
  await library.sounds.replace({ id: "1", body: slow() });
  async function* stuck() {
    yield abc;
    await new Promise((resolve) => setTimeout(resolve, 1000).unref());
  }
  await assert.rejects(library.sounds.replace({ id: "1", body: stuck() }), files.TimeoutException);
});

test("files with a name and a type of their own", async () => {
  const { url, requests } = await serve(created);
  const library = opened(files, "TraitsFiles", { apiUrl: url });
  const named = new File(["RIFF"], 'a"\r\nX: y.wav', { type: "audio/wav" });
  const open = Object.assign(pieces(), { path: "/home/me/b.wav" });
  await library.sounds.upload({ sound: named, pictures: [open, { content: "text" }] });
  assert.deepEqual(partsOf(requests[0]), [
    [
      'Content-Disposition: form-data; name="sound"; filename="a%22%0D%0AX: y.wav"\r\nContent-Type: audio/wav',
      "RIFF",
    ],
    [
      'Content-Disposition: form-data; name="pictures"; filename="b.wav"\r\nContent-Type: application/octet-stream',
      "abc",
    ],
    [
      'Content-Disposition: form-data; name="pictures"; filename="pictures"\r\nContent-Type: application/octet-stream',
      "text",
    ],
  ]);
});

for (const [what, sound, message] of [
  ["text", "ring.wav", /sound is text: a file is bytes, a Blob .* or \{ name, content \}/],
  ["a number", 5, /sound is 5: bytes, a Blob or a stream is wanted/],
  ["an object without content", { name: "x" }, /sound is an object: bytes, a Blob or a stream/],
  ["a named nothing", { name: "x", content: undefined }, /sound is undefined: bytes/],
  ["a list where one is wanted", [abc], /sound is a list: bytes/],
]) {
  test(`${what} is no file`, async () => {
    const { url, requests } = await serve(created);
    const library = opened(files, "TraitsFiles", { apiUrl: url });
    await assert.rejects(library.sounds.upload({ sound }), (error) => {
      assert.ok(error instanceof files.IllegalInputException);
      assert.match(error.message, message);
      return true;
    });
    assert.equal(requests.length, 0);
  });
}

test("bytes and models within JSON", async () => {
  const { url, requests } = await serve(() => ({ body: { key: "YQ==" } }));
  const library = opened(bytes, "TraitsBytes", { apiUrl: url });
  const key = await library.keys.add({ key: Buffer.from("a"), more: { raw: abc.buffer } });
  assert.deepEqual(JSON.parse(requests[0].body), { key: "YQ==", more: { raw: "X2FiY18=" } });
  assert.deepEqual(key.key, new Uint8Array([0x61]));
  assert.equal(JSON.stringify(key), '{"key":"YQ=="}');
  await assert.rejects(
    library.keys.add({ key: 5 }),
    /key is 5: bytes, or their base64, are wanted/,
  );
  const many = new Uint8Array(100_000).map((_, at) => at);
  await library.keys.add({ key: many });
  const sent = JSON.parse(requests[1].body).key;
  assert.deepEqual(new Uint8Array(Buffer.from(sent, "base64")), many);
});

// Values

test("what may be null is null where no content came", async () => {
  const { url } = await serve(() => ({ status: 204 }));
  const library = opened(nulls, "TraitsNulls", { apiUrl: url });
  assert.equal(await library.people.get({ id: "1" }), null);
  assert.equal(await library.people.replace({ id: "1" }), undefined);
});

test("what an object descends from is no object itself", async () => {
  const library = opened(objects, "TraitsObjects", { apiUrl: "http://127.0.0.1:1" });
  const thing = new objects.Thing({ made: "2026-11-22T00:00:00Z" });
  await assert.rejects(library.lamps.get({ lampId: thing }), {
    message: "get: lampId is an object: a whole number is wanted (GET /lamps/{lampId})",
  });
  const lamp = new objects.Lamp({ id: 5 });
  assert.ok(lamp.equals(new objects.Lamp({ id: 5, on: true })) && !lamp.equals(thing));
});

test("what no choice within a choice takes may be of a type after it", async () => {
  const { date } = await import("./node_modules/traits-choices/lib/runtime/model.js");
  const { oneOf } = await import("./node_modules/traits-choices/lib/runtime/decoders.js");
  const decode = oneOf([
    ["choice", oneOf([], "kind", {})],
    ["string", date],
  ]);
  assert.deepEqual(decode("1970-01-01T00:00:00Z"), new Date(0));
  assert.deepEqual(decode({ kind: "toString" }), { kind: "toString" });
  assert.equal(decode(5), 5);
});

// Credentials

const secrets = ["t-secret", "k-secret", "c-secret"];

function assertHidden(...shown) {
  for (const one of shown) {
    const text = `${inspect(one, { depth: 9, showHidden: true })}${JSON.stringify(one)}${one}`;
    for (const secret of secrets) assert.ok(!text.includes(secret), text);
  }
}

test("neither the library nor an error shows a credential", async () => {
  const { url } = await serve(({ url: place }) =>
    place.startsWith("/oauth")
      ? { body: { access_token: "t-secret" } }
      : { status: 401, body: { message: "No" } },
  );
  const own = opened(clients, "TraitsClients", {
    apiUrl: url,
    clientId: "me",
    clientSecret: "c-secret",
  });
  const given = opened(tokens, "TraitsTokens", {
    apiUrl: url,
    token: "t-secret",
    xApiKey: "k-secret",
    queryKey: "k-secret",
  });
  const nobody = opened(tokens, "TraitsTokens", {
    apiUrl: "http://127.0.0.1:1",
    token: "t-secret",
    queryKey: "k-secret",
  });
  for (const library of [own, given, nobody]) {
    const error = await library.things.list().catch((caught) => caught);
    assert.ok(error instanceof Error);
    assertHidden(library, error, error.cause);
  }
});

test("an answer that is no token is not shown", async () => {
  for (const body of [
    { token: "t-secret" },
    "t-secret",
    null,
    { access_token: ["t-secret"] },
    { access_token: "t-secret\nX: y" },
  ]) {
    const { url } = await serve(() => ({ body }));
    const options = { apiUrl: url, clientId: "me", clientSecret: "c-secret" };
    const library = opened(clients, "TraitsClients", options);
    const error = await library.things.list().catch((caught) => caught);
    assert.match(error.message, /^200 no token was given/);
    assertHidden(error);
  }
});

test("calls at the same time share one token, and renew it once", async () => {
  let made = 0;
  const { url, requests } = await serve(async ({ url: place, headers }) => {
    await new Promise((resolve) => setTimeout(resolve, 20));
    if (place === "/oauth/token") return { body: { access_token: `t-${(made += 1)}` } };
    return headers.authorization === "Bearer t-1" ? { status: 401 } : { body: ["a"] };
  });
  const options = { apiUrl: `${url}/api`, clientId: "me", clientSecret: "c-secret" };
  const library = opened(clients, "TraitsClients", options);
  const results = await Promise.all(Array.from({ length: 8 }, () => library.things.list()));
  assert.deepEqual(results, Array(8).fill(["a"]));
  assert.equal(made, 2);
  assert.equal(requests.filter(({ url: place }) => place === "/api/things").length, 16);
});

test("a caller that gives up does not take the token from the others", async () => {
  let answered = false;
  const { url } = await serve(async ({ url: place }) => {
    await new Promise((resolve) => setTimeout(resolve, 200));
    answered = true;
    return { body: place === "/oauth/token" ? { access_token: "t-1" } : ["a"] };
  });
  const options = { apiUrl: url, clientId: "me", clientSecret: "c-secret" };
  const library = opened(clients, "TraitsClients", options);
  const stop = new AbortController();
  const first = library.things.list({ signal: stop.signal });
  const second = library.things.list();
  setTimeout(() => stop.abort(), 20);
  await assert.rejects(first, { name: "AbortError" });
  assert.ok(!answered, "it does not wait for the token");
  assert.deepEqual(await second, ["a"]);
});

test("a life that is written as text is one", async () => {
  let made = 0;
  const { url } = await serve(({ url: place }) =>
    place === "/oauth/token"
      ? { body: { access_token: `t-${(made += 1)}`, expires_in: "0" } }
      : { body: [] },
  );
  const options = { apiUrl: url, clientId: "me", clientSecret: "c-secret" };
  const library = opened(clients, "TraitsClients", options);
  await library.things.list();
  await library.things.list();
  assert.equal(made, 2);
});

for (const [what, lib, options, message] of [
  [
    "a token that no header takes",
    tokens,
    { token: "a\nt-secret" },
    /^token is not fit for a header/,
  ],
  ["an empty token", tokens, { token: "" }, /^token is not fit/],
  ["a token that is no text", tokens, { token: 5 }, /^token is not fit/],
  ["a key that no header takes", tokens, { xApiKey: "k-secret ü" }, /^xApiKey is not fit/],
  [
    "a token and a user",
    tokens,
    { token: "t-secret", username: "a", password: "b" },
    /^username and token exclude each other/,
  ],
  ["a client without its secret", clients, { clientId: "me" }, /^clientId and clientSecret belong/],
  [
    "a token and a client",
    clients,
    { token: "t-secret", clientId: "me", clientSecret: "c-secret" },
    /^token and clientId exclude each other/,
  ],
  [
    "a user where there are none",
    clients,
    { username: "a", password: "b" },
    /^username was given, which this API does not take/,
  ],
]) {
  test(`${what} is refused`, () => {
    const name = lib === tokens ? "TraitsTokens" : "TraitsClients";
    assert.throws(
      () => new lib[name]({ apiUrl: "https://server.example/api", ...options }),
      (error) => {
        assert.ok(error instanceof lib.IllegalInputException);
        assert.match(error.message, message);
        assertHidden(error);
        return true;
      },
    );
  });
}

test("what is called for a token may fail, or give what is none", async () => {
  const { url, requests } = await serve(() => ({ body: [] }));
  const failing = new Error("no vault");
  const options = { apiUrl: url };
  const library = opened(tokens, "TraitsTokens", {
    ...options,
    token: () => Promise.reject(failing),
  });
  await assert.rejects(library.things.list(), failing);
  const other = opened(tokens, "TraitsTokens", { ...options, token: () => undefined });
  await assert.rejects(other.things.list(), tokens.IllegalInputException);
  assert.equal(requests.length, 0);
});

test("the server that the document names is the usual one, and none that is an example", () => {
  const library = new clients.TraitsClients({ clientId: "me", clientSecret: "c-secret" });
  assert.equal(JSON.stringify(library), '{"apiUrl":"https://things.example.com/v2"}');
  assert.equal(JSON.stringify(new clients.TraitsClients()), JSON.stringify(library));
  assert.throws(() => new tokens.TraitsTokens({}), tokens.IllegalInputException);
  assert.throws(() => new tokens.TraitsTokens(), tokens.IllegalInputException);
});

// Names

test("a null is refused where the API knows none, and says what to do", async () => {
  const library = opened(nulls, "TraitsNulls", { apiUrl: "http://127.0.0.1:1" });
  await assert.rejects(library.people.change({ id: "1", version: 1, name: null }), {
    message: "change: name is null: leave it out if it has no value (PATCH /people/{id})",
  });
  await assert.rejects(library.people.change({ id: "1", version: null }), {
    message: "change: version is null: the operation needs it (PATCH /people/{id})",
  });
});

test("names that no language has are those of the declarations", () => {
  const library = new names.TraitsNames({ apiUrl: "https://server.example/api" });
  assert.equal(typeof library.import_.lambda, "function");
  assert.equal(typeof library.vlans.addAVlan, "function");
  assert.deepEqual(Object.keys(library), ["vlans", "import_", "oddNamesMore"]);
});

// Browsers

/** Runs with what a browser has: fetch, and nothing of Node. */
async function inBrowser(run) {
  const { getBuiltinModule } = process;
  process.getBuiltinModule = undefined;
  try {
    await run();
  } finally {
    process.getBuiltinModule = getBuiltinModule;
  }
}

test("a browser uploads the same", async () => {
  const { url, requests } = await serve(created);
  await inBrowser(async () => {
    const library = new files.TraitsFiles({ apiUrl: url });
    await library.sounds.upload({ sound: new File(["RIFF"], "a.wav"), pictures: [pieces()] });
    await library.sounds.replace({ id: "1", body: new Blob(["abc"]).stream() }).catch(() => {});
  });
  const [upload, replaced] = requests;
  assert.deepEqual(
    partsOf(upload).map(([head, content]) => [/filename="(.*)"/.exec(head)[1], content]),
    [
      ["a.wav", "RIFF"],
      ["pictures", "abc"],
    ],
  );
  // It cannot send what it has to read first; all browsers can send a whole.
  assert.equal(upload.headers["content-length"], String(upload.body.length));
  assert.equal(replaced.body, "abc");
  assert.equal(replaced.headers["content-type"], "audio/wav");
});

test("a browser's credentials", async () => {
  const other = await serve(() => ({ body: ["b"] }));
  const { url, requests } = await serve(({ url: place }) =>
    place.startsWith("/moved")
      ? { status: 302, headers: { Location: `${other.url}/things` } }
      : { body: place.startsWith("/oauth") ? { access_token: "t-1" } : ["a"] },
  );
  await inBrowser(async () => {
    const options = { xApiKey: "k-secret", queryKey: "k 1", token: async () => "t-1" };
    const library = new tokens.TraitsTokens({ apiUrl: url, ...options });
    assert.deepEqual(await library.things.list({ q: "x" }), ["a"]);
    const moved = new tokens.TraitsTokens({ apiUrl: `${url}/moved`, ...options });
    await assert.rejects(moved.things.list(), tokens.ConnectionFailedException);
    const own = new clients.TraitsClients({ apiUrl: url, clientId: "me", clientSecret: "c" });
    assert.deepEqual(await own.things.list(), ["a"]);
  });
  assert.equal(requests[0].url, "/things?q=x&api%20key=k%201");
  assert.equal(requests[0].headers.authorization, "Bearer t-1");
  assert.equal(requests[0].headers["x-api-key"], "k-secret");
  assert.equal(requests.at(-1).headers.authorization, "Bearer t-1");
  assert.equal(other.requests.length, 0);
});
