// A user's program: tsc --strict accepts it.
import { AsteriskJs, Channel, NotFoundException, type StasisStart } from "asteriskjs";

const asterisk = new AsteriskJs({
  apiUrl: "http://localhost:8088/ari",
  username: "me",
  password: "x",
  app: "hello",
  intervals: { ping: 5000, backoff: [100, 1000] },
});

function onStart(event: StasisStart): void {
  const args: string[] = event.args;
  console.log(event.channel.caller.number.length, args);
}

asterisk.addEventHandler("StasisStart", onStart);
asterisk.addEventHandler("ChannelDtmfReceived", async ({ digit, channel }) => {
  const text: string = digit;
  await channel.sendDTMF({ dtmf: text });
});
asterisk.addEventHandler("ConnectionRestored", ({ missedFrom, missedTo }) => {
  const gap: number = missedTo.getTime() - missedFrom.getTime();
  console.log(gap);
});

const channel: Channel = asterisk.newChannel();
channel.once("ChannelDestroyed", (event) => console.log(event.cause.toFixed()));
const made: Channel = await channel.originate({
  endpoint: "PJSIP/alice",
  app: "hello",
  variables: { A: 1, B: true },
});
const playback = await made.play({ media: ["sound:one", "sound:two"] });
const { state }: { state: string } = (await playback.waitFor("PlaybackFinished", { timeout: 1000 }))
  .playback;
const created: Date = made.creationtime;
const channels: Channel[] = await asterisk.getChannels();
const maybe: Channel | undefined = await asterisk.channels.get(
  { channelId: made },
  (found: Channel) => {
    console.log(found.id);
  },
);
await made.hangup({ reason: "busy" }, undefined, (error) =>
  console.log(error.status, error.reason),
);
const file: Uint8Array = await asterisk.recordings.getStoredFile({ recordingName: "r" });
for await (const event of asterisk.events()) {
  console.log(event.timestamp.getTime());
  break;
}
await asterisk.events.userEvent({ eventName: "mine", application: "hello" });
try {
  await asterisk.getBridge("none", { signal: AbortSignal.timeout(50), requestTimeout: 100 });
} catch (error) {
  if (error instanceof NotFoundException) console.log(error.path);
}
console.log(state, created, channels, maybe, file);
await asterisk.run();
