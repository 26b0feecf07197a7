/**
 * From the options of a call to a request.
 *
 * A call that could not be right is refused here, before anything is sent.
 */

import { IllegalInputException } from "../errors.js";
import { bytesOf, encodeBase64 } from "./base64.js";
import { didYouMean } from "./closest.js";
import { Entity, Model } from "./model.js";

/**
 * One parameter of an operation.
 *
 * @typedef {object} Parameter
 * @property {string} name The document's name of it.
 * @property {string} [as] The option's name, where that differs.
 * @property {"path" | "query" | "header" | "body" | "field"} in Where it travels: `body` is the whole
 *   body, `field` a member of the object that is the body.
 * @property {string} [type] `string` (if left out), `integer`, `number`, `boolean`, `datetime`, `base64`,
 *   `binary`, `list`, `map`, `object` or `any`.
 * @property {string} [item] Of a list, the type of its items.
 * @property {boolean} [whole] Whether an object travels whole: it does not stand for its id.
 * @property {boolean} [required] Whether a call without it is refused.
 * @property {readonly unknown[]} [choices] The allowed values.
 * @property {number} [minimum] The smallest allowed number.
 * @property {number} [maximum] The largest allowed number.
 * @property {boolean} [textValues] Whether the values of the map must travel as text.
 * @property {unknown} [default] What is sent where the program gives nothing.
 * @property {boolean} [nullable] Whether null is a value, which is sent; if not, it is refused.
 * @property {Style} [style] How several values travel, where that is not the usual way.
 * @property {string} [pattern] A regular expression that a text must match as a whole.
 * @property {string} [own] The type of user who may give the word for the own id.
 */

/**
 * Gives the name, the texts and what separates these, of each part of a query, form, path or header that a
 * value becomes.
 *
 * @callback Style
 * @param {string} name The document's name of the parameter.
 * @param {any} value The value.
 * @returns {[string, string[], string][]} The parts.
 */

/**
 * Writes a body that is not JSON.
 *
 * @callback BodyWriter
 * @param {Operation} operation The operation.
 * @param {[Parameter, any][]} fields The fields that were given.
 * @param {any} body The body that was given, if it is one value.
 * @returns {{ content: Request["body"], type: string }} The body and its media type.
 */

/**
 * One method on one path.
 *
 * @typedef {object} Operation
 * @property {string} name The document's name, `resource.nickname`.
 * @property {string} method The HTTP method.
 * @property {string} path The path below the API's URL, with `{name}` for each path parameter.
 * @property {import("./model.js").Decoder | "binary" | "text" | null} result How the result is decoded;
 *   `null` for nothing.
 * @property {boolean} [nullable] Whether the result is null where no content came.
 * @property {readonly Parameter[]} parameters In the document's order.
 * @property {BodyWriter} [body] What writes the body, where that is not JSON.
 * @property {boolean} [bodyRequired] Whether a body is sent even where no field was given.
 * @property {string} [contentType] The media type of the body, where that is not the usual one.
 * @property {string} [accept] That of the result, where it is not the usual one.
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
 *   into the JSON body, as do lists that cannot be joined; 0 for never.
 * @property {string} userAgent The value of the `User-Agent` header.
 * @property {string} credentialsParameter The query parameter that takes `user:password` where no
 *   header can be sent; empty if there is none.
 * @property {Readonly<Record<number, string>>} hints What to check when the server answers with a status.
 * @property {import("./credentials.js").Prove} [prove] How the program proves who it is, where that is more
 *   than user name and password.
 * @property {{ word: string, types: readonly string[] }} [own] The word that stands for the own id of whoever
 *   asks, and the types of users.
 * @property {string} [userType] The type of the user, if the program told it.
 * @property {{ page: string, size: string, usual: number }} [paging] How lists come in pages: the parameters for
 *   the number of a page and for its size, and the usual size.
 * @property {{ start: string, end: string, months: number, order?: string }} [windows] How lists of what happened
 *   in some time are limited: the parameters for the time, how many calendar months one request may touch, and
 *   the parameter that may say `asc`.
 */

/**
 * A request, ready to be sent.
 *
 * @typedef {object} Request
 * @property {string} method The HTTP method.
 * @property {string} path The encoded path below the API's URL.
 * @property {string} query The encoded query; empty for none.
 * @property {Record<string, string>} headers The headers of this request.
 * @property {string | Uint8Array | import("./content.js").Content | undefined} body The body, if there is
 *   one.
 * @property {Record<string, string>} [secret] Further headers, which no other host may see.
 */

// A server that splits the joined text at commas cuts such a value apart, or mends it; a list with
// one of them travels in the body.
const UNSAFE_IN_LIST = /^$|^ |[,"'()\\]/;

/**
 * Where options have the ids of a path, by the document's names, if these are no options.
 */
export const IDS = Symbol("ids");

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
  const usual = operation.result === "binary" ? "*/*" : "application/json";
  const headers = { Accept: operation.accept ?? usual };
  // Without a prototype: a document may call a field as a member that every object has.
  const fields = { __proto__: null };
  const parts = [];
  let body;
  for (const parameter of operation.parameters) {
    const value = argument(operation, parameter, given(parameter, options));
    if (value === undefined) continue;
    if (parameter.own) refuseOthersOwn(operation, parameter, value, access);
    if (parameter.in === "path") {
      path = path.replace(`{${parameter.name}}`, () => segment(operation, parameter, value));
    } else if (parameter.in === "query") {
      query.push([parameter, value]);
    } else if (parameter.in === "header") {
      headers[parameter.name] = headerText(operation, parameter, value);
    } else if (parameter.in === "body") {
      body = value;
    } else if (operation.body) {
      parts.push([parameter, value]);
    } else {
      fields[parameter.name] = value;
    }
  }
  const inFields = body === undefined && !operation.body;
  const request = {
    method: operation.method,
    path,
    query: queryText(path, query, fields, inFields, access),
    headers,
    body: undefined,
  };
  if (operation.body) {
    if (body !== undefined || parts.length > 0 || operation.bodyRequired) {
      const { content, type } = operation.body(operation, parts, body);
      request.body = content;
      headers["Content-Type"] = type;
    }
    return request;
  }
  if (inFields && (operation.bodyRequired || Object.keys(fields).length > 0)) body = fields;
  if (body !== undefined) {
    request.body = json(operation, body);
    headers["Content-Type"] = operation.contentType ?? "application/json";
  }
  return request;
}

function given({ name, as: option = name, in: place }, options) {
  const ids = place === "path" && options[IDS];
  return ids ? ids[name] : options[option];
}

/** The value of a parameter as it travels; `undefined` for nothing. */
function argument(operation, parameter, told) {
  if (told === null && parameter.nullable) return null;
  if (told === null) {
    const needed = parameter.required
      ? "the operation needs it"
      : "leave it out if it has no value";
    throw refusal(operation, parameter, `is null: ${needed}`);
  }
  const given = told === undefined ? parameter.default : told;
  if (given !== undefined) return checked(operation, parameter, given);
  if (parameter.required) {
    throw refusal(operation, parameter, "is missing: the operation needs it");
  }
  return undefined;
}

/** Refuses the word for the own id where it means the id of a user of another type. */
function refuseOthersOwn(operation, parameter, value, { own, userType }) {
  if (value !== own?.word || userType === undefined || userType === parameter.own) return;
  throw refusal(
    operation,
    parameter,
    `is ${show(value)}, the id of a user of type ${parameter.own}, and this user's type is ${userType}: ` +
      "give the id",
  );
}

// Options of every call, which are no parameters.
const CALL_OPTIONS = ["requestTimeout", "signal"];

const known = new WeakMap();

/** Refuses names that mean nothing: the misspelt argument would be missed by nobody but the server. */
function refuseUnknown(operation, options) {
  const where = { method: operation.method, path: operation.path };
  if (!isObject(options) || Entity.is(options)) {
    const what = Entity.is(options) ? `a ${options.constructor.modelName}` : show(options);
    throw new IllegalInputException(
      `${nickname(operation)}: the first argument is ${what}: an object with the arguments by name is wanted`,
      where,
    );
  }
  let names = known.get(operation);
  if (!names) {
    const named = operation.parameters.filter(({ in: place }) => place !== "path" || !options[IDS]);
    names = new Set(named.map((parameter) => parameter.as ?? parameter.name));
    for (const name of CALL_OPTIONS) names.add(name);
    if (movesFiles(operation)) names.add("progress");
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

/** Whether an operation moves what takes its time. */
function movesFiles({ result, parameters }) {
  const isFile = ({ in: place, type, item }) =>
    place === "field" && (type === "binary" || item === "binary");
  return result === "binary" || parameters.some(isFile);
}

function nickname(operation) {
  return operation.name.slice(operation.name.lastIndexOf(".") + 1);
}

function json(operation, body) {
  try {
    return jsonText(body);
  } catch (error) {
    // The first line names the trouble, further ones draw a picture of a circle.
    const [why] = error.message.split("\n");
    throw new IllegalInputException(
      `${nickname(operation)}: the body cannot be written as JSON: ${why}`,
      { method: operation.method, path: operation.path, cause: error },
    );
  }
}

/**
 * The JSON text of a value, in which bytes are base64 and a model has what a request may hold of it.
 *
 * @param {unknown} value The value.
 * @returns {string} The text.
 */
export function jsonText(value) {
  return JSON.stringify(value, function plain(name, item) {
    // Not the item, which is what its toJSON has made of it.
    const given = this[name];
    if (given instanceof Model) return Model.forRequest(given);
    const bytes = bytesOf(given);
    return bytes ? encodeBase64(bytes) : item;
  });
}

/**
 * A value outside of JSON.
 *
 * @param {unknown} value The value.
 * @returns {string} Its text.
 */
export function textOf(value) {
  if (typeof value !== "object") return String(value);
  return value instanceof Date ? value.toISOString() : jsonText(value);
}

/** The encoded query; what it cannot carry goes into the fields of the body. */
function queryText(path, query, fields, mayUseBody, access) {
  const pairs = [];
  for (const [parameter, value] of query) {
    if (parameter.style) {
      pairs.push(...parameter.style(parameter.name, value).map(encodedPair));
    } else if (!Array.isArray(value)) {
      pairs.push(pair(parameter, encode(textOf(value))));
    } else if (value.length > 0) {
      const texts = value.map(textOf);
      if (access.lists === "repeat") {
        pairs.push(...texts.map((text) => pair(parameter, encode(text))));
      } else if (
        mayUseBody &&
        access.queryLimit > 0 &&
        texts.some((text) => UNSAFE_IN_LIST.test(text))
      ) {
        fields[parameter.name] = value;
      } else {
        pairs.push(pair(parameter, texts.map(encode).join(",")));
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

/**
 * A part of a query or form.
 *
 * @param {[string, string[], string]} part Its name, texts and what separates these.
 * @returns {string} The part, encoded.
 */
export function encodedPair([name, texts, mark]) {
  return `${encode(name)}=${encodedTexts(texts, mark)}`;
}

function encodedTexts(texts, mark) {
  return texts.map(encode).join(mark === "," ? mark : encode(mark));
}

/** Percent-encodes everything but letters, digits and `-._~`. */
export function encode(text) {
  return encodeURIComponent(text.isWellFormed?.() === false ? text.toWellFormed() : text).replace(
    /[!'()*]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function segment(operation, parameter, value) {
  const [texts, mark] = inOne(parameter, value);
  const text = texts.join(mark);
  // Servers cut the path at an empty segment and resolve dots: the call would reach another place.
  if (text === "") throw refusal(operation, parameter, "is empty");
  if (text === "." || text === "..") {
    throw refusal(operation, parameter, `is "${text}", which means another path`);
  }
  return encodedTexts(texts, mark);
}

function headerText(operation, parameter, value) {
  const [texts, mark] = inOne(parameter, value);
  const text = texts.join(mark);
  if (!/^[ -~]*$/.test(text)) {
    throw refusal(operation, parameter, `is ${show(text)}: a header takes printable ASCII only`);
  }
  return text;
}

/** The texts of a value where there is room for one, and what separates them. */
function inOne(parameter, value) {
  if (parameter.style) {
    const [[, texts, mark] = ["", [], ""]] = parameter.style(parameter.name, value);
    return [texts, mark];
  }
  return [Array.isArray(value) ? value.map(textOf) : [textOf(value)], ","];
}

/** The value as it travels, or a refusal. */
function checked(operation, parameter, given) {
  const kind = parameter.type ?? "string";
  const whole = kind === "map" || parameter.in === "body" || parameter.whole;
  const isId = !whole && Entity.is(given);
  const value = isId ? idText(operation, parameter, given) : given;
  switch (kind) {
    case "list":
      return checkedList(operation, parameter, value);
    case "map":
      return checkedMap(operation, parameter, value);
    case "integer":
    case "number":
      // An id may be text in one place of the documents and a number in another.
      if (typeof value === "string" && (isId || parameter.in === "path") && /^-?\d+$/.test(value)) {
        checkBounds(operation, parameter, Number(value));
        return parameter.in === "path" ? value : Number(value);
      }
      checkNumber(operation, parameter, value);
      break;
    case "boolean":
      if (typeof value !== "boolean") {
        throw refusal(operation, parameter, `is ${show(value)}: true or false is wanted`);
      }
      break;
    case "datetime":
      return value instanceof Date ? value.toISOString() : String(value);
    case "base64":
      return checkedBytes(operation, parameter, value);
    case "object":
      if (typeof value !== "object" || Array.isArray(value)) {
        throw refusal(operation, parameter, `is ${show(value)}: an object is wanted`);
      }
      return value;
    case "any":
    case "binary":
      return value;
    default:
      if (typeof value === "number" || typeof value === "bigint") {
        return checkedText(operation, parameter, String(value));
      }
      if (typeof value !== "string") {
        throw refusal(operation, parameter, `is ${show(value)}: text is wanted`);
      }
      return checkedText(operation, parameter, value);
  }
  return checkedChoice(operation, parameter, value);
}

const patterns = new Map();

function checkedText(operation, parameter, text) {
  const { pattern } = parameter;
  if (pattern !== undefined) {
    if (!patterns.has(pattern)) patterns.set(pattern, new RegExp(`^(?:${pattern})$`));
    if (!patterns.get(pattern).test(text)) {
      throw refusal(operation, parameter, `is ${show(text)}, which does not match ${pattern}`);
    }
  }
  return checkedChoice(operation, parameter, text);
}

function checkedList(operation, parameter, value) {
  const many = Array.isArray(value) || value instanceof Set ? [...value] : [value];
  const { item: kind } = parameter;
  const asIs = parameter.in === "field" || parameter.in === "body" || parameter.style;
  const items = many.map((item) => {
    if (kind) return checked(operation, { ...parameter, type: kind, item: undefined }, item);
    if (Entity.is(item)) return idText(operation, parameter, item);
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
  const members = value instanceof Model ? Model.forRequest(value) : value;
  const entries =
    members instanceof Map ? [...members] : isObject(members) && Object.entries(members);
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

function checkedBytes(operation, parameter, value) {
  if (typeof value === "string") return value;
  const bytes = bytesOf(value);
  if (!bytes) {
    throw refusal(operation, parameter, `is ${show(value)}: bytes, or their base64, are wanted`);
  }
  return encodeBase64(bytes);
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
  checkBounds(operation, parameter, value);
}

function checkBounds(operation, parameter, value) {
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
  const text = Entity.is(value) ? Entity.idsOf(value).join(separator) : String(value);
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

/**
 * A value for a message.
 *
 * @param {unknown} value The value.
 * @returns {string} What it is.
 */
export function show(value) {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "function") return "a function";
  return Array.isArray(value) ? "a list" : isObject(value) ? "an object" : String(value);
}

/**
 * Why a call is refused.
 *
 * @param {Operation} operation The operation.
 * @param {Parameter} parameter The argument that is bad.
 * @param {string} why What is bad about it.
 * @returns {IllegalInputException} The error.
 */
export function refusal(operation, parameter, why) {
  return new IllegalInputException(
    `${nickname(operation)}: ${parameter.as ?? parameter.name} ${why}`,
    { method: operation.method, path: operation.path },
  );
}
