/** Reads COUNT user events, and writes how many milliseconds they took: node read.mjs LIBRARY URL COUNT */

const [library, url, wanted] = process.argv.slice(2);
const count = Number(wanted);
let [started, read] = [0, 0];

/** Takes the next event, which must be the next. */
function take(event) {
  if (read === 0) started = performance.now();
  if (Number(event.userevent.n) !== read) throw new Error(`${event.userevent.n} after ${read - 1}`);
  read += 1;
  if (read < count) return;
  console.log(performance.now() - started);
  process.exit();
}

if (library === "bare") {
  const { default: WebSocket } = await import("ws");
  const socket = new WebSocket(`${url.replace("http", "ws")}/events?app=${count}`);
  socket.on("message", (data) => take(JSON.parse(data)));
} else {
  const { AsteriskJs } = await import("asteriskjs");
  const asterisk = new AsteriskJs({ apiUrl: url, app: String(count) });
  asterisk.addEventHandler("ChannelUserevent", take);
  await asterisk.run();
}
