/**
 * Models: typed, lenient views of the JSON that a server sent.
 *
 * A model has the members of the JSON object as its properties, those that hold models or dates decoded.
 * Members that the documents do not know are kept; missing ones read as `undefined`.
 */

/**
 * Where a model came from.
 *
 * @typedef {object} Origin
 * @property {object} library The library through which its operations run.
 * @property {number} since The number of the newest event that was there before the call, or the event,
 *   that brought it.
 */

/**
 * Turns JSON into a value; `null` and `undefined` stay as they are.
 *
 * @callback Decoder
 * @param {any} value The JSON value.
 * @param {Origin | undefined} origin Where it came from.
 * @returns {any} The value for the program.
 */

/** A structure that came from the server. */
export class Model {
  /**
   * How members are decoded, by name; a subclass adds its own.
   *
   * @type {Readonly<Record<string, Decoder>>}
   */
  static decoders = {};

  /**
   * Property -> member, where the two names differ.
   *
   * @type {Readonly<Record<string, string>>}
   */
  static renamed = {};

  /**
   * The members that only the server sets, those of the bases included.
   *
   * @type {readonly string[]}
   */
  static readOnly = [];

  #data;
  #origin;
  #decoded;

  /**
   * @param {object} data The JSON object.
   * @param {Origin} [origin] Where it came from.
   */
  constructor(data, origin) {
    this.#data = data;
    this.#origin = origin;
    const special = specialMembers(new.target);
    for (const member of Object.keys(data)) {
      const value = data[member];
      const how = special.get(member);
      if (how === undefined) {
        this[member] = value;
      } else if (!how.hidden) {
        // Of an event, most programs read few members: the others are never decoded.
        if (how.property && value !== null) Object.defineProperty(this, how.name, how.property);
        else this[how.name] = value;
      }
    }
  }

  /**
   * The property that decodes a member when it is first read.
   *
   * @param {string} member The member.
   * @param {Decoder} decode Its decoder.
   * @returns {PropertyDescriptor} The property.
   */
  static lazily(member, decode) {
    return {
      get() {
        const decoded = (this.#decoded ??= new Map());
        if (!decoded.has(member)) decoded.set(member, decode(this.#data[member], this.#origin));
        return decoded.get(member);
      },
      set(value) {
        (this.#decoded ??= new Map()).set(member, value);
      },
      enumerable: true,
      configurable: true,
    };
  }

  /** What Node's console.log shows: the members as they read. */
  [Symbol.for("nodejs.util.inspect.custom")](_depth, options, inspect) {
    return `${this.constructor.name} ${inspect({ ...this }, options)}`;
  }

  /** The JSON object that the server sent, members unknown to the documents included. */
  toJSON() {
    return this.#data;
  }

  /**
   * What a request may hold of a model: all that came but what only the server sets.
   *
   * @param {Model} model The model.
   * @returns {object} The members.
   */
  static forRequest(model) {
    const special = specialMembers(model.constructor);
    const data = {};
    for (const [member, value] of Object.entries(model.#data)) {
      if (model.constructor.readOnly.includes(member)) continue;
      const how = special.get(member);
      // Models within it leave out theirs, but a text that was read as a date stays as it was written.
      const whole = typeof value === "object" && how?.property;
      data[member] = whole ? model[how.name] : value;
    }
    return data;
  }

  /**
   * Where a model came from.
   *
   * @param {Model} model The model.
   * @returns {Origin | undefined} Its origin.
   */
  static originOf(model) {
    return model.#origin;
  }
}

/** An object with operations of its own: a model whose ids tell one instance from another. */
export class Entity extends Model {
  /**
   * The members that hold the ids, in the order of the path's parameters.
   *
   * @type {readonly string[]}
   */
  static idMembers = ["id"];

  /** The model's name: that of the class may be shortened by a bundler. */
  static modelName = "";

  /**
   * Whether the other is the same object: of one type, with the same ids, whatever else the two say.
   *
   * @param {unknown} other The other object.
   * @returns {boolean} Whether it is.
   */
  equals(other) {
    return (
      other instanceof Entity &&
      other.constructor === this.constructor &&
      Entity.keyOf(other) === Entity.keyOf(this)
    );
  }

  /**
   * Whether a value is such an object; what an object descends from may be none itself.
   *
   * @param {unknown} value The value.
   * @returns {boolean} Whether it is.
   */
  static is(value) {
    return value instanceof Entity && value.constructor.modelName !== "";
  }

  /**
   * The ids of an object.
   *
   * @param {Entity} entity The object.
   * @returns {string[]} Its ids; empty text for one that it lacks.
   */
  static idsOf(entity) {
    const data = entity.toJSON();
    return entity.constructor.idMembers.map((member) => String(data[member] ?? ""));
  }

  /**
   * The identity of an object as one text.
   *
   * @param {Entity} entity The object.
   * @returns {string} Its model and ids.
   */
  static keyOf(entity) {
    return keyText(entity.constructor.modelName, Entity.idsOf(entity));
  }

  /**
   * The library that an object came from.
   *
   * @param {Entity} entity The object.
   * @returns {any} The library.
   */
  static libraryOf(entity) {
    const origin = Model.originOf(entity);
    if (!origin) {
      throw new TypeError(
        `this ${entity.constructor.modelName} is not attached to a library: it was made from data alone`,
      );
    }
    return origin.library;
  }
}

/**
 * The identity of an object as one text.
 *
 * @param {string} model The model's name.
 * @param {readonly string[]} ids The ids.
 * @returns {string} The key.
 */
export function keyText(model, ids) {
  // Only what takes the key apart again is encoded: an id may be text that cannot be encoded as a whole.
  let text = "";
  for (const id of ids) text += (text && "/") + id.replace(/[ %/]/g, encodeURIComponent);
  return `${model} ${text}`;
}

/**
 * A decoder of one model, or of the subtype that the data name.
 *
 * @param {() => typeof Model} model Gives the class; a function, because modules import each other.
 * @returns {Decoder} The decoder.
 */
export function one(model) {
  return (value, origin) => {
    // A server that sends something else than the documents say is not an error here: the program can
    // still look at what came.
    if (typeof value !== "object" || Array.isArray(value)) return value;
    return new (model())(value, origin);
  };
}

/**
 * A decoder of a list.
 *
 * @param {Decoder} item Decodes its items.
 * @returns {Decoder} The decoder.
 */
export function list(item) {
  return (value, origin) =>
    Array.isArray(value) ? value.map((each) => each && item(each, origin)) : value;
}

/**
 * A decoder of an object whose values are all of one type.
 *
 * @param {Decoder} item Decodes its values.
 * @returns {Decoder} The decoder.
 */
export function map(item) {
  return (value, origin) =>
    typeof value === "object" && !Array.isArray(value)
      ? Object.fromEntries(
          Object.entries(value).map(([name, each]) => [name, each && item(each, origin)]),
        )
      : value;
}

/**
 * Decodes a date; what cannot be read as one is given back as it came.
 *
 * @type {Decoder}
 */
export function date(value) {
  if (typeof value !== "string") return value;
  // Not every engine reads an offset without a colon.
  const time = Date.parse(value.replace(/([+-]\d\d)(\d\d)$/, "$1:$2"));
  return Number.isNaN(time) ? value : new Date(time);
}

/** Leaves a value as it is. */
export function asIs(value) {
  return value;
}

const tables = new WeakMap();

/**
 * The members of a model that do not simply become a property, those of its bases included: what becomes of
 * each.
 */
function specialMembers(model) {
  let table = tables.get(model);
  if (!table) {
    table = new Map(model === Model ? [] : specialMembers(Object.getPrototypeOf(model)));
    // A member that is called as a method must not hide the method; toJSON() still has it.
    const taken = model === Model ? [Object.prototype, Model.prototype] : [model.prototype];
    for (const name of taken.flatMap(Object.getOwnPropertyNames)) table.set(name, { hidden: true });
    for (const [name, member] of Object.entries(model.renamed)) table.set(member, { name });
    for (const [member, decode] of Object.entries(model.decoders)) {
      const name = table.get(member)?.name ?? member;
      table.set(member, { name, property: Model.lazily(member, decode) });
    }
    tables.set(model, table);
  }
  return table;
}
