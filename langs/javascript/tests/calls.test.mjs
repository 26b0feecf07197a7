/** Calls: what is refused before anything is sent. */

import assert from "node:assert/strict";
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
