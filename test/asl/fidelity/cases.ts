/** Random cases. What the two engines are known to do otherwise (docs/step-functions.md) is left out here, and said where. */
import * as fc from "fast-check";
import type { ErrorName } from "../../../src/flow/failure.ts";
import type { Case, Part } from "./case.ts";

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

const lists = fc.constantFrom(
  "[1, 2, 3]",
  "DEP.list",
  "DEP.count",
  "DEP.missing",
  "customer.nps",
  "[[1], [2, 3]]",
  "[]",
);

const rare = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined, freq: 2 });

const shapes = fc.record({
  kind: fc.constantFrom("act", "act", "act", "notify", "approval", "wait", "child", "each"),
  before: fc.array(fc.tuple(fc.nat(3), fc.nat(3)), { maxLength: 3 }),
  when: rare(conditions),
  on_error: fc.constantFrom(undefined, undefined, "continue" as const, "compensate" as const),
  isCompensated: fc.boolean(),
  outcomes: rare(fc.array(fc.constantFrom("ok" as const, ...errors), { minLength: 1, maxLength: 4 })),
  output: fc.option(outputs, { nil: undefined }),
  parameters: fc.array(templates, { maxLength: 3 }),
  each: lists,
  at_once: fc.constantFrom(undefined, 1, 2),
  max_attempts: fc.constantFrom(1, 2, 4),
  retries_on: fc.constantFrom<ErrorName[] | undefined>(undefined, undefined, ["Agent.Throttled"], ["Input.Invalid"]),
  doubt: fc.boolean(),
  decision: fc.constantFrom("approve" as const, "approve" as const, "reject" as const, "expire" as const),
  on_timeout: fc.constantFrom(undefined, "approve" as const, "escalate" as const),
  edits: fc.boolean(),
  wait: fc.constantFrom<number | string>(
    60,
    3600,
    0,
    "2026-11-23T10:00:00Z",
    "2020-01-01T00:00:00Z",
    "${DEP.note}",
    "${execution.started_at}",
  ),
  due: rare(fc.constantFrom("2020-01-01T00:00:00Z", "2030-01-01T00:00:00Z", "${customer.nps}", "${DEP.note}")),
  child: fc.constantFrom("works" as const, "works" as const, "fails" as const),
});
type Shape = typeof shapes extends fc.Arbitrary<infer S> ? S : never;

export const cases: fc.Arbitrary<Case> = fc
  .record({
    shapes: fc.array(shapes, { minLength: 1, maxLength: 8 }),
    /** An approval open while something is taken back is withdrawn by the embedded engine alone. */
    takesBack: fc.boolean(),
    nps: fc.constantFrom(null, 3, 9),
  })
  .map(({ shapes: drawn, takesBack, nps }) => ({
    parts: drawn.map((shape, place) => partOf(shape, place, takesBack, drawn)),
    nps,
  }));

function partOf(shape: Shape, place: number, takesBack: boolean, all: Shape[]): Part {
  const kind = takesBack && shape.kind === "approval" ? "act" : shape.kind;
  const places = new Map(shape.before.map(([distance, optional]) => [place - 1 - distance, optional === 0]));
  const after = [...places]
    .filter(([before]) => before >= 0)
    .map(([part, isOptional]) => (isOptional ? { part, optional: true as const } : { part }));
  const common = {
    after,
    ...(shape.when === undefined ? {} : { when: shape.when }),
    ...(shape.due === undefined ? {} : { due: shape.due }),
  };
  const failing = {
    ...(shape.on_error === undefined || (shape.on_error === "compensate" && !takesBack)
      ? {}
      : { on_error: shape.on_error }),
    ...(takesBack && shape.isCompensated ? { compensate: true as const } : {}),
  };
  const acting = {
    ...(shape.outcomes === undefined ? {} : { outcomes: shape.outcomes }),
    ...(shape.output === undefined ? {} : { output: shape.output }),
    ...(shape.retries_on === undefined ? {} : { retries_on: shape.retries_on }),
    max_attempts: shape.max_attempts,
    parameters: Object.fromEntries(shape.parameters.map((text, index) => [`p${index}`, text])),
  };
  switch (kind) {
    case "act":
      return { kind, ...common, ...failing, ...acting };
    case "each": {
      // Of several items at once those under way end in the embedded engine, and are cut off by a Map.
      const at_once = shape.on_error === "continue" ? shape.at_once : 1;
      return {
        kind: "act",
        ...common,
        ...failing,
        ...acting,
        each: shape.each,
        ...(at_once === undefined ? {} : { at_once }),
      };
    }
    case "notify": {
      const { output, retries_on, max_attempts, outcomes } = acting;
      const sending = { output, retries_on, max_attempts, outcomes: isPlannedAhead(place, all) ? undefined : outcomes };
      const given = Object.fromEntries(Object.entries(sending).filter(([, value]) => value !== undefined));
      return { kind, ...common, ...failing, ...given, ...(shape.doubt ? { doubt: true as const } : {}) };
    }
    case "approval": {
      const isFirst = !all.slice(0, place).some((other) => other.kind === "approval" && other.edits);
      // Two that may change the same are refused.
      const edited = shape.edits && isFirst ? after.find(({ part }) => all[part]?.kind === "act")?.part : undefined;
      return {
        kind,
        ...common,
        decision: shape.decision,
        ...(shape.on_timeout === undefined ? {} : { on_timeout: shape.on_timeout }),
        ...(edited === undefined ? {} : { edits: edited }),
      };
    }
    case "wait":
      return { kind, ...common, wait: shape.wait };
    case "child":
      return { kind, ...common, ...failing, child: shape.child };
    default:
      return kind satisfies never;
  }
}

/** With an approval anywhere before it, it is called when that is asked (A3), and how often is the planner's affair. */
function isPlannedAhead(place: number, all: Shape[]): boolean {
  return all.slice(0, place).some(({ kind }) => kind === "approval");
}
