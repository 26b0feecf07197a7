// A program that uses the realm library, for tsc: it is never run. A mistake that is not found makes its comment an
// error.
import {
  Client,
  Extension,
  NotFoundException,
  RealmJs,
  Record_,
  type ClientExtensions,
  type ClientExtensionsListOptions,
  type RateLimit,
  type RealmException,
  type Sound,
} from "realmjs";

const api = new RealmJs({
  apiUrl: "http://localhost:8080/api/ver1.0",
  clientId: "director",
  clientSecret: "director-secret",
  userType: "client",
});

const client = api.client("@me");
const extensions: ClientExtensions = client.extensions;
const filter: ClientExtensionsListOptions = { extensionGroupId: 1, type: "phone", perPage: 50 };
const found: Extension[] = await api
  .client("@me")
  .extensions.list({ extensionGroupId: 1, type: "phone" });
const others: Extension[] = await extensions.list(filter);
const everybody: Extension[] = await extensions.list();
const one: Extension = await extensions.get(2, { requestTimeout: 1000 });
const changed: Extension = await extensions.update("2", { label: "Bob", extensionGroupId: null });
const none: void = await extensions.delete(2);
const label: string | null | undefined = (await api.extension("@1844*101").phone.get()).label;
const own: Client = await api.clients.clientInfo.get("@me");
const maybe: Extension | undefined = await extensions.get(
  2,
  {},
  ({ name }) => console.log(name),
  (error: RealmException) => console.log(error.status, error.code?.length, error.reason),
);

const time = { startDatetime: "2026-01-01 00:00:00", endDatetime: "2026-12-31 23:59:59" };
for await (const record of api.extensionGroup(14).records.iterate({ ...time, order: "asc" })) {
  const kept: Record_ = record;
  const content: Uint8Array = await client.records.get(kept.record_uuid ?? "", {
    progress: (bytes, total) => console.log(bytes.toFixed(), total?.toFixed()),
  });
  const stream: ReadableStream<Uint8Array> = await client.record("1-a").getStream();
  console.log(content, stream);
}
const login: string | undefined = (await api.user.get()).login;
const calls = client.calls.iterate(time);
const { value } = await calls.next();
console.log(value?.call_uuid);

const sound: Sound = await client.sounds.add({
  title: "Welcome",
  file: new Blob(["RIFF"]),
  progress: async () => {},
});
const { record_url: link } = await client.record("1-a").storageUrl.get();
const content: Uint8Array = await api.fetch(link, { signal: AbortSignal.timeout(50) });
const perhaps: Uint8Array | undefined = await api.fetch(new URL(link), undefined, () => {});
const stream: ReadableStream<Uint8Array> = await api.fetchStream(link, { progress: () => {} });
const limit: RateLimit | null = api.rateLimit;
const left: number | null | undefined = limit?.remaining;
try {
  await extensions.get(999);
} catch (error) {
  if (error instanceof NotFoundException) console.log(error.code);
}
console.log(found, others, everybody, one, changed, none, label, own, maybe, sound, content);
console.log(perhaps, stream, left, login);

// @ts-expect-error There is no such type of user.
new RealmJs({ apiUrl: "http://localhost", userType: "admin" });
// @ts-expect-error The place takes an id.
api.client.extensions;
// @ts-expect-error There is no such place.
api.client(1).extension;
// @ts-expect-error There is no such method.
extensions.remove(2);
// @ts-expect-error There is no such option.
extensions.list({ extensionGroup: 1 });
// @ts-expect-error The value is none of those allowed.
extensions.list({ type: "telephone" });
// @ts-expect-error An id of the path is no option.
extensions.list({ clientId: 1 });
// @ts-expect-error The id is needed.
extensions.get();
// @ts-expect-error It is no member of an object.
extensions.get({ extensionId: 2 });
// @ts-expect-error What is to be added is needed.
extensions.add();
// @ts-expect-error The time is needed.
client.records.list();
// @ts-expect-error An iterator finds the pages itself.
client.records.iterate({ ...time, page: 2 });
// @ts-expect-error Some lists come as a whole.
client.sounds.iterate();
// @ts-expect-error Here is nothing to see progress of.
extensions.list({ progress: () => {} });
// @ts-expect-error The label may not be a number.
extensions.update(2, { label: 5 });
// @ts-expect-error Nobody sets it.
api.rateLimit = null;
// @ts-expect-error With handlers, nothing may come of it.
const certain: Extension = await extensions.get(2, {}, () => {});
console.log(certain);
