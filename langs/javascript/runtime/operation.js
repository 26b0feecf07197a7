/**
 * From the options of a call to a request.
 *
 * A call that could not be right is refused here, before anything is sent.
 */

import { IllegalInputException } from "../errors.js";
import { didYouMean } from "./closest.js";
import { Entity } from "./model.js";

/**
 * One parameter of an operation.
 *
 * @typedef {object} Parameter
 * @property {string} name The document's name of it.
 * @property {string} [as] The option's name, where that differs.
 * @property {"path" | "query" | "header" | "body" | "field"} in Where it travels: `body` is the whole
 *   JSON body, `field` a member of the JSON object that is the body.
 * @property {string} [type] `string` (if left out), `integer`, `number`, `boolean`, `datetime`, `list`,
 *   `map`, `object` or `any`.
 * @property {boolean} [required] Whether a call without it is refused.
 * @property {readonly unknown[]} [choices] The allowed values.
 * @property {number} [minimum] The smallest allowed number.
 * @property {number} [maximum] The largest allowed number.
 * @property {boolean} [textValues] Whether the values of the map must travel as text.
 * @property {unknown} [default] What is sent where the program gives nothing.
 */

/**
 * One method on one path.
 *
 * @typedef {object} Operation
 * @property {string} name The document's name, `resource.nickname`.
 * @property {string} method The HTTP method.
 * @property {string} path The path below the API's URL, with `{name}` for each path parameter.
 * @property {import("./model.js").Decoder | "binary" | null} result How the result is decoded; `null` for
 *   nothing.
 * @property {readonly Parameter[]} parameters In the document's order.
 * @property {"add" | "remove" | "replace"} [subscription] What success means for the connection's
 *   events.
 * @property {[model: string, option: string]} [makes] The object that the call makes, and the option that may
 *   give its id.
 * @property {string} [endedBy] The HTTP method that ends, on the same path, what this one subscribes to.
 */

/**
 * How requests are written.
 *
 * @typedef {object} Access
 * @property {"comma" | "repeat"} lists How several values of one query parameter travel.
 * @property {number} queryLimit The length of path and query above which the query's parameters move
 *   into the JSON body; 0 for never.
 * @property {string} userAgent The value of the `User-Agent` header.
 * @property {string} credentialsParameter The query parameter that takes `user:password` where no
 *   header can be sent; empty if there is none.
 * @property {Readonly<Record<number, string>>} hints What to check when the server answers with a status.
 */

/**
 * A request, ready to be sent.
 *
 * @typedef {object} Request
 * @property {string} method The HTTP method.
 * @property {string} path The encoded path below the API's URL.
 * @property {string} query The encoded query; empty for none.
 * @property {Record<string, string>} headers The headers of this request.
 * @property {string | undefined} body The JSON body, if there is one.
 */

// A server that splits the joined text at commas cuts such a value apart, or mends it; a list with
// one of them travels in the body.
const UNSAFE_IN_LIST = /^$|^ |[,"'()\\]/;

/**
 * The request that a call means.
 *
 * @param {Operation} operation The operation.
 * @param {Record<string, unknown>} options Its arguments by name.
 * @param {Access} access How requests are written.
 * @returns {Request} The request.
 * @throws {IllegalInputException} If the call could not be right.
 */
export function prepare(operation, options, access) {
  refuseUnknown(operation, options);
  let path = operation.path;
  const query = [];
  const headers = { Accept: operation.result === "binary" ? "*/*" : "application/json" };
  // Without a prototype: a document may call a field as a member that every object has.
  const fields = { __proto__: null };
  let body;
  for (const parameter of operation.parameters) {
    const given = options[parameter.as ?? parameter.name] ?? parameter.default;
    if (given === undefined || given === null) {
      if (parameter.required) {
        throw refusal(operation, parameter, "is missing: the operation needs it");
      }
      continue;
    }
    const value = checked(operation, parameter, given);
    if (parameter.in === "path") {
      path = path.replace(`{${parameter.name}}`, () => segment(operation, parameter, value));
    } else if (parameter.in === "query") {
      query.push([parameter, value]);
    } else if (parameter.in === "header") {
      headers[parameter.name] = headerText(operation, parameter, value);
    } else if (parameter.in === "field") {
      fields[parameter.name] = value;
    } else {
      body = value;
    }
  }
  const text = queryText(path, query, fields, body === undefined, access);
  if (body === undefined && Object.keys(fields).length > 0) body = fields;
  if (body !== undefined) headers["Content-Type"] = "application/json";
  return {
    method: operation.method,
    path,
    query: text,
    headers,
    body: body === undefined ? undefined : json(operation, body),
  };
}

// Options of every call, which are no parameters.
const CALL_OPTIONS = ["requestTimeout", "signal"];

const known = new WeakMap();

/** Refuses names that mean nothing: the misspelt argument would be missed by nobody but the server. */
function refuseUnknown(operation, options) {
  const where = { method: operation.method, path: operation.path };
  if (!isObject(options) || options instanceof Entity) {
    const what = options instanceof Entity ? `a ${options.constructor.modelName}` : show(options);
    throw new IllegalInputException(
      `${nickname(operation)}: the first argument is ${what}: an object with the arguments by name is wanted`,
      where,
    );
  }
  let names = known.get(operation);
  if (!names) {
    names = new Set(operation.parameters.map((parameter) => parameter.as ?? parameter.name));
    for (const name of CALL_OPTIONS) names.add(name);
    known.set(operation, names);
  }
  for (const name of Object.keys(options)) {
    if (!names.has(name)) {
      throw new IllegalInputException(
        `${nickname(operation)} has no argument ${JSON.stringify(name)}.${didYouMean(name, names)}`,
        where,
      );
    }
  }
}

function nickname(operation) {
  return operation.name.slice(operation.name.lastIndexOf(".") + 1);
}

function json(operation, body) {
  try {
    return JSON.stringify(body);
  } catch (error) {
    // The first line names the trouble, further ones draw a picture of a circle.
    const [why] = error.message.split("\n");
    throw new IllegalInputException(
      `${nickname(operation)}: the body cannot be written as JSON: ${why}`,
      { method: operation.method, path: operation.path, cause: error },
    );
  }
}

/** The encoded query; what it cannot carry goes into the fields of the body. */
function queryText(path, query, fields, mayUseBody, access) {
  const pairs = [];
  for (const [parameter, value] of query) {
    if (!Array.isArray(value)) {
      pairs.push(pair(parameter, encode(String(value))));
    } else if (value.length > 0) {
      if (access.lists === "repeat") {
        pairs.push(...value.map((item) => pair(parameter, encode(item))));
      } else if (mayUseBody && value.some((item) => UNSAFE_IN_LIST.test(item))) {
        fields[parameter.name] = value;
      } else {
        pairs.push(pair(parameter, value.map(encode).join(",")));
      }
    }
  }
  const text = pairs.join("&");
  if (access.queryLimit === 0 || !mayUseBody || path.length + text.length < access.queryLimit) {
    return text;
  }
  // The server's limit is on the request line; the body takes the same parameters.
  for (const [parameter, value] of query) fields[parameter.name] ??= value;
  return "";
}

function pair(parameter, text) {
  return `${encode(parameter.name)}=${text}`;
}

/** Percent-encodes everything but letters, digits and `-._~`. */
export function encode(text) {
  return encodeURIComponent(text.isWellFormed?.() === false ? text.toWellFormed() : text).replace(
    /[!'()*]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function segment(operation, parameter, value) {
  const text = String(value);
  // Servers cut the path at an empty segment and resolve dots: the call would reach another place.
  if (text === "") throw refusal(operation, parameter, "is empty");
  if (text === "." || text === "..") {
    throw refusal(operation, parameter, `is "${text}", which means another path`);
  }
  return encode(text);
}

function headerText(operation, parameter, value) {
  const text = String(value);
  if (!/^[ -~]*$/.test(text)) {
    throw refusal(operation, parameter, `is ${show(text)}: a header takes printable ASCII only`);
  }
  return text;
}

/** The value as it travels, or a refusal. */
function checked(operation, parameter, given) {
  const value = given instanceof Entity ? idText(operation, parameter, given) : given;
  switch (parameter.type ?? "string") {
    case "list":
      return checkedList(operation, parameter, value);
    case "map":
      return checkedMap(operation, parameter, value);
    case "integer":
    case "number":
      checkNumber(operation, parameter, value);
      break;
    case "boolean":
      if (typeof value !== "boolean") {
        throw refusal(operation, parameter, `is ${show(value)}: true or false is wanted`);
      }
      break;
    case "datetime":
      return value instanceof Date ? value.toISOString() : String(value);
    case "object":
      if (typeof value !== "object" || Array.isArray(value)) {
        throw refusal(operation, parameter, `is ${show(value)}: an object is wanted`);
      }
      return value;
    case "any":
      return value;
    default:
      if (typeof value === "number" || typeof value === "bigint") {
        return checkedChoice(operation, parameter, String(value));
      }
      if (typeof value !== "string") {
        throw refusal(operation, parameter, `is ${show(value)}: text is wanted`);
      }
  }
  return checkedChoice(operation, parameter, value);
}

function checkedList(operation, parameter, value) {
  const many = Array.isArray(value) || value instanceof Set ? [...value] : [value];
  const asIs = parameter.in === "field" || parameter.in === "body";
  const items = many.map((item) => {
    if (item instanceof Entity) return idText(operation, parameter, item);
    if (asIs && item !== null && typeof item === "object") return item;
    if (
      item === undefined ||
      item === null ||
      typeof item === "object" ||
      typeof item === "function"
    ) {
      throw refusal(operation, parameter, `holds ${show(item)}: text is wanted`);
    }
    return checkedChoice(operation, parameter, String(item));
  });
  if (parameter.required && items.length === 0) {
    throw refusal(operation, parameter, "is an empty list: the operation needs a value");
  }
  return items;
}

function checkedMap(operation, parameter, value) {
  const entries = value instanceof Map ? [...value] : isObject(value) && Object.entries(value);
  if (!entries)
    throw refusal(operation, parameter, `is ${show(value)}: names with values are wanted`);
  if (!parameter.textValues) return Object.fromEntries(entries);
  return Object.fromEntries(
    entries.map(([name, item]) => {
      if (!isObject(item)) return [name, valueText(operation, parameter, name, item)];
      // An object of its own (a value with options) carries the text in "value".
      if (!("value" in item)) return [name, item];
      return [name, { ...item, value: valueText(operation, parameter, name, item.value) }];
    }),
  );
}

function valueText(operation, parameter, name, value) {
  if (
    value === undefined ||
    value === null ||
    typeof value === "object" ||
    typeof value === "function"
  ) {
    throw refusal(
      operation,
      parameter,
      `has ${show(value)} as its "${name}": text or a number is wanted`,
    );
  }
  return String(value);
}

function checkNumber(operation, parameter, value) {
  const whole = parameter.type === "integer";
  if (
    typeof value !== "number" ||
    !(whole ? Number.isSafeInteger(value) : Number.isFinite(value))
  ) {
    throw refusal(
      operation,
      parameter,
      `is ${show(value)}: ${whole ? "a whole number" : "a number"} is wanted`,
    );
  }
  if (parameter.minimum !== undefined && value < parameter.minimum) {
    throw refusal(operation, parameter, `is ${value}: the least is ${parameter.minimum}`);
  }
  if (parameter.maximum !== undefined && value > parameter.maximum) {
    throw refusal(operation, parameter, `is ${value}: the most is ${parameter.maximum}`);
  }
}

function checkedChoice(operation, parameter, value) {
  if (parameter.choices && !parameter.choices.includes(value)) {
    throw refusal(
      operation,
      parameter,
      `is ${show(value)}: allowed are ${parameter.choices.join(", ")}`,
    );
  }
  return value;
}

function idText(operation, parameter, entity) {
  const ids = Entity.idsOf(entity);
  if (!ids.every(Boolean)) {
    throw refusal(operation, parameter, `is a ${entity.constructor.modelName} without an id`);
  }
  return ids.join("/");
}

/**
 * The two ids in one text, which is split at the first separator.
 *
 * @param {string | Entity} value The text, or the object itself.
 * @param {string} separator Where it is split.
 * @param {string} argument What the program calls it.
 * @returns {[string, string]} The two ids.
 * @throws {IllegalInputException} If there are no two.
 */
export function splitId(value, separator, argument) {
  const text = value instanceof Entity ? Entity.idsOf(value).join(separator) : String(value);
  const at = text.indexOf(separator);
  if (at < 1 || at === text.length - 1) {
    throw new IllegalInputException(
      `${argument} is ${show(text)}: two parts joined by "${separator}" are wanted`,
    );
  }
  return [text.slice(0, at), text.slice(at + 1)];
}

function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function show(value) {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "function") return "a function";
  return Array.isArray(value) ? "a list" : isObject(value) ? "an object" : String(value);
}

function refusal(operation, parameter, why) {
  return new IllegalInputException(
    `${nickname(operation)}: ${parameter.as ?? parameter.name} ${why}`,
    { method: operation.method, path: operation.path },
  );
}
