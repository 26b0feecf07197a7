/** The JavaScript library for the lamps, before a small server. */

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { test } from "node:test";

import { IllegalInputException, Lampsjs } from "lampsjs";

test("a lamp has operations of its own", async (t) => {
  const server = createServer((request, response) => {
    response.setHeader("Content-Type", "application/json");
    response.end(JSON.stringify({ id: "hall", bright: 40, asked: `${request.method} ${request.url}` }));
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => server.close());

  const library = new Lampsjs({ apiUrl: `http://127.0.0.1:${server.address().port}/api` });
  t.after(() => library.close());
  const lamp = await library.lamps.get({ lampId: "hall" });
  assert.equal(lamp.bright, 40);
  assert.equal((await lamp.light({ bright: 80 })).asked, "PUT /api/lamps/hall?bright=80");
  await assert.rejects(lamp.light({ bright: 101 }), IllegalInputException);
});
