/** Long lists, piece by piece: their pages, and windows of time. */

import { Client } from "./client.js";
import { prepare, refusal, show } from "./operation.js";
import { Place } from "./places.js";

/**
 * All that a list holds, each item once. What could not be right is refused at once; nothing is asked for
 * before the first item is.
 *
 * @param {Place} place The place of the list.
 * @param {import("./operation.js").Operation} operation The operation that lists.
 * @param {object} [options] Its arguments by name.
 * @param {string} [member] The member of the result that is the list, if it is not the result itself.
 * @returns {AsyncIterableIterator<any>} The items.
 * @throws {import("../errors.js").IllegalInputException} If the call could not be right.
 */
export function iterate(place, operation, options, member) {
  const { library, options: given } = Place.callOf(place, operation, [], options);
  const { access } = Client.settingsOf(library);
  const find = (name) => operation.parameters.find((parameter) => parameter.name === name);
  const page = find(access.paging?.page);
  const size = find(access.paging?.size);
  const paging = page && size && { page: optionOf(page), size: optionOf(size) };
  const own = {
    ...operation,
    name: operation.name.replace(/[^.]*$/, "iterate"),
    parameters: operation.parameters.filter((parameter) => !paging || parameter !== page),
  };
  prepare(own, given, access);
  const calls = isWindowed(access.windows, find)
    ? windows(own, given, access.windows, find)
    : [given];

  async function* pages(call) {
    const list = async (more) => {
      const result = await library.call(operation, { ...call, ...more });
      const items = member === undefined ? result : result?.[member];
      return Array.isArray(items) ? items : [];
    };
    if (!paging) {
      yield await list();
      return;
    }
    const { usual } = access.paging;
    const wanted = call[paging.size] ?? usual;
    for (let number = 1; ; number += 1) {
      const items = await list({ [paging.page]: number, [paging.size]: wanted });
      yield items;
      // A server may have smaller pages than it was asked for, but hardly than what is usual.
      if (items.length < Math.min(wanted, usual)) return;
    }
  }

  return once(calls, pages);
}

function optionOf(parameter) {
  return parameter.as ?? parameter.name;
}

function isWindowed(windows, find) {
  return Boolean(windows && find(windows.start)?.required && find(windows.end)?.required);
}

/**
 * The items of all pages of all calls, but none that was there in its call or the one before: what happens
 * meanwhile moves items on to the next page, and windows share the second at their border.
 */
async function* once(calls, pages) {
  let before = new Set();
  for (const call of calls) {
    const seen = new Set();
    for await (const items of pages(call)) {
      const marks = await Promise.all(items.map(markOf));
      for (const [number, item] of items.entries()) {
        const mark = marks[number];
        const isNew = !seen.has(mark) && !before.has(mark);
        seen.add(mark);
        if (isNew) yield item;
      }
    }
    before = seen;
  }
}

const UTF8 = new TextEncoder();

/** What tells an item from all others, and is short. */
async function markOf(item) {
  const text = JSON.stringify(item, (_name, value) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
  const { subtle } = globalThis.crypto;
  // A page that was loaded without TLS has none.
  if (text.length <= 32 || !subtle) return text;
  const digest = new Uint8Array(await subtle.digest("SHA-256", UTF8.encode(text)));
  return String.fromCharCode(...digest);
}

/** The options of one call for each window of time, in the order of the list. */
function windows(operation, options, { start, end, months, order }, find) {
  const from = optionOf(find(start));
  const to = optionOf(find(end));
  const [first, startFraction] = timeOf(operation, find(start), options[from]);
  const [last, endFraction] = timeOf(operation, find(end), options[to]);
  if (first > last || (first === last && startFraction > endFraction)) {
    throw refusal(
      operation,
      find(start),
      `is ${show(options[from])}, later than ${to}, ${show(options[to])}`,
    );
  }
  const found = [];
  let begin = first;
  let beginText = options[from];
  for (;;) {
    const over = endOfMonth(begin, months - 1);
    if (last <= over) break;
    const overText = textOf(over);
    found.push({ ...options, [from]: beginText, [to]: overText });
    // Once more from the same second: what happened within it, after it began, was not in the answer. With
    // windows of one month that would be for ever.
    begin = months === 1 ? over + SECOND : over;
    beginText = textOf(begin);
  }
  found.push({ ...options, [from]: beginText });
  const orders = find(order);
  return !orders || options[optionOf(orders)] === "asc" ? found : found.reverse();
}

const SECOND = 1000;

const TIME = /^(\d{4}-\d\d-\d\d)(?: (\d\d:\d\d:\d\d)(?:[.,](\d+))?)?$/;

/** A time in milliseconds, without its fraction of a second, and that. */
function timeOf(operation, parameter, text) {
  const [, day, clock = "00:00:00", fraction = "0"] = TIME.exec(text) ?? [];
  const time = day === undefined ? NaN : Date.parse(`${day}T${clock}Z`);
  // Not every engine refuses the 30th of February.
  if (Number.isNaN(time) || textOf(time) !== `${day} ${clock}`) {
    throw refusal(
      operation,
      parameter,
      `is ${show(text)}: a time such as "2026-11-22 14:30:00" is wanted`,
    );
  }
  return [time, Number(`0.${fraction}`)];
}

function textOf(time) {
  return new Date(time).toISOString().slice(0, 19).replace("T", " ");
}

/** The last second of the month that comes so many months later. */
function endOfMonth(time, later) {
  const date = new Date(time);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + later + 1, 1) - SECOND;
}
