// Copyright The house's owners
// SPDX-License-Identifier: MIT
//
// Written by the generator from the API's documents, version 1.4: change those, not
// this file.

import { HouseObject } from "../entity.js";
import { Lamp } from "./lamps.js";
import { Entity, date, list, one } from "../runtime/model.js";

/** A room of the house. */
export class Room extends HouseObject {
  static decoders = { lamps: list(one(() => Lamp)), built: date };
  static modelName = "Room";

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
    return Entity.libraryOf(this).rooms.get({ ...options, roomId: this.id }, onSuccess, onError);
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
    return Entity.libraryOf(this).rooms.build({ ...options, roomId: this.id }, onSuccess, onError);
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
    return Entity.libraryOf(this).rooms.update({ ...options, roomId: this.id }, onSuccess, onError);
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
    return Entity.libraryOf(this).rooms.getPicture(
      { ...options, roomId: this.id },
      onSuccess,
      onError,
    );
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
    return Entity.libraryOf(this).rooms.getPictureStream({ ...options, roomId: this.id });
  }
}
