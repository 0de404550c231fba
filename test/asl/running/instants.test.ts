/** Is the instant that a flow waits for the same on both engines, however it is written? */
import { expect, it } from "vitest";
import { parseInstant } from "../../../src/flow/instant.ts";
import { flow, waitStep } from "../../engine/flows.ts";
import { play, told } from "./play.ts";

const definition = flow([waitStep("pause", { until: "${input.at}" })]);

it.each([
  "2026-12-04T09:00:00Z",
  "2026-12-04T09:00Z",
  "2026-12-04T09:00+01:00",
  "2026-12-04T09:00-0330",
  "2026-12-04 09:00:00+01:00",
  " 2026-12-04t09:00:00.5z\n",
  "2026-12-04T09:00:00.123456Z",
  "2020-02-29T23:59:59Z",
])("%s", async (at) => {
  const instant = parseInstant({ value: at, timezone: "UTC" });
  const until = new Date(instant ?? Number.NaN).toISOString();
  const played = await play(definition, undefined, { input: { at } });
  expect(told(played)).toMatchObject({ pause: { status: "succeeded", output: { waited_until: until } } });
  expect(played.stoppedAt).toBe(Math.max(played.startedAt, instant ?? Number.NaN));
});

it.each(["2026-12-04", "2026-12-04T09:00", "tomorrow", "T09:00Z", "", 7, true, null, ["2026-12-04T09:00:00Z"]])(
  "%j has no offset, or is none: the step says what it needs",
  async (at) => {
    const played = await play(definition, undefined, { input: { at } });
    expect(played).toMatchObject({ status: "FAILED", error: "Expression.Failed" });
    expect(played.cause).toBe("pause needs an instant with its offset, such as 2026-12-04T09:00:00Z.");
  },
);

it.each(["2026-13-04T09:00:00Z", "2026-12-04T25:00:00Z", "2026-02-30T09:00:00Z", "2026-12-04T09:00:00+99:00"])(
  "%s is on no calendar",
  async (at) => {
    const played = await play(definition, undefined, { input: { at } });
    expect([parseInstant({ value: at, timezone: "UTC" }), played.error]).toEqual([null, "Expression.Failed"]);
  },
);
