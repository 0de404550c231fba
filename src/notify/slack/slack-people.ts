/**
 * Who people are: Slack's profiles and user groups, and the roles of `revops.yml` (A2). What Slack said holds for some minutes,
 * so that a click doesn't wait for it; who was removed from a group may decide for that long.
 */
import type { WebClient } from "@slack/web-api";
import type { Clock } from "../../flow/clock.ts";
import { FailureError } from "../../flow/failure.ts";
import { nearest } from "../../flow/nearest.ts";
import type { Person } from "../../flow/person.ts";
import type { People } from "../notifier.ts";
import { anyoneWith, parseReference, type Reference } from "./reference.ts";
import { createSlackDirectory, type Directory } from "./slack-directory.ts";

/** Role name → mail addresses, `group:HANDLE`, `user:ID`. */
export type Roles = Readonly<Record<string, readonly string[]>>;

export function createSlackPeople(parameters: { client: WebClient; roles: Roles; clock: Pick<Clock, "now"> }): People {
  return createPeople({ directory: createSlackDirectory(parameters), roles: parameters.roles });
}

export function createPeople({ directory, roles }: { directory: Directory; roles: Roles }): People {
  return {
    find: (who) => ("email" in who ? directory.byEmail(who.email) : directory.byId(who.userId)),
    resolve: async ({ reference }) => distinct(await resolve(directory, roles, parseReference(reference))),
    label: ({ reference }) => label(directory, parseReference(reference)),
    zoneOf: async ({ email }) => (await directory.zoneByEmail?.(email)) ?? null,
  };
}

async function resolve(directory: Directory, roles: Roles, reference: Reference): Promise<Person[]> {
  switch (reference.kind) {
    case "email":
      return present(await directory.byEmail(reference.email));
    case "user":
      return present(await directory.byId(reference.userId));
    case "group":
      return directory.group(reference.handle);
    case "role":
      return (
        await Promise.all(membersOf(roles, reference.role).map((each) => resolve(directory, roles, each)))
      ).flat();
    default:
      return reference satisfies never;
  }
}

/** A role is a list of people and groups; one within another could go round in a circle. */
function membersOf(roles: Roles, role: string): Reference[] {
  const members = Object.hasOwn(roles, role) ? roles[role] : undefined;
  if (members === undefined) throw invalid(`There is no role ${role} in revops.yml.${hint(role, Object.keys(roles))}`);
  return members.map((member) => {
    const reference = parseReference(member);
    if (reference.kind === "role") throw invalid(`The role ${role} names a role. Name people and groups there.`);
    return reference;
  });
}

function hint(role: string, known: string[]): string {
  const near = nearest(role, known);
  if (near !== null) return ` Did you mean role:${near}?`;
  return known.length === 0 ? " It has no roles." : ` It has ${known.join(", ")}.`;
}

async function label(directory: Directory, reference: Reference): Promise<string> {
  switch (reference.kind) {
    case "email":
      return (await directory.byEmail(reference.email))?.name ?? reference.email;
    case "user":
      return (await directory.byId(reference.userId))?.name ?? reference.userId;
    case "group":
      return `the group ${reference.handle}`;
    case "role":
      return anyoneWith(reference.role);
    default:
      return reference satisfies never;
  }
}

function distinct(people: readonly Person[]): Person[] {
  return [...new Map(people.map((person) => [person.user_id, person])).values()];
}

function present(person: Person | null): Person[] {
  return person === null ? [] : [person];
}

function invalid(cause: string): FailureError {
  return new FailureError({ error: "Input.Invalid", cause });
}
