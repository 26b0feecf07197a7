/** A server with a WebSocket for events that does what a test says. */

import { EventEmitter, once } from "node:events";
import { createServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

import { WebSocketServer } from "ws";

export { sleep };

/** Waits until something is so. */
export async function until(condition, what = "it") {
  for (let count = 0; count < 1000; count += 1) {
    if (await condition()) return;
    await sleep(5);
  }
  throw new Error(`waited in vain until ${what}`);
}

/** The server. */
export class FakeServer extends EventEmitter {
  /** The WebSockets, in the order in which they came. */
  sockets = [];
  /** The requests that were no upgrades: method and URL. */
  requests = [];
  /** What an upgrade is answered: a status that refuses it, 0 for nothing at all, 101 for a WebSocket. */
  upgrades = 101;
  /** Answers a request: status and JSON body. */
  answer = () => [200, {}];
  #http = createServer((request, response) => this.#answer(request, response));
  #open = new Set();

  /** Starts a server. */
  static async start() {
    const server = new FakeServer();
    await server.#listen();
    return server;
  }

  async #listen() {
    const webSockets = new WebSocketServer({ noServer: true });
    this.#http.on("upgrade", (request, socket, head) => {
      this.emit("upgrade", request);
      if (this.upgrades === 0) {
        // Read on, or its end would not be seen.
        socket.resume().on("end", () => socket.end());
        return;
      }
      if (this.upgrades !== 101) {
        socket.end(`HTTP/1.1 ${this.upgrades} No\r\nContent-Length: 0\r\n\r\n`);
        return;
      }
      webSockets.handleUpgrade(request, socket, head, (webSocket) => {
        webSocket.target = request.url;
        webSocket.on("error", () => {});
        this.sockets.push(webSocket);
        this.emit("socket", webSocket);
      });
    });
    this.#http.on("connection", (socket) => {
      this.#open.add(socket);
      socket.on("close", () => this.#open.delete(socket)).on("error", () => {});
    });
    this.#http.listen(0, "127.0.0.1");
    await once(this.#http, "listening");
    this.port = this.#http.address().port;
  }

  get url() {
    return `http://127.0.0.1:${this.port}/ari`;
  }

  /** How many connections are open. */
  get connections() {
    return this.#open.size;
  }

  async #answer(request, response) {
    let text = "";
    for await (const chunk of request) text += chunk;
    const url = request.url.replace(/^\/ari/, "");
    this.requests.push(`${request.method} ${url}`);
    const [status, body, headers] = await this.answer(request.method, url, text, request);
    if (status === undefined) return;
    response.writeHead(status, { "Content-Type": "application/json", ...headers });
    response.end(Buffer.isBuffer(body) ? body : JSON.stringify(body));
  }

  /** Sends events over the newest WebSocket. */
  send(...events) {
    for (const event of events) this.sockets.at(-1).send(JSON.stringify(event));
  }

  /** Cuts all connections without a word. */
  cut() {
    for (const socket of this.#open) socket.destroy();
  }

  async close() {
    this.cut();
    this.#http.close();
    await sleep(0);
  }
}
