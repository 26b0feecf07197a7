// Copyright The house's owners
// SPDX-License-Identifier: MIT
//
// Written by the generator from the API's documents, version 1.4: change those, not
// this file.

/**
 * The base of every exception that this library throws.
 *
 * The message is one printable line that never holds a credential.
 */
export class HouseException extends Error {
  /**
   * @param {string} message What went wrong, in the server's words if it said.
   * @param {object} [details] What is known of it.
   * @param {number} [details.status] The HTTP status, if an answer came.
   * @param {string} [details.code] The server's own word for the error, if it has one.
   * @param {string} [details.method] The HTTP method of the request.
   * @param {string} [details.path] The path of the request below the API's URL, without its query.
   * @param {string} [details.body] The body of the answer as text.
   * @param {string} [details.hint] What to check, where the library knows.
   * @param {unknown} [details.cause] What caused it.
   */
  constructor(message, { status, code, method, path, body, hint, cause } = {}) {
    // One line that a terminal can show, whatever the server sent.
    const text = message
      .replace(/[\p{C}\p{Z}]+/gu, " ")
      .trim()
      .concat(hint ? `. ${hint}` : "");
    const place = method === undefined ? "" : ` (${method} ${path})`;
    super(`${status === undefined ? "" : `${status} `}${text}${place}`);
    if (cause !== undefined) Object.defineProperty(this, "cause", { value: cause });
    this.status = status;
    this.code = code;
    this.reason = message;
    this.method = method;
    this.path = path;
    this.body = body;
    this.hint = hint;
  }

  get name() {
    return this.constructor.name;
  }
}

/** The arguments are bad: refused here before a request was sent, or by the server (400). */
export class IllegalInputException extends HouseException {}

/** The user name or password is wrong (401), or the user may not do this (403). */
export class NotAuthorizedException extends HouseException {}

/** The object to act upon does not exist (404). */
export class NotFoundException extends HouseException {}

/** The state of the object forbids it (409, 412). */
export class IllegalStateException extends HouseException {}

/** The server refused the request for another reason (422 and the other 4XX). */
export class RequestRejectedException extends HouseException {}

/** The server failed (500). */
export class HouseServerException extends HouseException {}

/** The server does not implement the operation (501). */
export class NoSuchMethodException extends HouseException {}

/** The server failed in another way (the other 5XX). */
export class HouseUnknownException extends HouseException {}

/** No answer came: the connection was refused, cut, or never made. */
export class ConnectionFailedException extends HouseException {}

/** No answer, or no event, came in time. */
export class TimeoutException extends HouseException {}

/** The base under a name that is the same in every library. */
export { HouseException as LibraryException };

const CLASSES = new Map([
  [400, IllegalInputException],
  [401, NotAuthorizedException],
  [403, NotAuthorizedException],
  [404, NotFoundException],
  [409, IllegalStateException],
  [412, IllegalStateException],
  [500, HouseServerException],
  [501, NoSuchMethodException],
]);

/**
 * The exception that an answer means.
 *
 * @param {number} status The HTTP status.
 * @param {string} message What went wrong.
 * @param {object} details What else is known of it.
 * @returns {HouseException} The exception.
 */
export function errorForStatus(status, message, details) {
  let Exception = CLASSES.get(status);
  if (!Exception) {
    if (status >= 500) Exception = HouseUnknownException;
    else Exception = status >= 400 ? RequestRejectedException : HouseException;
  }
  return new Exception(message, { ...details, status });
}
