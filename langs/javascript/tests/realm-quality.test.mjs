/** The realm library reads as its language's tools want it, and its declarations say what is so. */

import { testText, testTypes } from "./quality.mjs";

testText("realmjs");
testTypes("realm-program.mts");
