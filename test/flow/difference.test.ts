import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { differenceLines, flowDifference } from "../../src/flow/difference.ts";
import { definitionHash, FlowDefinition, type FlowDefinition as Definition } from "../../src/flow/flow.ts";
import { agentStep, approvalStep, flow, renewalFlow } from "../engine/flows.ts";

const base = renewalFlow();
const lines = (to: Definition, from: Definition = base) => differenceLines(flowDifference(from, to));

function withStep(id: string, change: object): Definition {
  return FlowDefinition.parse({
    ...base,
    steps: base.steps.map((step) => (step.id === id ? { ...step, ...change } : step)),
  });
}

function isTold(from: Definition, to: Definition): boolean {
  return flowDifference(from, to).length > 0 === (definitionHash(from) !== definitionHash(to));
}

describe("the difference between two versions", () => {
  test("is there none between a flow and itself, as stored?", () => {
    expect(flowDifference(base, FlowDefinition.parse(JSON.parse(JSON.stringify(base))))).toEqual([]);
  });

  test("does it name step and key, in the words of a flow file?", () => {
    expect(lines(withStep("notify", { parameters: { to: "lead@example.com", cc: ["a@example.com"] } }))).toEqual([
      "  step notify, parameters.to: ${customer.account_manager_email} → lead@example.com",
      "+ step notify, parameters.cc: [a@example.com]",
    ]);
    expect(lines(withStep("book", { timeout_ms: 90_500 }))).toEqual(["+ step book, timeout: PT1M30.5S"]);
    expect(lines(withStep("approve", { when: null, timeout_ms: 4 * 86_400_000 + 3_600_000 }))).toEqual(
      expect.arrayContaining(["- step approve, when: ${assess.over_threshold}", expect.stringContaining("P4DT1H")]),
    );
    expect(lines(withStep("book", { depends_on: [{ step: "notify", optional: true }] }))).toEqual([
      "  step book, depends_on: [notify] → [{ step: notify, optional: true }]",
    ]);
  });

  test("is a whole step one line, and what it does the first thing said?", () => {
    const more = flow([...base.steps, agentStep("more", "noop", { after: ["book"] }), approvalStep("ask")]);
    const said = lines(more);
    expect(said[0]).toMatch(/^\+ step more: \{ agent: data_agent, action: noop, depends_on: \[book\]/);
    expect(said[1]).toMatch(/^\+ step ask: \{ type: approval, /);
    expect(lines(base, more)[0]).toMatch(/^- step more: /);
    expect(said).toHaveLength(2);
  });

  test("are triggers, inputs and the flow's own keys told?", () => {
    const [trigger] = base.triggers;
    const to = FlowDefinition.parse({
      ...base,
      version: "3.0",
      description: null,
      concurrency: { key: "${customer.id}", limit: 1 },
      triggers: [
        { ...trigger, schedule: "rate(1 day)", jitter_ms: 60_000 },
        { type: "manual", overlap: "allow" },
      ],
      input: {
        ...base.input,
        note: { type: "string", enum: null, required: false, default: "none", description: null },
      },
    });
    const said = lines(to);
    expect(said).toEqual(
      expect.arrayContaining([
        `  version: ${base.version} → 3.0`,
        "+ concurrency: { key: ${customer.id}, limit: 1 }",
        "  trigger, schedule: cron(0 9 * * ? *) → rate(1 day)",
        "  trigger, jitter: PT0S → PT1M",
        "+ trigger 2: { type: manual, overlap: allow }",
        "+ input note: { type: string, required: false, default: none }",
      ]),
    );
  });

  test("is another order of the same steps a difference?", () => {
    const turned = flow(base.steps.toReversed());
    expect(lines(turned)).toEqual([expect.stringMatching(/^ {2}the order of the steps: \[retrieve_data, /)]);
  });

  test("does a text that would move a terminal's cursor stand written out?", () => {
    const [line = ""] = lines(withStep("notify", { parameters: { to: "\u001B[2Jx\u009B" } }));
    expect(line).toContain(String.raw`\u001b[2Jx`);
    expect(/\p{Cc}/u.test(line)).toBe(false);
  });

  describe("is there one exactly where the content hashes differ", () => {
    test("of a flow as a whole?", () => {
      const changed = fc
        .record({
          version: fc.constantFrom("1.0", "2.0"),
          description: fc.constantFrom(null, "", "other"),
          timeout_ms: fc.constantFrom(null, 1, 1000),
          steps: fc.shuffledSubarray(base.steps, { minLength: 4 }),
        })
        .map((change) => FlowDefinition.parse({ ...base, ...change }));
      fc.assert(
        fc.property(changed, changed, (from, to) => {
          expect(isTold(from, to)).toBe(true);
        }),
      );
    });

    test("of a step's parameters, whatever they hold?", () => {
      const value = fc.constantFrom(null, "", 1, [], {}, { c_ms: 1 }, { c: null });
      const changed = fc
        .dictionary(fc.constantFrom("a", "b_ms"), value)
        .map((parameters) => withStep("book", { parameters }));
      const property = fc.property(changed, changed, (from, to) => {
        expect(isTold(from, to)).toBe(true);
      });
      fc.assert(property, { numRuns: 500 });
    });
  });
});
