// Copyright The house's owners
// SPDX-License-Identifier: MIT
//
// Written by the generator from the API's documents, version 1.4: change those, not
// this file.

// Node can load modules for CommonJS: there is one library, whichever way it is asked for.
module.exports = require("./index.js");
