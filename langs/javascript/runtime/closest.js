/** Names that were meant. */

/**
 * What to add to a message about a name that is unknown.
 *
 * @param {string} name The name.
 * @param {Iterable<string>} names Those that there are.
 * @returns {string} ` Did you mean …?`, or nothing where none is like it.
 */
export function didYouMean(name, names) {
  const close = [...names].find(
    (other) => other.toLowerCase() === name.toLowerCase() || distance(other, name) <= 2,
  );
  return close ? ` Did you mean ${close}?` : "";
}

/** How many letters must be changed to make one word of the other. */
function distance(one, other) {
  let row = Array.from({ length: other.length + 1 }, (_, at) => at);
  for (let i = 1; i <= one.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= other.length; j += 1) {
      const same = one[i - 1] === other[j - 1] ? 0 : 1;
      next.push(Math.min(next[j - 1] + 1, row[j] + 1, row[j - 1] + same));
    }
    row = next;
  }
  return row[other.length];
}
