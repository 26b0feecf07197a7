/** The library reads as its language's tools want it, and its declarations say what is so. */

import { testText, testTypes } from "./quality.mjs";

testText("asteriskjs");
for (const program of ["program.mts", "program.cts", "mistakes.mts"]) testTypes(program);
