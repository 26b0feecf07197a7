/** Libraries whose calls look as the API's paths do: what no scenario and no reference server can show. */

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { after, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { inspect } from "node:util";

import * as lib from "realmjs";
import { RealmJs } from "realmjs";

const runtime = "./node_modules/realmjs/lib/runtime";
const { Client } = await import(`${runtime}/client.js`);
const { iterate } = await import(`${runtime}/lists.js`);
const { prepare } = await import(`${runtime}/operation.js`);
const { Place } = await import(`${runtime}/places.js`);

/** A server that notes what comes and answers with `answer(request, response)`: JSON, or itself. */
async function serve(answer) {
  const requests = [];
  const server = createServer(async (request, response) => {
    try {
      const chunks = [];
      for await (const chunk of request) chunks.push(chunk);
      const body = Buffer.concat(chunks);
      requests.push({ method: request.method, url: request.url, headers: request.headers, body });
      const value = await answer(request, response);
      if (value === undefined) return;
      response.setHeader("Content-Type", "application/json");
      response.end(JSON.stringify(value));
    } catch {
      // A request that is broken off needs no answer.
      response.destroy();
    }
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${server.address().port}`, requests };
}

function opened(url, options) {
  const realm = new RealmJs({ apiUrl: url, token: "t-secret", ...options });
  after(() => realm.close());
  return realm;
}

/** A library whose requests go nowhere. */
const nowhere = opened("http://127.0.0.1:1");

async function all(items) {
  const found = [];
  for await (const item of items) found.push(item);
  return found;
}

/** Runs with what a browser has: fetch, and nothing of Node. */
async function inBrowser(run) {
  const { getBuiltinModule } = process;
  process.getBuiltinModule = undefined;
  try {
    return await run();
  } finally {
    process.getBuiltinModule = getBuiltinModule;
  }
}

// Places

test("where a call goes", async () => {
  const { url, requests } = await serve(() => ({}));
  const realm = opened(url);
  await realm.extension("@1844*101").phone.get();
  await realm.client(5n).record("1-a").storageUrl.get();
  await realm.client("@me").user.clients.add({
    name: "A",
    login: "a",
    password: "p",
    email: "a@b",
    clientId: 7,
  });
  await realm.clients.clientInfo.get("@me");
  await realm.client("@me").extensions.update("2", { label: null });
  assert.deepEqual(
    requests.map(({ method, url: path }) => `${method} ${path}`),
    [
      "GET /extension/%401844%2A101/phone/",
      "GET /client/5/record/1-a/storage_url/",
      "POST /client/%40me/user/client/",
      "GET /client/client_info/%40me/",
      "PUT /client/%40me/extension/2",
    ],
  );
  // The same word is an id before the call, and a member of its body.
  assert.equal(JSON.parse(requests[2].body).client_id, 7);
  assert.equal(requests[4].body.toString(), '{"label":null}');
});

test("a place shows no credential, and may be kept", async () => {
  const { url, requests } = await serve(() => []);
  const { extensions } = opened(url).client(1);
  await extensions.list();
  await extensions.list();
  assert.equal(requests.length, 2);
  assert.ok(!inspect(extensions, { depth: 9, showHidden: true }).includes("t-secret"));
});

for (const [what, call, message] of [
  [
    "an id that is none",
    () => nowhere.client("abc").extensions.list(),
    'list: clientId is "abc", which does not match ([0-9]{1,18}|@me) (GET /client/{client_id}/extension/)',
  ],
  [
    "an id with a line's end behind it",
    () => nowhere.client("1\n").extensions.list(),
    'list: clientId is "1\\n", which does not match ([0-9]{1,18}|@me) (GET /client/{client_id}/extension/)',
  ],
  [
    "a fraction",
    () => nowhere.client(1.5).extensions.list(),
    'list: clientId is "1.5", which does not match ([0-9]{1,18}|@me) (GET /client/{client_id}/extension/)',
  ],
  [
    "no id",
    () => nowhere.client().extensions.list(),
    "list: clientId is missing: the operation needs it (GET /client/{client_id}/extension/)",
  ],
  [
    "no id of the thing",
    () => nowhere.client(1).extensions.get(),
    "get: extensionId is missing: the operation needs it (GET /client/{client_id}/extension/{extension_id})",
  ],
  [
    "an object where the id stands",
    () => nowhere.client(1).extensions.get({ extensionId: 2 }),
    "get: extensionId is an object: a whole number is wanted (GET /client/{client_id}/extension/{extension_id})",
  ],
  [
    "an id among the options",
    () => nowhere.client(1).extensions.get(2, { extensionId: 2 }),
    'get has no argument "extensionId". (GET /client/{client_id}/extension/{extension_id})',
  ],
  [
    "a misspelt argument",
    () => nowhere.client(1).extensions.list({ tipe: "phone" }),
    'list has no argument "tipe". Did you mean type? (GET /client/{client_id}/extension/)',
  ],
  [
    "options that are no object",
    () => nowhere.client(1).extensions.update(2, "label"),
    'update: options is "label": an object with the arguments by name is wanted (PUT /client/{client_id}/extension/{extension_id})',
  ],
  [
    "options that are a list",
    () => nowhere.client(1).records.getStream("1", [1]),
    "get: options is a list: an object with the arguments by name is wanted (GET /client/{client_id}/record/{record_uuid})",
  ],
  [
    "a text of a body that does not match",
    () => nowhere.client(1).extensions.add({ name: "a b", type: "phone" }),
    /^add: name is "a b", which does not match /,
  ],
  [
    "progress of what has none",
    () => nowhere.client(1).extensions.list({ progress() {} }),
    'list has no argument "progress". (GET /client/{client_id}/extension/)',
  ],
  [
    "progress that is no function",
    () => nowhere.client(1).records.get("1-a", { progress: true }),
    "progress is true: a function is wanted",
  ],
]) {
  test(`refused: ${what}`, async () => {
    await assert.rejects(call(), (error) => {
      assert.ok(error instanceof lib.IllegalInputException, error.stack);
      if (message instanceof RegExp) assert.match(error.message, message);
      else assert.equal(error.message, message);
      return true;
    });
  });
}

// One's own id

test("the own id where the user's type is told", async () => {
  const { url, requests } = await serve(() => []);
  const own = opened(url, { userType: "extension_group" });
  await own.extensionGroup("@me").extensions.list();
  await own.client(1).extensions.list();
  await own.client("1").extensions.list();
  assert.equal(requests.length, 3);
  await assert.rejects(own.client("@me").extensions.list(), {
    name: "IllegalInputException",
    reason:
      'list: clientId is "@me", the id of a user of type client, and this user\'s type is extension_group: give the id',
  });
  await assert.rejects(own.clients.clientInfo.get("@me"), /give the id/);
  assert.throws(() => own.client("@me").extensions.iterate(), /^[^]*iterate: clientId is "@me"/);
  assert.equal(requests.length, 3);
  await opened(url).client("@me").extensions.list();
  assert.equal(requests.length, 4);
});

test("a type of user that there is not", () => {
  assert.throws(() => opened("http://127.0.0.1:1", { userType: "admin" }), {
    name: "IllegalInputException",
    message: 'userType is "admin": allowed are client, extension, extension_group',
  });
});

// Lists

/** A library whose lists come from `answer(query)`, and what it was asked for. */
async function listing(answer, options) {
  const asked = [];
  const { url } = await serve((request) => {
    const query = new URL(request.url, "http://x").searchParams;
    asked.push(Object.fromEntries(query));
    return answer(query);
  });
  return { client: opened(url, options).client("@me"), asked };
}

const numbered = (from, count) => Array.from({ length: count }, (_, at) => ({ id: from + at }));

const DAYS = { startDatetime: "2026-11-01 00:00:00", endDatetime: "2026-11-30 23:59:59" };

test("pages until one is short", async () => {
  const { client, asked } = await listing((query) => {
    const from = (query.get("page") - 1) * 3;
    return numbered(from, Math.min(3, 7 - from));
  });
  const found = await all(client.extensions.iterate({ perPage: 3, type: "phone" }));
  assert.deepEqual(
    found.map(({ id }) => id),
    [0, 1, 2, 3, 4, 5, 6],
  );
  assert.ok(found[0] instanceof lib.Extension);
  assert.deepEqual(
    asked,
    [1, 2, 3].map((page) => ({ type: "phone", page: `${page}`, per_page: "3" })),
  );
});

test("the usual size, and a server whose pages are smaller than it was asked for", async () => {
  const { client, asked } = await listing((query) =>
    numbered((query.get("page") - 1) * 100, query.get("page") < 3 ? 100 : 5),
  );
  assert.equal((await all(client.extensions.iterate())).length, 205);
  assert.deepEqual(
    asked.map((query) => query.per_page),
    ["100", "100", "100"],
  );
  asked.length = 0;
  assert.equal((await all(client.extensions.iterate({ perPage: 1000 }))).length, 205);
  assert.equal(asked.length, 3);
});

test("nothing is asked for before it is needed, nor after the loop is left", async () => {
  const { client, asked } = await listing(() => numbered(0, 2));
  const items = client.extensions.iterate({ perPage: 2 });
  await pause(30);
  assert.equal(asked.length, 0);
  assert.equal((await items.next()).value.id, 0);
  assert.equal((await items.next()).value.id, 1);
  assert.equal(asked.length, 1);
  for await (const _ of client.extensions.iterate({ perPage: 2 })) break;
  assert.equal(asked.length, 2);
});

test("what moves to the next page meanwhile comes once", async () => {
  const pages = [[{ id: 1 }, { id: 2 }], [{ id: 2 }, { id: 3 }], []];
  const { client } = await listing((query) => pages[query.get("page") - 1]);
  const found = await all(client.extensions.iterate({ perPage: 2 }));
  assert.deepEqual(
    found.map(({ id }) => id),
    [1, 2, 3],
  );
});

test("items are compared as a whole, in whatever order their members stand", async () => {
  const long = "x".repeat(60);
  const pages = [
    [
      { id: 1, label: long },
      { id: 1, label: `${long}y` },
    ],
    [{ label: long, id: 1 }, { id: 1 }],
    [],
  ];
  const { client } = await listing((query) => pages[query.get("page") - 1]);
  const found = await all(client.extensions.iterate({ perPage: 2 }));
  assert.deepEqual(
    found.map(({ label }) => label),
    [long, `${long}y`, undefined],
  );
});

test("a list within a result", async () => {
  const { client } = await listing(() => ({ page: 1, calls: [{ call_uuid: "A" }] }));
  const [call, ...others] = await all(client.calls.iterate(DAYS));
  assert.ok(call instanceof lib.Call);
  assert.deepEqual([call.call_uuid, others], ["A", []]);
  const { client: odd } = await listing(() => ({ page: 1 }));
  assert.deepEqual(await all(odd.calls.iterate(DAYS)), []);
});

test("windows without pages, the newest first", async () => {
  const { client, asked } = await listing(() => []);
  await all(
    client.voicemail.iterate({
      startDatetime: "2026-01-15 10:00:00.5",
      endDatetime: "2026-04-01 00:00:00,25",
    }),
  );
  assert.deepEqual(asked, [
    { start_datetime: "2026-03-31 23:59:59", end_datetime: "2026-04-01 00:00:00,25" },
    { start_datetime: "2026-02-28 23:59:59", end_datetime: "2026-03-31 23:59:59" },
    { start_datetime: "2026-01-15 10:00:00.5", end_datetime: "2026-02-28 23:59:59" },
  ]);
});

test("windows and pages, the oldest first, over the end of a year", async () => {
  const { client, asked } = await listing((query) =>
    query.get("page") === "1" ? numbered(asked.length * 10, 2) : [],
  );
  const found = await all(
    client.records.iterate({
      startDatetime: "2026-11-30 23:59:59",
      endDatetime: "2027-01-31 23:59:59",
      order: "asc",
      perPage: 2,
    }),
  );
  assert.deepEqual(
    found.map(({ id }) => id),
    [10, 11, 30, 31],
  );
  const [first, , second] = asked;
  assert.deepEqual(asked, [
    { ...first, page: "1" },
    { ...first, page: "2" },
    { ...second, page: "1" },
    { ...second, page: "2" },
  ]);
  assert.deepEqual(first, {
    start_datetime: "2026-11-30 23:59:59",
    end_datetime: "2026-12-31 23:59:59",
    order: "asc",
    page: "1",
    per_page: "2",
  });
  assert.equal(second.start_datetime, "2026-12-31 23:59:59");
  assert.equal(second.end_datetime, "2027-01-31 23:59:59");
});

test("windows of an operation without an order: the oldest first", async () => {
  const { client, asked } = await listing(() => []);
  await all(
    client.qualityRates.iterate({
      startDatetime: "2024-01-01 00:00:00",
      endDatetime: "2024-03-01 00:00:00",
    }),
  );
  assert.deepEqual(
    asked.map((query) => query.start_datetime),
    ["2024-01-01 00:00:00", "2024-02-29 23:59:59"],
  );
});

test("at the border of two windows the same item comes once, and later it comes again", async () => {
  // The item of every window's border; and one that is in the first window and in the third.
  const { client, asked } = await listing(() => [
    { id: `border-${Math.ceil(asked.length / 2)}` },
    { id: asked.length % 2 ? "odd" : "even" },
  ]);
  const found = await all(
    client.voicemail.iterate({
      startDatetime: "2026-01-01 00:00:00",
      endDatetime: "2026-05-31 00:00:00",
      order: "asc",
    }),
  );
  assert.equal(asked.length, 4);
  assert.deepEqual(
    found.map(({ id }) => id),
    ["border-1", "odd", "even", "border-2", "odd", "even"],
  );
});

for (const [what, options, message] of [
  [
    "a day that there is not",
    { ...DAYS, endDatetime: "2026-11-31 00:00:00" },
    'iterate: endDatetime is "2026-11-31 00:00:00": a time such as "2026-11-22 14:30:00" is wanted',
  ],
  [
    "an hour that there is not",
    { ...DAYS, startDatetime: "2026-11-01 24:00:00" },
    'iterate: startDatetime is "2026-11-01 24:00:00": a time such as "2026-11-22 14:30:00" is wanted',
  ],
  [
    "an end before the start",
    { startDatetime: "2026-11-02 00:00:00.9", endDatetime: "2026-11-02 00:00:00.85" },
    'iterate: startDatetime is "2026-11-02 00:00:00.9", later than endDatetime, "2026-11-02 00:00:00.85"',
  ],
  [
    "no end",
    { startDatetime: "2026-11-02 00:00:00" },
    "iterate: endDatetime is missing: the operation needs it",
  ],
  ["a page", { ...DAYS, page: 2 }, 'iterate has no argument "page".'],
  ["a size that is none", { ...DAYS, perPage: 0 }, "iterate: perPage is 0: the least is 1"],
]) {
  test(`no iterator of ${what}`, () => {
    assert.throws(
      () => nowhere.client(1).records.iterate(options),
      (error) => {
        assert.ok(error instanceof lib.IllegalInputException);
        assert.equal(error.reason, message);
        return true;
      },
    );
  });
}

test("an iterator's signal and its errors", async () => {
  const { client } = await listing((query) => {
    if (query.get("page") === "1") return numbered(0, 2);
    throw new Error("breaks off");
  });
  const stopper = new AbortController();
  const items = client.extensions.iterate({ perPage: 2, signal: stopper.signal });
  await items.next();
  await items.next();
  stopper.abort(new RangeError("enough"));
  await assert.rejects(items.next(), RangeError);
  assert.deepEqual(await items.next(), { value: undefined, done: true });
  await assert.rejects(
    all(client.extensions.iterate({ perPage: 2 })),
    lib.ConnectionFailedException,
  );
});

/** A list of what happened, asked for in windows of some months. */
async function windowed(months, from, to) {
  const asked = [];
  const send = async ({ query }) => {
    asked.push(decodeURIComponent(query));
    return { status: 200, reason: "", contentType: "application/json", body: new Uint8Array() };
  };
  const access = { lists: "comma", queryLimit: 0, userAgent: "x", hints: {} };
  const library = new Client(
    { ...access, windows: { start: "from", end: "to", months } },
    { apiUrl: "http://x", transport: { send, close() {} } },
  );
  const operation = {
    name: "news.list",
    method: "GET",
    path: "/news",
    result: (value) => value,
    parameters: [
      { name: "from", in: "query", required: true },
      { name: "to", in: "query", required: true },
    ],
  };
  await all(iterate(new Place(library), operation, { from, to }));
  return asked;
}

test("windows of one month, and days without a time", async () => {
  assert.deepEqual(await windowed(1, "2026-01-30", "2026-03-01"), [
    "from=2026-01-30&to=2026-01-31 23:59:59",
    "from=2026-02-01 00:00:00&to=2026-02-28 23:59:59",
    "from=2026-03-01 00:00:00&to=2026-03-01",
  ]);
});

test("windows of three months, and an end within the last second", async () => {
  assert.deepEqual(await windowed(3, "2026-01-30 00:00:00", "2026-03-31 23:59:59.9"), [
    "from=2026-01-30 00:00:00&to=2026-03-31 23:59:59.9",
  ]);
  assert.deepEqual(await windowed(3, "2026-01-30 00:00:00", "2026-04-01 00:00:00"), [
    "from=2026-01-30 00:00:00&to=2026-03-31 23:59:59",
    "from=2026-03-31 23:59:59&to=2026-04-01 00:00:00",
  ]);
});

// What answers say beside their content

test("the server's limit", async () => {
  const headers = [
    { "X-RateLimit-Limit": "10", "x-ratelimit-remaining": "9", "X-RateLimit-Reset": "30" },
    { "X-RateLimit-Limit": "10", "X-RateLimit-Remaining": "soon" },
    { "X-RateLimit-Remaining": "0" },
  ];
  let answers = 0;
  const { url } = await serve((request, response) => {
    if (request.url === "/oauth/token") {
      response.setHeader("X-RateLimit-Limit", "77");
      return { access_token: "t-1" };
    }
    if (request.url === "/elsewhere") {
      response.setHeader("X-RateLimit-Limit", "88");
      return {};
    }
    const more = headers[answers];
    for (const [name, value] of Object.entries(more)) response.setHeader(name, value);
    answers += 1;
    response.statusCode = answers === 3 ? 429 : 200;
    return answers === 3 ? { message: "No more", status: "rate_limit_exceeded" } : [];
  });
  const realm = opened(url, { token: undefined, clientId: "me", clientSecret: "c" });
  assert.equal(realm.rateLimit, null);
  await realm.timezones.list();
  assert.deepEqual(realm.rateLimit, { limit: 10, remaining: 9, reset: 30 });
  await realm.fetch(`${url}/elsewhere`);
  assert.equal(realm.rateLimit.limit, 10);
  await realm.timezones.list();
  assert.deepEqual(realm.rateLimit, { limit: 10, remaining: null, reset: null });
  await assert.rejects(realm.timezones.list(), { code: "rate_limit_exceeded", status: 429 });
  assert.deepEqual(realm.rateLimit, { limit: null, remaining: 0, reset: null });
});

for (const [body, reason, code] of [
  [{ message: "No", status: "access_denied" }, "No", "access_denied"],
  [{ message: "No", status: 5, code: "c" }, "No", "c"],
  [{ message: "No", error: "e" }, "No", "e"],
  [{ error: "invalid_client", error_description: "Who?" }, "Who?", "invalid_client"],
  [{ error: "x" }, "x", undefined],
  [{ error: "x", code: "c" }, "x", "c"],
  [{ status: "s" }, "Forbidden", "s"],
  [{ message: "No" }, "No", undefined],
  [["No"], "Forbidden", undefined],
  [null, "Forbidden", undefined],
]) {
  test(`the server's word for an error: ${JSON.stringify(body)}`, async () => {
    const { url } = await serve((request, response) => {
      response.statusCode = 403;
      return body;
    });
    await assert.rejects(opened(url).timezones.list(), (error) => {
      assert.deepEqual([error.reason, error.code], [reason, code]);
      return true;
    });
  });
}

test("the server's word for why there is no token", async () => {
  const answer = { error: "invalid_client", error_description: "Who?" };
  const { url } = await serve((request, response) => {
    response.statusCode = 401;
    return answer;
  });
  const realm = opened(url, { token: undefined, clientId: "me", clientSecret: "c" });
  await assert.rejects(realm.timezones.list(), {
    reason: "no token was given: Who?",
    code: "invalid_client",
  });
  delete answer.error_description;
  await assert.rejects(realm.timezones.list(), {
    reason: "no token was given: invalid_client",
    code: undefined,
  });
});

// Links

test("a link is fetched without anything of the library's", async () => {
  const elsewhere = await serve((request, response) => void response.end("there"));
  const { url, requests } = await serve((request, response) => {
    if (request.url === "/moved") response.writeHead(302, { Location: elsewhere.url }).end();
    else response.end("here");
  });
  const realm = opened(url);
  const text = async (link) => new TextDecoder().decode(await realm.fetch(link));
  assert.equal(await text(`${url}/a%2Fb?c=d%20e&f`), "here");
  assert.equal(await text(new URL(`${url}/moved`)), "there");
  const stream = await realm.fetchStream(`${url}/b`);
  assert.ok(stream instanceof ReadableStream);
  assert.equal(await new Response(stream).text(), "here");
  assert.equal(requests[0].url, "/a%2Fb?c=d%20e&f");
  const agent = { "user-agent": "realmjs/0.1.0" };
  for (const { headers } of [...requests, ...elsewhere.requests]) {
    const { host: _, connection: __, ...others } = headers;
    assert.deepEqual(others, agent);
  }
});

test("what a link may answer", async () => {
  const { url } = await serve((request, response) => {
    if (request.url === "/slow") return undefined;
    response.statusCode = 404;
    return { message: "Gone", status: "gone" };
  });
  const realm = opened(url);
  await assert.rejects(realm.fetch(`${url}/x?secret=1`), (error) => {
    assert.ok(error instanceof lib.NotFoundException);
    assert.equal(error.message, "404 Gone (GET /x)");
    assert.equal(error.code, "gone");
    return true;
  });
  const told = [];
  await realm.fetch(`${url}/x`, {}, undefined, ({ status }) => told.push(status));
  assert.deepEqual(told, [404]);
  await assert.rejects(realm.fetch(`${url}/slow`, { requestTimeout: 50 }), lib.TimeoutException);
  await assert.rejects(realm.fetchStream(`${url}/slow`, { signal: AbortSignal.timeout(50) }), {
    name: "TimeoutError",
  });
  await assert.rejects(realm.fetch("http://127.0.0.1:1/"), lib.ConnectionFailedException);
});

for (const [link, message] of [
  ["/storage/1", 'fetch: url is "/storage/1": it begins with http:// or https://, and a host'],
  ["file:///etc/passwd", /begins with http/],
  ["ftp://host/a", /begins with http/],
  ["http://", /begins with http/],
  ["", /url is "": /],
  [undefined, /url is undefined: /],
  [5, /url is 5: /],
  ["http://me:secret@host/", "fetch: url holds a user name, which is not sent"],
]) {
  test(`no link: ${link}`, async () => {
    for (const fetched of [nowhere.fetch(link), nowhere.fetchStream(link)]) {
      await assert.rejects(fetched, (error) => {
        assert.ok(error instanceof lib.IllegalInputException);
        if (message instanceof RegExp) assert.match(error.message, message);
        else assert.equal(error.message, message);
        return true;
      });
    }
  });
}

test("an option that a link does not take", async () => {
  await assert.rejects(nowhere.fetch("http://127.0.0.1:1/", { requestTimout: 5 }), {
    message: 'fetch has no argument "requestTimout". Did you mean requestTimeout?',
  });
});

// Progress

/** Answers with blocks, each when the one before has been heard of. */
async function blocks(headers, ...parts) {
  const heard = [];
  const { url } = await serve(async (request, response) => {
    response.writeHead(200, { "Content-Type": "audio/mpeg", ...headers });
    response.flushHeaders();
    for (const part of parts) {
      const before = heard.length;
      response.write(part);
      while (heard.length === before && !response.destroyed) await pause(2);
    }
    response.end();
  });
  return { url, heard, progress: (...state) => heard.push(state) };
}

for (const [where, run] of [
  ["Node", (call) => call()],
  ["a browser", inBrowser],
]) {
  const get = (url, options) =>
    run(async () => (await opened(url).client(1).records.get("1-a", options)).length);
  const stream = (url, options) =>
    run(async () => {
      const content = await opened(url).client(1).records.getStream("1-a", options);
      return (await new Response(content).arrayBuffer()).byteLength;
    });

  for (const [what, receive] of [
    ["a download", get],
    ["a stream", stream],
  ]) {
    test(`${where}: ${what} of a known length`, async () => {
      const { url, heard, progress } = await blocks({ "Content-Length": 5 }, "ab", "cde");
      assert.equal(await receive(url, { progress }), 5);
      assert.deepEqual(heard, [
        [2, 5],
        [5, 5],
      ]);
    });

    test(`${where}: ${what} of a length that nobody knows`, async () => {
      const { url, heard, progress } = await blocks({}, "ab", "cde");
      assert.equal(await receive(url, { progress }), 5);
      assert.deepEqual(heard, [
        [2, null],
        [5, null],
      ]);
    });

    test(`${where}: ${what} of nothing`, async () => {
      const { url, heard, progress } = await blocks({ "Content-Length": 0 });
      assert.equal(await receive(url, { progress }), 0);
      assert.deepEqual(heard, [[0, 0]]);
    });

    test(`${where}: ${what} that is ended`, async () => {
      const { url } = await blocks({ "Content-Length": 5 }, "ab", "cde");
      const thrown = { enough: true };
      const progress = () => {
        throw thrown;
      };
      await assert.rejects(receive(url, { progress }), (error) => error === thrown);
    });
  }

  test(`${where}: no progress of an error`, async () => {
    const { url } = await serve((request, response) => {
      response.statusCode = 404;
      return { message: "None" };
    });
    const heard = [];
    const progress = (...state) => heard.push(state);
    await assert.rejects(get(url, { progress }), lib.NotFoundException);
    assert.deepEqual(heard, []);
  });

  test(`${where}: an upload`, async () => {
    const { url, requests } = await serve(() => ({ id: 1 }));
    const heard = [];
    await run(() =>
      opened(url)
        .client(1)
        .sounds.add({
          title: "x",
          file: new Uint8Array(200_000),
          progress: (...state) => heard.push(state),
        }),
    );
    const total = requests[0].body.length;
    assert.deepEqual(heard.at(-1), [total, total]);
    // A browser tells at the end.
    const steps = heard.map(([bytes], number) => bytes - (heard[number - 1]?.[0] ?? 0));
    assert.ok(where === "Node" ? Math.max(...steps) === 65_536 : heard.length === 1, `${steps}`);
  });

  test(`${where}: an upload that is ended`, async () => {
    const { url } = await serve(() => ({ id: 1 }));
    let calls = 0;
    const progress = () => {
      calls += 1;
      throw new RangeError("enough");
    };
    const file = new Uint8Array(200_000);
    const added = run(() => opened(url).client(1).sounds.add({ title: "x", file, progress }));
    await assert.rejects(added, RangeError);
    assert.equal(calls, 1);
  });
}

test("an upload that is sent again begins again", async () => {
  let tokens = 0;
  const { url } = await serve((request, response) => {
    if (request.url === "/oauth/token") {
      tokens += 1;
      return { access_token: `t-${tokens}` };
    }
    response.statusCode = request.headers.authorization === "Bearer t-1" ? 401 : 201;
    return { id: 1 };
  });
  const heard = [];
  const realm = opened(url, { token: undefined, clientId: "me", clientSecret: "c" });
  await realm.client(1).sounds.add({
    title: "x",
    file: new Uint8Array(10),
    progress: (bytes, total) => heard.push(bytes === total),
  });
  assert.equal(heard.filter(Boolean).length, 2);
});

test("a body of a length that nobody knows", async () => {
  const { url } = await serve(() => ({ id: 1 }));
  const heard = [];
  await opened(url)
    .client(1)
    .sounds.add({
      title: "x",
      file: new Blob(["abc"]).stream(),
      progress: (...state) => heard.push(state),
    });
  assert.ok(heard.length > 0);
  assert.ok(heard.every(([, total]) => total === null));
});

// Patterns

test("a pattern is for whole texts", () => {
  const parameters = [{ name: "a", in: "query", pattern: "x|yz?" }];
  const operation = { name: "a.b", method: "GET", path: "/", result: null, parameters };
  const sent = (a) => prepare(operation, { a }, { lists: "comma", queryLimit: 0 }).query;
  for (const text of ["x", "y", "yz"]) assert.equal(sent(text), `a=${text}`);
  for (const text of ["", "xy", "ax", "x\n", "yzz"]) assert.throws(() => sent(text), /match x\|yz/);
});
