/** The people of a test: everybody has the mail address that names them, and a role that nobody was given has one person. */
import type { Person } from "../flow/person.ts";
import type { People } from "../notify/notifier.ts";

/** Mail addresses and `user:ID`, by role, without `role:`. */
export type TestRoles = Readonly<Record<string, readonly string[]>>;

export function testPeople(roles: TestRoles): People {
  const resolve = (reference: string): Person[] => {
    const role = /^role:(.+)$/.exec(reference)?.[1];
    if (role !== undefined) return (roles[role] ?? [`${role}@example.com`]).flatMap(resolve);
    const named = /^(?:user|group):(.+)$/.exec(reference)?.[1];
    return [named === undefined ? personOf(reference) : { user_id: named, email: null, name: named }];
  };
  return {
    find: async (by) => ("email" in by ? personOf(by.email) : personOf(by.userId)),
    resolve: async ({ reference }) => resolve(reference),
    label: async ({ reference }) => reference,
  };
}

function personOf(name: string): Person {
  const plain = name.trim().toLowerCase();
  if (plain.includes("@")) return { user_id: plain, email: plain, name: plain };
  return { user_id: name, email: null, name };
}
