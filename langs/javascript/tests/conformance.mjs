/** The driver of scenarios as a program; test_resources/conformance/README.md tells what it is given and prints. */

import { text } from "node:stream/consumers";

import * as lib from "asteriskjs";

import { Driver } from "./conformance-driver.mjs";

const driver = new Driver(lib, lib.AsteriskJs, process.argv[2]);
const scenarios = new Map((await driver.scenarios()).map((scenario) => [scenario.id, scenario]));
for (const id of JSON.parse(await text(process.stdin))) {
  const problem = await driver.play(scenarios.get(id)).then(
    () => null,
    (error) => String(error?.message ?? error),
  );
  process.stdout.write(`${JSON.stringify({ id, problem })}\n`);
}
