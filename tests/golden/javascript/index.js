// Copyright The house's owners
// SPDX-License-Identifier: MIT
//
// Written by the generator from the API's documents, version 1.4: change those, not
// this file.

/**
 * House
 *
 * A house with rooms and lamps.
 */

export { House } from "./lib/client.js";
export * from "./lib/errors.js";
export { HouseObject } from "./lib/entity.js";
export * from "./lib/models/rooms.js";
export * from "./lib/models/lamps.js";
export * from "./lib/models/news.js";
export { ConnectionLost, ConnectionReplaced, ConnectionRestored } from "./lib/runtime/events.js";
