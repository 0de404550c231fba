/** Is the alternative text true, plain, and never longer than Slack takes? */
import { describe, expect, test } from "vitest";
import { graphPicture, timelinePicture, type Picture } from "../../../../src/notify/slack/pictures/picture.ts";
import { agentStep, flow } from "../../../engine/flows.ts";
import { now, timezone } from "../sample-cards.ts";
import { completed, execution, pending, renewal } from "./sample-executions.ts";

const hour = 3_600_000;
const timeline = (state = pending()): Picture => timelinePicture({ execution: state, now: now + 2 * hour, timezone });

const part = (index: number, type: string, more = {}) => ({ type, step_id: "tell", part: index, ...more });

describe("in words", () => {
  test("a timeline says about whom, how it stands, since when, and each step", () => {
    expect(timeline().alternativeText).toBe(
      "Timeline of renewal_management 2.0 for Acme Robotics: running. Started Fri 13 Nov 09:00 (America/New_York). " +
        "retrieve_customer_data: done in 42 ms. assess_renewal_risk: done in 35 ms. track_case: done in 2 ms. generate_recommendations: done in 39 ms. " +
        "approve_recommendations: waits for Dana Reyes or a RevOps lead, until Mon 09:00. " +
        "send_notifications: not started. schedule_followup: not started.",
    );
  });

  test("of the parts of a step only what didn't simply go well is said, after its step's name", () => {
    const definition = flow([agentStep("tell", "notify", { for_each: "${[1]}" })]);
    const began = { attempt: 1, parameters: {} };
    const state = execution(
      [
        [0, { type: "items_found", step_id: "tell", items: ["a", "b"] }],
        [0, part(0, "step_started", began)],
        [0, part(1, "step_started", began)],
        [9, part(0, "step_succeeded", { output: {} })],
        [9, part(1, "step_failed", { failure: { error: "Input.Invalid", cause: "no" } })],
      ],
      { definition },
    );
    const { alternativeText } = timeline(state);
    expect(alternativeText).toContain(" tell: 1 of 2 done, 1 failed. tell, item 2: failed: Input.Invalid.");
    expect(alternativeText).not.toContain("item 1");
  });

  test("a graph says what comes after what, and on which condition", () => {
    const { alternativeText } = graphPicture({ definition: renewal, shown: null });
    expect(alternativeText).toContain(
      "Graph of the flow renewal_management 2.0, 7 steps, starts on cron(0 9 * * ? *), by hand.",
    );
    expect(alternativeText).toContain("assess_renewal_risk: decision agent, after retrieve_customer_data.");
    expect(alternativeText).toContain("when track_case.alert.");
  });

  test("a graph of an execution says how each step stands", () => {
    const shown = { execution: completed(), now: now + 60 * hour };
    const { alternativeText, comment } = graphPicture({ definition: renewal, shown });
    expect(alternativeText).toContain("approve_recommendations: approved by Dana Reyes after 2 days 2 h, after");
    expect(comment).toBe("Acme Robotics: completed");
  });
});

describe("bounds", () => {
  test("forty steps with the longest names end in how many are left out", () => {
    const steps = Array.from({ length: 40 }, (_, index) => agentStep(`s${"x".repeat(60)}${index}`, "find"));
    const { alternativeText } = graphPicture({ definition: flow(steps), shown: null });
    expect(alternativeText.length).toBeLessThanOrEqual(1000);
    const named = alternativeText.split(": data agent").length - 1;
    expect(alternativeText).toMatch(new RegExp(`And ${40 - named} more steps\\.$`));
  });

  test.each([
    ["4,000 characters", "n".repeat(4000)],
    ["a command to everybody", "<!channel> & <script>alert(1)</script>"],
    ["right to left", "חברת רובוטים"],
    ["emoji alone", "🚀👩‍👩‍👧"],
    ["nothing but spaces", "   "],
    ["several lines", "Acme\nRobotics\u202E"],
  ])("a name of %s breaks nothing", (_what, customerName) => {
    const picture = timeline(execution([], { customerName }));
    expect(picture.alternativeText.length).toBeLessThanOrEqual(1000);
    expect(picture.comment.length).toBeLessThanOrEqual(600);
    expect(picture.comment).not.toMatch(/<!|<script/);
    expect(`${picture.comment}${picture.alternativeText}`).not.toMatch(/[\n\u202E]/);
    expect(picture.drawing.svg).not.toMatch(/<script|<!channel/);
  });

  test("the name stands in full where the fonts have it not", () => {
    const picture = timeline(execution([], { customerName: "東京ロボット" }));
    expect(picture.alternativeText).toContain("東京ロボット");
    expect(picture.drawing.svg).toContain("cust-12345 · running");
  });
});
