/** The library reads as its language's tools want it, and its declarations say what is so. */

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import js from "@eslint/js";
import { ESLint } from "eslint";
import globals from "globals";
import * as prettier from "prettier";
import ts from "typescript";

const LIBRARY = join("node_modules", "asteriskjs");

function files(pattern) {
  return readdirSync(LIBRARY, { recursive: true }).filter((name) => pattern.test(name));
}

function text(name) {
  return readFileSync(join(LIBRARY, name), "utf8");
}

test("prettier has nothing to change", async () => {
  const { prettier: options } = JSON.parse(text("package.json"));
  const names = files(/\.(js|cjs|ts|cts|json)$/);
  assert.ok(names.length > 30);
  for (const name of names) {
    const clean = await prettier.check(text(name), { ...options, filepath: name });
    assert.ok(clean, `${name} is not as prettier would write it`);
  }
});

test("eslint has nothing to say", async () => {
  const eslint = new ESLint({
    overrideConfigFile: true,
    overrideConfig: [
      js.configs.recommended,
      {
        languageOptions: { globals: { ...globals.browser, Buffer: "readonly" } },
        rules: {
          "no-unused-vars": ["error", { varsIgnorePattern: "^_+$", argsIgnorePattern: "^_" }],
        },
      },
    ],
  });
  for (const name of files(/\.js$/)) {
    const [{ messages }] = await eslint.lintText(text(name), { filePath: `checked/${name}` });
    assert.deepEqual(messages, [], name);
  }
});

// In mistakes.mts, each line that must be an error says so; one that is none is an error itself.
for (const name of ["program.mts", "program.cts", "mistakes.mts"]) {
  test(`tsc --strict: ${name}`, () => {
    const program = ts.createProgram([name], {
      strict: true,
      exactOptionalPropertyTypes: true,
      noUncheckedIndexedAccess: true,
      noEmit: true,
      skipLibCheck: false,
      target: ts.ScriptTarget.ES2022,
      lib: ["lib.es2022.d.ts", "lib.dom.d.ts"],
      module: ts.ModuleKind.NodeNext,
      moduleResolution: ts.ModuleResolutionKind.NodeNext,
      types: [],
    });
    const found = ts.getPreEmitDiagnostics(program);
    const host = {
      getCanonicalFileName: String,
      getCurrentDirectory: () => ".",
      getNewLine: () => "\n",
    };
    assert.equal(ts.formatDiagnostics(found, host), "");
  });
}
