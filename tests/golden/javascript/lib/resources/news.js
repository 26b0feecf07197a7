// Copyright The house's owners
// SPDX-License-Identifier: MIT
//
// Written by the generator from the API's documents, version 1.4: change those, not
// this file.

const WATCH = {
  name: "news.watch",
  method: "POST",
  path: "/news/{reader}/watch",
  result: null,
  parameters: [
    { name: "reader", in: "path", required: true },
    { name: "roomId", in: "query", type: "list", required: true },
  ],
  subscription: "add",
  endedBy: "DELETE",
};

const UNWATCH = {
  name: "news.unwatch",
  method: "DELETE",
  path: "/news/{reader}/watch",
  result: null,
  parameters: [
    { name: "reader", in: "path", required: true },
    { name: "roomId", in: "query", type: "list", required: true },
  ],
  subscription: "remove",
};

/** What happens in the house. */
export class NewsResource {
  #library;

  /** @param {import("../client.js").House} library The library. */
  constructor(library) {
    this.#library = library;
  }

  /**
   * Hear of a room.
   *
   * `POST /news/{reader}/watch` (`watch`)
   *
   * @param options The arguments by name, `requestTimeout` and `signal`.
   * @param onSuccess Gets the result.
   * @param onError Gets the errors that a program can act upon: 404, 409, 412 and 422.
   */
  watch(options, onSuccess, onError) {
    return this.#library.call(WATCH, options, onSuccess, onError);
  }

  /**
   * Hear of a room no more.
   *
   * `DELETE /news/{reader}/watch` (`unwatch`)
   *
   * @param options The arguments by name, `requestTimeout` and `signal`.
   * @param onSuccess Gets the result.
   * @param onError Gets the errors that a program can act upon: 404, 409, 412 and 422.
   */
  unwatch(options, onSuccess, onError) {
    return this.#library.call(UNWATCH, options, onSuccess, onError);
  }
}
