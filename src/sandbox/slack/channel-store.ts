/** Channels, with everybody in them but, in one, the bot; and one direct message between each person and the bot. */
import type { DatabaseSync } from "node:sqlite";
import { z } from "zod";
import { inTransaction } from "../store/database.ts";
import type { SettingsStore } from "../store/settings-store.ts";
import type { Identity } from "./identity.ts";
import type { MemberStore } from "./member-store.ts";
import { derivedId } from "./slack-id.ts";

const channelRow = z.object({
  id: z.string(),
  name: z.string(),
  kind: z.enum(["channel", "im"]),
  topic: z.string(),
  /** Of an im: the person; the other is the bot. */
  member: z.string().nullable(),
});

export type Channel = z.infer<typeof channelRow>;

const CHANNELS = [
  { name: "revops", topic: "Flows, progress and questions to the bot" },
  { name: "renewals", topic: "What to do about each renewal: approvals" },
  { name: "churn", topic: "Customers at risk" },
  { name: "general", topic: "Everybody" },
  { name: "finance", topic: "Not the bot: bring it in with /invite @RevOps" },
];
/** As in any workspace, there are channels that nobody invited the bot to. */
const WITHOUT_BOT = derivedId("C", "finance");

export class ChannelStore {
  readonly #channels: Map<string, Channel>;
  readonly #people: MemberStore;
  readonly #identity: Identity;
  readonly #settings: SettingsStore;

  constructor(parameters: {
    database: DatabaseSync;
    people: MemberStore;
    identity: Identity;
    settings: SettingsStore;
    /** Names, beside those that there are anyway. */
    further: readonly string[];
  }) {
    const { database, people, identity, settings, further } = parameters;
    this.#people = people;
    this.#settings = settings;
    this.#identity = identity;
    inTransaction(database, () => saveChannels({ database, people, further }));
    const rows = database
      .prepare("SELECT id, name, kind, topic, member FROM channels ORDER BY kind, position, id")
      .all();
    this.#channels = new Map(rows.map((row) => channelRow.parse(row)).map((channel) => [channel.id, channel]));
  }

  list(): Channel[] {
    return [...this.#channels.values()];
  }

  find(id: string): Channel | null {
    return this.#channels.get(id) ?? null;
  }

  imOf(userId: string): Channel | null {
    return this.find(imId(userId));
  }

  /** As `chat.postMessage` takes it: an id, `#renewals`, `renewals`, or a user's id for the direct message. */
  resolve(reference: string): Channel | null {
    const name = reference.replace(/^#/, "").toLowerCase();
    return (
      this.find(reference) ??
      this.imOf(reference) ??
      this.list().find((channel) => channel.kind === "channel" && channel.name === name) ??
      null
    );
  }

  membersOf(channel: Channel): string[] {
    if (channel.member !== null) return [channel.member, this.#identity.botUserId];
    const people = this.#people.list().map(({ id }) => id);
    return this.hasBot(channel) ? [...people, this.#identity.botUserId] : people;
  }

  hasBot({ id }: Channel): boolean {
    return id !== WITHOUT_BOT || this.#settings.get(`bot_in_${id}`) !== null;
  }

  /** A person brings the bot in, for good. */
  invite({ id }: Channel): void {
    this.#settings.set(`bot_in_${id}`, "yes");
  }
}

function imId(userId: string): string {
  return derivedId("D", userId);
}

function saveChannels(parameters: { database: DatabaseSync; people: MemberStore; further: readonly string[] }): void {
  const { database, people, further } = parameters;
  const save =
    database.prepare(`INSERT INTO channels (id, name, kind, topic, member, position) VALUES (?, ?, ?, ?, ?, ?)
    ON CONFLICT (id) DO UPDATE SET topic = excluded.topic, position = excluded.position`);
  const known = CHANNELS.map(({ name }) => name);
  const others = further.filter((name) => !known.includes(name)).map((name) => ({ name, topic: "" }));
  for (const [position, { name, topic }] of [...CHANNELS, ...others].entries()) {
    save.run(derivedId("C", name), name, "channel", topic, null, position);
  }
  for (const [position, { id }] of people.list().entries()) save.run(imId(id), "", "im", "", id, position);
}
