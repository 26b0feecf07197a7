/** The announcement, before a server that answers as an Asterisk did. */

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { test } from "node:test";

import { AsteriskJs } from "asteriskjs";

import { announce } from "./announce.mjs";

test("plays to those in an application", async (t) => {
  const channels = await readFile(new URL("channels.json", import.meta.url));
  const played = [];
  const server = createServer((request, response) => {
    if (request.method === "POST") played.push(request.url);
    response.setHeader("Content-Type", "application/json");
    response.writeHead(request.method === "POST" ? 201 : 200);
    response.end(request.method === "POST" ? '{"id": "p1", "state": "queued"}' : channels);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => server.close());

  const apiUrl = `http://127.0.0.1:${server.address().port}/ari`;
  const asterisk = new AsteriskJs({ apiUrl, username: "user", password: "secret" });
  t.after(() => asterisk.close());
  assert.deepEqual(await announce(asterisk, "sound:tt-weasels"), ["PJSIP/alice-00000001", "PJSIP/bob-00000003"]);
  assert.deepEqual(played, [
    "/ari/channels/1763791629.1/play?media=sound%3Att-weasels",
    "/ari/channels/1763791702.3/play?media=sound%3Att-weasels",
  ]);
});
