// A user's mistakes: tsc finds each of them.
import { AsteriskJs } from "asteriskjs";

// @ts-expect-error An option that the library needs is missing.
new AsteriskJs({ username: "me" });
const asterisk = new AsteriskJs({ apiUrl: "http://localhost:8088/ari" });
// @ts-expect-error There is no such event.
asterisk.addEventHandler("StasisBegin", () => {});
// @ts-expect-error The event has no such attribute.
asterisk.addEventHandler("StasisStart", (event) => event.digit);
// @ts-expect-error There is no such option.
asterisk.channels.originate({ endpoint: "PJSIP/alice", ap: "hello" });
// @ts-expect-error The option is needed.
asterisk.channels.originate({ app: "hello" });
// @ts-expect-error So are options as such.
asterisk.channels.play();
// @ts-expect-error The value is none of those allowed.
asterisk.channels.mute({ channelId: "c1", direction: "sideways" });
// @ts-expect-error A number is wanted.
asterisk.channels.dial({ channelId: "c1", timeout: "soon" });
// @ts-expect-error There is no such operation.
asterisk.channels.originat({});
// @ts-expect-error With handlers, nothing may come of it.
const channel: import("asteriskjs").Channel = await asterisk.channels.get(
  { channelId: "c1" },
  () => {},
);
console.log(channel);
