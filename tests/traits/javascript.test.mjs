/** The generated JavaScript library of each trait passes that trait's scenarios. */

import { after, test } from "node:test";

import { Driver } from "./conformance-driver.mjs";
import { startReplay } from "./replay.mjs";

const replay = await startReplay();
after(() => replay.stop());

const drivers = new Map();

async function driverOf(api) {
  if (!drivers.has(api)) {
    const lib = await import(`traits-${api}`);
    const name = `Traits${api[0].toUpperCase()}${api.slice(1)}`;
    drivers.set(api, new Driver(lib, lib[name], replay.control));
  }
  return drivers.get(api);
}

for (const scenario of await new Driver(undefined, undefined, replay.control).scenarios()) {
  test(scenario.id, async () => (await driverOf(scenario.api)).play(scenario));
}
