/**
 * Transports: what carries a request to the server and its response back.
 *
 * Node's own `http` and `https` with kept-alive connections where they are, `fetch` elsewhere: `fetch` costs
 * several times as much in Node.
 */

import { ConnectionFailedException, IllegalInputException, TimeoutException } from "../errors.js";

/**
 * A response.
 *
 * @typedef {object} Response
 * @property {number} status The HTTP status.
 * @property {string} reason The reason phrase, which is for people only.
 * @property {string} contentType The media type of the body in lower case, without its parameters.
 * @property {string} [charset] The character set of the body, if the server names one.
 * @property {(name: string) => string | undefined} [header] Gives a header by its name in lower case.
 * @property {Uint8Array} body The bytes of the body; empty if it is streamed.
 * @property {ReadableStream<Uint8Array>} [stream] The body as it arrives, if that was asked for and the
 *   call succeeded.
 */

/**
 * How one request is sent.
 *
 * @typedef {object} SendOptions
 * @property {number} timeout Milliseconds to wait for the response.
 * @property {AbortSignal} [signal] Ends the request when it is aborted.
 * @property {boolean} [stream] Whether the body of a successful response is to be streamed.
 * @property {Progress} [onSent] Is told how much of the request's body has been sent.
 * @property {Progress} [onReceived] Is told how much of a successful response's body has come.
 */

/**
 * Is told how many bytes have gone, and how many there are, or null where that is not known. What it throws
 * ends the call.
 *
 * @callback Progress
 * @param {number} bytes Those so far.
 * @param {number | null} total All.
 */

/**
 * Milliseconds after which an idle connection is not used again. Servers close idle ones on their own
 * (Asterisk after 15 seconds), and a request that crosses such a close is lost.
 */
const IDLE_LIMIT = 10_000;

/**
 * Connections at most at the same time; further calls wait for one. Servers take a limited number (Asterisk 100,
 * of all its clients) and cut off those that are too many.
 */
const MAX_CONNECTIONS = 50;

/** What the program's own function threw, to end the call. */
class Interruption extends Error {
  constructor(thrown) {
    super("interrupted");
    this.thrown = thrown;
  }
}

const MAX_REDIRECTS = 5;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);
const REPEATABLE = new Set(["GET", "HEAD", "PUT", "DELETE"]);

// How a kept-alive connection that the server has closed shows itself.
const STALE = new Set(["ECONNRESET", "EPIPE"]);

/**
 * The transport for the platform at hand.
 *
 * @param {URL} url The API's URL.
 * @param {Record<string, string>} headers Sent with every request; `Authorization` among them never to
 *   another host.
 * @param {object} settings Further settings.
 * @param {object} [settings.tls] TLS options as Node's `https` takes them.
 * @param {[string, string]} [settings.credentials] Query parameter and value that stand for the
 *   `Authorization` header where that cannot be sent.
 * @returns {{ send: (request: import("./operation.js").Request, options: SendOptions) => Promise<Response>,
 *   close: () => void }} The transport.
 */
export function platformTransport(url, headers, { tls, credentials }) {
  const builtin = globalThis.process?.getBuiltinModule;
  if (builtin) {
    const secure = url.protocol === "https:";
    return new NodeTransport(builtin(secure ? "node:https" : "node:http"), url, headers, tls);
  }
  return new FetchTransport(url, headers, credentials);
}

/** Requests over Node's `http` or `https`. */
class NodeTransport {
  #http;
  #url;
  #base;
  #headers;
  #agent;
  #place;

  constructor(http, url, headers, tls) {
    this.#http = http;
    this.#url = url;
    this.#base = url.pathname.replace(/\/$/, "");
    this.#headers = headers;
    this.#agent = new http.Agent({
      keepAlive: true,
      timeout: IDLE_LIMIT,
      maxSockets: MAX_CONNECTIONS,
      scheduling: "lifo",
      ...tls,
    });
    this.#place = whereabouts(url);
  }

  async send(request, options) {
    const target = this.#target(request);
    let response;
    try {
      response = await this.#exchange(request, target, options);
    } catch (error) {
      options.signal?.throwIfAborted();
      // The server closed the connection while it idled. What may be done twice without harm is sent again,
      // once.
      const again = REPEATABLE.has(request.method) && request.body?.repeatable !== false;
      if (!error.reused || !again) throw failure(error, request, this.#url);
      // Other idle connections may be as dead (the server was started anew): this goes over a new one.
      for (const socket of Object.values(this.#agent.freeSockets).flat()) socket.destroy();
      response = await this.#exchange(request, target, options).catch((again) => {
        options.signal?.throwIfAborted();
        throw failure(again, request, this.#url);
      });
    }
    if (REDIRECTS.has(response.status) && request.method === "GET") {
      return this.#follow(response, request, target, options);
    }
    return response;
  }

  close() {
    this.#agent.destroy();
  }

  #target(request) {
    return `${this.#base}${request.path}${request.query && `?${request.query}`}`;
  }

  #exchange(request, target, options) {
    const { body } = request;
    const headers = { ...this.#headers, ...request.headers, ...request.secret };
    // What is read while it is sent knows its length, or that nobody does.
    const length = body?.sendTo ? body.length : body !== undefined && Buffer.byteLength(body);
    if (typeof length === "number") headers["Content-Length"] = length;
    const settings = {
      agent: this.#agent,
      hostname: this.#place.hostname,
      port: this.#place.port,
      path: target,
      method: request.method,
      headers,
    };
    return this.#request(this.#http, settings, body, options);
  }

  #request(http, settings, body, { timeout, signal, stream, onSent, onReceived }) {
    return new Promise((resolve, reject) => {
      const call = http.request(settings);
      const timer = setTimeout(() => {
        call.destroy(
          Object.assign(new Error(`no answer within ${timeout} ms`), { timedOut: true }),
        );
      }, timeout);
      let streamed;
      const abort = () => {
        if (streamed) streamed.destroy(signal.reason instanceof Error ? signal.reason : undefined);
        else call.destroy(new Error("aborted"));
      };
      const settle = () => {
        clearTimeout(timer);
        signal?.removeEventListener("abort", abort);
      };
      signal?.addEventListener("abort", abort, { once: true });
      if (signal?.aborted) abort();
      call.on("error", (error) => {
        settle();
        reject(Object.assign(error, { reused: call.reusedSocket && STALE.has(error.code) }));
      });
      call.on("response", (message) => {
        const answer = {
          status: message.statusCode,
          reason: message.statusMessage,
          contentType: mediaType(message.headers["content-type"]),
          charset: charset(message.headers["content-type"]),
          location: message.headers.location,
          header: (name) => message.headers[name],
          body: new Uint8Array(),
        };
        const succeeded = answer.status >= 200 && answer.status < 300;
        const meter = new Meter(succeeded && onReceived, () => lengthOf(answer));
        message.on("error", (error) => {
          settle();
          reject(error);
        });
        if (stream && succeeded) {
          // The time is for the answer; the content takes its own, and may still be aborted.
          clearTimeout(timer);
          streamed = message.once("close", settle);
          const { Readable } = globalThis.process.getBuiltinModule("node:stream");
          resolve({ ...answer, stream: meter.watch(Readable.toWeb(message)) });
          return;
        }
        const chunks = [];
        const tell = (what) => {
          try {
            what();
          } catch (error) {
            settle();
            reject(error);
            call.destroy();
          }
        };
        message.on("data", (chunk) => {
          chunks.push(chunk);
          tell(() => meter.add(chunk.length));
        });
        message.on("end", () => {
          settle();
          tell(() => meter.end());
          answer.body = chunks.length === 1 ? chunks[0] : Buffer.concat(chunks);
          resolve(answer);
        });
      });
      const sent = new Meter(onSent, () => body.length ?? null);
      if (body?.sendTo) {
        body.sendTo(call, (bytes) => {
          timer.refresh();
          try {
            sent.add(bytes);
          } catch (error) {
            call.destroy(error);
          }
        });
      } else {
        call.end(body);
      }
    });
  }

  async #follow(first, request, target, options) {
    let response = first;
    let url = new URL(target, this.#url);
    let headers = { ...this.#headers, ...request.headers, ...request.secret };
    for (let count = 0; count < MAX_REDIRECTS; count += 1) {
      if (!REDIRECTS.has(response.status) || !response.location) return response;
      if (!URL.canParse(response.location, url)) {
        throw new ConnectionFailedException("redirected to something that is no URL");
      }
      url = new URL(response.location, url);
      if (url.protocol !== "http:" && url.protocol !== "https:") {
        throw new ConnectionFailedException(`redirected to ${url.protocol}, which is not HTTP`);
      }
      const home = url.host === this.#url.host && url.protocol === this.#url.protocol;
      if (!home) {
        const { Authorization: _, ...others } = headers;
        headers = others;
        for (const name of Object.keys(request.secret ?? {})) delete headers[name];
      }
      const module = globalThis.process.getBuiltinModule(`node:${url.protocol.slice(0, -1)}`);
      const settings = {
        // The TLS options are the agent's, and meant for this server alone.
        agent: home ? this.#agent : undefined,
        ...whereabouts(url),
        path: url.pathname + url.search,
        method: "GET",
        headers,
      };
      response = await this.#request(module, settings, undefined, options).catch((error) => {
        options.signal?.throwIfAborted();
        throw failure(error, request, url);
      });
    }
    throw new ConnectionFailedException(`redirected more than ${MAX_REDIRECTS} times`);
  }
}

/** Requests over `fetch`, in browsers. */
class FetchTransport {
  #url;
  #headers;
  #credentials;

  constructor(url, headers, credentials) {
    this.#url = url;
    this.#credentials = credentials;
    // A browser asks the server first whether it may send such headers, and sends none with that question.
    const { Authorization: _, "User-Agent": __, ...others } = headers;
    this.#headers = credentials ? others : headers;
  }

  async send(request, { timeout, signal, stream, onSent, onReceived }) {
    const url = new URL(this.#url);
    url.pathname = `${url.pathname.replace(/\/$/, "")}${request.path}`;
    const query = [request.query];
    if (this.#credentials) query.push(this.#credentials.map(encodeURIComponent).join("="));
    url.search = query.filter(Boolean).join("&");
    const stopper = new AbortController();
    const timer = setTimeout(() => stopper.abort(), timeout);
    try {
      const body = request.body?.blob ? await request.body.blob() : request.body;
      const response = await fetch(url, {
        method: request.method,
        headers: { ...this.#headers, ...request.headers, ...request.secret },
        body,
        redirect: redirection(request),
        credentials: "omit",
        signal: signal ? AbortSignal.any([signal, stopper.signal]) : stopper.signal,
      });
      // How far it was on its way, no browser tells.
      if (body?.size !== undefined) new Meter(onSent, () => body.size).add(body.size);
      const streamed = stream && response.ok;
      const header = (name) => response.headers.get(name) ?? undefined;
      const meter = new Meter(response.ok && onReceived, () => lengthOf({ header }));
      return {
        status: response.status,
        reason: response.statusText,
        contentType: mediaType(response.headers.get("content-type")),
        charset: charset(response.headers.get("content-type")),
        header,
        body: streamed ? new Uint8Array() : await meter.read(response),
        stream: streamed ? meter.watch(response.body) : undefined,
      };
    } catch (error) {
      if (error instanceof Interruption) stopper.abort();
      signal?.throwIfAborted();
      const timedOut = stopper.signal.aborted && !(error instanceof Interruption);
      const late = timedOut && new Error(`no answer within ${timeout} ms`);
      throw failure(late ? Object.assign(late, { timedOut }) : error, request, this.#url);
    } finally {
      // The time is for the answer; a stream takes its own.
      clearTimeout(timer);
    }
  }

  close() {}
}

function redirection({ method, secret }) {
  if (method !== "GET") return "manual";
  // Only this one does a browser keep from other hosts.
  const open = Object.keys(secret ?? {}).some((name) => name !== "Authorization");
  return open ? "error" : "follow";
}

/** Tells a program how far a transfer is. */
class Meter {
  #progress;
  #total;
  #bytes = 0;
  #silent = true;

  /**
   * @param {Progress | undefined | false} progress What is told, if anything.
   * @param {() => number | null} total Gives the bytes in all.
   */
  constructor(progress, total) {
    this.#progress = progress;
    this.#total = total;
  }

  /** So many more bytes have gone. */
  add(bytes) {
    this.#bytes += bytes;
    this.#tell();
  }

  /** It is over: a program hears of nothing, too. */
  end() {
    if (this.#silent) this.#tell();
  }

  /** The stream, of which the program hears as it is read. */
  watch(stream) {
    if (!this.#progress) return stream;
    const told = (what) => {
      try {
        what();
      } catch (error) {
        throw error.thrown;
      }
    };
    return stream.pipeThrough(
      new TransformStream({
        transform: (bytes, controller) => {
          told(() => this.add(bytes.length));
          controller.enqueue(bytes);
        },
        flush: () => told(() => this.end()),
      }),
    );
  }

  /** The whole of a body. */
  async read(response) {
    if (!this.#progress || !response.body) return new Uint8Array(await response.arrayBuffer());
    const reader = response.body.getReader();
    const blocks = [];
    for (;;) {
      const { value, done } = await reader.read();
      if (done) break;
      blocks.push(value);
      this.add(value.length);
    }
    this.end();
    return new Uint8Array(await new Blob(blocks).arrayBuffer());
  }

  #tell() {
    if (!this.#progress) return;
    this.#silent = false;
    try {
      this.#progress(this.#bytes, this.#total());
    } catch (thrown) {
      throw new Interruption(thrown);
    }
  }
}

/** The length of a response's body, where it comes as it is. */
function lengthOf({ header }) {
  const text = header("content-encoding") ? undefined : header("content-length");
  return text === undefined ? null : Number(text);
}

/** Host and port as Node's `http` takes them. */
function whereabouts(url) {
  return { hostname: url.hostname.replace(/^\[|\]$/g, ""), port: url.port || undefined };
}

function mediaType(text) {
  return (text ?? "").split(";", 1)[0].trim().toLowerCase();
}

function charset(text) {
  return /;\s*charset="?([^\s";]+)/i.exec(text ?? "")?.[1];
}

/** What it means that no response came. */
function failure(error, request, url) {
  if (error instanceof Interruption) return error.thrown;
  if (error instanceof IllegalInputException) return error;
  const where = { method: request.method, path: request.path, cause: error };
  if (error.timedOut) return new TimeoutException(error.message, where);
  const why =
    error.code === "ECONNREFUSED"
      ? "connection refused: is the server running there?"
      : error.message || error.code;
  return new ConnectionFailedException(`${url.protocol}//${url.host}: ${why}`, where);
}
