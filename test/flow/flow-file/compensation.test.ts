import { describe, expect, test } from "vitest";
import { assess, definitionOf, flow, placeOf, said } from "../fixtures/reading.ts";

const book = (compensate: string, more = "") => `${assess}
  - id: book
    agent: execution_agent
    action: create_calendar_event
    depends_on: [assess]
    parameters: { title: x, attendees: [] }
    compensate: ${compensate}${more}`;
const undo = (parameters: string) =>
  `{ agent: execution_agent, action: create_calendar_event, parameters: ${parameters} }`;

describe("what takes a step back", () => {
  test("sees the step's own output, and what the step sees", () => {
    const text = flow(
      book(undo('{ title: "No ${book.title} (${assess.risk_score})", attendees: "${book.attendees}" }')),
    );
    expect(said(text)).toEqual([]);
    expect(definitionOf(text).steps.at(-1)).toMatchObject({
      compensate: {
        agent: "execution_agent",
        action: "create_calendar_event",
        parameters: { attendees: "${book.attendees}" },
      },
    });
  });

  test("has no parameters where it says none", () => {
    const text = flow(book("{ agent: data_agent, action: count_customers }"));
    expect(definitionOf(text).steps.at(-1)).toMatchObject({ compensate: { parameters: {} } });
  });

  test("of a sub-flow knows which execution that was", () => {
    const undone = undo('{ title: "Stop ${onboard.execution_id}", attendees: [] }');
    const steps = `  - { id: onboard, type: flow, flow_id: onboarding, on_error: compensate, compensate: ${undone} }`;
    expect(said(flow(steps))).toEqual([]);
    expect(said(flow(steps.replace("execution_id", "execution_ids"))).join()).toContain("did you mean execution_id?");
  });

  test.each([
    [undo('{ title: "${book.titel}", attendees: [] }'), "titel", 'book has no field "titel"; did you mean title?'],
    [
      undo("{ titel: x, title: x, attendees: [] }"),
      "titel",
      'create_calendar_event takes no parameter "titel"; did you mean title?',
    ],
    [undo("{ title: x }"), "{ title: x }", "create_calendar_event needs the parameter attendees"],
    [undo('{ title: "${item}", attendees: [] }'), "item", '"item" needs for_each at this step'],
    ["{ agent: execution_agent }", "{ agent", "compensate needs an action"],
    ["{ action: create_calendar_event }", "{ action", "compensate needs an agent: execution_agent"],
    [
      "{ agent: execution_agent, action: create_calender_event }",
      "create_calender",
      'execution_agent has no action "create_calender_event"; did you mean create_calendar_event?',
    ],
    [
      "{ agent: data_agent, action: create_calendar_event }",
      "create_calendar_event }",
      "create_calendar_event is an action of execution_agent, not of data_agent",
    ],
    ["{ agent: data_agent, action: count_customers, retry: {} }", "retry", 'compensate has no key "retry"'],
    ["{ agent: data_agent, action: count_customers, when: x }", "when", 'compensate has no key "when"'],
    [
      "create_calendar_event",
      "create_calendar_event\n    x",
      "compensate must be a mapping of keys to values, not a text",
    ],
    ["[book]", "[book]", "compensate must be a mapping of keys to values, not a list"],
    ["", "compensate", '"compensate" is empty'],
  ])("is %s refused where it is wrong?", (compensate, marked, message) => {
    const text = flow(book(compensate, "\n    x: 1"));
    const lines = said(text).filter((line) => !line.includes('no key "x"'));
    expect(lines).toEqual([expect.stringContaining(`${placeOf(text, marked)} ${message}`)]);
  });

  test("does its action find what it needs in the step itself?", () => {
    const again = "{ agent: decision_agent, action: generate_renewal_recommendations }";
    const own = assess.replace("depends_on: [get]", `depends_on: [get], compensate: ${again}`);
    expect(said(flow(own))).toEqual([]);
    const alone = flow(`  - { id: count, agent: data_agent, action: count_customers, compensate: ${again} }`);
    expect(said(alone)).toEqual([
      `${placeOf(alone, "{ agent")} generate_renewal_recommendations needs the output of assess_renewal_risk; add a step with that action`,
    ]);
  });

  test("makes a flow one about a customer, if its action reads one", () => {
    const text = flow(
      "  - { id: count, agent: data_agent, action: count_customers, compensate: { agent: data_agent, action: retrieve_customer_data } }",
    );
    expect(definitionOf(text).input).toHaveProperty("customer_id");
  });

  test.each(["approval, approvers: [role:a]", "wait, duration: P1D"])("at a step of type %s is refused", (kind) => {
    const text = flow(`  - { id: a, type: ${kind}, compensate: {} }`);
    expect(said(text).join()).toContain("only what an agent or a sub-flow did can be taken back");
  });
});
