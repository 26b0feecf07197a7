/** The base of a library's main class: settings, calls, results and errors. */

import { IllegalInputException, LibraryException, errorForStatus } from "../errors.js";
import { prepare } from "./operation.js";
import { platformTransport } from "./transport.js";

/** Outcomes that a program's error handler gets; every other error is thrown. */
const HANDLED = new Set([404, 409, 412, 422]);

const UTF8 = new TextDecoder();

/** The base of the main class. It opens nothing before the first call. */
export class Client {
  #url;
  #transport;
  #timeout;
  #access;

  /**
   * Settles where the API is and how it is reached; nothing is sent.
   *
   * @param {import("./operation.js").Access} access How requests are written.
   * @param {object} options The options of the main class.
   */
  constructor(access, options = {}) {
    const { apiUrl = access.url, username, password, timeout = 30_000, tls } = options;
    this.#url = checkedUrl(apiUrl);
    this.#timeout = milliseconds("timeout", timeout);
    this.#access = access;
    if ((username === undefined) !== (password === undefined)) {
      throw new IllegalInputException("username and password belong together: give both or none");
    }
    if (username?.includes(":")) {
      throw new IllegalInputException("username holds a colon, which ends a user name in HTTP");
    }
    const headers = { "User-Agent": access.userAgent };
    let credentials;
    if (username !== undefined) {
      headers.Authorization = `Basic ${base64(`${username}:${password}`)}`;
      if (access.credentialsParameter) {
        credentials = [access.credentialsParameter, `${username}:${password}`];
      }
    }
    const transport =
      options.transport ?? platformTransport(this.#url, headers, { tls, credentials });
    const place = { url: this.#url, tls, userAgent: access.userAgent };
    this.#transport = access.prove ? access.prove(options, place, transport) : transport;
    Client.#settings.set(this, {
      access,
      url: this.#url,
      headers,
      credentials,
      tls,
      timeout: this.#timeout,
      proof:
        access.prove && ((signal) => this.#transport.proof({ timeout: this.#timeout, signal })),
    });
  }

  // Kept beside the object, where neither console.log nor JSON.stringify shows a password.
  static #settings = new WeakMap();

  /**
   * What others of the runtime need to know of a library.
   *
   * @param {Client} client The library.
   * @returns {{ access: import("./operation.js").Access, url: URL, headers: Record<string, string>,
   *   credentials?: [string, string], tls?: object, timeout: number, proof?: (signal: AbortSignal) =>
   *   Promise<{ headers: Record<string, string>, query: string }> }} Its settings; `proof` gives what else
   *   proves who the program is.
   */
  static settingsOf(client) {
    return Client.#settings.get(client);
  }

  /** Lets go of the kept-alive connections. The library may still be used, and opens new ones. */
  close() {
    this.#transport.close();
  }

  /** What JSON.stringify shows of a library: where it is, and no credentials. */
  toJSON() {
    return { apiUrl: this.#url.href };
  }

  /**
   * Runs an operation.
   *
   * @param {import("./operation.js").Operation} operation The operation.
   * @param {object} [options] Its arguments by name, `requestTimeout`, `signal` and, of content, `progress`.
   * @param {(result: any) => void} [onSuccess] Gets the result.
   * @param {(error: LibraryException) => void} [onError] Gets the errors that a program can act upon: 404,
   *   409, 412 and 422.
   * @returns {Promise<any>} The result; `undefined` if `onError` got the error.
   */
  async call(operation, options, onSuccess, onError) {
    const outcome = this.#run(operation, options ?? {}, false);
    return handled(outcome, onSuccess, onError, () => this.failed(operation, options ?? {}));
  }

  /**
   * Runs an operation whose result is binary, and gives the result as it arrives.
   *
   * @param {import("./operation.js").Operation} operation The operation.
   * @param {object} [options] Its arguments by name, `requestTimeout`, `signal` and `progress`.
   * @returns {Promise<ReadableStream<Uint8Array>>} The content.
   */
  stream(operation, options) {
    return this.#run(operation, options ?? {}, true);
  }

  /**
   * Is told of each call that failed, before the program is.
   *
   * @param {import("./operation.js").Operation} _operation The operation.
   * @param {object} _options Its arguments by name.
   */
  failed(_operation, _options) {}

  /**
   * Is told of each answer to a call.
   *
   * @param {import("./transport.js").Response} _response The answer.
   */
  answered(_response) {}

  /**
   * What the models of a call that begins now come from.
   *
   * @returns {import("./model.js").Origin} The origin.
   */
  origin() {
    return { library: this, since: 0 };
  }

  /**
   * Asks an address with GET, for its status alone.
   *
   * @param {string} target Path and query below the API's URL.
   * @param {AbortSignal} [signal] Ends the request when it is aborted.
   * @returns {Promise<{ status: number }>} The response.
   */
  probe(target, signal) {
    const [path, query = ""] = target.split("?");
    const request = { method: "GET", path, query, headers: {}, body: undefined };
    return this.#transport.send(request, { timeout: this.#timeout, signal });
  }

  async #run(operation, options, stream) {
    const sending = sendOptions(options, this.#timeout, operation.result === "binary");
    const origin = this.origin();
    const request = prepare(operation, options, this.#access);
    const response = await this.#transport.send(request, { ...sending, stream });
    this.answered(response);
    check(request, response, this.#access.hints);
    return stream ? response.stream : this.#result(operation, request, response, origin);
  }

  #result(operation, request, response, origin) {
    if (response.body.length === 0 && operation.nullable) return null;
    if (operation.result === "binary") return response.body;
    if (operation.result === "text") return decoderOf(response.charset).decode(response.body);
    if (response.body.length === 0) return undefined;
    if (operation.result === null && response.contentType !== "application/json") return undefined;
    const text = UTF8.decode(response.body);
    let value;
    try {
      value = JSON.parse(text);
    } catch (error) {
      throw new LibraryException(
        `the answer is not JSON but ${response.contentType || "of no type"}: ` +
          `is ${this.#url.href} the URL of the API?`,
        {
          status: response.status,
          method: request.method,
          path: request.path,
          body: text,
          cause: error,
        },
      );
    }
    return operation.result === null || value === null ? value : operation.result(value, origin);
  }
}

/**
 * Gives an outcome to the program's handlers, where it has some.
 *
 * @param {Promise<any>} outcome The outcome.
 * @param {(result: any) => void} [onSuccess] Gets the result.
 * @param {(error: LibraryException) => void} [onError] Gets the errors that a program can act upon.
 * @param {() => void} [onFailure] Is told of every error, before the program is.
 * @returns {Promise<any>} The result; `undefined` if `onError` got the error.
 */
export async function handled(outcome, onSuccess, onError, onFailure) {
  let result;
  try {
    result = await outcome;
  } catch (error) {
    onFailure?.();
    if (onError && error instanceof LibraryException && HANDLED.has(error.status)) {
      // Outside of any catch: what the program's own handler throws is the program's.
      await onError(error);
      return undefined;
    }
    throw error;
  }
  if (onSuccess) await onSuccess(result);
  return result;
}

/**
 * How a request is sent, by the options that are of every call.
 *
 * @param {object} options The options.
 * @param {number} usual The library's timeout.
 * @param {boolean} receives Whether what comes is what the program wants to hear of, and not what is sent.
 * @returns {import("./transport.js").SendOptions} How it is sent.
 * @throws {IllegalInputException} If one of them could not be right.
 */
export function sendOptions({ requestTimeout, signal, progress }, usual, receives) {
  const timeout =
    requestTimeout === undefined ? usual : milliseconds("requestTimeout", requestTimeout);
  if (progress !== undefined && typeof progress !== "function") {
    throw new IllegalInputException(
      `progress is ${JSON.stringify(progress)}: a function is wanted`,
    );
  }
  signal?.throwIfAborted();
  return { timeout, signal, [receives ? "onReceived" : "onSent"]: progress };
}

/**
 * Throws what an answer means, unless it is a success.
 *
 * @param {import("./operation.js").Request} request The request.
 * @param {import("./transport.js").Response} response The answer.
 * @param {Readonly<Record<number, string>>} hints What to check when the server answers with a status.
 * @throws {LibraryException} If it is an error.
 */
export function check(request, response, hints) {
  const { status } = response;
  if (status >= 200 && status < 300) return;
  const text = UTF8.decode(response.body);
  const { message, code } = told(response, text);
  // A page instead of JSON comes from something else than the API: the URL is not the API's.
  const helps = status === 401 || status === 403 || response.contentType === "text/html";
  throw errorForStatus(status, message || response.reason || `status ${status}`, {
    code,
    method: request.method,
    path: request.path,
    body: text,
    hint: helps ? hints[status] : undefined,
  });
}

/** What reads text in a character set; in one that is not known, most letters are those of UTF-8. */
function decoderOf(charset) {
  try {
    return charset ? new TextDecoder(charset) : UTF8;
  } catch {
    return UTF8;
  }
}

function checkedUrl(apiUrl) {
  let url;
  try {
    url = new URL(apiUrl);
  } catch (error) {
    throw new IllegalInputException(
      `apiUrl is ${JSON.stringify(apiUrl)}: a URL such as http://host:8088/path is wanted`,
      { cause: error },
    );
  }
  if (url.username || url.password) {
    throw new IllegalInputException(
      "apiUrl holds a user name: give username and password as options of their own",
    );
  }
  if ((url.protocol !== "http:" && url.protocol !== "https:") || url.search || url.hash) {
    throw new IllegalInputException(
      `apiUrl is ${JSON.stringify(String(apiUrl))}: it begins with http:// or https://, and ends without a query`,
    );
  }
  url.pathname = url.pathname.replace(/\/+$/, "");
  return url;
}

function milliseconds(name, value) {
  if (typeof value !== "number" || !(value > 0) || value > 0x7fffffff) {
    throw new IllegalInputException(
      `${name} is ${value}: a number of milliseconds above 0 is wanted`,
    );
  }
  return value;
}

function base64(text) {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}

/** What the server says of its error in a JSON object: for people, and its own word for it. */
function told(response, text) {
  if (response.contentType !== "application/json") return {};
  let body;
  try {
    body = JSON.parse(text) ?? {};
  } catch {
    return {};
  }
  const isText = (name) => typeof body[name] === "string";
  const said = ["message", "error_description", "error"].find(isText);
  const word = ["status", "code", "error"].find((name) => name !== said && isText(name));
  return { message: body[said], code: body[word] };
}
