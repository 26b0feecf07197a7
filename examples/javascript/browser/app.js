/** The page: makes a call, shows its events as they come, and hangs up. */

import { AsteriskJs } from "asteriskjs";

const [form, dial, hangup, state, list, count, endpoints] = [
  "#call",
  "#dial",
  "#hangup",
  "#state",
  "#events",
  "#count",
  "#endpoints",
].map((selector) => document.querySelector(selector));

/** What is worth a line of an event, for those where it is not the channel's name. */
const gists = {
  ChannelCallerId: ({ channel }) => `${channel.caller.name} <${channel.caller.number}>`,
  ChannelDestroyed: ({ cause_txt: cause }) => cause,
  ChannelDialplan: ({ channel }) => `${channel.dialplan.app_name}(${channel.dialplan.app_data})`,
  ChannelDtmfReceived: ({ digit }) => digit,
  ChannelStateChange: ({ channel }) => channel.state,
  ChannelVarset: ({ variable, value }) => `${variable} = ${value}`,
  ConnectionLost: ({ reason }) => reason,
  ConnectionRestored: ({ missedFrom, missedTo }) => `after ${missedTo - missedFrom} ms`,
  Dial: ({ dialstring, dialstatus }) => dialstatus || dialstring,
  PlaybackFinished: ({ playback }) => playback.state,
  PlaybackStarted: ({ playback }) => playback.media_uri,
};

/** Ends the call that there is. */
let end = () => {};

function show(event) {
  const { content } = document.querySelector("#event");
  const item = content.cloneNode(true).firstElementChild;
  const gist = gists[event.type]?.(event) ?? event.channel?.name ?? "";
  item.dataset.about = event.type.match(/^(Channel|Stasis|Playback|Connection)?/)[0];
  item.querySelector("time").textContent = new Date().toLocaleTimeString();
  item.querySelector("strong").textContent = event.type;
  item.querySelector("span").textContent = gist;
  item.querySelector("pre").textContent = JSON.stringify(event, null, 2);
  list.prepend(item);
  count.textContent = list.children.length;
}

/** Says how the call is; `busy` while there is one. */
function tell(text, kind, busy) {
  state.textContent = text;
  state.dataset.kind = kind;
  dial.disabled = busy;
  hangup.disabled = !busy;
}

async function call({ url, user, password, endpoint }) {
  // One application for each page: of two of one name, only the later gets the events.
  const app = `browser-${Math.random().toString(36).slice(2, 8)}`;
  const asterisk = new AsteriskJs({ apiUrl: url, username: user, password, app });
  for (const type of ["Event", "ConnectionLost", "ConnectionRestored"]) {
    asterisk.addEventHandler(type, show);
  }
  try {
    await asterisk.connect();
    const channel = asterisk.newChannel();
    channel.once("StasisStart", async () => {
      tell("Connected", "up", true);
      await channel.play({ media: "sound:hello-world" });
    });
    const over = new Promise((resolve) => channel.once("ChannelDestroyed", resolve));
    // The call may be over before it is hung up: that is an outcome too.
    end = () => channel.hangup({}, undefined, () => {});
    await channel.originate({ endpoint, app, callerId: "Browser <100>", timeout: 30 });
    suggest(asterisk);
    const { cause_txt: cause } = await over;
    tell(`The call is over: ${cause}`, "idle", false);
  } finally {
    asterisk.close();
  }
}

/** Offers the server's own endpoints for the next call. */
async function suggest(asterisk) {
  const known = await asterisk.getEndpoints();
  const options = known.map(
    ({ technology, resource }) => new Option("", `${technology}/${resource}`),
  );
  endpoints.replaceChildren(...options);
}

form.addEventListener("submit", async (submitted) => {
  submitted.preventDefault();
  tell("Calling …", "calling", true);
  try {
    await call(Object.fromEntries(new FormData(form)));
  } catch (error) {
    tell(error.message, "failed", false);
  }
});

hangup.addEventListener("click", () => end().catch(({ message }) => tell(message, "failed", true)));

document.querySelector("#clear").addEventListener("click", () => {
  list.replaceChildren();
  count.textContent = 0;
});
