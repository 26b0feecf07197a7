/** Bodies of several parts, files among them. */

import { Content, piece } from "./content.js";
import { pairs } from "./form.js";
import { jsonText, refusal } from "./operation.js";

const UTF8 = new TextEncoder();

/**
 * A part for each field.
 *
 * @type {import("./operation.js").BodyWriter}
 */
export function multipart(operation, fields) {
  const random = crypto.getRandomValues(new Uint8Array(16));
  const boundary = Array.from(random, (byte) => byte.toString(16).padStart(2, "0")).join("");
  const pieces = [];
  for (const field of fields) {
    for (const [head, what] of parts(operation, field)) {
      pieces.push(UTF8.encode(`--${boundary}\r\n${head}\r\n\r\n`), what, UTF8.encode("\r\n"));
    }
  }
  pieces.push(UTF8.encode(`--${boundary}--\r\n`));
  const type = operation.contentType ?? "multipart/form-data";
  return { content: new Content(pieces), type: `${type}; boundary=${boundary}` };
}

/** Head and content of each part that a field becomes. */
function parts(operation, [parameter, value]) {
  const values = parameter.type === "list" ? value : [value];
  if (parameter.type === "binary" || parameter.item === "binary") {
    return values.map((each) => file(operation, parameter, each));
  }
  if (!parameter.style && values.some((each) => typeof each === "object")) {
    const head = `${disposition(parameter.name)}\r\nContent-Type: application/json`;
    return [[head, UTF8.encode(jsonText(value))]];
  }
  return pairs([parameter, value]).map(([name, texts, mark]) => [
    disposition(name),
    UTF8.encode(texts.join(mark)),
  ]);
}

function file(operation, parameter, given) {
  if (typeof given === "string") {
    // The name of a file, or what is in it? Not a guess to make with what a user has typed.
    throw refusal(
      operation,
      parameter,
      "is text: a file is bytes, a Blob (of a path, node:fs has openAsBlob) or { name, content }",
    );
  }
  const named = given !== null && typeof given === "object" && "content" in given;
  const { name, content } = named ? given : { name: nameOf(given), content: given };
  const type = (typeof content?.type === "string" && content.type) || "application/octet-stream";
  const head = `${disposition(parameter.name)}; filename="${quoted(name ?? parameter.name)}"`;
  return [`${head}\r\nContent-Type: ${type}`, piece(operation, parameter, content)];
}

/** The name that a file has by itself: a browser's file, or an open file of Node. */
function nameOf(given) {
  const name = given?.name ?? given?.path;
  return typeof name === "string" ? name.replace(/^.*[\\/]/s, "") : undefined;
}

function disposition(name) {
  return `Content-Disposition: form-data; name="${quoted(name)}"`;
}

/** A name as browsers write it. */
function quoted(text) {
  return text.replace(/["\r\n]/g, encodeURIComponent);
}
