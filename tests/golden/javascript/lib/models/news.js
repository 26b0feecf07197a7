// Copyright The house's owners
// SPDX-License-Identifier: MIT
//
// Written by the generator from the API's documents, version 1.4: change those, not
// this file.

import { Lamp } from "./lamps.js";
import { Room } from "./rooms.js";
import { Model, date, one } from "../runtime/model.js";

/** What every message has. */
export class News extends Model {
  static decoders = { at: date };
}

/** Somebody switched a lamp. */
export class LampSwitched extends News {
  static decoders = { lamp: one(() => Lamp), room: one(() => Room) };
}

/** There is a new room. */
export class RoomBuilt extends News {
  static decoders = { room: one(() => Room) };
}

/** A room was torn down. */
export class RoomGone extends News {
  static decoders = { room: one(() => Room) };
}

/** Another reader has come under the same name. */
export class ReaderReplaced extends News {}
