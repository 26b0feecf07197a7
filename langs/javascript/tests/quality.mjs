/** What the tools of the language say of a generated library, as tests. */

import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";

import js from "@eslint/js";
import { ESLint } from "eslint";
import globals from "globals";
import * as prettier from "prettier";
import ts from "typescript";

/**
 * Tests that a library reads as formatters and linters want it.
 *
 * @param {string} library The installed package.
 */
export function testText(library) {
  const folder = join("node_modules", library);
  const files = (pattern) =>
    readdirSync(folder, { recursive: true }).filter((name) => pattern.test(name));
  const text = (name) => readFileSync(join(folder, name), "utf8");

  test(`${library}: prettier has nothing to change`, async () => {
    const { prettier: options } = JSON.parse(text("package.json"));
    const names = files(/\.(js|cjs|ts|cts|json)$/);
    assert.ok(names.length > 15);
    for (const name of names) {
      const clean = await prettier.check(text(name), { ...options, filepath: name });
      assert.ok(clean, `${name} is not as prettier would write it`);
    }
  });

  test(`${library}: eslint has nothing to say`, async () => {
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
}

/**
 * Tests that the compiler of TypeScript accepts a program, at its strictest. Of a line that must be an error the
 * program says so; one that is none is an error itself.
 *
 * @param {string} program The file.
 */
export function testTypes(program) {
  test(`tsc --strict: ${program}`, () => {
    const compiled = ts.createProgram([program], {
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
    const found = ts.getPreEmitDiagnostics(compiled);
    const host = {
      getCanonicalFileName: String,
      getCurrentDirectory: () => ".",
      getNewLine: () => "\n",
    };
    assert.equal(ts.formatDiagnostics(found, host), "");
  });
}
