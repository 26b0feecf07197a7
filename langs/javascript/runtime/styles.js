/** How lists and maps travel outside of JSON, where the documents say more than the usual. */

import { IllegalInputException } from "../errors.js";
import { jsonText, textOf } from "./operation.js";

/**
 * `name=a,b`; of a map `name=key,value`.
 *
 * @type {import("./operation.js").Style}
 */
export function comma(name, value) {
  return joined(name, value, ",");
}

/**
 * `name=a%20b`.
 *
 * @type {import("./operation.js").Style}
 */
export function space(name, value) {
  return joined(name, value, " ");
}

/**
 * `name=a%7Cb`.
 *
 * @type {import("./operation.js").Style}
 */
export function pipe(name, value) {
  return joined(name, value, "|");
}

function joined(name, value, mark) {
  const values = isMap(value) ? Object.entries(value).filter(isGiven).flat() : [value].flat();
  return values.length > 0 ? [[name, values.map((item) => text(name, item)), mark]] : [];
}

/**
 * `name=a&name=b`; of a map `key=value`, without the parameter's own name.
 *
 * @type {import("./operation.js").Style}
 */
export function repeat(name, value) {
  if (isMap(value)) {
    return Object.entries(value)
      .filter(isGiven)
      .flatMap(([key, item]) => repeat(key, Array.isArray(item) ? item : [item]));
  }
  return [value].flat().map((item) => [name, [text(name, item)], ""]);
}

/**
 * `name[0]=a&name[1]=b`; of a map `name[key]=value`, and so on for what is within.
 *
 * @type {import("./operation.js").Style}
 */
export function deep(name, value) {
  if (typeof value === "object" && value !== null && !(value instanceof Date)) {
    return Object.entries(value)
      .filter(isGiven)
      .flatMap(([key, item]) => deep(`${name}[${key}]`, item));
  }
  return [[name, [text(name, value)], ""]];
}

/**
 * `name=` the JSON text.
 *
 * @type {import("./operation.js").Style}
 */
export function json(name, value) {
  return [[name, [jsonText(value)], ""]];
}

function isMap(value) {
  return typeof value === "object" && !Array.isArray(value) && !(value instanceof Date);
}

function isGiven([, item]) {
  return item !== undefined;
}

function text(name, value) {
  if (value === null) {
    throw new IllegalInputException(`${name} is null, which only JSON can tell: leave it out`);
  }
  return textOf(value);
}
