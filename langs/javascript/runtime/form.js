/** Bodies that are forms. */

import { encodedPair, textOf } from "./operation.js";
import { repeat } from "./styles.js";

/**
 * `name=value&…`, as in a query.
 *
 * @type {import("./operation.js").BodyWriter}
 */
export function form(operation, fields) {
  return {
    content: fields.flatMap(pairs).map(encodedPair).join("&"),
    type: operation.contentType ?? "application/x-www-form-urlencoded",
  };
}

/**
 * Name, texts and separator of each part that a field becomes.
 *
 * @param {[import("./operation.js").Parameter, any]} field The field.
 * @returns {[string, string[], string][]} The parts.
 */
export function pairs([parameter, value]) {
  if (parameter.style) return parameter.style(parameter.name, value);
  if (Array.isArray(value)) return repeat(parameter.name, value);
  return [[parameter.name, [textOf(value)], ""]];
}
