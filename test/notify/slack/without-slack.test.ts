import { describe, expect, test } from "vitest";
import { noConfiguration } from "../../../src/app/configuration.ts";
import { contactRules } from "../../../src/app/contact-rules.ts";
import { deliveryNotifiers } from "../../../src/app/delivery.ts";
import type { Effect } from "../../../src/flow/effect.ts";
import {
  notifierWithoutSlack,
  peopleWithoutSlack,
  presenterWithoutSlack,
} from "../../../src/notify/slack/without-slack.ts";

const people = peopleWithoutSlack({ roles: { lead: ["Lead@Example.com", "group:csm"], own: ["role:lead"] } });
const message: Effect = { kind: "slack_message", to: { kind: "person", email: "a@example.com" }, text: "x" };
const call = (effect: Effect) => ({ key: "k", effect, now: 0, signal: new AbortController().signal });
const refusal = { failure: { error: "Effect.Refused", cause: expect.stringContaining("No Slack is set up") } };

describe("without Slack", () => {
  test("is a message refused by name, and so is a mail that would be one?", async () => {
    await expect(notifierWithoutSlack.perform(call(message))).rejects.toMatchObject(refusal);
    const contacts = contactRules(noConfiguration);
    const [mail] = deliveryNotifiers({ smtp: null, calendar: null, slack: notifierWithoutSlack, contacts });
    const effect: Effect = { kind: "email", to: "a@example.com", subject: "s", html: "h", text: "t" };
    await expect(mail?.perform(call(effect))).rejects.toMatchObject(refusal);
  });

  test("is somebody the same person however their address is written, by mail, role and id?", async () => {
    const found = await people.find({ email: " LEAD@example.com " });
    expect(found).toEqual({ user_id: "lead@example.com", email: "lead@example.com", name: "lead@example.com" });
    expect(await people.resolve({ reference: "role:lead" })).toEqual([
      found,
      { user_id: "group:csm", email: null, name: "the group csm" },
    ]);
    expect(await people.resolve({ reference: "user:U012ABC" })).toMatchObject([{ user_id: "U012ABC", email: null }]);
    expect(await people.label({ reference: "role:lead" })).toBe("a lead");
  });

  test("is an unknown role told, with the nearest one, and one within another refused?", async () => {
    await expect(people.resolve({ reference: "role:laed" })).rejects.toThrow("Did you mean role:lead?");
    await expect(people.resolve({ reference: "role:own" })).rejects.toThrow("names a role");
  });

  test("says the presenter that it shows nothing, so that nothing is recorded as shown?", () => {
    expect(presenterWithoutSlack.isAbsent).toBe(true);
  });
});
