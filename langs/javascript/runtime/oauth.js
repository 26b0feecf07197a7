/** Tokens that the library gets by itself: OAuth2, client credentials. */

import { IllegalInputException, LibraryException, NotAuthorizedException } from "../errors.js";
import { isFit } from "./credentials.js";
import { encode } from "./operation.js";
import { platformTransport } from "./transport.js";

// A token is renewed when less than this share of its life is left, or so many milliseconds.
const SHARE = 0.1;
const MARGIN = 60_000;

/**
 * What gets the tokens of a client.
 *
 * @param {string} tokenUrl Where they are; a relative address counts from the API's URL.
 * @param {readonly string[]} scopes What they are for.
 * @returns {(id: string, secret: string, place: import("./credentials.js").Place) =>
 *   import("./credentials.js").Tokens} What gets them with a client's id and secret.
 */
export function clientCredentials(tokenUrl, scopes) {
  return (id, secret, place) => new ClientTokens(tokenUrl, scopes, id, secret, place);
}

class ClientTokens {
  #request;
  #transport;
  #token;
  #until;
  #pending;

  constructor(tokenUrl, scopes, id, secret, { url, tls, userAgent }) {
    const place = URL.canParse(tokenUrl, url) ? new URL(tokenUrl, url) : undefined;
    if (place?.protocol !== "http:" && place?.protocol !== "https:") {
      throw new IllegalInputException(`${JSON.stringify(tokenUrl)} is no URL to get tokens from`);
    }
    const fields = [
      ["grant_type", "client_credentials"],
      ["client_id", String(id)],
      ["client_secret", String(secret)],
    ];
    if (scopes.length > 0) fields.push(["scope", scopes.join(" ")]);
    this.#request = {
      method: "POST",
      path: place.pathname,
      query: place.search.slice(1),
      headers: { Accept: "application/json", "Content-Type": "application/x-www-form-urlencoded" },
      body: fields.map(([name, value]) => `${name}=${encode(value)}`).join("&"),
    };
    this.#transport = platformTransport(
      new URL(place.origin),
      { "User-Agent": userAgent },
      // They are meant for the API's server alone.
      { tls: place.host === url.host ? tls : undefined },
    );
  }

  async get(timeout, insteadOf) {
    // Of a life that is not known, the end is never reached.
    const over = performance.now() >= this.#until;
    if (this.#token !== undefined && !over && this.#token !== insteadOf) return this.#token;
    // All that wait, wait for the same one.
    this.#pending ??= this.#fetch(timeout).finally(() => {
      this.#pending = undefined;
    });
    return this.#pending;
  }

  close() {
    this.#transport.close();
  }

  async #fetch(timeout) {
    this.#token = undefined;
    const begin = performance.now();
    const response = await this.#transport.send(this.#request, { timeout });
    const answer = members(response.body);
    if (response.status !== 200 || !isFit(answer.access_token))
      throw this.#failure(response, answer);
    // Some servers write the number as text.
    const life = Number(answer.expires_in ?? NaN) * 1000;
    this.#until = begin + life - Math.min(MARGIN, life * SHARE);
    this.#token = answer.access_token;
    return this.#token;
  }

  /** Why there is no token. The answer itself is not shown: it may hold one. */
  #failure({ status, reason }, answer) {
    const told = [answer.error_description, answer.message, answer.error];
    const said = told.find((text) => typeof text === "string");
    const why = said ?? (reason || "the answer holds none");
    const Exception = status >= 400 && status < 500 ? NotAuthorizedException : LibraryException;
    return new Exception(`no token was given: ${why}`, {
      status,
      code: typeof answer.error === "string" && answer.error !== said ? answer.error : undefined,
      method: "POST",
      path: this.#request.path,
    });
  }
}

function members(body) {
  try {
    return JSON.parse(new TextDecoder().decode(body)) ?? {};
  } catch {
    return {};
  }
}
