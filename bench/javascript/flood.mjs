/** A server that sends user events as fast as they are taken; writes its port to standard output. */

import { WebSocketServer } from "ws";

const channel = {
  id: "1700000000.1",
  name: "PJSIP/alice-00000001",
  state: "Up",
  protocol_id: "0a1b2c3d",
  caller: { name: "Alice", number: "100" },
  connected: { name: "", number: "" },
  accountcode: "",
  dialplan: { context: "default", exten: "100", priority: 2, app_name: "Stasis", app_data: "b" },
  creationtime: "2026-01-02T03:04:05.678+0000",
  language: "en",
};

/** As the server writes it, with a number. */
function userEvent(n) {
  return JSON.stringify({
    type: "ChannelUserevent",
    timestamp: "2026-01-02T03:04:05.678+0000",
    eventname: "count",
    userevent: { eventname: "count", n: String(n) },
    channel,
    asterisk_id: "00:11:22:33:44:55",
    application: "bench",
  });
}

const server = new WebSocketServer({ port: 0, host: "127.0.0.1", perMessageDeflate: false });
server.on("listening", () => console.log(server.address().port));
server.on("connection", (socket, { url }) => {
  const count = Number(new URL(url, "ws://flood").searchParams.get("app"));
  let n = 0;
  const send = () => {
    // A little ahead of the reader, whose speed is measured.
    while (n < count && socket.bufferedAmount < 1 << 20) socket.send(userEvent(n++));
    if (n < count) setImmediate(send);
  };
  send();
});
process.stdin.on("end", () => process.exit()).resume();
