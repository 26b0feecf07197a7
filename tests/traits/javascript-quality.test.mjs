/** The libraries of the traits read as their language's tools want them, and their declarations say what is so. */

import { readdirSync } from "node:fs";

import { testText, testTypes } from "./quality.mjs";

for (const name of readdirSync("node_modules")) {
  if (name.startsWith("traits-")) testText(name);
}
testTypes("javascript-program.mts");
