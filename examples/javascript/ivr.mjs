#!/usr/bin/env node
/**
 * A menu that callers choose from by digits, also while it is still being read.
 *
 * In the dialplan: exten => 102,1,Stasis(ivr)
 *                  same => n,Dial(PJSIP/operator)    ; where 0 leads to
 */

import { env } from "node:process";

import { AsteriskException, AsteriskJs, TimeoutException } from "asteriskjs";

const asterisk = new AsteriskJs({
  apiUrl: env.ARI_URL ?? "http://localhost:8088/ari",
  username: env.ARI_USER ?? "user",
  password: env.ARI_PASSWORD ?? "password",
  app: "ivr",
});

/** Milliseconds that a caller may take to press a key. */
const patience = 1000 * Number(env.IVR_PATIENCE ?? 10);

/** Plays to the end. */
async function say(channel, ...media) {
  await (await channel.play({ media })).waitFor("PlaybackFinished");
}

/** The next digit, or nothing if none comes in time. */
async function digit(channel) {
  try {
    return (await channel.waitFor("ChannelDtmfReceived", { timeout: patience })).digit;
  } catch (error) {
    if (error instanceof TimeoutException) return "";
    throw error;
  }
}

/** Plays until a digit comes; the digits up to a `#`, or as many as come in time. */
async function ask(channel, media, length = 1) {
  const playback = await channel.play({ media });
  let typed = "";
  let next = await digit(channel);
  await playback.stop({}, undefined, () => {}); // the prompt may have ended already
  while (next && next !== "#") {
    typed += next;
    next = typed.length < length ? await digit(channel) : "";
  }
  return typed;
}

const menu = {
  1: (channel) => say(channel, "sound:tt-weasels"),
  2: async (channel) => {
    const number = await ask(channel, "sound:telephone-number", 15);
    await say(channel, "sound:you-entered", `digits:${number || 0}`);
  },
};

/** One call. Others are served meanwhile, so this may take its time. */
async function serve({ channel }) {
  try {
    await channel.answer();
    for (let silences = 0; silences < 3;) {
      const choice = await ask(channel, "sound:basic-pbx-ivr-main");
      console.log(`${channel.id} chose ${choice || "nothing"}`);
      silences = choice ? 0 : silences + 1;
      if (choice === "0") return await channel.continueInDialplan();
      if (choice) await (menu[choice]?.(channel) ?? say(channel, "sound:pbx-invalid"));
    }
    await say(channel, "sound:vm-goodbye");
    await channel.hangup();
  } catch (error) {
    if (!(error instanceof AsteriskException)) throw error;
    console.log(`${channel.id} is over: ${error.message}`);
  }
}

process.once("SIGINT", () => asterisk.close());
asterisk.addEventHandler("StasisStart", serve);
await asterisk.run();
