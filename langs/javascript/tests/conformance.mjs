/** The driver of scenarios as a program; test_resources/conformance/README.md tells what it is given and prints. */

import { text } from "node:stream/consumers";

import { Driver } from "./conformance-driver.mjs";

/** By the API of a scenario: the package of its library, and that one's class. */
const LIBRARIES = { ari: ["asteriskjs", "AsteriskJs"], realm: ["realmjs", "RealmJs"] };

const drivers = new Map();

/** The driver of an API's library. */
async function driverOf(api) {
  if (!drivers.has(api)) {
    const [name, main] = LIBRARIES[api];
    const lib = await import(name);
    drivers.set(api, new Driver(lib, lib[main], process.argv[2]));
  }
  return drivers.get(api);
}

const every = await new Driver(undefined, undefined, process.argv[2]).scenarios();
const scenarios = new Map(every.map((scenario) => [scenario.id, scenario]));
for (const id of JSON.parse(await text(process.stdin))) {
  const scenario = scenarios.get(id);
  const problem = await (await driverOf(scenario.api)).play(scenario).then(
    () => null,
    (error) => String(error?.message ?? error),
  );
  process.stdout.write(`${JSON.stringify({ id, problem })}\n`);
}
