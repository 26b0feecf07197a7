/** The package, installed by npm into an empty project, as its users install it. */

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { after, before, test } from "node:test";
import { promisify } from "node:util";

const { NPM, PACKAGE, TEST_TMPDIR = tmpdir() } = process.env;

const TSC = resolve("node_modules/typescript/bin/tsc");

/** The Nodes to try: the one that runs this, the oldest that will do, and the newest (npm has them for Linux). */
const nodes = [process.execPath];
for (const name of ["node-oldest", "node-newest"]) {
  const node = resolve("node_modules", name, "bin/node");
  if (existsSync(node)) nodes.push(node);
}

const ESM = `
import assert from "node:assert/strict";
import * as all from "asteriskjs";
import { AsteriskJs, NotFoundException } from "asteriskjs";

const asterisk = new AsteriskJs({ apiUrl: process.argv[2], username: "u", password: "p" });
await assert.rejects(asterisk.getChannel("nobody"), NotFoundException);
console.log((await asterisk.getInfo()).system.version, Object.keys(all).length);
asterisk.close();
`;

const COMMONJS = `
const assert = require("node:assert/strict");
const all = require("asteriskjs");
const { AsteriskJs, NotFoundException } = all;

const asterisk = new AsteriskJs({ apiUrl: process.argv[2], username: "u", password: "p" });
(async () => {
  await assert.rejects(asterisk.getChannel("nobody"), NotFoundException);
  console.log((await asterisk.getInfo()).system.version, Object.keys(all).length);
  // A program that loads it both ways has one library, not two with classes of the same names.
  assert.equal((await import("asteriskjs")).AsteriskJs, AsteriskJs);
  asterisk.close();
})();
`;

const TYPESCRIPT = `
import { AsteriskJs, NotFoundException, type Channel } from "asteriskjs";

declare const process: { argv: string[] };

const asterisk = new AsteriskJs({ apiUrl: process.argv[2] ?? "", username: "u", password: "p" });
asterisk.addEventHandler("StasisStart", ({ channel }: { channel: Channel }) => channel.answer());
async function main(): Promise<void> {
  const missing = await asterisk.getChannel("nobody").catch((error: unknown) => error);
  if (!(missing instanceof NotFoundException)) throw missing;
  const version: string | undefined = (await asterisk.getInfo()).system?.version;
  console.log(version, Object.keys(await import("asteriskjs")).length);
  asterisk.close();
}
main();
`;

const project = mkdtempSync(join(TEST_TMPDIR, "project-"));
let server, url;

/** Runs a program in the project, and gives what it printed. */
async function run(program, ...args) {
  const environment = { cwd: project, env: { PATH: process.env.PATH, HOME: project } };
  try {
    return (await promisify(execFile)(program, args, environment)).stdout.trim();
  } catch (error) {
    throw new Error(`${error.message}\n${error.stdout}`, { cause: error });
  }
}

before(async () => {
  server = createServer(({ url: path }, response) => {
    const found = path === "/ari/asterisk/info";
    response.writeHead(found ? 200 : 404, { "Content-Type": "application/json" });
    response.end(JSON.stringify(found ? { system: { version: "22.1" } } : { message: "None" }));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  url = `http://127.0.0.1:${server.address().port}/ari`;

  writeFileSync(join(project, "package.json"), '{ "name": "user", "private": true }');
  writeFileSync(join(project, "esm.mjs"), ESM);
  writeFileSync(join(project, "commonjs.cjs"), COMMONJS);
  for (const name of ["typed.mts", "typed.cts"]) writeFileSync(join(project, name), TYPESCRIPT);
  const [tarball] = readdirSync(PACKAGE).filter((name) => name.endsWith(".tgz"));
  const quiet = ["--offline", "--ignore-scripts", "--no-audit", "--no-fund"];
  await run(process.execPath, NPM, "install", join(resolve(PACKAGE), tarball), ...quiet);
});

after(() => {
  server.close();
  rmSync(project, { recursive: true });
});

test("it brings itself and nothing else", () => {
  const modules = join(project, "node_modules");
  const installed = readdirSync(modules).filter((name) => !name.startsWith("."));
  assert.deepEqual(installed, ["asteriskjs"]);
  const files = readdirSync(join(modules, "asteriskjs"));
  for (const name of ["LICENSE", "index.cjs", "index.d.cts", "index.d.ts", "index.js", "lib"]) {
    assert.ok(files.includes(name), `${name} among ${files}`);
  }
  assert.ok(!existsSync(join(modules, "asteriskjs", ".generated-files")));
});

for (const node of nodes) {
  for (const name of ["esm.mjs", "commonjs.cjs"]) {
    test(`${node} ${name}`, async () => {
      const [version, exported] = (await run(node, name, url)).split(" ");
      assert.equal(version, "22.1");
      assert.ok(Number(exported) > 50, exported);
    });
  }
}

for (const [name, module, resolution] of [
  ["typed.mts", "nodenext", "nodenext"],
  ["typed.cts", "nodenext", "nodenext"],
  ["typed.mts", "esnext", "bundler"],
]) {
  test(`tsc ${name} with modules as of ${resolution}, and what it makes`, async () => {
    const options = {
      strict: true,
      target: "es2022",
      lib: "es2022,dom",
      outDir: "made",
    };
    Object.assign(options, { module, moduleResolution: resolution });
    const written = Object.entries(options).flatMap(([key, value]) => [`--${key}`, `${value}`]);
    await run(process.execPath, TSC, ...written, name);
    const made = join("made", name.replace("ts", "js"));
    for (const node of nodes) assert.match(await run(node, made, url), /^22\.1 \d+$/);
  });
}
