/** Who the program is, where the server asks for more than user name and password: tokens and keys. */

import { IllegalInputException } from "../errors.js";
import { encode } from "./operation.js";

/**
 * A way to prove who the program is.
 *
 * @typedef {object} Scheme
 * @property {"basic" | "bearer" | "apiKey" | "oauth2"} kind What the program gives.
 * @property {string} [option] The option that takes an API key.
 * @property {"header" | "query"} [in] Where the key travels.
 * @property {string} [parameter] Under which name.
 * @property {(id: string, secret: string, place: Place) => Tokens} [tokens] What gets tokens for a client.
 */

/**
 * Where the API is.
 *
 * @typedef {object} Place
 * @property {URL} url The API's URL.
 * @property {object | undefined} tls TLS options of Node.
 * @property {string} userAgent The value of the `User-Agent` header.
 */

/**
 * Tokens that are got when they are needed.
 *
 * @typedef {object} Tokens
 * @property {(timeout: number, insteadOf?: string) => Promise<string>} get Gives one that is good, and
 *   another than the last, if that was refused.
 * @property {() => void} close Lets go of the connections.
 */

/**
 * Puts the credentials that a program gave onto every request of a transport.
 *
 * @callback Prove
 * @param {object} options The options of the main class.
 * @param {Place} place Where the API is.
 * @param {object} transport The transport.
 * @returns {object} The transport to use instead.
 */

/**
 * What an API takes as a proof.
 *
 * @param {readonly Scheme[]} schemes The ways there are.
 * @returns {Prove} What puts it onto the requests.
 */
export function prove(schemes) {
  return (options, place, transport) => {
    const { username, token, clientId, clientSecret } = options;
    if ((clientId === undefined) !== (clientSecret === undefined)) {
      throw new IllegalInputException(
        "clientId and clientSecret belong together: give both or none",
      );
    }
    const given = Object.entries({ username, token, clientId }).filter(
      ([, it]) => it !== undefined,
    );
    const names = given.map(([name]) => name);
    if (names.length > 1) {
      throw new IllegalInputException(`${names.join(" and ")} exclude each other: give one`);
    }
    for (const name of names) {
      if (!schemes.some(({ kind }) => TAKES[kind].includes(name))) {
        throw new IllegalInputException(`${name} was given, which this API does not take`);
      }
    }
    const keys = { header: [], query: [] };
    for (const { option, in: where, parameter } of schemes.filter(
      ({ kind }) => kind === "apiKey",
    )) {
      const key = options[option];
      if (key !== undefined) keys[where].push([parameter, fit(option, key)]);
    }
    const { tokens } = schemes.find(({ kind }) => kind === "oauth2") ?? {};
    return new ProvingTransport(transport, {
      token: token === undefined || typeof token === "function" ? token : fit("token", token),
      tokens: clientId === undefined ? undefined : tokens(clientId, clientSecret, place),
      headers: Object.fromEntries(keys.header),
      query: keys.query.map(([name, key]) => `${encode(name)}=${encode(key)}`).join("&"),
    });
  };
}

const TAKES = {
  basic: ["username"],
  bearer: ["token"],
  oauth2: ["token", "clientId"],
  apiKey: [],
};

/** A transport whose requests prove who sends them. */
export class ProvingTransport {
  #transport;
  #token;
  #tokens;
  #headers;
  #query;

  constructor(transport, { token, tokens, headers, query }) {
    this.#transport = transport;
    this.#token = token;
    this.#tokens = tokens;
    this.#headers = headers;
    this.#query = query;
  }

  async send(request, options) {
    const proof = await this.proof(options);
    const response = await this.#transport.send(this.#proved(request, proof), options);
    // The server may have forgotten a token before its time.
    const again = this.#tokens && request.body?.repeatable !== false;
    if (response.status !== 401 || !again) return response;
    const other = await this.proof(options, proof.token);
    return this.#transport.send(this.#proved(request, other), options);
  }

  close() {
    this.#transport.close();
    this.#tokens?.close();
  }

  /**
   * What proves who the program is.
   *
   * @param {{ timeout: number, signal?: AbortSignal }} options How long to wait for it.
   * @param {string} [insteadOf] A token that the server has refused.
   * @returns {Promise<{ headers: Record<string, string>, query: string, token?: string }>} The proof.
   */
  async proof({ timeout, signal }, insteadOf) {
    let token = this.#token;
    if (this.#tokens) token = await abortable(this.#tokens.get(timeout, insteadOf), signal);
    else if (typeof token === "function") token = fit("token", await abortable(token(), signal));
    const headers = { ...this.#headers };
    if (token !== undefined) headers.Authorization = `Bearer ${token}`;
    return { headers, query: this.#query, token };
  }

  #proved(request, { headers, query }) {
    return {
      ...request,
      query: [request.query, query].filter(Boolean).join("&"),
      secret: headers,
    };
  }
}

/** The promise, or the end of the waiting for it. */
async function abortable(promise, signal) {
  if (!signal) return promise;
  signal.throwIfAborted();
  let abort;
  const aborted = new Promise((_, reject) => {
    abort = () => reject(signal.reason);
    signal.addEventListener("abort", abort, { once: true });
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}

/** The value, if a header can carry it; what it is, nobody is told. */
function fit(option, value) {
  if (!isFit(value)) {
    throw new IllegalInputException(
      `${option} is not fit for a header: text of printable ASCII is wanted`,
    );
  }
  return value;
}

/**
 * Whether a header can carry a value.
 *
 * @param {unknown} value The value.
 * @returns {boolean} Whether it can.
 */
export function isFit(value) {
  return typeof value === "string" && /^[!-~]([ -~]*[!-~])?$/.test(value);
}
