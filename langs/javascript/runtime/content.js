/** Content that is sent as it is: bytes, text, blobs and streams. */

import { IllegalInputException } from "../errors.js";
import { bytesOf } from "./base64.js";
import { refusal, show } from "./operation.js";

const UTF8 = new TextEncoder();

/** So many bytes are written at once. */
const BLOCK = 65_536;

/**
 * A body that is the one value that was given.
 *
 * @type {import("./operation.js").BodyWriter}
 */
export function content(operation, _fields, body) {
  const type = operation.contentType ?? "application/octet-stream";
  const parameter = operation.parameters.find((each) => each.in === "body");
  const what = body === undefined ? new Uint8Array() : piece(operation, parameter, body);
  return { content: what instanceof Uint8Array ? what : new Content([what]), type };
}

/**
 * What can be read of a value.
 *
 * @param {import("./operation.js").Operation} operation The operation.
 * @param {import("./operation.js").Parameter} parameter The argument.
 * @param {unknown} value The value.
 * @returns {Uint8Array | Blob | AsyncIterable<unknown>} Bytes, or something to read them from.
 */
export function piece(operation, parameter, value) {
  if (typeof value === "string") return UTF8.encode(value);
  const bytes = bytesOf(value);
  if (bytes) return bytes;
  if (isBlob(value) || value?.[Symbol.asyncIterator]) return value;
  // Not every browser can iterate over its streams.
  if (typeof value?.getReader === "function") return read(value);
  throw refusal(operation, parameter, `is ${show(value)}: bytes, a Blob or a stream is wanted`);
}

function isBlob(value) {
  return typeof value?.size === "number" && typeof value.stream === "function";
}

async function* read(stream) {
  const reader = stream.getReader();
  let over = false;
  try {
    for (;;) {
      const { value, done } = await reader.read();
      over = done;
      if (done) return;
      yield value;
    }
  } finally {
    if (!over) reader.cancel().catch(() => {});
  }
}

/** A body of several pieces, read while it is sent. */
export class Content {
  #pieces;

  /** @param {readonly (Uint8Array | Blob | AsyncIterable<unknown>)[]} pieces What it is made of. */
  constructor(pieces) {
    this.#pieces = pieces;
  }

  /** Its length in bytes; `undefined` where that is not known before its end. */
  get length() {
    let length = 0;
    for (const each of this.#pieces) length += each.size ?? each.byteLength ?? NaN;
    return Number.isNaN(length) ? undefined : length;
  }

  /** Whether it can be sent once more. */
  get repeatable() {
    return this.length !== undefined;
  }

  /** The bytes, block by block. */
  async *[Symbol.asyncIterator]() {
    for (const each of this.#pieces) {
      if (each instanceof Uint8Array) {
        for (let at = 0; at < each.length; at += BLOCK) yield each.subarray(at, at + BLOCK);
        continue;
      }
      for await (const block of isBlob(each) ? read(each.stream()) : each) {
        const bytes = typeof block === "string" ? UTF8.encode(block) : bytesOf(block);
        if (!bytes) throw new TypeError(`a stream gave ${show(block)}: bytes or text are wanted`);
        yield bytes;
      }
    }
  }

  /** The whole as one blob: what `fetch` can send in every browser. */
  async blob() {
    const parts = [];
    for (const each of this.#pieces) {
      if (each instanceof Uint8Array || isBlob(each)) parts.push(each);
      else for await (const bytes of new Content([each])) parts.push(bytes);
    }
    return new Blob(parts);
  }

  /**
   * Writes it to a request of Node's `http`.
   *
   * @param {import("node:http").ClientRequest} call The request.
   * @param {(bytes: number) => void} onProgress Is told the length of each block.
   */
  async sendTo(call, onProgress) {
    // A server may answer before it has read all, and then reads no more.
    call.once("response", (message) =>
      message.once("end", () => {
        if (!call.writableFinished) call.destroy();
      }),
    );
    try {
      for await (const bytes of this) {
        if (call.destroyed) return;
        if (!call.write(bytes)) await drained(call);
        onProgress(bytes.length);
      }
      if (!call.destroyed) call.end();
    } catch (error) {
      call.destroy(
        new IllegalInputException(`the content cannot be read: ${error.message}`, { cause: error }),
      );
    }
  }
}

/** When a request takes more, or never will again. */
function drained(call) {
  return new Promise((resolve) => {
    const go = () => {
      call.off("drain", go).off("close", go);
      resolve();
    };
    call.on("drain", go).on("close", go);
    if (call.destroyed) go();
  });
}
