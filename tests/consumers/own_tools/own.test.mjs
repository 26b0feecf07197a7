/** The tests of this repository run on the Node that it registers. */

import assert from "node:assert/strict";
import { env } from "node:process";
import { test } from "node:test";

import { AsteriskJs } from "asteriskjs";

test("it runs on the Node that the repository registered", () => {
  assert.equal(env.OWN_NODE, "1");
  assert.equal(typeof AsteriskJs, "function");
});
