import { describe, expect, test } from "vitest";
import { definitionHash } from "../../../src/flow/flow.ts";
import { count, definitionOf, flow, placeOf, read, said } from "../fixtures/reading.ts";

const wait = (keys: string, rest = "") => flow(`  - { id: rest, type: wait, ${keys} }`, rest);
const kickoff = "input: { kickoff_at: { type: datetime }, seats: { type: integer } }";
const due = (keys: string) => flow(count.replace(" }", `, ${keys} }`), kickoff);
const after = (field: string) =>
  flow(`  - { id: rest, type: wait, duration: P3D }
  - { id: count, agent: data_agent, action: count_customers, depends_on: [rest], when: "\${rest.${field} > '2027'}" }`);

describe("a wait", () => {
  test("is its duration in milliseconds, and nothing in it that it has no use for?", () => {
    expect(definitionOf(wait("duration: P3D")).steps).toEqual([
      {
        kind: "wait",
        id: "rest",
        depends_on: [],
        when: null,
        timeout_ms: null,
        due: null,
        late: "run",
        duration_ms: 259_200_000,
        until: null,
      },
    ]);
  });

  test.each([
    ["until: 2027-01-31T09:00:00Z", "2027-01-31T09:00:00Z"],
    ['until: "${input.kickoff_at}"', "${input.kickoff_at}"],
  ])("is %s kept for its time?", (keys, until) => {
    expect(definitionOf(wait(keys, kickoff)).steps).toMatchObject([{ duration_ms: null, until }]);
  });

  test.each([
    "2027-01-31T10:00:00+01:00",
    '"2027-01-31T09:00Z"',
    "2027-01-31T09:00:00.000Z",
    "2027-01-31T03:30:00-05:30",
  ])("has until: %s the hash of the same instant in UTC?", (text) => {
    const utc = definitionOf(wait("until: 2027-01-31T09:00:00Z"));
    expect(definitionHash(definitionOf(wait(`until: ${text}`)))).toBe(definitionHash(utc));
  });

  test.each([
    ["when: '${true}'", "{ id", "a wait needs a duration, such as P3D, or until"],
    ["duration: P3D, until: 2027-01-31T09:00:00Z", "until", "a wait has either duration or until"],
    ["duration: 3", "3 }", "duration must be a text, not a number"],
    ["duration: [P3D]", "[P3D]", "duration must be a text, not a list"],
    ["duration: P1M", "P1M", 'duration: "P1M" is no duration'],
    ["duration: PT0S", "PT0S", "duration must be longer than nothing"],
    ["duration: -PT5M", "-PT5M", 'duration: "-PT5M" is no duration'],
    ["until: 2027-01-31T09:00:00", "2027", 'until: "2027-01-31T09:00:00" says nothing of its zone'],
    ["until: 2027-01-31", "2027", 'until: "2027-01-31" says nothing of its zone'],
    ["until: 2027-02-31T09:00:00Z", "2027", 'until: "2027-02-31T09:00:00Z" is no instant'],
    ["until: 2027-01-31T25:00:00Z", "2027", 'until: "2027-01-31T25:00:00Z" is no instant'],
    ["until: tomorrow", "tomorrow", 'until: "tomorrow" is no instant'],
    ["until: 20270131", "20270131", "until must be a text, not a number"],
    ['until: "${input.kickoff_at} sharp"', '"${input', "until is an instant with its offset"],
    ['until: "${input.kickof_at}"', "kickof_at", 'input has no field "kickof_at"; did you mean kickoff_at?'],
    ['until: "${item}"', "item", '"item" needs for_each at this step'],
    ["duration: P3D, timeout: P4D", "timeout", "doesn't go with a step of type wait: its duration, or until, says"],
    ['duration: P3D, for_each: "${[1]}"', "for_each", "put this step into a flow of its own, and repeat that"],
    ["duration: P3D, compensate: {}", "compensate", "only what an agent or a sub-flow did can be taken back"],
    ["duration: P3D, on_error: continue", "on_error", '"on_error" doesn\'t go with a step of type wait'],
    ["durration: P3D, duration: P3D", "durration", 'a step has no key "durration"; did you mean duration?'],
  ])("is %s refused where it is wrong?", (keys, marked, message) => {
    const text = wait(keys, kickoff);
    const lines = said(text);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(message);
    expect(lines[0]?.split(" ")[0]).toBe(placeOf(text, marked));
    expect(read(text).definition).toBeNull();
  });

  test("does a step after it find when it ended, and nothing else?", () => {
    expect(said(after("waited_until"))).toEqual([]);
    expect(said(after("waited_untill")).join()).toContain("did you mean waited_until?");
  });

  test("is its duration at an agent's step refused?", () => {
    const text = flow(count.replace(" }", ", duration: P3D }"));
    expect(said(text)).toEqual([`${placeOf(text, "duration")} "duration" goes with a step of type wait`]);
  });
});

describe("a step that was meant for an instant", () => {
  test.each([
    ['due: "${input.kickoff_at}", late: skip', { due: "${input.kickoff_at}", late: "skip" }],
    ["due: 2027-01-31T10:00:00+01:00, late: shift", { due: "2027-01-31T09:00:00Z", late: "shift" }],
    ["due: 2027-01-31T09:00:00Z", { due: "2027-01-31T09:00:00Z", late: "run" }],
  ])("says with %s what becomes of it?", (keys, expected) => {
    expect(definitionOf(due(keys)).steps).toMatchObject([expected]);
  });

  test("may be of any kind?", () => {
    const steps = `  - { id: ask, type: approval, approvers: [role:lead], due: "\${input.kickoff_at}", late: skip }
  - { id: rest, type: wait, duration: P1D, due: "\${input.kickoff_at}", late: skip }
  - { id: more, type: flow, flow_id: other, due: "\${input.kickoff_at}", late: skip }`;
    expect(definitionOf(flow(steps, kickoff)).steps).toMatchObject([
      { late: "skip" },
      { late: "skip" },
      { late: "skip" },
    ]);
  });

  test.each([
    ["late: skip", "late", "late needs due, the instant that the step is meant for"],
    ["due: 2027-01-31T09:00:00Z, late: skipp", "skipp", 'there is no late "skipp"; did you mean skip?'],
    ["due: 2027-01-31T09:00:00Z, late: [skip]", "[skip]", "late must be a text, not a list"],
    ["due: soon", "soon", 'due: "soon" is no instant'],
    ["due: P3D", "P3D", 'due: "P3D" is no instant'],
    ['due: "${count.at}"', "count.at", "count can't read its own output"],
    ['due: "${input.seat}"', "seat}", 'input has no field "seat"; did you mean seats?'],
    ["due: { at: 5 }", "{ at", "due must be a text, not a mapping"],
  ])("is %s refused where it is wrong?", (keys, marked, message) => {
    const text = due(keys);
    expect(said(text)).toEqual([expect.stringContaining(`${placeOf(text, marked)} ${message}`)]);
  });
});
