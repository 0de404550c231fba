/** Does a task reach its owner alone, with a day that is still to come? */
import { expect, it } from "vitest";
import { createTask } from "../../../src/agents/local/execution/create-task.ts";
import type { JsonObject } from "../../../src/flow/json.ts";
import { customerWith, failureOf, requestFor } from "../support.ts";

const task = { owner: "Dana@example.com", title: "Call the champion" };

const asked = (parameters: JsonObject, fields: Parameters<typeof requestFor>[1] = {}) =>
  createTask().invoke(requestFor("create_task", { ...fields, parameters: { ...task, ...parameters } }));

it("plans one direct message to the owner, names and notes as text", async () => {
  const customer = customerWith({ name: "<!channel> & Co" });
  const { output, effects } = await asked({ title: "Call\n<@U1>", notes: "Line 1\nLine 2" }, { customer });
  expect(output).toEqual({ owner: "dana@example.com", title: "Call <@U1>", due_date: "2026-11-30" });
  expect(effects).toEqual([
    {
      target: "slack:dana@example.com",
      effect: {
        kind: "slack_message",
        to: { kind: "person", email: "dana@example.com" },
        text: "*Task for you, by 30 Nov* · &lt;!channel&gt; &amp; Co\nCall &lt;@U1&gt;\nLine 1\nLine 2",
      },
    },
  ]);
});

it("is due by the day in the flow's zone; today still counts", async () => {
  const now = Date.parse("2026-11-23T23:30:00Z");
  const fields = { now, timezone: "Asia/Tokyo" };
  expect((await asked({ due_in_days: 0 }, fields)).output).toMatchObject({ due_date: "2026-11-24" });
  expect((await asked({ due_date: "2026-11-24" }, fields)).output).toMatchObject({ due_date: "2026-11-24" });
  const failure = await failureOf(asked({ due_date: "2026-11-23" }, fields));
  expect(failure.cause).toBe("due_date 2026-11-23 has passed: today is 2026-11-24 in Asia/Tokyo.");
});

it.each<[JsonObject, string]>([
  [{ owner: null }, "Recipient.Missing"],
  [{ owner: "a@b.co, evil@z.com" }, "Input.Invalid"],
  [{ owner: "#renewals" }, "Input.Invalid"],
  [{ title: " " }, "Input.Invalid"],
  [{ due_date: "2026-12-01", due_in_days: 3 }, "Input.Invalid"],
  [{ due_date: "tomorrow" }, "Input.Invalid"],
  [{ due_in_days: -1 }, "Input.Invalid"],
])("%j fails as %s", async (parameters, error) => {
  expect((await failureOf(asked(parameters))).error).toBe(error);
});
