import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { FlowDefinition, Step } from "../../src/flow/flow.ts";
import { ancestors, dependents, descendants, findCycle, topologicalOrder } from "../../src/flow/graph.ts";

type Edges = Record<string, string[]>;

function definition(edges: Edges): FlowDefinition {
  const steps = Object.entries(edges).map(([id, depends_on]): Step => ({
    kind: "approval",
    id,
    depends_on: depends_on.map((step) => ({ step, optional: false })),
    when: null,
    timeout_ms: null,
    due: null,
    late: "run",
    approvers: ["role:lead"],
    quorum: 1,
    reason_required: [],
    requester_may_decide: false,
    on_timeout: "expire",
    editable: [],
    remind_after_ms: null,
    escalate: null,
  }));
  return {
    flow_id: "f",
    version: "1",
    description: null,
    input: {},
    triggers: [],
    steps,
    failure_notification: null,
    timeout_ms: null,
    concurrency: null,
  };
}

const nodes = (edges: Edges) => Object.entries(edges).map(([id, depends_on]) => ({ id, depends_on }));

/** d ← b, c ← a, and e apart. */
const diamond: Edges = { d: ["b", "c"], b: ["a"], a: [], c: ["a"], e: [] };

function throws(attempt: () => unknown): boolean {
  try {
    attempt();
    return false;
  } catch {
    return true;
  }
}

/** Steps depend on any that were made before them; then they are shuffled. */
const acyclic = fc
  .array(fc.array(fc.nat(), { maxLength: 4 }), { minLength: 1, maxLength: 12 })
  .chain((rows) => {
    const edges = rows.map((row, index) => {
      const before = index === 0 ? [] : row.map((pick) => `s${pick % index}`);
      return [`s${index}`, [...new Set(before)]] as const;
    });
    return fc.shuffledSubarray(edges, { minLength: edges.length });
  })
  .map((edges): Edges => Object.fromEntries(edges.map(([id, before]) => [id, [...before]])));

describe("ancestors and descendants", () => {
  test("does the nearest predecessor come first, and each once?", () => {
    expect(ancestors({ definition: definition(diamond), stepId: "d" })).toEqual(["b", "c", "a"]);
    expect(ancestors({ definition: definition(diamond), stepId: "a" })).toEqual([]);
  });

  test("is a step that is near and far at once counted as near?", () => {
    const edges = { a: [], b: ["a"], c: ["b", "a"] };
    expect(ancestors({ definition: definition(edges), stepId: "c" })).toEqual(["b", "a"]);
  });

  test("do descendants stand after all that they depend on?", () => {
    expect(descendants({ definition: definition(diamond), stepId: "a" })).toEqual(["b", "c", "d"]);
    expect(descendants({ definition: definition(diamond), stepId: "e" })).toEqual([]);
  });

  test("are dependents only the direct ones?", () => {
    expect(dependents({ definition: definition(diamond), stepId: "a" })).toEqual(["b", "c"]);
  });

  test("is one step below another exactly when that one is above it?", () => {
    fc.assert(
      fc.property(acyclic, (edges) => {
        const flow = definition(edges);
        for (const id of Object.keys(edges)) {
          const below = descendants({ definition: flow, stepId: id });
          const above = Object.keys(edges).filter((each) => ancestors({ definition: flow, stepId: each }).includes(id));
          expect(below.toSorted()).toEqual(above.toSorted());
        }
      }),
      { numRuns: 100 },
    );
  });
});

describe("order and cycles", () => {
  test("is the file's order kept where the dependencies leave a choice?", () => {
    expect(topologicalOrder(nodes({ z: [], y: [], x: ["y"], w: [] }))).toEqual(["z", "y", "x", "w"]);
  });

  test("does every step come after all that it depends on?", () => {
    fc.assert(
      fc.property(acyclic, (edges) => {
        const order = topologicalOrder(nodes(edges));
        expect(order.toSorted()).toEqual(Object.keys(edges).toSorted());
        for (const [id, before] of Object.entries(edges)) {
          for (const each of before) expect(order.indexOf(each)).toBeLessThan(order.indexOf(id));
        }
        expect(findCycle(nodes(edges))).toBeNull();
      }),
      { numRuns: 100 },
    );
  });

  test("does a cycle name all its steps, and only these?", () => {
    const cycle = findCycle(nodes({ before: ["a"], a: ["b", "aside"], b: ["c"], c: ["a"], aside: [] }));
    expect(cycle).toEqual(["a", "b", "c"]);
  });

  test("is a step that depends on itself a cycle of one?", () => {
    expect(findCycle(nodes({ a: ["a"] }))).toEqual(["a"]);
  });

  test("is each found cycle a walk along the edges?", () => {
    const ids = ["a", "b", "c", "d", "e"];
    const any = fc.record(Object.fromEntries(ids.map((id) => [id, fc.subarray(ids)])));
    fc.assert(
      fc.property(any, (edges: Edges) => {
        const cycle = findCycle(nodes(edges)) ?? [];
        for (const [index, id] of cycle.entries()) {
          expect(edges[id]).toContain(cycle[(index + 1) % cycle.length]);
        }
        expect(throws(() => topologicalOrder(nodes(edges)))).toBe(cycle.length > 0);
      }),
    );
  });

  test("does a chain of ten thousand steps exhaust the stack?", () => {
    const chain = Array.from({ length: 10_000 }, (_, index) => ({
      id: `s${index}`,
      depends_on: index === 9_999 ? ["s0"] : [`s${index + 1}`],
    }));
    expect(findCycle(chain)).toHaveLength(10_000);
  });
});
