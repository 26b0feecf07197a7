/** Calls: what is refused before anything is sent, and connections that die. */

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { test } from "node:test";

import { AsteriskJs, Channel, IllegalInputException } from "asteriskjs";

/** A library whose requests go nowhere, and are counted. */
function library() {
  const sent = [];
  const send = async (request) => {
    sent.push(request);
    return { status: 204, reason: "", contentType: "", body: new Uint8Array() };
  };
  const transport = { send, close() {} };
  return { asterisk: new AsteriskJs({ apiUrl: "http://127.0.0.1:1/ari", transport }), sent };
}

for (const [what, call, message] of [
  [
    "a misspelt argument",
    ({ channels }) => channels.hangup({ channelId: "c1", reasn: "busy" }),
    'hangup has no argument "reasn". Did you mean reason? (DELETE /channels/{channelId})',
  ],
  [
    "an argument that nothing is called like",
    ({ channels }) => channels.list({ colour: "red" }),
    'list has no argument "colour". (GET /channels)',
  ],
  [
    "an argument that only other operations have",
    ({ channels }) => channels.get({ channelId: "c1", toString: "x" }),
    'get has no argument "toString". (GET /channels/{channelId})',
  ],
  [
    "an id instead of the arguments",
    ({ channels }) => channels.get("c1"),
    'get: the first argument is "c1": an object with the arguments by name is wanted (GET /channels/{channelId})',
  ],
  [
    "an object instead of the arguments",
    ({ channels }) => channels.get(new Channel({ id: "c1" })),
    "get: the first argument is a Channel: an object with the arguments by name is wanted (GET /channels/{channelId})",
  ],
  [
    "a handler instead of the arguments",
    ({ channels }) => channels.list(function shown() {}),
    "list: the first argument is a function: an object with the arguments by name is wanted (GET /channels)",
  ],
]) {
  test(`${what} is refused`, async () => {
    const { asterisk, sent } = library();
    await assert.rejects(call(asterisk), (error) => {
      assert.ok(error instanceof IllegalInputException);
      assert.equal(error.message, message);
      return true;
    });
    assert.equal(sent.length, 0);
  });
}

test("time limits and signals are arguments of every call", async () => {
  const { asterisk, sent } = library();
  await asterisk.channels.list({ requestTimeout: 10, signal: new AbortController().signal });
  assert.equal(sent.length, 1);
});

test("a server that was started anew has closed every kept-alive connection", async () => {
  const old = new Set();
  const together = [];
  let restarted = false;
  const server = createServer((request, response) => {
    if (!restarted) {
      // Answered when all are there, so that each has a connection of its own.
      old.add(request.socket);
      together.push(response);
      if (together.length === 3) for (const each of together) each.end("[]");
    } else if (old.has(request.socket)) request.socket.destroy();
    else response.end("[]");
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const asterisk = new AsteriskJs({ apiUrl: `http://127.0.0.1:${server.address().port}/ari` });
  try {
    await Promise.all([1, 2, 3].map(() => asterisk.channels.list()));
    assert.equal(old.size, 3);
    restarted = true;
    assert.deepEqual(await asterisk.channels.list(), []);
  } finally {
    asterisk.close();
    server.close();
  }
});

test("only a server that says so takes a list in the body", async () => {
  const { prepare } = await import("./node_modules/asteriskjs/lib/runtime/operation.js");
  const parameters = [{ name: "names", in: "query", type: "list" }];
  const operation = { name: "a.b", method: "GET", path: "/x", result: null, parameters };
  const sent = (queryLimit) =>
    prepare(operation, { names: ["a,b", "c"] }, { lists: "comma", queryLimit });
  assert.equal(sent(0).query, "names=a%2Cb,c");
  assert.equal(sent(0).body, undefined);
  assert.equal(sent(8000).query, "");
  assert.deepEqual(JSON.parse(sent(8000).body), { names: ["a,b", "c"] });
});
