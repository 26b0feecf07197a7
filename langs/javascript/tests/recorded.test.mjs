/** The generated JavaScript library makes the recorded requests and reads the recorded answers. */

import { after, test } from "node:test";

import * as lib from "asteriskjs";

import { Driver } from "./conformance-driver.mjs";
import { startReplay } from "./replay.mjs";

const replay = await startReplay();
after(() => replay.stop());

const driver = new Driver(lib, lib.AsteriskJs, replay.control);
for (const scenario of await driver.scenarios()) {
  test(scenario.id, () => driver.play(scenario));
}
