/** Slack's people and user groups, remembered for some minutes on the injected clock. */
import type { WebClient } from "@slack/web-api";
import type { Clock } from "../../flow/clock.ts";
import type { Person } from "../../flow/person.ts";
import { isZone } from "../../flow/zone.ts";
import { slackAnswer, slackFailure } from "./slack-failure.ts";

const keptMs = 5 * 60_000;
/** Who isn't there may just be joining. */
const absenceKeptMs = 30_000;
const mostKept = 20_000;

export interface Directory {
  /** Null: nobody who could answer (unknown, left, an app). */
  byEmail(email: string): Promise<Person | null>;
  byId(userId: string): Promise<Person | null>;
  /** Null: unknown, or the profile shows none. */
  zoneByEmail?(email: string): Promise<string | null>;
  /** Empty for a group that isn't there. */
  group(handle: string): Promise<Person[]>;
}

/** What is read of a profile. */
interface Profile {
  id?: string;
  deleted?: boolean;
  is_bot?: boolean;
  name?: string;
  real_name?: string;
  tz?: string;
  profile?: { email?: string; real_name?: string; display_name?: string };
}

export function createSlackDirectory(parameters: { client: WebClient; clock: Pick<Clock, "now"> }): Directory {
  const { client, clock } = parameters;
  const people = createMemory<Known | null>(clock, (known) => (known === null ? absenceKeptMs : keptMs));
  const groups = createMemory<Map<string, string>>(clock, () => keptMs);
  const members = createMemory<string[]>(clock, () => keptMs);
  const known = (email: string) => {
    const address = email.trim().toLowerCase();
    return people(address, () => lookUp(() => client.users.lookupByEmail({ email: address }), address));
  };
  const byId = async (userId: string) => {
    const found = await people(userId, () => lookUp(() => client.users.info({ user: userId }), userId));
    return found?.person ?? null;
  };
  return {
    byId,
    byEmail: async (email) => (await known(email))?.person ?? null,
    zoneByEmail: async (email) => (await known(email))?.timezone ?? null,
    async group(handle) {
      const id = (await groups("all", () => groupIds(client))).get(handle);
      if (id === undefined) return [];
      const ids = await members(id, () => memberIds(client, id));
      const found = await Promise.all(ids.map((userId) => byId(userId)));
      return found.filter((person) => person !== null);
    },
  };
}

/** What a profile says that matters here. */
interface Known {
  person: Person;
  timezone: string | null;
}

async function lookUp(call: () => Promise<{ user?: Profile }>, subject: string): Promise<Known | null> {
  try {
    const { user } = await call();
    const person = user === undefined ? null : personOf(user);
    const timezone = user?.tz ?? "";
    return person === null ? null : { person, timezone: isZone(timezone) ? timezone : null };
  } catch (error) {
    if (/^(users_not_found|user_not_found|user_not_visible)$/.test(slackAnswer(error) ?? "")) return null;
    throw slackFailure(error, { method: "users.info", subject, posts: false });
  }
}

function personOf({ id, deleted, is_bot, name, real_name, profile }: Profile): Person | null {
  if (id === undefined || deleted === true || is_bot === true) return null;
  const names = [profile?.real_name, real_name, profile?.display_name, name, id];
  return {
    user_id: id,
    email: profile?.email?.toLowerCase() ?? null,
    name: names.find((each) => each !== undefined && each.trim() !== "") ?? id,
  };
}

async function groupIds(client: WebClient): Promise<Map<string, string>> {
  try {
    const { usergroups } = await client.usergroups.list({});
    const named = (usergroups ?? []).flatMap(({ id, handle }) =>
      id === undefined
        ? []
        : ([
            [handle ?? id, id],
            [id, id],
          ] as const),
    );
    return new Map(named);
  } catch (error) {
    throw slackFailure(error, { method: "usergroups.list", subject: "the workspace", posts: false });
  }
}

async function memberIds(client: WebClient, usergroup: string): Promise<string[]> {
  try {
    return (await client.usergroups.users.list({ usergroup })).users ?? [];
  } catch (error) {
    throw slackFailure(error, { method: "usergroups.users.list", subject: `the group ${usergroup}`, posts: false });
  }
}

type Memory<T> = (key: string, read: () => Promise<T>) => Promise<T>;

/** Who asks while an answer is on its way gets the same one; a failed answer is not kept. */
function createMemory<T>(clock: Pick<Clock, "now">, keptFor: (value: T) => number): Memory<T> {
  const kept = new Map<string, { answer: Promise<T>; until: number }>();
  return (key, read) => {
    const known = kept.get(key);
    if (known !== undefined && clock.now() < known.until) return known.answer;
    if (kept.size >= mostKept) kept.clear();
    const entry = { answer: read(), until: Infinity };
    kept.set(key, entry);
    entry.answer.then(
      (value) => (entry.until = clock.now() + keptFor(value)),
      () => kept.get(key) === entry && kept.delete(key),
    );
    return entry.answer;
  };
}
