// Copyright The house's owners
// SPDX-License-Identifier: MIT
//
// Written by the generator from the API's documents, version 1.4: change those, not
// this file.

import { HouseObject } from "../entity.js";
import { Entity } from "../runtime/model.js";

/** A lamp. */
export class Lamp extends HouseObject {
  static modelName = "Lamp";
  static idMembers = ["room", "name"];

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
    return Entity.libraryOf(this).lamps.get(
      { ...options, roomId: this.room, lamp: this.name },
      onSuccess,
      onError,
    );
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
    return Entity.libraryOf(this).lamps.switch(
      { ...options, roomId: this.room, lamp: this.name },
      onSuccess,
      onError,
    );
  }
}
