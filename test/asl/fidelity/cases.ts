/** Random cases. What the two engines are known to do otherwise (docs/step-functions.md) is left out here, and said where. */
import * as fc from "fast-check";
import type { ErrorName } from "../../../src/flow/failure.ts";
import { decompose } from "../../../src/asl/compile/decompose.ts";
import { toNodes } from "../../../src/flow/graph.ts";
import { flowOf, type Case, type Part } from "./case.ts";

const errors: ErrorName[] = ["Agent.Throttled", "Agent.Timeout", "Agent.Unavailable", "Step.Timeout", "Input.Invalid"];

const outputs = fc.constantFrom<NonNullable<Part["output"]> | null>(
  { note: "n", flag: true, count: 3, list: [1, 2], nested: [[1], []], empty: null },
  { note: "m", flag: false, count: 0, list: [] },
  { note: "o", flag: "no", list: ["a"] },
  [1, [2, 3]],
  [[7]],
  [],
  'text with "quotes" and {% %}',
  null,
  0,
);

const conditions = fc.constantFrom(
  "true",
  "1 > 2",
  "DEP.flag",
  "DEP.flag = true",
  "$not(DEP.flag = true)",
  "DEP.count > 1",
  "$exists(DEP.note)",
  "$count(DEP.list) > 0",
  "customer.nps = null",
  "customer.nps > 5",
  "DEP.missing",
  "$contains(DEP.note, /[mn]\\s*$/)",
);

const templates = fc.constantFrom(
  "${DEP}",
  "${DEP.list}",
  "${DEP.list[0]}",
  "${DEP.nested}",
  "${DEP.note}",
  "note ${DEP.note} of ${customer.name}",
  "${customer.nps}",
  "${input.customer_id & input.nothing}",
  "nps ${customer.nps}",
  "$${not} ${execution.id}",
  "${$$.customer.name}",
  "${DEP.list[]}",
  '${{ "a": DEP.list, "b": [DEP.count] }}',
  "${DEP.list.($ + 1)}",
  "${$sum(DEP.list)}",
  "${DEP.note & '!'}",
  "${$uppercase(DEP.note)}",
  "${flow.version & ' ' & execution.started_by}",
  "${( $text := 1; $text + DEP.count )}",
  "{% $states.input %}",
  "plain",
);

/** Of an item. */
const itemTemplates = fc.constantFrom("${item}", "${index}", "item ${item}", "${item + index}", "${[item, DEP.count]}");

const lists = fc.constantFrom(
  "[1, 2, 3]",
  "DEP.list",
  "DEP.count",
  "DEP.missing",
  "customer.nps",
  "[[1], [2, 3]]",
  "[]",
);

const approvers = fc.constantFrom<string[]>(
  ["nobody@example.com"],
  ["${customer.nps}", "role:revops_lead"],
  ["${DEP.note}", "role:revops_lead"],
  ["role:revops_lead", "${DEP.list}"],
  ["${DEP.nested}", "role:revops_lead"],
  ["${customer.csm_email}"],
);

const rare = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 2 });

const shapes = fc.record({
  kind: fc.constantFrom("act", "act", "act", "notify", "approval", "approval", "wait", "child", "each"),
  before: fc.array(fc.tuple(fc.nat(3), fc.nat(3)), { maxLength: 3 }),
  when: rare(conditions),
  on_error: fc.constantFrom(undefined, undefined, "continue" as const, "compensate" as const),
  compensate: fc.constantFrom(
    undefined,
    "works" as const,
    "works" as const,
    "fails" as const,
    "can't be said" as const,
  ),
  outcomes: rare(fc.array(fc.constantFrom("ok" as const, "hangs" as const, ...errors), { minLength: 1, maxLength: 4 })),
  output: fc.option(outputs, { nil: undefined }),
  parameters: fc.array(templates, { maxLength: 3 }),
  ofItem: rare(itemTemplates),
  each: lists,
  repeats: fc.nat(3),
  at_once: fc.constantFrom(undefined, 1, 2),
  max_attempts: fc.constantFrom(1, 2, 4),
  retries_on: fc.constantFrom<ErrorName[] | undefined>(undefined, undefined, ["Agent.Throttled"], ["Input.Invalid"]),
  pace: rare(
    fc.record({
      interval_ms: fc.constantFrom(0, 1_500, 120_000),
      backoff_rate: fc.constantFrom(1, 3),
      max_interval_ms: fc.constantFrom(1_000, 90_000),
      jitter: fc.constantFrom("full" as const, "none" as const),
    }),
  ),
  timeout: rare(fc.constantFrom(30, 7_200)),
  agent: fc.constantFrom(undefined, "decision_agent" as const),
  doubt: fc.boolean(),
  decision: fc.constantFrom("approve" as const, "approve" as const, "reject" as const, "expire" as const),
  late_decision: fc.boolean(),
  on_timeout: fc.constantFrom(undefined, "approve" as const, "escalate" as const),
  approvers: rare(approvers),
  quorum: fc.constantFrom(undefined, undefined, 2 as const),
  escalates_after: rare(fc.constantFrom(3_600, 600_000)),
  reminds_after: rare(fc.constant(7_200)),
  edits: fc.boolean(),
  wait: fc.constantFrom<number | string>(
    60,
    3600,
    0,
    0.5,
    "2026-11-23T10:00:00Z",
    "2026-11-23T18:00:00+02:00",
    "2020-01-01T00:00:00Z",
    "${DEP.note}",
    "${execution.started_at}",
  ),
  due: rare(fc.constantFrom("2020-01-01T00:00:00Z", "2030-01-01T00:00:00Z", "${customer.nps}", "${DEP.note}")),
  late: fc.constantFrom(undefined, undefined, "run" as const, "shift" as const),
  child: fc.constantFrom("works" as const, "works" as const, "fails" as const, "waits" as const),
});
type Shape = typeof shapes extends fc.Arbitrary<infer S> ? S : never;

export const cases: fc.Arbitrary<Case> = fc
  .record({
    shapes: fc.array(shapes, { minLength: 1, maxLength: 8 }),
    /** An approval open while something is taken back is withdrawn by the embedded engine alone. */
    takesBack: fc.boolean(),
    nps: fc.constantFrom(null, 3, 9),
    timeout: rare(fc.constantFrom(1_000, 100_000)),
    tells: fc.constantFrom(
      undefined,
      null,
      "${admin_email}",
      "${customer.account_manager_email}",
      "${customer.csm_email}",
    ),
  })
  .map(({ shapes: drawn, takesBack, nps, tells, timeout }) => {
    const parts = drawn.map((shape, place) => partOf(shape, place, takesBack, drawn));
    return { parts, nps, ...given({ tells, timeout: timeout !== undefined && isTimed(parts) ? timeout : undefined }) };
  });

/** Does it take the same time on both engines? Not where an action hangs, what is late waits for its hour, or a wait was added. */
function isTimed(parts: Part[]): boolean {
  const isOwn = parts.some(({ outcomes, pace, late }) => outcomes?.includes("hangs") || pace || late === "shift");
  return !isOwn && decompose(toNodes(flowOf({ parts }).steps)).added.length === 0;
}

function partOf(shape: Shape, place: number, takesBack: boolean, all: Shape[]): Part {
  const kind = takesBack && shape.kind === "approval" ? "act" : shape.kind;
  const places = new Map(shape.before.map(([distance, optional]) => [place - 1 - distance, optional === 0]));
  const after = [...places]
    .filter(([before]) => before >= 0)
    .map(([part, isOptional]) => (isOptional ? { part, optional: true as const } : { part }));
  const common = {
    after,
    ...(shape.when === undefined ? {} : { when: shape.when }),
    ...(shape.due === undefined ? {} : { due: shape.due, ...given({ late: shape.late }) }),
  };
  const failing = {
    ...(shape.on_error === undefined || (shape.on_error === "compensate" && !takesBack)
      ? {}
      : { on_error: shape.on_error }),
    ...(takesBack ? given({ compensate: shape.compensate }) : {}),
    ...given({ timeout: shape.timeout }),
  };
  // Of several items at once those under way end in the embedded engine, and are cut off by a Map.
  const repeated = given({ each: shape.each, at_once: shape.on_error === "continue" ? shape.at_once : 1 });
  const acting = {
    ...given({ outcomes: shape.outcomes, output: shape.output, retries_on: shape.retries_on, pace: shape.pace }),
    max_attempts: shape.max_attempts,
    parameters: parametersOf(shape),
  };
  const agent = given({ agent: shape.agent });
  switch (kind) {
    case "act":
      return { kind, ...common, ...failing, ...acting, ...agent };
    case "each": {
      const parameters = { ...acting.parameters, ...given({ item: shape.ofItem }) };
      return { kind: "act", ...common, ...failing, ...acting, ...agent, ...repeated, parameters };
    }
    case "notify": {
      const { parameters: _parameters, outcomes: _outcomes, ...sending } = acting;
      return {
        kind,
        ...common,
        ...failing,
        ...sending,
        ...(isPlannedAhead(place, all) ? {} : given({ outcomes: shape.outcomes })),
        ...(shape.doubt ? { doubt: true as const } : {}),
        ...(isRepeated(shape) ? repeated : {}),
      };
    }
    case "approval": {
      const isFirst = !all.slice(0, place).some((other) => other.kind === "approval" && other.edits);
      // Two that may change the same are refused.
      const edited = shape.edits && isFirst ? after.find(({ part }) => all[part]?.kind === "act")?.part : undefined;
      return {
        kind,
        ...common,
        decision: shape.decision,
        ...given({ on_timeout: shape.on_timeout, edits: edited, approvers: shape.approvers, quorum: shape.quorum }),
        ...given({ escalates_after: shape.escalates_after, reminds_after: shape.reminds_after }),
        ...(shape.late_decision && shape.on_timeout === "escalate" ? { late_decision: true as const } : {}),
      };
    }
    case "wait":
      return { kind, ...common, wait: shape.wait };
    case "child":
      return { kind, ...common, ...failing, child: shape.child, ...(isRepeated(shape) ? repeated : {}) };
    default:
      return kind satisfies never;
  }
}

const isRepeated = ({ repeats }: Shape): boolean => repeats === 0;

function parametersOf({ parameters }: Shape): Record<string, string> {
  return Object.fromEntries(parameters.map((text, index) => [`p${index}`, text]));
}

/** What isn't undefined. */
function given<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const found: { [K in keyof T]?: Exclude<T[K], undefined> } = {};
  for (const [key, value] of Object.entries(fields)) if (value !== undefined) Object.assign(found, { [key]: value });
  return found;
}

/** With an approval anywhere before it, it is called when that is asked (A3), and how often is the planner's affair. */
function isPlannedAhead(place: number, all: Shape[]): boolean {
  return all.slice(0, place).some(({ kind }) => kind === "approval");
}
