/** The world of the testing framework, and the people whom the engine's tests know. */
import type { Person } from "../../src/flow/person.ts";
import type { Notifier, People, Presenter } from "../../src/notify/notifier.ts";
import { recordingPorts, type Process, type World } from "../../src/testing/world.ts";

export { World, type Fault, type Process } from "../../src/testing/world.ts";

export const dana: Person = { user_id: "UDANA", email: "dana@example.com", name: "Dana Reyes" };
export const lead: Person = { user_id: "ULEAD", email: "lead@example.com", name: "Morgan Lee" };
export const second: Person = { user_id: "USECOND", email: "second@example.com", name: "Kim Second" };
export const outsider: Person = { user_id: "UOUT", email: "out@example.com", name: "Riley Quinn" };
const everybody = [dana, lead, second, outsider];

const roles: Record<string, Person[]> = { "role:revops_lead": [lead, second], "role:operator": [lead] };

export function worldPorts(
  world: World,
  process: Process,
): { notifiers: Notifier[]; presenter: Presenter; people: People } {
  return { ...recordingPorts(world, process), people: people() };
}

function resolve(reference: string): Person[] {
  if (reference.startsWith("role:")) return roles[reference] ?? [];
  return everybody.filter(({ email, user_id }) => email === reference || `user:${user_id}` === reference);
}

function people(): People {
  return {
    find: (by) =>
      Promise.resolve(
        everybody.find((person) => ("email" in by ? person.email === by.email : person.user_id === by.userId)) ?? null,
      ),
    resolve: ({ reference }) => Promise.resolve(resolve(reference)),
    label: ({ reference }) =>
      Promise.resolve(reference === "role:revops_lead" ? "a RevOps lead" : (resolve(reference)[0]?.name ?? reference)),
  };
}
