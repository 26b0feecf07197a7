// Copyright The house's owners
// SPDX-License-Identifier: MIT
//
// Written by the generator from the API's documents, version 1.4: change those, not
// this file.

import { Lamp } from "../models/lamps.js";
import { one } from "../runtime/model.js";
import { splitId } from "../runtime/operation.js";

const GET = {
  name: "lamps.get",
  method: "GET",
  path: "/lamps/{roomId}/{lamp}",
  result: one(() => Lamp),
  parameters: [
    { name: "roomId", in: "path", required: true },
    { name: "lamp", in: "path", required: true },
  ],
};

const SWITCH = {
  name: "lamps.switch",
  method: "PUT",
  path: "/lamps/{roomId}/{lamp}",
  result: null,
  parameters: [
    { name: "roomId", in: "path", required: true },
    { name: "lamp", in: "path", required: true },
    { name: "on", in: "query", type: "boolean", required: true },
    {
      name: "colour",
      in: "query",
      choices: ["white", "red", "green", "blue", "ultraviolet", "infrared", "rainbow", "candle"],
      default: "white",
    },
    { name: "X-Reason", as: "xReason", in: "header" },
    { name: "brightness", in: "query", type: "number", minimum: 0, maximum: 100 },
  ],
};

/** Lamps. */
export class Lamps {
  #library;

  /** @param {import("../client.js").House} library The library. */
  constructor(library) {
    this.#library = library;
  }

  /**
   * Read a lamp.
   *
   * `GET /lamps/{roomId}/{lamp}` (`get`; since 1.0, 1.2)
   *
   * @param options The arguments by name, `requestTimeout` and `signal`.
   * @param onSuccess Gets the result.
   * @param onError Gets the errors that a program can act upon: 404, 409, 412 and 422.
   * @returns Lamp.
   * @throws {NotFoundException} There is no such lamp (404).
   */
  get(options, onSuccess, onError) {
    return this.#library.call(GET, options, onSuccess, onError);
  }

  /**
   * Switch a lamp, or say """why\not""".
   *
   * `PUT /lamps/{roomId}/{lamp}` (`switch`)
   *
   * @param options The arguments by name, `requestTimeout` and `signal`.
   * @param onSuccess Gets the result.
   * @param onError Gets the errors that a program can act upon: 404, 409, 412 and 422.
   * @throws {NotFoundException} There is no such lamp (404).
   * @throws {IllegalStateException} It has no bulb (412).
   * @throws {RequestRejectedException} It cannot have that colour (422).
   */
  switch(options, onSuccess, onError) {
    return this.#library.call(SWITCH, options, onSuccess, onError);
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
    const [roomId, lamp] = splitId(roomIdAndLamp, ":", "roomIdAndLamp");
    return this.get({ ...options, roomId, lamp }, onSuccess, onError);
  }
}
