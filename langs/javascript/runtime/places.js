/** The API's paths as a tree: what every place of it has. */

import { IllegalInputException } from "../errors.js";
import { IDS, show } from "./operation.js";

/** A place of the API's paths, with the ids that lead to it. */
export class Place {
  #library;
  #ids;

  /**
   * @param {object} above The library, or the place above this one.
   * @param {readonly unknown[]} [ids] The ids that the way from there takes.
   */
  constructor(above, ids = []) {
    this.#library = #library in above ? above.#library : above;
    this.#ids = #ids in above ? [...above.#ids, ...ids] : ids;
  }

  /**
   * Runs an operation of a place.
   *
   * @param {Place} place The place.
   * @param {import("./operation.js").Operation} operation The operation.
   * @param {readonly unknown[]} ids The ids in its path that come after the place's own.
   * @param {object} [options] Its other arguments.
   * @param {(result: any) => void} [onSuccess] Gets the result.
   * @param {(error: import("../errors.js").LibraryException) => void} [onError] Gets the errors that a program
   *   can act upon.
   * @returns {Promise<any>} The result; `undefined` if `onError` got the error.
   */
  static async run(place, operation, ids, options, onSuccess, onError) {
    const call = Place.callOf(place, operation, ids, options);
    return call.library.call(operation, call.options, onSuccess, onError);
  }

  /**
   * Runs an operation of a place whose result is binary.
   *
   * @param {Place} place The place.
   * @param {import("./operation.js").Operation} operation The operation.
   * @param {readonly unknown[]} ids The ids in its path that come after the place's own.
   * @param {object} [options] Its other arguments.
   * @returns {Promise<ReadableStream<Uint8Array>>} The content, as it arrives.
   */
  static async stream(place, operation, ids, options) {
    const call = Place.callOf(place, operation, ids, options);
    return call.library.stream(operation, call.options);
  }

  /**
   * What an operation of a place is called with.
   *
   * @param {Place} place The place.
   * @param {import("./operation.js").Operation} operation The operation.
   * @param {readonly unknown[]} ids The ids in its path that come after the place's own.
   * @param {object} [options] Its other arguments.
   * @returns {{ library: any, options: object }} The library, and all arguments by name.
   * @throws {IllegalInputException} If the options could not be right.
   */
  static callOf(place, operation, ids, options) {
    const { name, method, path } = operation;
    const given = options ?? {};
    if (typeof given !== "object" || Array.isArray(given)) {
      throw new IllegalInputException(
        `${name.replace(/.*\./, "")}: options is ${show(given)}: an object with the arguments by name is wanted`,
        { method, path },
      );
    }
    const values = [...place.#ids, ...ids];
    const names = [...path.matchAll(/\{([^{}]*)\}/g)];
    const byName = Object.fromEntries(names.map(([, each], number) => [each, values[number]]));
    return { library: place.#library, options: { ...given, [IDS]: byName } };
  }
}

/**
 * How requests are written for a user of some type.
 *
 * @param {import("./operation.js").Access} access How they are written for all.
 * @param {{ userType?: string }} [options] The options of the main class.
 * @returns {import("./operation.js").Access} The same, with the type.
 * @throws {IllegalInputException} If there are no users of that type.
 */
export function accessFor(access, { userType } = {}) {
  const { types } = access.own;
  if (userType !== undefined && !types.includes(userType)) {
    throw new IllegalInputException(
      `userType is ${show(userType)}: allowed are ${types.join(", ")}`,
    );
  }
  return { ...access, userType };
}
