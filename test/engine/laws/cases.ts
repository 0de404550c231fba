/** Cases by chance: graphs of one to twelve steps of every kind, and what happens to them. */
import * as fc from "fast-check";
import type { Case, FlowShape, Move, Shape } from "./case.ts";

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** Left out most of the time: a case of which little is said is read faster. */
const rarely = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.oneof({ arbitrary: fc.constant(undefined), weight: 3 }, { arbitrary, weight: 1 });

const shape = fc.record({
  kind: fc.constantFrom("act", "act", "notify", "book", "approval", "approval", "wait", "flow"),
  back: fc.array(fc.tuple(fc.nat(4), fc.boolean(), fc.boolean()), { maxLength: 3 }),
  when: rarely(fc.constantFrom("true", "false", "asked")),
  on_error: rarely(fc.constantFrom("continue", "compensate")),
  each: fc.nat(3),
  isRepeated: fc.nat(3),
  at_once: fc.option(fc.constantFrom(1, 2), { nil: undefined }),
  compensate: rarely(fc.constantFrom("act", "notify", "breaks")),
  outcomes: fc.array(fc.constantFrom("ok", "ok", "no", "throttled", "invalid"), { maxLength: 3 }),
  faults: fc.array(fc.constantFrom("fine", "throttled", "refused", "answer_lost", "request_lost"), { maxLength: 3 }),
  max_attempts: rarely(fc.constantFrom(1, 2, 3)),
  timeout_ms: rarely(fc.constantFrom(30 * minute, 2 * hour, 2 * day)),
  due: fc.constantFrom(-1, 1, 30),
  late: fc.constantFrom("skip", "shift", undefined),
  isTimed: fc.nat(4),
  quorum: rarely(fc.constantFrom(1, 2)),
  on_timeout: rarely(fc.constantFrom("approve", "escalate")),
  remind_ms: rarely(fc.constantFrom(10 * minute, 3 * hour)),
  escalate_ms: rarely(fc.constantFrom(20 * minute, day)),
  wait_ms: fc.constantFrom(0, 5 * minute, hour, 3 * day),
  child: fc.constantFrom("works", "sends", "asks", "rests", "breaks"),
} as const);
type Drawn = typeof shape extends fc.Arbitrary<infer D> ? D : never;

function toShape(drawn: Drawn, place: number): Shape {
  const after = new Map(
    drawn.back
      .filter(([distance]) => place - 1 - distance >= 0)
      .map(([distance, one, other]) => [place - 1 - distance, one && other] as const),
  );
  const edges = [...after].map(([step, optional]) => ({ step, ...(optional ? { optional: true as const } : {}) }));
  const { kind, when, timeout_ms } = drawn;
  const timed = drawn.isTimed === 4 ? { due: drawn.due, late: drawn.late } : {};
  const common = { kind, ...(edges.length > 0 ? { after: edges } : {}), when, timeout_ms };
  switch (kind) {
    case "act":
    case "notify":
    case "book":
      return {
        ...common,
        ...timed,
        ...repeated(drawn),
        max_attempts: drawn.max_attempts,
        ...trials(drawn),
      };
    case "flow":
      return { ...common, ...timed, ...repeated(drawn), child: drawn.child };
    case "wait":
      return { ...common, wait_ms: drawn.wait_ms };
    case "approval": {
      const { quorum, on_timeout, remind_ms, escalate_ms } = drawn;
      return { ...common, ...timed, quorum, on_timeout, remind_ms, escalate_ms };
    }
    default:
      return kind satisfies never;
  }
}

function repeated({ on_error, isRepeated, each, at_once, compensate }: Drawn): Partial<Shape> {
  const isOver = isRepeated === 3;
  return { on_error, compensate, ...(isOver ? { each, at_once } : {}) };
}

function trials({ kind, outcomes, faults }: Drawn): Partial<Shape> {
  return {
    ...(outcomes.length > 0 ? { outcomes } : {}),
    ...(faults.length > 0 && kind !== "act" ? { faults } : {}),
  };
}

const flows: fc.Arbitrary<FlowShape> = fc
  .record({
    steps: fc.array(shape, { minLength: 1, maxLength: 12 }),
    timeout_ms: rarely(fc.constantFrom(hour, 3 * day)),
    limit: rarely(fc.constantFrom(1, 2)),
    notice: rarely(fc.constant(true as const)),
    overlap: rarely(fc.constantFrom("queue" as const, "allow" as const)),
  })
  .map(({ steps, ...rest }) => ({ steps: steps.map(toShape), ...rest }));

const nth = fc.nat(3);
const durations = fc.constantFrom(minute, 30 * minute, 4 * hour, 2 * day);

const people: fc.Arbitrary<Move>[] = [
  fc.record({ move: fc.constant("start" as const), customer: fc.nat(2) }),
  fc.record({
    move: fc.constant("vote" as const),
    decision: fc.constantFrom("approve" as const, "approve" as const, "reject" as const),
    nth,
    who: fc.nat(2),
  }),
  fc.record({
    move: fc.constant("answer" as const),
    nth,
    say: fc.constantFrom("arrived" as const, "send_again" as const, "truth" as const),
  }),
  fc.record({ move: fc.constant("abort" as const), nth, compensate: fc.boolean() }),
  fc.record({ move: fc.constant("redrive" as const), nth, from: fc.option(fc.nat(11), { nil: null, freq: 2 }) }),
];
const time: fc.Arbitrary<Move>[] = [
  fc.record({ move: fc.constant("pass" as const), ms: durations }),
  fc.record({ move: fc.constant("next" as const) }),
  fc.record({ move: fc.constant("jump" as const), ms: durations }),
];
const back = fc.record({ move: fc.constant("jump" as const), ms: durations.map((ms) => -ms) });
const deaths: fc.Arbitrary<Move>[] = [
  fc.record({ move: fc.constant("restart" as const) }),
  fc.record({
    move: fc.constant("die" as const),
    where: fc.constantFrom("store" as const, "world" as const),
    number: fc.integer({ min: 1, max: 8 }),
    when: fc.constantFrom("before" as const, "after" as const),
  }),
];
const freezes: fc.Arbitrary<Move>[] = [
  fc.record({ move: fc.constant("freeze" as const) }),
  fc.record({ move: fc.constant("thaw" as const) }),
];

const parting = fc.record({ move: fc.constant("part" as const) });

export interface Chances {
  deaths?: boolean;
  back?: boolean;
  freezes?: boolean;
  parts?: boolean;
}

/** Without a word on it, nothing dies, no clock goes back and nobody stands still. */
export function cases(chances: Chances = {}): fc.Arbitrary<Case> {
  const moves = [
    ...people,
    ...time,
    ...(chances.deaths === true ? deaths : []),
    ...(chances.back === true ? [back, back] : []),
    ...(chances.freezes === true ? [...freezes, ...freezes] : []),
    ...(chances.parts === true ? [parting, parting] : []),
  ];
  return fc.record({ flow: flows, moves: fc.array(fc.oneof(...moves), { maxLength: 14 }) });
}
