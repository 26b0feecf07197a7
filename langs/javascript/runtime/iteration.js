/** Events for `for await`. */

/** An async iterator that is fed from outside. */
export class EventIterator {
  #waiting = [];
  #next = 0;
  #asking = [];
  #ended = false;
  #release;

  /** @param {() => void} release Called once, when no event can be taken in any more. */
  constructor(release) {
    this.#release = release;
  }

  /**
   * Takes an event in.
   *
   * @param {any} value The event.
   */
  push(value) {
    if (this.#ended) return;
    const ask = this.#asking.shift();
    if (ask) ask({ value, done: false });
    else this.#waiting.push(value);
  }

  /** No event will come any more; those that wait are still given. */
  end() {
    if (this.#ended) return;
    this.#ended = true;
    for (const ask of this.#asking.splice(0)) ask({ value: undefined, done: true });
    this.#release();
  }

  /**
   * Gives the next event.
   *
   * @returns {Promise<IteratorResult<any>>} The event, or the end.
   */
  async next() {
    if (this.#next < this.#waiting.length) {
      const value = this.#waiting[this.#next];
      this.#waiting[this.#next] = undefined;
      this.#next += 1;
      // A long list must not be moved for each event.
      if (this.#next === this.#waiting.length || this.#next > 1024) {
        this.#waiting.splice(0, this.#next);
        this.#next = 0;
      }
      return { value, done: false };
    }
    if (this.#ended) return { value: undefined, done: true };
    return new Promise((resolve) => this.#asking.push(resolve));
  }

  /**
   * Ends it; what waits is dropped. A loop that is left calls this.
   *
   * @returns {Promise<IteratorResult<any>>} The end.
   */
  async return() {
    this.end();
    this.#waiting = [];
    this.#next = 0;
    return { value: undefined, done: true };
  }

  [Symbol.asyncIterator]() {
    return this;
  }
}
