/** Decoders of what only some APIs have: bytes as text, subtypes, and values of one of several types. */

import { date } from "./model.js";

/**
 * Decodes base64; what cannot be read as that is given back as it came.
 *
 * @type {import("./model.js").Decoder}
 */
export function base64(value) {
  if (typeof value !== "string") return value;
  try {
    return Uint8Array.from(atob(value), (letter) => letter.charCodeAt(0));
  } catch {
    return value;
  }
}

/**
 * A decoder of a model, or of that subtype which the discriminator names.
 *
 * @param {() => any} model Gives the class; a function, because modules import each other.
 * @returns {import("./model.js").Decoder} The decoder.
 */
export function subtype(model) {
  return (value, origin) => {
    if (!isObject(value)) return value;
    const Base = model();
    const Subtype = own(Base.subtypes(), value[Base.discriminator]) ?? Base;
    return new Subtype(value, origin);
  };
}

/**
 * A type that a value may have: `string`, `integer`, `number`, `boolean`, `list`, `map`, `model`, `any`, or
 * `choice`, which is one of several types again; the decoder, if there is one; of a model the members that each
 * has.
 *
 * @typedef {[kind: string, decode?: import("./model.js").Decoder, required?: readonly string[]]} Alternative
 */

/**
 * A decoder of a value that is of one of several types. What fits none of them stays the JSON that came.
 *
 * @param {readonly Alternative[]} types The types.
 * @param {string} [by] The member that says which model an object is.
 * @param {Readonly<Record<string, import("./model.js").Decoder>>} [models] What its values mean.
 * @returns {import("./model.js").Decoder} The decoder.
 */
export function oneOf(types, by, models) {
  const choices = types.filter(([kind]) => kind === "choice");
  const objects = types.filter(([kind]) => kind === "model" || kind === "map");
  const ofObject = (value) => {
    if (by !== undefined) return own(models, value[by]);
    if (objects.length === 1) return objects[0][1];
    const whole = ([, , required]) => required?.every((name) => Object.hasOwn(value, name));
    return (objects.find(whole) ?? choices[0])?.[1];
  };
  return (value, origin) => {
    if (isObject(value)) return ofObject(value)?.(value, origin) ?? value;
    for (const [kind, decode] of types) {
      if (!fits(value, kind)) continue;
      const decoded = decode ? decode(value, origin) : value;
      // A text that is no date or no base64 may be of a type after it, and so may what is in no choice.
      const undecided = decode === date || decode === base64 || kind === "choice";
      const unread = decoded === value && undecided;
      if (!unread) return decoded;
    }
    return value;
  };
}

function fits(value, kind) {
  if (kind === "any" || kind === "choice") return true;
  if (Array.isArray(value)) return kind === "list";
  if (kind === "integer") return Number.isInteger(value);
  return typeof value === kind;
}

function isObject(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function own(table, name) {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}
