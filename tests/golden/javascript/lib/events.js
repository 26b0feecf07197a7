// Copyright The house's owners
// SPDX-License-Identifier: MIT
//
// Written by the generator from the API's documents, version 1.4: change those, not
// this file.

import { LampSwitched, News, ReaderReplaced, RoomBuilt, RoomGone } from "./models/news.js";

/** How the API tells of events. */
export const EVENTS = {
  operation: {
    name: "news.listen",
    method: "GET",
    path: "/news",
    result: null,
    parameters: [{ name: "reader", in: "query", type: "list", required: true }],
  },
  /** The option that takes the program's own names. */
  application: "reader",
  /** The member of each message that names its type. */
  discriminator: "type",
  /** The type of a message that the documents do not know. */
  base: "News",
  /** The event after which the server tells this program nothing more. */
  replaced: "ReaderReplaced",
  /** Event type -> its class. */
  models: {
    LampSwitched,
    News,
    ReaderReplaced,
    RoomBuilt,
    RoomGone,
  },
  /** Event type -> the types it descends from, nearest first. */
  parents: {
    LampSwitched: ["News"],
    News: [],
    ReaderReplaced: ["News"],
    RoomBuilt: ["News"],
    RoomGone: ["News"],
  },
  /** Object -> the members that hold its ids; an event queues by the first it names, in this order. */
  ids: {
    Room: ["id"],
    Lamp: ["room", "name"],
  },
  /** Event type -> the properties that hold objects, and their models. */
  objects: {
    LampSwitched: [
      ["room", "Room"],
      ["lamp", "Lamp"],
    ],
    RoomBuilt: [["room", "Room"]],
    RoomGone: [["room", "Room"]],
  },
  /** Event type -> the properties whose objects it ends, and the seconds after which they are over. */
  ends: {
    RoomGone: [["room", 0]],
  },
  /** Object -> resource, method and options that read one. */
  reads: {
    Room: ["rooms", "get", ["roomId"]],
    Lamp: ["lamps", "get", ["roomId", "lamp"]],
  },
};
