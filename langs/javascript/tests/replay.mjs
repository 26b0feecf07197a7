/** Starts the replay server, which plays scenarios. */

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

const { PYTHON = "python3", SCENARIOS = "test_resources/conformance" } = process.env;

/**
 * Starts the server.
 *
 * @param {string} [scenarios] The folder or file of scenarios.
 * @returns {Promise<{ control: string, stop: () => void }>} Its control address, and how it is stopped.
 */
export async function startReplay(scenarios = SCENARIOS) {
  const server = spawn(PYTHON, ["-m", "replay.server", "--scenarios", scenarios], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  const [line] = await once(createInterface({ input: server.stdout }), "line");
  // It serves until its standard input ends.
  return { control: JSON.parse(line).control, stop: () => server.stdin.end() };
}
