/** A2: does a reference name exactly the people it should, and is Slack asked no more than needed? */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { People } from "../../../src/notify/notifier.ts";
import { anyoneWith, parseReference } from "../../../src/notify/slack/reference.ts";
import { createSlackPeople } from "../../../src/notify/slack/slack-people.ts";
import { startSlack, user, type SlackStandIn } from "./slack-stand-in.ts";

const minuteMs = 60_000;
let slack: SlackStandIn;
let people: People;
let time: number;

beforeEach(async () => {
  slack = await startSlack();
  slack.users.push(
    user("U1", "Dana@Example.com".toLowerCase(), "Dana Reyes"),
    user("U2", "lee@example.com", "Lee Ames"),
    user("U3", "gone@example.com", "Gone", { deleted: true }),
    user("U4", "bot@example.com", "Bot", { is_bot: true }),
  );
  slack.groups.push({ id: "S1", handle: "revops-leads", users: ["U1", "U2", "U3"] });
  time = 0;
  const roles = {
    revops_lead: ["lee@example.com", "group:revops-leads", "user:U1"],
    circle: ["role:revops_lead"],
    nobody: [],
  };
  people = createSlackPeople({ client: slack.client, roles, clock: { now: () => time } });
});
afterEach(() => slack.close());

async function ids(reference: string): Promise<string[]> {
  return (await people.resolve({ reference })).map(({ user_id }) => user_id).toSorted();
}

describe("a reference", () => {
  it.each([
    ["dana@example.com", ["U1"]],
    [" DANA@example.com ", ["U1"]],
    ["user:U2", ["U2"]],
    ["group:revops-leads", ["U1", "U2"]],
    ["group:@revops-leads", ["U1", "U2"]],
    ["role:revops_lead", ["U1", "U2"]],
    ["role:nobody", []],
    ["group:nobody", []],
    ["user:U99", []],
    ["stranger@example.com", []],
    ["gone@example.com", []],
    ["bot@example.com", []],
  ])("%s names %j", async (reference, expected) => {
    expect(await ids(reference)).toEqual(expected);
  });

  it.each(["", "dana", "role:", "team:x", "a@b@c", "user: "])(
    "%j can't be read and says how to write one",
    async (reference) => {
      await expect(people.resolve({ reference })).rejects.toThrow(
        /Use a mail address, user:ID, group:HANDLE or role:NAME/,
      );
    },
  );

  it("to a role that isn't there gets the nearest one, and a role within a role is refused", async () => {
    await expect(people.resolve({ reference: "role:revop_lead" })).rejects.toThrow("Did you mean role:revops_lead?");
    await expect(people.resolve({ reference: "role:constructor" })).rejects.toThrow("There is no role constructor");
    await expect(people.resolve({ reference: "role:circle" })).rejects.toThrow("names a role");
  });

  it.each([
    ["dana@example.com", "Dana Reyes"],
    ["stranger@example.com", "stranger@example.com"],
    ["user:U2", "Lee Ames"],
    ["group:csm", "the group csm"],
    ["role:revops_lead", "a RevOps lead"],
  ])("%s is called %s", async (reference, label) => {
    expect(await people.label({ reference })).toBe(label);
  });

  it("has the right article", () => {
    expect(["operator", "account_manager", "revops_lead", "user", "csm", "am", "vp_sales"].map(anyoneWith)).toEqual([
      "an operator",
      "an account manager",
      "a RevOps lead",
      "a user",
      "a CSM",
      "an AM",
      "a VP sales",
    ]);
    expect(parseReference("group:@csm")).toEqual({ kind: "group", handle: "csm" });
  });
});

describe("what Slack said", () => {
  it("holds for some minutes of the injected clock, and for all who ask at once", async () => {
    await Promise.all([people.find({ email: "dana@example.com" }), people.find({ email: "Dana@example.com" })]);
    time = 4 * minuteMs;
    await people.find({ email: "dana@example.com" });
    expect(slack.called("users.lookupByEmail")).toBe(1);
    time = 5 * minuteMs;
    await people.find({ email: "dana@example.com" });
    expect(slack.called("users.lookupByEmail")).toBe(2);
  });

  it("of somebody who isn't there holds shorter: they may just be joining", async () => {
    expect(await people.find({ userId: "U5" })).toBeNull();
    slack.users.push(user("U5", "new@example.com", "New"));
    time = minuteMs;
    expect(await people.find({ userId: "U5" })).toEqual({ user_id: "U5", email: "new@example.com", name: "New" });
  });

  it("isn't kept when it was an error, which may be tried again", async () => {
    slack.troubles.push({ method: "users.info", status: 500 });
    await expect(people.find({ userId: "U1" })).rejects.toMatchObject({ failure: { error: "Agent.Unavailable" } });
    expect(await people.find({ userId: "U1" })).toMatchObject({ name: "Dana Reyes" });
  });

  it("of a group that can't be read is an error, never an empty group", async () => {
    slack.troubles.push({ method: "usergroups.users.list", status: 503 });
    await expect(ids("group:revops-leads")).rejects.toMatchObject({ failure: { error: "Agent.Unavailable" } });
  });
});
