// Copyright The house's owners
// SPDX-License-Identifier: MIT
//
// Written by the generator from the API's documents, version 1.4: change those, not
// this file.

import { EVENTS } from "./events.js";
import { Room } from "./models/rooms.js";
import { Rooms } from "./resources/rooms.js";
import { Lamps } from "./resources/lamps.js";
import { NewsResource } from "./resources/news.js";
import { EventClient } from "./runtime/event-client.js";

const ACCESS = {
  lists: "repeat",
  queryLimit: 0,
  userAgent: "house/2.0.1",
  credentialsParameter: "",
  hints: {
    401: "Ask the porter.",
  },
};

/**
 * House
 *
 * A house with rooms and lamps.
 */
export class House extends EventClient {
  /** Rooms, and the lamps in them. */
  rooms = new Rooms(this);

  /** Lamps. */
  lamps = new Lamps(this);

  /** What happens in the house. */
  news = new NewsResource(this);

  /**
   * Settles where the API is and how it is reached; nothing is sent yet.
   *
   * @param {import("../index.js").HouseOptions} options Where the API is, and more.
   */
  constructor(options) {
    super(ACCESS, EVENTS, options);
  }

  /**
   * List the rooms.
   *
   * The same as `rooms.list`.
   *
   * @param options The arguments by name, `requestTimeout` and `signal`.
   * @param onSuccess Gets the result.
   * @param onError Gets the errors that a program can act upon: 404, 409, 412 and 422.
   * @returns Room[].
   */
  getRooms(options, onSuccess, onError) {
    return this.rooms.getRooms(options, onSuccess, onError);
  }

  /**
   * Read a lamp.
   *
   * The same as `lamps.get`.
   *
   * @param roomIdAndLamp Which one: its id, or the object itself.
   * @param options The arguments by name, `requestTimeout` and `signal`.
   * @param onSuccess Gets the result.
   * @param onError Gets the errors that a program can act upon: 404, 409, 412 and 422.
   * @returns Lamp.
   * @throws {NotFoundException} There is no such lamp (404).
   */
  getLamp(roomIdAndLamp, options, onSuccess, onError) {
    return this.lamps.getLamp(roomIdAndLamp, options, onSuccess, onError);
  }

  /**
   * A Room that does not exist yet.
   *
   * Its id is made here, so that handlers can be put on it before the server knows of it, and no
   * event is missed; then one of its own operations creates it.
   *
   * @param roomId The id it shall have; made here if left out.
   */
  newRoom(roomId = crypto.randomUUID()) {
    return new Room({ id: roomId }, this.origin());
  }
}
