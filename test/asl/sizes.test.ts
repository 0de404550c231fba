/** Does the compiler know what Step Functions has no room for, before it is deployed? */
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { compile } from "../../src/asl/compile.ts";
import { constantCount } from "../../src/asl/compile/constant-list.ts";
import type { Machine } from "../../src/asl/compile/machine.ts";
import { sizeOfOutput } from "../../src/asl/compile/payload-size.ts";
import { overQuotas } from "../../src/asl/compile/quotas.ts";
import { evaluateValue } from "../../src/flow/expression.ts";
import type { FlowDefinition, Step } from "../../src/flow/flow.ts";
import { agentStep, approvalStep, flow, flowStep, waitStep } from "../engine/flows.ts";
import { NamedError } from "../stepfunctions/interpreter/handlers.ts";
import { play } from "./running/play.ts";

const large = "x".repeat(262_144);

function refusals(definition: FlowDefinition): string[] {
  const compiled = compile(definition);
  if (compiled.ok) return [];
  return compiled.refusals.map(({ step, path = [], message }) => [step ?? "flow", ...path, message].join(" "));
}

function reportOf(steps: Step[], outputs: Record<string, z.ZodType> = {}) {
  const actions = Object.entries(outputs).map(([action, output]) => ({
    agent: "data_agent" as const,
    action,
    parameters: z.unknown(),
    output,
    reads: [],
    plansEffects: false,
    readsCustomer: false,
  }));
  const compiled = compile(flow(steps, { triggers: [] }), { actions });
  if (!compiled.ok) throw new Error(compiled.refusals.map(({ message }) => message).join("\n"));
  return compiled.report;
}

const field = (value: string) =>
  ({ type: "string", enum: null, required: false, default: value, description: null }) as const;
const withInput = (input: FlowDefinition["input"]) => refusals(flow([agentStep("one", "noop")], { input }));

describe("what stands in the flow is too large to be passed on", () => {
  const said = expect.stringContaining("KiB stand in the flow, and Step Functions passes on at most 256 KiB");

  it.each([
    ["parameters", [agentStep("one", "noop", { parameters: { note: large } })], /^one parameters /],
    [
      "parameters around an expression",
      [agentStep("one", "noop", { parameters: { a: [`${large} \${customer.id}`] } })],
      /^one parameters /,
    ],
    ["a sub-flow's input", [flowStep("one", "other", { input: { note: large } })], /^one input /],
    [
      "what takes it back",
      [
        agentStep("one", "noop", {
          on_error: "compensate",
          compensate: { agent: "data_agent", action: "undo", parameters: { note: large } },
        }),
      ],
      /^one compensate parameters /,
    ],
  ])("%s", (_what, steps, place) => {
    const found = refusals(flow(steps));
    expect(found).toEqual([said]);
    expect(found[0]).toMatch(place);
  });

  it("defaults of inputs, alone and together", () => {
    const half = "x".repeat(140_000);
    expect(withInput({ note: field(large) })[0]).toMatch(/^flow input note default /);
    expect(withInput({ note: field(half), other: field(half) })[0]).toMatch(/^flow input input: 274 KiB/);
    expect(withInput({ note: field(half) })).toEqual([]);
  });

  it("just below it passes", () => {
    expect(refusals(flow([agentStep("one", "noop", { parameters: { note: "x".repeat(260_000) } })]))).toEqual([]);
  });
});

const counting = (count: number) => `\${[1..${count}]}`;

const notify = (id: string, list: string, after: string[] = []) =>
  agentStep(id, "notify", { for_each: list, parameters: { to: "${item}" }, after });

describe("the history", () => {
  it("has no room for two lists of the flow's own: the longer is named, with how many would fit", () => {
    const steps = ["a", "b", "c"].map((id, place) => notify(id, counting(700 + place), place === 0 ? [] : ["a"]));
    const [found = ""] = refusals(flow(steps));
    expect(found).toMatch(/^c for_each for_each: 702 items of 16 events each, and .* 25,000 events, has room for /);
  });

  it("a list of more items than a step repeats for", () => {
    expect(refusals(flow([notify("a", counting(1_001))]))).toEqual([
      "a for_each for_each: 1,001 items, and a step repeats for 1,000 at most",
    ]);
  });

  it("of a list that is known later, the report says how many fit, and warns of what many of them would do", () => {
    const { estimate, notes } = reportOf([notify("a", "${input.list}"), notify("b", "${input.list}", ["a"])]);
    expect(estimate.perItem.map(({ step, items, fits }) => [step, items, fits > 1_000])).toEqual([
      ["a", null, true],
      ["b", null, true],
    ]);
    expect(notes.map(({ message }) => message).join("\n")).toContain("a, b would write");
  });

  it("is as long as was estimated on the dearest way: a time that runs out, then a failure that is told", async () => {
    const steps = [
      agentStep("one", "noop"),
      approvalStep("ask", { after: ["one"], timeout_ms: 60_000 }),
      agentStep("last", "noop", { depends_on: [{ step: "ask", optional: true }], retry: { ...once, on: null } }),
    ];
    const { most, took } = await bothOf(steps, "last");
    // But for the state that would note a failure of `ask`.
    expect(took).toBe(most - 2);
  });

  it("is never longer than was estimated, with branches and a list", async () => {
    const list = { for_each: '${["x", "y", "z"]}', parameters: { to: "${item}" } };
    const steps = [
      agentStep("each", "noop", list),
      agentStep("beside", "noop"),
      agentStep("last", "noop", { after: ["each", "beside"], retry: { ...once, on: null } }),
    ];
    const { most, took } = await bothOf(steps, "last");
    // No item fails, and neither does the step beside.
    expect([took <= most, most - took < 20]).toEqual([true, true]);
  });
});

async function bothOf(steps: Step[], failing: string): Promise<{ most: number; took: number }> {
  const definition = flow(steps, { triggers: [] });
  const compiled = compile(definition);
  if (!compiled.ok) throw new Error("It is refused.");
  const played = await play(definition, (request) => {
    if (request.kind === "step" && request.step_id === failing)
      throw new NamedError("Agent.Unavailable", "It is away.");
    return undefined;
  });
  expect(played.status).toBe("FAILED");
  return { most: compiled.report.estimate.events, took: played.events.length };
}

const once = { max_attempts: 1, interval_ms: 1_000, backoff_rate: 2, max_interval_ms: 1_000, jitter: "none" as const };

const bounded = [
  {
    what: "an object of control characters and the longest numbers",
    schema: z.strictObject({ a: z.string().max(3), b: z.array(z.number()).max(2) }),
    largest: { a: "\u0000\u0001\u0002", b: [-2.2250738585072014e-308, -1.2345678901234567e300] },
  },
  { what: "a day, or nothing", schema: z.union([z.iso.date(), z.null(), z.boolean()]), largest: "2026-11-27" },
  {
    what: "a tuple",
    schema: z.tuple([z.enum(["x", "longer"]), z.int()]),
    largest: ["longer", -9_007_199_254_740_991],
  },
  {
    what: "characters of three bytes",
    schema: z.strictObject({ a: z.string().max(2).optional(), b: z.literal("é✓") }),
    largest: { a: "é✓", b: "é✓" },
  },
  { what: "an empty object", schema: z.strictObject({}).nullable(), largest: {} },
];

describe("sizes", () => {
  it.each(bounded)("$what never takes more than was said", ({ schema, largest }) => {
    const bytes = Buffer.byteLength(JSON.stringify(schema.parse(largest)));
    expect(sizeOfOutput(schema).most).toBeGreaterThanOrEqual(bytes);
  });

  it.each([
    ["a text", z.string()],
    ["a list", z.array(z.boolean())],
    ["a record", z.record(z.string(), z.boolean())],
    ["anything", z.unknown()],
    ["an object with more in it", z.looseObject({ a: z.boolean() })],
    ["one of two, of which one is open", z.union([z.boolean(), z.strictObject({ a: z.string() })])],
  ])("nothing bounds %s", (_what, schema) => {
    expect(sizeOfOutput(schema).most).toBeNull();
  });

  it("the report has them by step, and all results together; what is given counts what came before", () => {
    const answer = z.strictObject({ score: z.number(), level: z.enum(["low", "high"]) });
    const { sizes, notes } = reportOf(
      [agentStep("a", "assess"), agentStep("b", "assess", { after: ["a"], parameters: { score: "${a.score}" } })],
      { assess: answer },
    );
    const [a, b] = sizes?.steps ?? [];
    expect(a?.output).toEqual({ typical: 32, most: 50 });
    expect(b?.given.most).toBeGreaterThan((a?.given.most ?? 0) + 50);
    expect(sizes?.book.most).toBeLessThan(400);
    expect(notes).toEqual([]);
  });

  it("where nothing bounds a result, a note says whose", () => {
    const { notes } = reportOf([agentStep("a", "assess"), agentStep("b", "other")], { assess: z.boolean() });
    expect(notes.map(({ message }) => message)).toEqual([
      expect.stringContaining(
        "no bound is known for the 256 KiB that Step Functions keeps, as nothing bounds what b gives",
      ),
    ]);
  });

  it("what is too large by its own schema is said before it is deployed", () => {
    const wide = z.strictObject({ rows: z.array(z.strictObject({ text: z.string().max(1_000) })).max(400) });
    const lists = reportOf([agentStep("a", "wide", { for_each: "${[1..900]}" })], { wide });
    expect(lists.notes.map(({ message }) => message).join("\n")).toContain("all results together");
  });
});

describe("lists that stand in the flow", () => {
  it.each(["[1, 2, 3]", "[1..500]", '["a", { "x": [1, null, true] }]', "( [-1, 2] )", "[]", "[1..3, 7]"])(
    "%s is counted as it is evaluated",
    async (source) => {
      const items = await evaluateValue({ value: `\${${source}}`, roots: {}, now: 0 });
      expect(constantCount(source)).toBe(Array.isArray(items) ? items.length : NaN);
    },
  );

  it.each(["[1, input.n]", "[1, 2][0]", "input.list", "[1..input.n]", "$append([1], [2])"])("%s isn't", (source) => {
    expect(constantCount(source)).toBeNull();
  });
});

const machine = (States: Machine["States"]): Machine => ({
  Comment: "",
  QueryLanguage: "JSONata",
  StartAt: Object.keys(States)[0] ?? "",
  States,
});
const broken = (States: Machine["States"]) => overQuotas(machine(States)).map(({ message }) => message);

describe("quotas", () => {
  it("names of more than 80 characters, of states within branches and of variables", () => {
    const name = "n".repeat(81);
    const inside = { StartAt: name, States: { [name]: { Type: "Pass", End: true } } } as const;
    expect(broken({ both: { Type: "Parallel", Branches: [inside], Assign: { [name]: 1 }, End: true } })).toEqual([
      expect.stringContaining(`the variable “${name}” would have 81 characters`),
      expect.stringContaining(`the state “${name}” would have 81 characters`),
    ]);
    expect(broken({ ["n".repeat(80)]: { Type: "Succeed" } })).toEqual([]);
  });

  it("waits of more than a year", () => {
    const day = 86_400_000;
    const waits = (days: number[]) =>
      days.map((one, place) =>
        waitStep(`w${place}`, { duration_ms: one * day, after: place === 0 ? [] : [`w${place - 1}`] }),
      );
    expect(refusals(flow(waits([200, 100])))).toEqual([]);
    expect(refusals(flow(waits([200, 200])))).toEqual([expect.stringContaining("its waits take 400 days together")]);
    const beside = [...waits([200]), waitStep("other", { duration_ms: 200 * day })];
    expect(refusals(flow(beside))).toEqual([]);
  });
});
