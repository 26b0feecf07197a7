// A program that uses the libraries of the traits, for tsc: it is never run. A mistake that is not found makes its
// comment an error.
import { TraitsBytes } from "traits-bytes";
import {
  Cat,
  Company,
  Dog,
  Message,
  Person,
  TraitsChoices,
  type CatInput,
  type DogInput,
} from "traits-choices";
import { TraitsClients } from "traits-clients";
import { Place, TraitsFiles, type BinaryContent, type FileUpload } from "traits-files";
import { Order, TraitsForms } from "traits-forms";
import { Group, TraitsMembers, User, type UserInput } from "traits-members";
import { TraitsNames, VLAN, Vlan } from "traits-names";
import { Person as Somebody, TraitsNulls } from "traits-nulls";
import { TraitsStyles } from "traits-styles";
import { TraitsSwagger2 } from "traits-swagger2";
import { TraitsTokens } from "traits-tokens";

/** Whether two types are one. */
type Same<A, B> =
  (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

function is<A, B>(_same: Same<A, B>): void {}

const apiUrl = "https://server.example/api";
const bytes = new Uint8Array();

{
  const { orders } = new TraitsForms({ apiUrl });
  const order = await orders.place({ article: "x", count: 2, colours: ["red"], due: new Date() });
  is<typeof order, Order>(true);
  await orders.place({ article: "x", address: { town: "B" }, due: "2026-11-22T00:00:00Z" });
  // @ts-expect-error A number is wanted.
  await orders.place({ article: "x", count: "2" });
  // @ts-expect-error The article is needed.
  await orders.place({});
  // @ts-expect-error An address has text only.
  await orders.place({ article: "x", address: { town: 5 } });
}
{
  const { sounds, notes } = new TraitsFiles({ apiUrl });
  const place = new Place({ name: "hall" });
  const stream: ReadableStream<Uint8Array> = new Blob([]).stream();
  async function* pieces(): AsyncGenerator<Uint8Array | string> {
    yield bytes;
  }
  const uploads: FileUpload[] = [bytes, new Blob([]), stream, pieces(), new File([], "a.wav")];
  for (const sound of uploads) await sounds.upload({ sound, title: "x", places: [place] });
  await sounds.upload({ sound: { name: "a.wav", content: "RIFF" }, about: { name: "hall" } });
  await sounds.upload({ sound: bytes, pictures: [bytes, { content: stream }] });
  const contents: BinaryContent[] = [bytes, "text", bytes.buffer, new Blob([]), stream, pieces()];
  for (const body of contents) await sounds.replace({ id: "1", body });
  await notes.write({ id: "1", body: "text" });
  // @ts-expect-error Text alone is no file: is it its name, or what is in it?
  await sounds.upload({ sound: "ring.wav" });
  // @ts-expect-error Nor is a number.
  await sounds.upload({ sound: 5 });
  // @ts-expect-error A place has a name.
  await sounds.upload({ sound: bytes, about: { floor: 1 } });
  const text = await notes.read({ id: "1" });
  is<typeof text, string>(true);
  const content = await sounds.content({ id: "1" });
  is<typeof content, Uint8Array>(true);
}
{
  const { things } = new TraitsStyles({ apiUrl });
  const found = await things.list({ usual: "a", filter: { name: "a" }, xWanted: ["a"] });
  is<typeof found, string[]>(true);
  await things.several({ ids: ["a", "b"], ids_2: 5 });
  // @ts-expect-error Numbers are wanted.
  await things.list({ piped: ["a"] });
}
{
  const { people } = new TraitsNulls({ apiUrl });
  const somebody = await people.get({ id: "1" });
  is<typeof somebody, Somebody | null>(true);
  // @ts-expect-error It may be null.
  console.log(somebody.nick);
  if (somebody) {
    is<typeof somebody.nick, string | null>(true);
    is<typeof somebody.friends, Record<string, number | null> | undefined>(true);
    await people.replace({ id: "1", body: somebody });
  }
  const names = await people.names();
  is<typeof names, Array<string | null>>(true);
  await people.change({
    id: "1",
    version: 3,
    nick: null,
    age: null,
    tags: ["a", null],
    home: null,
  });
  await people.change({ id: "1", version: 3, nick: undefined });
  await people.replace({ id: "1", body: null });
  // @ts-expect-error It cannot be null.
  await people.change({ id: "1", version: 3, name: null });
  // @ts-expect-error Nor can this, which is needed.
  await people.change({ id: "1", version: null });
  // @ts-expect-error A query has no null.
  await people.change({ id: "1", version: 3, reason: null });
}
{
  const { keys } = new TraitsBytes({ apiUrl });
  const key = await keys.add({ key: bytes, others: [bytes, "YQ=="], ends: new Date() });
  is<typeof key.key, Uint8Array>(true);
  is<typeof key.others, Record<string, Uint8Array> | undefined>(true);
  const all = await keys.all();
  is<typeof all, Uint8Array[]>(true);
  // @ts-expect-error Bytes, or their base64, are wanted.
  await keys.add({ key: 5 });
}
{
  const { pets, answers, messages } = new TraitsChoices({ apiUrl });
  const pet = await pets.get({ id: 1 });
  is<typeof pet, Cat | Dog>(true);
  if (pet instanceof Cat) is<typeof pet.owner, Person | Company | undefined>(true);
  await pets.get({ id: "rex" });
  const list = await pets.list();
  is<typeof list, Array<Cat | Dog | string>>(true);
  const cat: CatInput = { kind: "Cat", lives: 9 };
  const dog: DogInput = { kind: "Dog", tricks: ["sit"] };
  for (const body of [pet, cat, dog, "gone"]) await pets.put({ id: 1, body });
  const answer = await answers.get({ id: "1" });
  is<typeof answer, number | Date | boolean | Person[] | Company>(true);
  const heard = await messages.list();
  is<typeof heard, Message[]>(true);
  // @ts-expect-error It is neither number nor text.
  await pets.get({ id: true });
  // @ts-expect-error A cat has lives.
  await pets.put({ id: 1, body: { kind: "Cat" as const, claws: 4 } });
}
{
  const { users } = new TraitsMembers({ apiUrl });
  const group = new Group({ title: "A" });
  const user = await users.add({ name: "Al", group, password: "secret" });
  is<typeof user, User>(true);
  is<typeof user.weights, Record<string, number> | undefined>(true);
  is<typeof user.friends, User[] | undefined>(true);
  // eslint-disable-next-line @typescript-eslint/no-deprecated
  await users.replace({ id: 1, body: user, old: true });
  const wanted: UserInput = { name: "Al" };
  await users.replace({ id: 1, body: { ...wanted, name: "Bo" } });
  // @ts-expect-error Only the server sets it.
  await users.add({ name: "Al", id: 5 });
  // @ts-expect-error Here neither.
  await users.replace({ id: 1, body: { id: 5, name: "Al" } });
  const groups = await users.groups();
  is<typeof groups, Record<string, Group>>(true);
}
{
  const { vlans, import_, oddNamesMore } = new TraitsNames({ apiUrl });
  const vlan = await vlans.addAVlan({ tag: 5 });
  is<typeof vlan, VLAN>(true);
  is<typeof vlan.inner, Vlan | undefined>(true);
  await vlans.get({ id: 1, id_2: "x", class: "y", pageSize: 3 });
  await vlans.addPort({ name: "office", speed: 10 });
  // @ts-expect-error It is none of those that are listed.
  await vlans.addPort({ name: "office", speed: 11 });
  const { ports } = await vlans.ports({ vlanId: 1 });
  // What is listed is known, and a server may have others.
  const speed: number | undefined = ports[0]?.speed;
  if (ports[0]?.speed === 2500) console.log(speed);
  await import_.lambda();
  await oddNamesMore.n2nd({ theId: "x", requestTimeout_: 5, requestTimeout: 100 });
}
{
  new TraitsTokens({ apiUrl, username: "me", password: "x", timeout: 5 });
  new TraitsTokens({ apiUrl, token: "t", xApiKey: "k", queryKey: "k" });
  new TraitsTokens({ apiUrl, token: () => "t" });
  new TraitsTokens({ apiUrl, token: async () => "t" });
  // @ts-expect-error A token is text.
  new TraitsTokens({ apiUrl, token: () => 5 });
  new TraitsClients({ apiUrl, clientId: "me", clientSecret: "secret" });
  new TraitsClients({ clientId: "me", clientSecret: "secret" });
  // @ts-expect-error Where is it? The document does not say.
  new TraitsTokens({ token: "t" });
  // @ts-expect-error There are no users.
  new TraitsClients({ apiUrl, username: "me", password: "x" });
  new TraitsSwagger2({ apiUrl, username: "me", password: "x", key: "k" });
}
