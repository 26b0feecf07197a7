/** Starts the realm API's reference server. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

const { PYTHON = "python3" } = process.env;

/**
 * Starts a server with a database of its own, which ends with it.
 *
 * @param {...string} options Further options of its command.
 * @returns {Promise<{ url: string, token: string, stop: () => Promise<void> }>} The API's URL, a token of
 *   the application `director`, and how the server is stopped.
 */
export async function startRealm(...options) {
  const server = spawn(PYTHON, ["-m", "realm_server.main", "--port=0", ...options], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let greeting = "";
  for await (const line of createInterface({ input: server.stdout })) {
    greeting += `${line}\n`;
    if (line.trimStart().startsWith("'http")) break;
  }
  const [, url] = /^Realm API: (\S+)/.exec(greeting);
  const [, token] = /^ {4}token (\S+)/m.exec(greeting);
  const stop = async () => {
    server.kill();
    await once(server, "exit");
  };
  return { url, token, stop };
}
