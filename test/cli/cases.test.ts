/** `cases`: what is open, by whose customers and how it stands; one document for programs. */
import { afterEach, beforeEach, expect, it } from "vitest";
import { sampleCase, start } from "../state/sample-records.ts";
import { rowsOf, sitDown, type Sitting } from "./terminal-line.ts";

let sitting: Sitting;
beforeEach(async () => {
  sitting = await sitDown();
});
afterEach(() => sitting.close());

const by = { user_id: "U1", email: "dana@example.com", name: "Dana Reyes" };

const of = (id: string, arr: number) => ({
  ...sampleCase().customer,
  id,
  name: `Customer \u001B[31m${id}`,
  arr,
});

it("lists what is open, those with most at stake first, and filters it", async () => {
  const { line, json, app } = sitting;
  expect((await line("cases")).out).toBe("There is no such case.\n");
  await app(async ({ harness }) => {
    const { store } = harness;
    const snooze = { until: start + 86_400_000, at: start, by, reason: "budget" };
    await store.putCase({ record: sampleCase({ customer: of("small", 1_000) }) });
    await store.putCase({ record: sampleCase({ customer: of("large", 90_000), status: "snoozed", snooze }) });
    await store.putCase({
      record: sampleCase({ reason: "churn_risk", customer: of("small", 1_000), status: "closed" }),
    });
  });
  const { code, out } = await line("cases");
  expect({
    code,
    names: rowsOf(out)
      .slice(1)
      .map((row) => row.split(" | ")[0]),
  }).toEqual({
    code: 0,
    names: ["Customer large", "Customer small"].map((name) => expect.stringContaining(name.slice(9))),
  });
  expect(out).not.toContain("\u001B");
  expect(await json("cases", "--status", "snoozed")).toMatchObject({
    total: 1,
    cases: [
      { case_id: "renewal_risk:large", status: "snoozed", set_aside_by: "Dana Reyes", set_aside_because: "budget" },
    ],
  });
  expect(await json("cases", "--owner", "nobody@example.com")).toEqual({ cases: [], total: 0 });
  expect(await json("cases", "--status", "closed", "--reason", "churn_risk")).toMatchObject({ total: 1 });
});
