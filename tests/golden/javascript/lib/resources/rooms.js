// Copyright The house's owners
// SPDX-License-Identifier: MIT
//
// Written by the generator from the API's documents, version 1.4: change those, not
// this file.

import { Room } from "../models/rooms.js";
import { list, one } from "../runtime/model.js";

const LIST = {
  name: "rooms.list",
  method: "GET",
  path: "/rooms",
  result: list(one(() => Room)),
  parameters: [
    { name: "floor", in: "query", type: "integer", minimum: 0, maximum: 12 },
    { name: "class", in: "query", choices: ["cellar", "living", "attic"] },
    { name: "tags", in: "query", type: "list" },
  ],
};

const GET = {
  name: "rooms.get",
  method: "GET",
  path: "/rooms/{roomId}",
  result: one(() => Room),
  parameters: [{ name: "roomId", in: "path", required: true }],
};

const BUILD = {
  name: "rooms.build",
  method: "POST",
  path: "/rooms/{roomId}",
  result: one(() => Room),
  parameters: [
    { name: "roomId", in: "path", required: true },
    { name: "title", in: "query", required: true },
    { name: "settings", in: "field", type: "map", textValues: true },
  ],
  makes: ["Room", "roomId"],
};

const UPDATE = {
  name: "rooms.update",
  method: "PUT",
  path: "/rooms/{roomId}",
  result: null,
  parameters: [
    { name: "roomId", in: "path", required: true },
    { name: "change", in: "body", type: "object", required: true },
  ],
};

const GET_PICTURE = {
  name: "rooms.getPicture",
  method: "GET",
  path: "/rooms/{roomId}/picture",
  result: "binary",
  parameters: [
    { name: "roomId", in: "path", required: true },
    { name: "from", in: "query" },
  ],
};

/** Rooms, and the lamps in them. */
export class Rooms {
  #library;

  /** @param {import("../client.js").House} library The library. */
  constructor(library) {
    this.#library = library;
  }

  /**
   * List the rooms.
   *
   * The order is that of the doors.
   *
   * `GET /rooms` (`list`)
   *
   * @param options The arguments by name, `requestTimeout` and `signal`.
   * @param onSuccess Gets the result.
   * @param onError Gets the errors that a program can act upon: 404, 409, 412 and 422.
   * @returns Room[].
   */
  list(options, onSuccess, onError) {
    return this.#library.call(LIST, options, onSuccess, onError);
  }

  /**
   * Read a room.
   *
   * `GET /rooms/{roomId}` (`get`)
   *
   * @param options The arguments by name, `requestTimeout` and `signal`.
   * @param onSuccess Gets the result.
   * @param onError Gets the errors that a program can act upon: 404, 409, 412 and 422.
   * @returns Room.
   * @throws {NotFoundException} There is no such room (404).
   */
  get(options, onSuccess, onError) {
    return this.#library.call(GET, options, onSuccess, onError);
  }

  /**
   * Build a room.
   *
   * `POST /rooms/{roomId}` (`build`)
   *
   * @param options The arguments by name, `requestTimeout` and `signal`.
   * @param onSuccess Gets the result.
   * @param onError Gets the errors that a program can act upon: 404, 409, 412 and 422.
   * @returns Room.
   * @throws {IllegalInputException} The title is missing (400).
   * @throws {IllegalStateException} There is such a room already (409).
   * @throws {HouseServerException} The house is full (500).
   */
  build(options, onSuccess, onError) {
    return this.#library.call(BUILD, options, onSuccess, onError);
  }

  /**
   * Change a room.
   *
   * `PUT /rooms/{roomId}` (`update`)
   *
   * @param options The arguments by name, `requestTimeout` and `signal`.
   * @param onSuccess Gets the result.
   * @param onError Gets the errors that a program can act upon: 404, 409, 412 and 422.
   * @throws {NotFoundException} There is no such room (404).
   */
  update(options, onSuccess, onError) {
    return this.#library.call(UPDATE, options, onSuccess, onError);
  }

  /**
   * Take a picture of a room.
   *
   * `GET /rooms/{roomId}/picture` (`getPicture`)
   *
   * @param options The arguments by name, `requestTimeout`, `signal` and `progress`.
   * @param onSuccess Gets the result.
   * @param onError Gets the errors that a program can act upon: 404, 409, 412 and 422.
   * @returns The content.
   * @throws {NotFoundException} There is no such room (404).
   * @throws {HouseUnknownException} It is dark (503).
   */
  getPicture(options, onSuccess, onError) {
    return this.#library.call(GET_PICTURE, options, onSuccess, onError);
  }

  /**
   * Take a picture of a room.
   *
   * `GET /rooms/{roomId}/picture` (`getPicture`)
   *
   * @param options The arguments by name, `requestTimeout`, `signal` and `progress`.
   * @returns The content, as it arrives.
   * @throws {NotFoundException} There is no such room (404).
   * @throws {HouseUnknownException} It is dark (503).
   */
  getPictureStream(options) {
    return this.#library.stream(GET_PICTURE, options);
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
    return this.list(options, onSuccess, onError);
  }
}
