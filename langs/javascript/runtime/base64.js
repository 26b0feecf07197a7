/** Bytes, and their base64 text. */

// So many letters at once: a call takes a limited number of arguments.
const BLOCK = 0x8000;

/**
 * The bytes that a value holds.
 *
 * @param {unknown} value The value.
 * @returns {Uint8Array | undefined} The bytes; `undefined` if it holds none.
 */
export function bytesOf(value) {
  if (value instanceof Uint8Array) return value;
  if (ArrayBuffer.isView(value)) {
    return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  }
  return value instanceof ArrayBuffer ? new Uint8Array(value) : undefined;
}

/**
 * The base64 text of bytes.
 *
 * @param {Uint8Array} bytes The bytes.
 * @returns {string} The text, in the standard alphabet, padded.
 */
export function encodeBase64(bytes) {
  let letters = "";
  for (let start = 0; start < bytes.length; start += BLOCK) {
    letters += String.fromCharCode(...bytes.subarray(start, start + BLOCK));
  }
  return btoa(letters);
}
