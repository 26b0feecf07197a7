// Copyright The house's owners
// SPDX-License-Identifier: MIT
//
// Written by the generator from the API's documents, version 1.4: change those, not
// this file.

/** The options of every call. */
export interface CallOptions {
  /** Milliseconds to wait for the answer, instead of the library's. */
  requestTimeout?: number | undefined;
  /** Ends the call when it is aborted. */
  signal?: AbortSignal | undefined;
}

/** The options of a call that moves content. */
export interface TransferOptions extends CallOptions {
  /**
   * Called as the content goes, with the bytes so far and those in all (null where nobody knows). What it
   * throws ends the call.
   */
  progress?: ((bytes: number, total: number | null) => void) | undefined;
}

/** Gets the result of a call. */
export type SuccessHandler<T> = (result: T) => void | Promise<void>;

/** Gets the errors that a program can act upon: 404, 409, 412 and 422. */
export type ErrorHandler = (error: HouseException) => void | Promise<void>;

/** Names and values; numbers and booleans travel as text. */
export type TextValues = Record<
  string,
  string | number | boolean | { value: string | number | boolean; [option: string]: unknown }
>;

/** What the option `class` may be. */
export type Class = "cellar" | "living" | "attic";

/** What the option `colour` may be. */
export type Colour =
  "white" | "red" | "green" | "blue" | "ultraviolet" | "infrared" | "rainbow" | "candle";

/** The base of every exception that this library throws. */
export class HouseException extends Error {
  /** The HTTP status, if an answer came. */
  readonly status?: number;
  /** The server's own word for the error, if it has one. */
  readonly code?: string;
  /** What went wrong, in the server's words if it said; `message` is the whole in one line. */
  readonly reason: string;
  /** The HTTP method of the request. */
  readonly method?: string;
  /** The path of the request below the API's URL, without its query. */
  readonly path?: string;
  /** The body of the answer as text. */
  readonly body?: string;
  /** What to check, where the library knows; it also stands in `message`. */
  readonly hint?: string;
}

/** The arguments are bad: refused here before a request was sent, or by the server (400). */
export class IllegalInputException extends HouseException {}

/** The user name or password is wrong (401), or the user may not do this (403). */
export class NotAuthorizedException extends HouseException {}

/** The object to act upon does not exist (404). */
export class NotFoundException extends HouseException {}

/** The state of the object forbids it (409, 412). */
export class IllegalStateException extends HouseException {}

/** The server refused the request for another reason (422 and the other 4XX). */
export class RequestRejectedException extends HouseException {}

/** The server failed (500). */
export class HouseServerException extends HouseException {}

/** The server does not implement the operation (501). */
export class NoSuchMethodException extends HouseException {}

/** The server failed in another way (the other 5XX). */
export class HouseUnknownException extends HouseException {}

/** No answer came: the connection was refused, cut, or never made. */
export class ConnectionFailedException extends HouseException {}

/** No answer, or no event, came in time. */
export class TimeoutException extends HouseException {}

/** A structure that came from the server. */
export class Model {
  constructor(data: object);
  /** The JSON object that the server sent, members unknown to the documents included. */
  toJSON(): Record<string, any>;
}

/** Event names and the events that handlers of them get; a base type stands for all its subtypes. */
export interface EventMap {
  LampSwitched: LampSwitched;
  News: News;
  ReaderReplaced: ReaderReplaced;
  RoomBuilt: RoomBuilt;
  RoomGone: RoomGone;
  ConnectionLost: ConnectionLost;
  ConnectionReplaced: ConnectionReplaced;
  ConnectionRestored: ConnectionRestored;
}

/** The name of an event. */
export type EventName = keyof EventMap;

/** How long, and until when, an event is waited for. */
export interface WaitOptions {
  /** Milliseconds to wait; 60000 if left out. */
  timeout?: number | undefined;
  /** Ends the waiting when it is aborted. */
  signal?: AbortSignal | undefined;
}

/** How long things take, in milliseconds. */
export interface Intervals {
  /** The longest first pause before a lost connection is tried again, and the longest of all; 500, 30000. */
  backoff?: readonly [number, number];
  /** How long a connection must have been up for the first pause after it to be short again; 10000. */
  good?: number;
  /** The silence after which the server is asked for a sign of life; 20000. */
  ping?: number;
  /** The further silence after which it is taken for gone; 20000. */
  pong?: number;
  /** How long the events of an object outlive it, for `waitFor`; 60000. */
  history?: number;
  /** How often objects to forget are looked for; 5000. */
  sweep?: number;
  /** How long an object outlives events after which more of it may come; by default it depends on the event. */
  grace?: number;
}

/** What handlers can be put on: the library itself, and each object. */
export interface EventSource {
  /**
   * Call `handler(event)` for every event of that type; on an object, for those that name it.
   *
   * Handlers run one at a time for each object, in the order of the events; one that gives a promise is
   * waited for. Those of an object are dropped when the object ends.
   */
  addEventHandler<K extends EventName>(event: K, handler: (event: EventMap[K]) => unknown): void;
  /** Take a handler away that `addEventHandler` or `once` put on. */
  removeEventHandler<K extends EventName>(event: K, handler: (event: EventMap[K]) => unknown): void;
  /** Like `addEventHandler`, for the first such event only. */
  once<K extends EventName>(event: K, handler: (event: EventMap[K]) => unknown): void;
  /**
   * Wait for an event. It also finds what has come since the call, or the event, that made this
   * object; each event is found once.
   *
   * @throws {TimeoutException} No such event came in time.
   * @throws {IllegalStateException} The object has ended, and the event has not come.
   * @throws {ConnectionFailedException} The library was stopped, or never connected.
   */
  waitFor<K extends EventName>(event: K, options?: WaitOptions): Promise<EventMap[K]>;
  /** The events from now on, for `for await`. */
  events(options?: { signal?: AbortSignal | undefined }): AsyncIterableIterator<News>;
}

/** The connection to the server is gone; the library tries to get it back. */
export class ConnectionLost {
  readonly type: "ConnectionLost";
  /** When the server was last heard; events after that may be missing. */
  readonly since: Date;
  /** Why the connection is gone, for people. */
  readonly reason: string;
}

/** The connection is back and everything that was subscribed to is so again. */
export class ConnectionRestored {
  readonly type: "ConnectionRestored";
  /** When the server was last heard on the connection that was lost. */
  readonly missedFrom: Date;
  /** When the subscriptions were complete again. */
  readonly missedTo: Date;
}

/** Another program has taken this one's place; no event will come any more. */
export class ConnectionReplaced {
  readonly type: "ConnectionReplaced";
  /** The applications that were taken over. */
  readonly applications: readonly string[];
}

/** An object of the API: a snapshot of its attributes, and its own operations. */
export class HouseObject extends Model {
  /** Whether the other is the same object: of one type, with the same ids. */
  equals(other: unknown): boolean;
}
export interface HouseObject extends EventSource {}

/** A room of the house. */
export class Room extends HouseObject {
  /** Its id. */
  readonly id: string;
  /** What is on the door. */
  readonly title?: string;
  /** The lamps in it. */
  readonly lamps: Lamp[];
  /** In square metres. */
  readonly size?: number;
  /** Which kind of room it is. */
  readonly class?: string;
  /** When it was built. */
  readonly built?: Date;
  /**
   * Read a room.
   *
   * `GET /rooms/{roomId}` (`get`)
   *
   * @param options The arguments by name, `requestTimeout` and `signal`.
   * @param onSuccess Gets the result.
   * @param onError Gets the errors that a program can act upon: 404, 409, 412 and 422.
   * @returns Room.
   * @throws {NotFoundException} There is no such room (404).
   */
  get(options?: CallOptions): Promise<Room>;
  get(
    options: CallOptions | undefined,
    onSuccess: SuccessHandler<Room> | undefined,
    onError?: ErrorHandler,
  ): Promise<Room | undefined>;
  /**
   * Build a room.
   *
   * `POST /rooms/{roomId}` (`build`)
   *
   * @param options The arguments by name, `requestTimeout` and `signal`.
   * @param onSuccess Gets the result.
   * @param onError Gets the errors that a program can act upon: 404, 409, 412 and 422.
   * @returns Room.
   * @throws {IllegalInputException} The title is missing (400).
   * @throws {IllegalStateException} There is such a room already (409).
   * @throws {HouseServerException} The house is full (500).
   */
  build(options: Omit<RoomsBuildOptions, "roomId">): Promise<Room>;
  build(
    options: Omit<RoomsBuildOptions, "roomId">,
    onSuccess: SuccessHandler<Room> | undefined,
    onError?: ErrorHandler,
  ): Promise<Room | undefined>;
  /**
   * Change a room.
   *
   * `PUT /rooms/{roomId}` (`update`)
   *
   * @param options The arguments by name, `requestTimeout` and `signal`.
   * @param onSuccess Gets the result.
   * @param onError Gets the errors that a program can act upon: 404, 409, 412 and 422.
   * @throws {NotFoundException} There is no such room (404).
   */
  update(options: Omit<RoomsUpdateOptions, "roomId">): Promise<void>;
  update(
    options: Omit<RoomsUpdateOptions, "roomId">,
    onSuccess: SuccessHandler<void> | undefined,
    onError?: ErrorHandler,
  ): Promise<void>;
  /**
   * Take a picture of a room.
   *
   * `GET /rooms/{roomId}/picture` (`getPicture`)
   *
   * @param options The arguments by name, `requestTimeout`, `signal` and `progress`.
   * @param onSuccess Gets the result.
   * @param onError Gets the errors that a program can act upon: 404, 409, 412 and 422.
   * @returns The content.
   * @throws {NotFoundException} There is no such room (404).
   * @throws {HouseUnknownException} It is dark (503).
   */
  getPicture(options?: Omit<RoomsGetPictureOptions, "roomId">): Promise<Uint8Array>;
  getPicture(
    options: Omit<RoomsGetPictureOptions, "roomId"> | undefined,
    onSuccess: SuccessHandler<Uint8Array> | undefined,
    onError?: ErrorHandler,
  ): Promise<Uint8Array | undefined>;
  /**
   * Take a picture of a room.
   *
   * `GET /rooms/{roomId}/picture` (`getPicture`)
   *
   * @param options The arguments by name, `requestTimeout`, `signal` and `progress`.
   * @returns The content, as it arrives.
   * @throws {NotFoundException} There is no such room (404).
   * @throws {HouseUnknownException} It is dark (503).
   */
  getPictureStream(
    options?: Omit<RoomsGetPictureOptions, "roomId">,
  ): Promise<ReadableStream<Uint8Array>>;
}

/** A lamp. */
export class Lamp extends HouseObject {
  /** The room it hangs in. */
  readonly room: string;
  /** Its name in that room. */
  readonly name: string;
  /** What it takes. */
  readonly watts?: number;
  /** Whether it gives light. */
  readonly on: boolean;
  /** Whatever the maker thought of. */
  readonly options?: Record<string, any>;
  /**
   * Read a lamp.
   *
   * `GET /lamps/{roomId}/{lamp}` (`get`; since 1.0, 1.2)
   *
   * @param options The arguments by name, `requestTimeout` and `signal`.
   * @param onSuccess Gets the result.
   * @param onError Gets the errors that a program can act upon: 404, 409, 412 and 422.
   * @returns Lamp.
   * @throws {NotFoundException} There is no such lamp (404).
   */
  get(options?: CallOptions): Promise<Lamp>;
  get(
    options: CallOptions | undefined,
    onSuccess: SuccessHandler<Lamp> | undefined,
    onError?: ErrorHandler,
  ): Promise<Lamp | undefined>;
  /**
   * Switch a lamp, or say """why\not""".
   *
   * `PUT /lamps/{roomId}/{lamp}` (`switch`)
   *
   * @param options The arguments by name, `requestTimeout` and `signal`.
   * @param onSuccess Gets the result.
   * @param onError Gets the errors that a program can act upon: 404, 409, 412 and 422.
   * @throws {NotFoundException} There is no such lamp (404).
   * @throws {IllegalStateException} It has no bulb (412).
   * @throws {RequestRejectedException} It cannot have that colour (422).
   */
  switch(options: Omit<LampsSwitchOptions, "roomId" | "lamp">): Promise<void>;
  switch(
    options: Omit<LampsSwitchOptions, "roomId" | "lamp">,
    onSuccess: SuccessHandler<void> | undefined,
    onError?: ErrorHandler,
  ): Promise<void>;
}

/** What every message has. */
export class News extends Model {
  /** What happened. */
  readonly type: string;
  /** When. */
  readonly at: Date;
}

/** Somebody switched a lamp. */
export class LampSwitched extends News {
  /** The lamp, as it is now. */
  readonly lamp: Lamp;
  /** The room it hangs in. */
  readonly room?: Room;
}

/** There is a new room. */
export class RoomBuilt extends News {
  /** The room. */
  readonly room: Room;
}

/** A room was torn down. */
export class RoomGone extends News {
  /** The room. */
  readonly room: Room;
}

/** Another reader has come under the same name. */
export class ReaderReplaced extends News {}

/** The options of `rooms.list`. */
export interface RoomsListOptions extends CallOptions {
  /** Only rooms on these floors. From 0 to 12. */
  floor?: number | undefined;
  /** Only rooms of this class. */
  class?: Class | undefined;
  /** Only rooms with one of these tags. */
  tags?: string | readonly string[] | undefined;
}

/** The options of `rooms.get`. */
export interface RoomsGetOptions extends CallOptions {
  /** The room. */
  roomId: string | Room;
}

/** The options of `rooms.build`. */
export interface RoomsBuildOptions extends CallOptions {
  /** The id it shall have. */
  roomId: string | Room;
  /** What is on the door. */
  title: string;
  /** Names and values. */
  settings?: TextValues | undefined;
}

/** The options of `rooms.update`. */
export interface RoomsUpdateOptions extends CallOptions {
  /** The room. */
  roomId: string | Room;
  /** What shall be different. */
  change: Record<string, any>;
}

/** The options of `rooms.getPicture`. */
export interface RoomsGetPictureOptions extends TransferOptions {
  /** The room. */
  roomId: string | Room;
  /** The corner to take it from. The server's default: door. */
  from?: string | undefined;
}

/** Rooms, and the lamps in them. */
export interface Rooms {
  /**
   * List the rooms.
   *
   * The order is that of the doors.
   *
   * `GET /rooms` (`list`)
   *
   * @param options The arguments by name, `requestTimeout` and `signal`.
   * @param onSuccess Gets the result.
   * @param onError Gets the errors that a program can act upon: 404, 409, 412 and 422.
   * @returns Room[].
   */
  list(options?: RoomsListOptions): Promise<Room[]>;
  list(
    options: RoomsListOptions | undefined,
    onSuccess: SuccessHandler<Room[]> | undefined,
    onError?: ErrorHandler,
  ): Promise<Room[] | undefined>;
  /**
   * Read a room.
   *
   * `GET /rooms/{roomId}` (`get`)
   *
   * @param options The arguments by name, `requestTimeout` and `signal`.
   * @param onSuccess Gets the result.
   * @param onError Gets the errors that a program can act upon: 404, 409, 412 and 422.
   * @returns Room.
   * @throws {NotFoundException} There is no such room (404).
   */
  get(options: RoomsGetOptions): Promise<Room>;
  get(
    options: RoomsGetOptions,
    onSuccess: SuccessHandler<Room> | undefined,
    onError?: ErrorHandler,
  ): Promise<Room | undefined>;
  /**
   * Build a room.
   *
   * `POST /rooms/{roomId}` (`build`)
   *
   * @param options The arguments by name, `requestTimeout` and `signal`.
   * @param onSuccess Gets the result.
   * @param onError Gets the errors that a program can act upon: 404, 409, 412 and 422.
   * @returns Room.
   * @throws {IllegalInputException} The title is missing (400).
   * @throws {IllegalStateException} There is such a room already (409).
   * @throws {HouseServerException} The house is full (500).
   */
  build(options: RoomsBuildOptions): Promise<Room>;
  build(
    options: RoomsBuildOptions,
    onSuccess: SuccessHandler<Room> | undefined,
    onError?: ErrorHandler,
  ): Promise<Room | undefined>;
  /**
   * Change a room.
   *
   * `PUT /rooms/{roomId}` (`update`)
   *
   * @param options The arguments by name, `requestTimeout` and `signal`.
   * @param onSuccess Gets the result.
   * @param onError Gets the errors that a program can act upon: 404, 409, 412 and 422.
   * @throws {NotFoundException} There is no such room (404).
   */
  update(options: RoomsUpdateOptions): Promise<void>;
  update(
    options: RoomsUpdateOptions,
    onSuccess: SuccessHandler<void> | undefined,
    onError?: ErrorHandler,
  ): Promise<void>;
  /**
   * Take a picture of a room.
   *
   * `GET /rooms/{roomId}/picture` (`getPicture`)
   *
   * @param options The arguments by name, `requestTimeout`, `signal` and `progress`.
   * @param onSuccess Gets the result.
   * @param onError Gets the errors that a program can act upon: 404, 409, 412 and 422.
   * @returns The content.
   * @throws {NotFoundException} There is no such room (404).
   * @throws {HouseUnknownException} It is dark (503).
   */
  getPicture(options: RoomsGetPictureOptions): Promise<Uint8Array>;
  getPicture(
    options: RoomsGetPictureOptions,
    onSuccess: SuccessHandler<Uint8Array> | undefined,
    onError?: ErrorHandler,
  ): Promise<Uint8Array | undefined>;
  /**
   * Take a picture of a room.
   *
   * `GET /rooms/{roomId}/picture` (`getPicture`)
   *
   * @param options The arguments by name, `requestTimeout`, `signal` and `progress`.
   * @returns The content, as it arrives.
   * @throws {NotFoundException} There is no such room (404).
   * @throws {HouseUnknownException} It is dark (503).
   */
  getPictureStream(options: RoomsGetPictureOptions): Promise<ReadableStream<Uint8Array>>;
  /**
   * List the rooms.
   *
   * The same as `rooms.list`.
   *
   * @param options The arguments by name, `requestTimeout` and `signal`.
   * @param onSuccess Gets the result.
   * @param onError Gets the errors that a program can act upon: 404, 409, 412 and 422.
   * @returns Room[].
   */
  getRooms(options?: RoomsListOptions): Promise<Room[]>;
  getRooms(
    options: RoomsListOptions | undefined,
    onSuccess: SuccessHandler<Room[]> | undefined,
    onError?: ErrorHandler,
  ): Promise<Room[] | undefined>;
}

/** The options of `lamps.get`. */
export interface LampsGetOptions extends CallOptions {
  /** The room it hangs in. */
  roomId: string | Room;
  /** Its name in the room. */
  lamp: string;
}

/** The options of `lamps.switch`. */
export interface LampsSwitchOptions extends CallOptions {
  /** The room it hangs in. */
  roomId: string | Room;
  /** Its name in the room. */
  lamp: string;
  /** Whether it shall give light. */
  on: boolean;
  /** Its colour. The server's default: white. */
  colour?: Colour | undefined;
  /** What the house's log shall say. */
  xReason?: string | undefined;
  /** In per cent. From 0 to 100. */
  brightness?: number | undefined;
}

/** Lamps. */
export interface Lamps {
  /**
   * Read a lamp.
   *
   * `GET /lamps/{roomId}/{lamp}` (`get`; since 1.0, 1.2)
   *
   * @param options The arguments by name, `requestTimeout` and `signal`.
   * @param onSuccess Gets the result.
   * @param onError Gets the errors that a program can act upon: 404, 409, 412 and 422.
   * @returns Lamp.
   * @throws {NotFoundException} There is no such lamp (404).
   */
  get(options: LampsGetOptions): Promise<Lamp>;
  get(
    options: LampsGetOptions,
    onSuccess: SuccessHandler<Lamp> | undefined,
    onError?: ErrorHandler,
  ): Promise<Lamp | undefined>;
  /**
   * Switch a lamp, or say """why\not""".
   *
   * `PUT /lamps/{roomId}/{lamp}` (`switch`)
   *
   * @param options The arguments by name, `requestTimeout` and `signal`.
   * @param onSuccess Gets the result.
   * @param onError Gets the errors that a program can act upon: 404, 409, 412 and 422.
   * @throws {NotFoundException} There is no such lamp (404).
   * @throws {IllegalStateException} It has no bulb (412).
   * @throws {RequestRejectedException} It cannot have that colour (422).
   */
  switch(options: LampsSwitchOptions): Promise<void>;
  switch(
    options: LampsSwitchOptions,
    onSuccess: SuccessHandler<void> | undefined,
    onError?: ErrorHandler,
  ): Promise<void>;
  /**
   * Read a lamp.
   *
   * The same as `lamps.get`.
   *
   * @param roomIdAndLamp Which one: its id, or the object itself.
   * @param options The arguments by name, `requestTimeout` and `signal`.
   * @param onSuccess Gets the result.
   * @param onError Gets the errors that a program can act upon: 404, 409, 412 and 422.
   * @returns Lamp.
   * @throws {NotFoundException} There is no such lamp (404).
   */
  getLamp(
    roomIdAndLamp: string | Lamp,
    options?: Omit<LampsGetOptions, "roomId" | "lamp">,
  ): Promise<Lamp>;
  getLamp(
    roomIdAndLamp: string | Lamp,
    options: Omit<LampsGetOptions, "roomId" | "lamp"> | undefined,
    onSuccess: SuccessHandler<Lamp> | undefined,
    onError?: ErrorHandler,
  ): Promise<Lamp | undefined>;
}

/** The options of `news.watch`. */
export interface NewsResourceWatchOptions extends CallOptions {
  /** Who listens. */
  reader: string;
  /** The rooms. */
  roomId: string | Room | readonly (string | Room)[];
}

/** The options of `news.unwatch`. */
export interface NewsResourceUnwatchOptions extends CallOptions {
  /** Who listens. */
  reader: string;
  /** The rooms. */
  roomId: string | Room | readonly (string | Room)[];
}

/** What happens in the house. */
export interface NewsResource {
  /**
   * Hear of a room.
   *
   * `POST /news/{reader}/watch` (`watch`)
   *
   * @param options The arguments by name, `requestTimeout` and `signal`.
   * @param onSuccess Gets the result.
   * @param onError Gets the errors that a program can act upon: 404, 409, 412 and 422.
   */
  watch(options: NewsResourceWatchOptions): Promise<void>;
  watch(
    options: NewsResourceWatchOptions,
    onSuccess: SuccessHandler<void> | undefined,
    onError?: ErrorHandler,
  ): Promise<void>;
  /**
   * Hear of a room no more.
   *
   * `DELETE /news/{reader}/watch` (`unwatch`)
   *
   * @param options The arguments by name, `requestTimeout` and `signal`.
   * @param onSuccess Gets the result.
   * @param onError Gets the errors that a program can act upon: 404, 409, 412 and 422.
   */
  unwatch(options: NewsResourceUnwatchOptions): Promise<void>;
  unwatch(
    options: NewsResourceUnwatchOptions,
    onSuccess: SuccessHandler<void> | undefined,
    onError?: ErrorHandler,
  ): Promise<void>;
}

/** What a library is made with. */
export interface HouseOptions {
  /** The API's URL, such as `http://localhost:9000/house`. */
  apiUrl: string | URL;
  /** The user name, if the server asks for one. */
  username?: string | undefined;
  /** The user's password. */
  password?: string | undefined;
  /** Who listens. */
  reader?: string | readonly string[];
  /** Milliseconds that a call waits for the server before it fails; 30000 if left out. */
  timeout?: number | undefined;
  /** TLS settings as Node's `https` takes them, such as `{ ca }`. */
  tls?: Record<string, unknown> | undefined;
  /** A WebSocket class to use instead of the platform's. */
  WebSocket?: unknown;
  /** How long things take; for tests, and for networks unlike others. */
  intervals?: Intervals | undefined;
}

/**
 * House
 *
 * A house with rooms and lamps.
 */
export class House {
  /** Rooms, and the lamps in them. */
  readonly rooms: Rooms;
  /** Lamps. */
  readonly lamps: Lamps;
  /** What happens in the house. */
  readonly news: NewsResource;
  /** Settles where the API is and how it is reached; nothing is sent yet. */
  constructor(options: HouseOptions);
  /** Lets go of the connections. The library may still be used, and opens new ones. */
  close(): void;
  /** How the event connection is. */
  readonly state: "closed" | "connecting" | "connected" | "reconnecting" | "replaced";
  /** Open the event connection; a connection that is lost later is made again, without limit. */
  connect(): Promise<void>;
  /** Serve events until `stop` is called; connect first if need be. */
  run(): Promise<void>;
  /** Close the event connection and end `run`. */
  stop(): void;
  /**
   * List the rooms.
   *
   * The same as `rooms.list`.
   *
   * @param options The arguments by name, `requestTimeout` and `signal`.
   * @param onSuccess Gets the result.
   * @param onError Gets the errors that a program can act upon: 404, 409, 412 and 422.
   * @returns Room[].
   */
  getRooms(options?: RoomsListOptions): Promise<Room[]>;
  getRooms(
    options: RoomsListOptions | undefined,
    onSuccess: SuccessHandler<Room[]> | undefined,
    onError?: ErrorHandler,
  ): Promise<Room[] | undefined>;
  /**
   * Read a lamp.
   *
   * The same as `lamps.get`.
   *
   * @param roomIdAndLamp Which one: its id, or the object itself.
   * @param options The arguments by name, `requestTimeout` and `signal`.
   * @param onSuccess Gets the result.
   * @param onError Gets the errors that a program can act upon: 404, 409, 412 and 422.
   * @returns Lamp.
   * @throws {NotFoundException} There is no such lamp (404).
   */
  getLamp(
    roomIdAndLamp: string | Lamp,
    options?: Omit<LampsGetOptions, "roomId" | "lamp">,
  ): Promise<Lamp>;
  getLamp(
    roomIdAndLamp: string | Lamp,
    options: Omit<LampsGetOptions, "roomId" | "lamp"> | undefined,
    onSuccess: SuccessHandler<Lamp> | undefined,
    onError?: ErrorHandler,
  ): Promise<Lamp | undefined>;
  /**
   * A Room that does not exist yet.
   *
   * Its id is made here, so that handlers can be put on it before the server knows of it, and no
   * event is missed; then one of its own operations creates it.
   *
   * @param roomId The id it shall have; made here if left out.
   */
  newRoom(roomId?: string): Room;
}
export interface House extends EventSource {}
