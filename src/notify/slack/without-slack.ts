/**
 * What stands in Slack's place where none is set up: messages are refused by name, cards are not shown, and people are known by
 * what names them in flows and `revops.yml`.
 */
import { FailureError } from "../../flow/failure.ts";
import type { Person } from "../../flow/person.ts";
import type { Notifier, People, Presenter } from "../notifier.ts";
import type { Directory } from "./slack-directory.ts";
import { createPeople, type Roles } from "./slack-people.ts";

const way = "Set SLACK_BOT_TOKEN, with SLACK_APP_TOKEN or SLACK_SIGNING_SECRET.";

export const notifierWithoutSlack: Notifier = {
  kinds: ["slack_message"],
  // Nothing ever begins, so nothing can be in doubt.
  idempotency: "native",
  perform: () => Promise.reject(refusal()),
};

export const presenterWithoutSlack: Presenter = {
  isAbsent: true,
  postCard: () => Promise.reject(refusal()),
  updateCard: () => Promise.reject(refusal()),
  findCard: () => Promise.resolve(null),
};

export function peopleWithoutSlack({ roles }: { roles: Roles }): People {
  return createPeople({ directory, roles });
}

/** A user id stands for itself; so does a group, whose members only Slack knows: so that an approval waits for them. */
const directory: Directory = {
  byEmail: (email) => Promise.resolve(personOf(email.trim().toLowerCase())),
  byId: (userId) =>
    Promise.resolve(userId.includes("@") ? personOf(userId) : { user_id: userId, email: null, name: userId }),
  group: (handle) => Promise.resolve([{ user_id: `group:${handle}`, email: null, name: `the group ${handle}` }]),
};

function personOf(email: string): Person {
  return { user_id: email, email, name: email };
}

function refusal(): FailureError {
  return new FailureError({ error: "Effect.Refused", cause: `No Slack is set up. ${way}` });
}
