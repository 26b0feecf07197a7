/** URLs that the API's answers name: they are fetched without the library's credentials. */

import { IllegalInputException } from "../errors.js";
import { Client, check, sendOptions } from "./client.js";
import { didYouMean } from "./closest.js";
import { show } from "./operation.js";
import { platformTransport } from "./transport.js";

const OPTIONS = ["requestTimeout", "signal", "progress"];

/**
 * Fetches what a URL means.
 *
 * @param {Client} library The library.
 * @param {string | URL} link The URL.
 * @param {object} [options] `requestTimeout`, `signal` and `progress`.
 * @param {boolean} [stream] Whether the content is wanted as it arrives.
 * @returns {Promise<Uint8Array | ReadableStream<Uint8Array>>} The content.
 * @throws {IllegalInputException} If the URL is none.
 */
export async function fetchLink(library, link, options, stream) {
  const url = checkedLink(link);
  for (const name of Object.keys(options ?? {})) {
    if (!OPTIONS.includes(name)) {
      throw new IllegalInputException(
        `fetch has no argument ${JSON.stringify(name)}.${didYouMean(name, OPTIONS)}`,
      );
    }
  }
  const { headers, timeout, tls, url: home } = Client.settingsOf(library);
  const transport = platformTransport(
    new URL(url.origin),
    // A browser would ask the server first whether it may send such a header.
    globalThis.process?.getBuiltinModule ? { "User-Agent": headers["User-Agent"] } : {},
    // They are meant for the API's server alone.
    { tls: { ...(url.host === home.host && tls), keepAlive: false } },
  );
  const request = {
    method: "GET",
    path: url.pathname,
    query: url.search.slice(1),
    headers: {},
    body: undefined,
  };
  const response = await transport.send(request, {
    ...sendOptions(options ?? {}, timeout, true),
    stream,
  });
  check(request, response, {});
  return stream ? response.stream : response.body;
}

function checkedLink(link) {
  const url = URL.canParse(link) ? new URL(link) : undefined;
  if (url?.protocol !== "http:" && url?.protocol !== "https:") {
    throw new IllegalInputException(
      `fetch: url is ${show(link)}: it begins with http:// or https://, and a host`,
    );
  }
  if (url.username || url.password) {
    throw new IllegalInputException("fetch: url holds a user name, which is not sent");
  }
  return url;
}
