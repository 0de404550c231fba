/** Is what the compiler writes fit to be deployed, and does it stay as it was? */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compile, type Machine } from "../../src/asl/compile.ts";
import { decompose, stepsIn, type Tree } from "../../src/asl/compile/decompose.ts";
import { regexDifference, regexForStepFunctions } from "../../src/asl/compile/regexes.ts";
import type { FlowDefinition } from "../../src/flow/flow.ts";
import { agentStep, approvalStep, flow, waitStep } from "../engine/flows.ts";
import { checkDefinitionFully } from "../stepfunctions/check-definition.ts";
import { runMachine } from "../stepfunctions/interpreter/interpreter.ts";
import { problemsOf } from "./problems-of.ts";
import { flowsIn, goldenMachines, withEverything } from "./golden-machines.ts";

function machineOf(definition: FlowDefinition): Machine {
  const compiled = compile(definition);
  if (!compiled.ok) throw new Error(compiled.refusals.map(({ message }) => message).join("\n"));
  return compiled.machine;
}

function refusals(definition: FlowDefinition, options: { strict?: boolean } = {}): string[] {
  const compiled = compile(definition, options);
  return compiled.ok ? [] : compiled.refusals.map(({ step, message }) => `${step ?? "flow"}: ${message}`);
}

const golden = await goldenMachines();

describe.each(golden)("$file", ({ file, machine }) => {
  it("is as it was (node scripts/step-functions.ts writes it)", async () => {
    const written: unknown = JSON.parse(await readFile(join(import.meta.dirname, "golden", file), "utf8"));
    expect(JSON.parse(JSON.stringify(machine))).toEqual(written);
  });

  it("passes the gate", async () => {
    expect(await checkDefinitionFully(machine)).toEqual([]);
  });
});

it("each flow of the cookbook, and its batch, compiles and passes, or is refused by name", async () => {
  for (const definition of await flowsIn("flows/standard", "flows/custom", "docs/cookbook")) {
    const compiled = compile(definition);
    const problems = compiled.ok
      ? [compiled.machine, compiled.batch].filter((machine) => machine !== null).flatMap(problemsOf)
      : compiled.refusals.map(({ message }) => message).filter((said) => !/is a day/.test(said));
    expect([definition.flow_id, problems]).toEqual([definition.flow_id, []]);
  }
});

it("the same flow gives the same text", () => {
  expect(JSON.stringify(machineOf(withEverything()))).toBe(JSON.stringify(machineOf(withEverything())));
});

const id = (letter: string) => letter.repeat(64);

describe("hostile names", () => {
  it("steps that are called like the frame's own states", () => {
    const steps = ["begin", "end", "failed", "failure", "succeeded"].map((id) => agentStep(id, "noop"));
    expect(problemsOf(machineOf(flow(steps)))).toEqual([]);
  });

  it("ids of 64 characters, side by side and in approvals", () => {
    const definition = flow([
      agentStep(id("a"), "notify"),
      agentStep(id("b"), "noop"),
      approvalStep(id("c"), {
        after: [id("a")],
        editable: [{ step: id("b"), field: "x" }],
        on_timeout: "escalate",
        escalate: { after_ms: null, to: ["role:revops_lead"] },
      }),
      agentStep(id("d"), "notify", {
        after: [id("a"), id("b")],
        for_each: "${[1]}",
        due: "${input.at}",
        late: "shift",
        when: "${1 < input.n}",
      }),
    ]);
    expect(problemsOf(machineOf(definition))).toEqual([]);
  });

  it("texts that look like an expression, or hold quotes and line ends", async () => {
    const parameters = { a: "{% $states.input %}", b: 'say "no" \\ or\n${1 + 1} times', c: "{%", d: "$${x}" };
    const definition = flow([agentStep("one", "noop", { parameters })]);
    const seen: unknown[] = [];
    const lambda = (_name: string, payload: unknown): Promise<object> => {
      if (typeof payload === "object" && payload !== null && "parameters" in payload) seen.push(payload.parameters);
      return Promise.resolve({ roots: {}, state: "done", output: null, effects: 0 });
    };
    await runMachine({
      definition: machineOf(definition),
      lambda: (name, payload) => lambda(name, payload).then(JSON.stringify).then(JSON.parse),
    });
    expect(seen).toEqual([{ ...parameters, b: 'say "no" \\ or\n2 times', d: "${x}" }]);
  });
});

describe("a graph that sequences and branches can't say", () => {
  const n = flow([
    agentStep("a", "noop"),
    agentStep("b", "noop"),
    agentStep("c", "noop", { after: ["a", "b"] }),
    agentStep("d", "noop", { after: ["b"] }),
  ]);

  it("gets one wait, which is reported", () => {
    const compiled = compile(n);
    expect(compiled.ok && compiled.report.added).toEqual([{ waits: "d", for: "a" }]);
  });

  it("is refused when it has to be exact", () => {
    expect(refusals(n, { strict: true })).toEqual([expect.stringContaining("d: would have to wait for a")]);
  });
});

const graphs = fc.array(fc.array(fc.nat(6), { maxLength: 3 }), { minLength: 1, maxLength: 12 }).map((back) =>
  back.map((distances, place) => ({
    id: `s${place}`,
    depends_on: [...new Set(distances.map((distance) => place - 1 - distance))]
      .filter((at) => at >= 0)
      .map((at) => `s${at}`),
  })),
);

/** Each pair that the tree puts in order. */
function pairsOf(tree: Tree): Set<string> {
  if (tree.kind === "step") return new Set();
  const pairs = new Set(tree.parts.flatMap((part) => [...pairsOf(part)]));
  if (tree.kind === "parallel") return pairs;
  for (const [place, part] of tree.parts.entries())
    for (const before of stepsIn(part))
      for (const later of tree.parts.slice(place + 1))
        for (const after of stepsIn(later)) pairs.add(`${before} ${after}`);
  return pairs;
}

/** Each pair that the dependencies put in order, directly or not. */
function orderOf(nodes: readonly { id: string; depends_on: string[] }[]): Set<string> {
  const before = new Map<string, Set<string>>();
  for (const { id, depends_on } of nodes)
    before.set(id, new Set(depends_on.flatMap((dependency) => [dependency, ...(before.get(dependency) ?? [])])));
  return new Set([...before].flatMap(([id, all]) => [...all].map((one) => `${one} ${id}`)));
}

it("a random graph: every dependency holds, nothing waits but for those and the reported ones", () => {
  fc.assert(
    fc.property(graphs, (nodes) => {
      const { tree, added } = decompose(nodes);
      expect(stepsIn(tree).toSorted()).toEqual(nodes.map(({ id }) => id).toSorted());
      const waits = nodes.map((node) => ({
        ...node,
        depends_on: [...node.depends_on, ...added.filter(({ waits: id }) => id === node.id).map((wait) => wait.for)],
      }));
      const inOrder = decompose(waits);
      expect(inOrder.added).toEqual([]);
      expect(pairsOf(tree)).toEqual(orderOf(topological(waits)));
    }),
    { numRuns: 200 },
  );
});

/** Added waits may lead forward in the file. */
function topological(nodes: { id: string; depends_on: string[] }[]): { id: string; depends_on: string[] }[] {
  const placed: { id: string; depends_on: string[] }[] = [];
  const rest = [...nodes];
  while (rest.length > 0) {
    const next = rest.findIndex(({ depends_on }) => depends_on.every((id) => placed.some((node) => node.id === id)));
    placed.push(...rest.splice(next, 1));
  }
  return placed;
}

const one = (parameters: Record<string, string>) => flow([agentStep("one", "noop", { parameters })], { triggers: [] });

describe("what Step Functions would do otherwise", () => {
  it.each([
    [
      "a day to wait until",
      flow([waitStep("w", { until: "${customer.renewal_date}" })]),
      "w: until: customer.renewal_date is a day",
    ],
    [
      "a local time to wait until",
      flow([waitStep("w", { until: "2026-12-04T09:00" })]),
      "w: until: 2026-12-04T09:00 is local",
    ],
    [
      "a regular expression of RE2's own",
      one({ a: "${$contains(customer.name, /\\pL/)}" }),
      "one: ${$contains(customer.name, /\\pL/)}",
    ],
    [
      "a variable that is called $states",
      one({ a: "${( $states := 1; $states )}" }),
      "$states is Step Functions' own name",
    ],
  ])("%s is refused", (_what, definition, message) => {
    expect(refusals(definition).join("\n")).toContain(message);
  });

  it("a machine above 1 MiB", () => {
    const ids = Array.from({ length: 500 }, (_, place) => `step_with_a_name_of_some_length_${place}`);
    const steps = ids.map((id, place) => agentStep(id, "noop", { after: ids.slice(Math.max(0, place - 1), place) }));
    expect(refusals(flow(steps)).join("\n")).toContain("split it into sub-flows");
  });

  it("blanks and the dot are written out, as RE2 has them", () => {
    expect(regexForStepFunctions("^a.\\s[.\\s]\\.$")).toBe("^a[^\\n][\\t\\n\\f\\r ][.\\t\\n\\f\\r ]\\.$");
    expect(regexDifference("^[a-z]+\\b\\d$")).toBeNull();
  });
});
