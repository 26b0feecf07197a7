/** How many more requests the server takes, as its answers say. */

/**
 * What an answer says of the server's limit.
 *
 * @param {import("./transport.js").Response} response The answer.
 * @param {{ limit: string, remaining: string, reset: string }} headers The headers that say it.
 * @returns {{ limit: number | null, remaining: number | null, reset: number | null }} What it says; null for
 *   what it does not say.
 */
export function rateLimitOf({ header }, headers) {
  const read = (name) => {
    const text = header?.(name.toLowerCase());
    return /^\d+$/.test(text ?? "") ? Number(text) : null;
  };
  return {
    limit: read(headers.limit),
    remaining: read(headers.remaining),
    reset: read(headers.reset),
  };
}
