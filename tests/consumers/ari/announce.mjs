/** Plays a sound to everybody whose call is in a Stasis application: announce.mjs URL USER PASSWORD SOUND */

import { argv } from "node:process";
import { fileURLToPath } from "node:url";

import { AsteriskJs } from "asteriskjs";

/** Plays the sound; the names of the channels that hear it. */
export async function announce(asterisk, sound) {
  const heard = [];
  for (const channel of await asterisk.channels.list()) {
    if (channel.dialplan.app_name === "Stasis") {
      await channel.play({ media: sound });
      heard.push(channel.name);
    }
  }
  return heard;
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  const [apiUrl, username, password, sound] = argv.slice(2);
  const asterisk = new AsteriskJs({ apiUrl, username, password });
  console.log((await announce(asterisk, sound)).join("\n"));
  await asterisk.close();
}
