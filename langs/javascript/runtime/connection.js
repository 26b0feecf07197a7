/** WebSockets: which class there is, how one is opened, and whether the other side still lives. */

import {
  ConnectionFailedException,
  IllegalInputException,
  LibraryException,
  NotAuthorizedException,
  NotFoundException,
  TimeoutException,
  errorForStatus,
} from "../errors.js";

/**
 * `ping`: milliseconds of silence after which the server is asked for a sign of life. `pong`: those after which a
 * server that gives none is taken for gone.
 */
const INTERVALS = { ping: 20_000, pong: 20_000 };

/** So often the silence is looked at within one interval. */
const LOOKS = 4;

/** Knows where the events are and opens connections to them. */
export class Connector {
  #url;
  #headers;
  #credentials;
  #tls;
  #timeout;
  #hints;
  #given;
  #intervals;
  #probe;
  #proof;
  #answers = false;

  /**
   * @param {object} settings Where the API is and how it is reached.
   * @param {URL} settings.url The API's URL.
   * @param {Record<string, string>} settings.headers Sent with the upgrade, where the class can.
   * @param {[string, string]} [settings.credentials] Query parameter and value for a class that cannot.
   * @param {object} [settings.tls] TLS options of Node.
   * @param {number} settings.timeout Milliseconds within which a connection must be up.
   * @param {Readonly<Record<number, string>>} settings.hints What to check when the server answers with a
   *   status.
   * @param {unknown} [settings.WebSocket] A class to use instead of the platform's.
   * @param {{ ping?: number, pong?: number }} [settings.intervals] Other intervals than the usual ones.
   * @param {(signal: AbortSignal) => Promise<{ headers: Record<string, string>, query: string }>}
   *   [settings.proof] Gives what else proves who the program is.
   * @param {(target: string, signal: AbortSignal) => Promise<{ status: number }>} probe Asks the address over
   *   HTTP: a class that hides why an upgrade was refused, or cannot ask for a sign of life, gives no other way
   *   to find out.
   */
  constructor(settings, probe) {
    const { url, headers, credentials, tls, timeout, hints, WebSocket, intervals, proof } =
      settings;
    this.#url = url;
    this.#headers = headers;
    this.#credentials = credentials;
    this.#tls = tls;
    this.#timeout = timeout;
    this.#hints = hints;
    this.#given = WebSocket;
    this.#intervals = { ...INTERVALS, ...intervals };
    this.#probe = probe;
    this.#proof = proof;
  }

  /**
   * Opens a connection.
   *
   * @param {string} target Path and query below the API's URL.
   * @param {AbortSignal} signal Ends the attempt.
   * @param {object} callbacks What the connection tells.
   * @param {(text: string) => void} callbacks.onMessage Gets each message.
   * @param {(reason: string) => void} callbacks.onLost Is told once that the connection is gone.
   * @returns {Promise<Connection>} The open connection.
   */
  async open(target, signal, callbacks) {
    const WebSocket = await webSocketClass(this.#given);
    const url = this.#address(target);
    const proof = await this.#proof?.(signal);
    if (proof?.query) url.search = [url.search.slice(1), proof.query].filter(Boolean).join("&");
    return new Promise((resolve, reject) => {
      const socket = this.#socket(WebSocket, url, proof?.headers);
      const timer = setTimeout(() => {
        fail(new TimeoutException(`${this.#place} answered nothing within ${this.#timeout} ms`));
      }, this.#timeout);
      const settle = () => {
        clearTimeout(timer);
        signal.removeEventListener("abort", abort);
      };
      const fail = (error) => {
        settle();
        socket.onopen = socket.onclose = null;
        socket.onerror = () => {};
        discard(socket);
        reject(error);
      };
      const abort = () =>
        fail(new ConnectionFailedException("the library was stopped while it connected"));
      signal.addEventListener("abort", abort, { once: true });
      let refused = false;
      // Only the package ws tells what the server answered instead of upgrading.
      socket.on?.("unexpected-response", (_request, response) => {
        refused = true;
        response.resume();
        fail(this.#refusal(response.statusCode, target));
      });
      socket.onerror = ({ message, error }) => {
        if (refused) return;
        // The package ws has already told what the server answered, if it did.
        this.#why(message || error?.message, target, Boolean(socket.on), signal).then(fail);
      };
      socket.onopen = () => {
        settle();
        const ask = socket.ping
          ? () => socket.ping()
          : (connection) => this.#askElsewhere(target, signal, connection);
        resolve(new Connection(socket, callbacks, this.#intervals, ask));
      };
      if (signal.aborted) abort();
    });
  }

  /**
   * Asks over HTTP whether the server still lives, for a class that cannot ask over the connection itself.
   *
   * Once it has answered so, its silence means something: a page may be allowed a WebSocket and nothing else.
   */
  async #askElsewhere(target, signal, connection) {
    try {
      await this.#probe(target, signal);
      this.#answers = true;
      connection.answered();
    } catch {
      if (!this.#answers) connection.answered();
    }
  }

  get #place() {
    return `${this.#url.protocol}//${this.#url.host}`;
  }

  #address(target) {
    const url = new URL(this.#url);
    url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
    const [path, query = ""] = target.split("?");
    url.pathname = `${url.pathname.replace(/\/$/, "")}${path}`;
    url.search = query;
    return url;
  }

  #socket(WebSocket, url, further) {
    if (WebSocket.headers) {
      return new WebSocket.class(url.href, {
        ...this.#tls,
        headers: { ...this.#headers, ...further },
        // For the package ws. A letter in a foreign encoding shall not cost the program its connection.
        skipUTF8Validation: true,
        perMessageDeflate: false,
      });
    }
    // A page can send no header of its own.
    if (this.#credentials) {
      const pair = this.#credentials.map(encodeURIComponent).join("=");
      url.search = [url.search.slice(1), pair].filter(Boolean).join("&");
    }
    try {
      return new WebSocket.class(url.href);
    } catch (error) {
      // Not in its own words, which may hold the whole address and with it the password.
      throw new ConnectionFailedException(
        `cannot connect to ${this.#place}: the platform allows no WebSocket there (${error.name})`,
      );
    }
  }

  async #why(message, target, tells, signal) {
    const failed = new ConnectionFailedException(
      `cannot connect to ${this.#place}: ${message || "the WebSocket was refused"}`,
    );
    if (tells) return failed;
    try {
      const { status } = await this.#probe(target, signal);
      // Where the upgrade itself was refused, the same address answers a plain request as it did that.
      if (status >= 300 && status !== 426) return this.#refusal(status, target);
    } catch (error) {
      if (error instanceof LibraryException) return error;
    }
    return failed;
  }

  #refusal(status, target) {
    const details = { status, method: "GET", path: target.split("?")[0] };
    const hint = this.#hints[status];
    if (status === 401 || status === 403) {
      const what = hint ?? "Check username and password, and that the server knows that user";
      return new NotAuthorizedException(`the server refuses the user. ${what}`, details);
    }
    if (status === 404) {
      const what = hint ?? `Check the path in the URL (it is ${this.#url.href})`;
      return new NotFoundException(`there is no event WebSocket at this address. ${what}`, details);
    }
    if (status === 400) {
      const what = hint ?? "Check the names of the applications";
      return new IllegalInputException(`the server refuses the event WebSocket. ${what}`, details);
    }
    return errorForStatus(status, `the server refuses the event WebSocket. ${hint ?? ""}`, details);
  }
}

/** An open WebSocket. */
export class Connection {
  #socket;
  #callbacks;
  #timer;
  #ask;
  #heard = Date.now();
  #looks = 0;
  #over = false;

  /**
   * @param {object} socket The WebSocket.
   * @param {object} callbacks What the connection tells, see `Connector.open`.
   * @param {{ ping: number, pong: number }} intervals See `INTERVALS`.
   * @param {(connection: Connection) => void} ask Asks the server for a sign of life.
   */
  constructor(socket, callbacks, intervals, ask) {
    this.#socket = socket;
    this.#ask = ask;
    this.#callbacks = callbacks;
    const heard = () => {
      this.#heard = Date.now();
      this.#looks = 0;
    };
    const take = (data, binary) => {
      heard();
      // Binary messages mean nothing here, and what comes after the farewell is nobody's.
      if (!binary) this.#callbacks?.onMessage(data);
    };
    // The package ws makes no event object for each message if it is not asked to.
    if (socket.on) socket.on("message", take);
    else socket.onmessage = ({ data }) => take(data, typeof data !== "string");
    socket.onclose = ({ code, reason }) => {
      this.#lost(`the connection was closed (${code}${reason ? `: ${reason}` : ""})`);
    };
    socket.onerror = () => {};
    socket.on?.("ping", heard);
    socket.on?.("pong", heard);
    this.#timer = setInterval(() => this.#look(intervals), intervals.ping / LOOKS);
    this.#timer.unref?.();
  }

  /** When the server was last heard. */
  get heard() {
    return new Date(this.#heard);
  }

  /** Whether it is closed or lost. */
  get over() {
    return this.#over;
  }

  /** The server lives; whether it told all that it had to tell over this connection is not known. */
  answered() {
    this.#looks = 0;
  }

  /** Closes the connection; nothing is told of it any more. */
  close() {
    if (this.#over) return;
    this.#over = true;
    clearInterval(this.#timer);
    this.#callbacks = undefined;
    discard(this.#socket);
  }

  #look({ ping, pong }) {
    // Looks are counted, not time: after a handler that ran for a minute, or a computer that slept, what the
    // server said meanwhile has yet to be read.
    this.#looks += 1;
    if (this.#looks === LOOKS) this.#ask(this);
    else if (this.#looks > LOOKS * (1 + pong / ping)) {
      this.#lost(`no sign of life within ${pong / 1000} s`);
    }
  }

  #lost(reason) {
    const callbacks = this.#callbacks;
    this.close();
    callbacks?.onLost(reason);
  }
}

/** Closes a socket in whatever state it is. */
function discard(socket) {
  try {
    socket.close(1000);
    // A server that does not answer the farewell must not keep the program alive.
    if (socket.terminate) setTimeout(() => socket.terminate(), 300).unref?.();
  } catch {
    // It was never open, or is gone already.
  }
}

/** The class to make WebSockets with, and whether it can send headers. */
async function webSocketClass(given) {
  const node = globalThis.process?.versions?.node !== undefined;
  if (given) return { class: given, headers: node };
  if (node) {
    // First choice in Node: it can ask for a sign of life, and says why a server refused.
    try {
      const { default: WebSocket } = await import("ws");
      return { class: WebSocket, headers: true };
    } catch (error) {
      if (error.code !== "ERR_MODULE_NOT_FOUND") throw error;
    }
  }
  if (globalThis.WebSocket) return { class: globalThis.WebSocket, headers: node };
  throw new ConnectionFailedException(
    "this version of Node has no WebSocket of its own: npm install ws, or use Node 22 or later",
  );
}
