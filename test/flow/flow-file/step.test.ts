import { describe, expect, test } from "vitest";
import { assess, flow, placeOf, said } from "../fixtures/reading.ts";

function step(id: string, dependsOn: string | null = null): string {
  const dependencies = dependsOn === null ? "" : `, depends_on: [${dependsOn}]`;
  return `  - { id: ${id}, agent: data_agent, action: count_customers${dependencies} }`;
}

describe("steps and their places", () => {
  test.each<[string, string, string, string]>([
    [
      "a cycle",
      `${step("a", "c")}\n${step("b", "a")}\n${step("c", "b")}`,
      "c] }",
      "these steps depend on each other: a → c → b → a",
    ],
    ["a step on itself", step("a", "a"), "a] }", "a depends on itself"],
    ["a dependency named twice", `${step("a")}\n${step("b", "a, a")}`, "a] }", '"a" stands in depends_on twice'],
    ["a reserved id", step("index"), "index", "a step's id can't be \"index\": that word has a meaning in expressions"],
    ["a step without an id", "  - { agent: data_agent, action: count_customers }", "{ agent", "a step needs an id"],
    [
      "a step without an action",
      "  - { id: a, agent: data_agent }",
      "{ id",
      "a step needs an action (or type: approval, wait or flow)",
    ],
    ["a step without an agent", "  - { id: a, action: count_customers }", "{ id", "a step needs an agent: data_agent"],
    ["a step that is text", "  - count", "count", "a step must be a mapping with an id, not a text"],
    [
      "an unknown kind",
      "  - { id: a, type: sleep }",
      "sleep",
      'there is no step type "sleep"; it is one of agent, approval, wait, flow',
    ],
    ["a slip in a kind", "  - { id: a, type: wiat }", "wiat", 'there is no step type "wiat"; did you mean wait?'],
    [
      "an empty key",
      "  - { id: a, agent: data_agent, action: count_customers, when: }",
      "when",
      '"when" is empty; give it a value or leave it out',
    ],
    [
      "an approval's key at an agent",
      "  - { id: a, agent: data_agent, action: count_customers, quorum: 2 }",
      "quorum",
      '"quorum" goes with a step of type approval',
    ],
    [
      "a missing parameter",
      "  - { id: a, agent: decision_agent, action: assess_renewal_risk }",
      "{ id",
      "assess_renewal_risk needs the parameter model",
    ],
    [
      "a missing input of an action",
      "  - { id: a, agent: decision_agent, action: generate_renewal_recommendations }",
      "{ id",
      "generate_renewal_recommendations needs the output of assess_renewal_risk; add a step with that action",
    ],
  ])("is %s named where it stands?", (_, steps, marked, message) => {
    const text = flow(steps);
    expect(said(text)).toEqual([`${placeOf(text, marked)} ${message}`]);
  });

  test("are two cycles both reported?", () => {
    const text = flow(`${step("a", "b")}\n${step("b", "a")}\n${step("c", "d")}\n${step("d", "c")}`);
    expect(said(text).map((line) => line.replace(/^\S+ /, ""))).toEqual([
      "these steps depend on each other: a → b → a",
      "these steps depend on each other: c → d → c",
    ]);
  });

  test.each([
    [
      "{ model: renewal_risk_v3 }",
      "renewal_risk_v3",
      /^parameter model: "renewal_risk_v3" is not one of renewal_risk_v2; did you mean renewal_risk_v2\?$/,
    ],
    [
      "{ model: renewal_risk_v2, treshold: 0.7 }",
      "treshold",
      /^assess_renewal_risk takes no parameter "treshold"; did you mean threshold\?$/,
    ],
    ["{ model: renewal_risk_v2, threshold: high }", "high", /^parameter threshold: expected number/],
    ["[model]", "[model]", /^parameters must be a mapping of names to values, not a list$/],
  ])("are parameters %s checked against the action?", (parameters, marked, message) => {
    const text = flow(`  - { id: a, agent: decision_agent, action: assess_renewal_risk, parameters: ${parameters} }`);
    const [only = "", ...others] = said(text);
    expect(others).toEqual([]);
    expect(only.slice(0, only.indexOf(" "))).toBe(placeOf(text, marked));
    expect(only.slice(only.indexOf(" ") + 1)).toMatch(message);
  });

  test("are parameters with expressions checked as far as they are literal?", () => {
    const event = "id: e, agent: execution_agent, action: create_calendar_event, depends_on: [get, assess]";
    const good = `{ title: "\${customer.name}", attendees: "\${assess.reasons.name}", duration_minutes: "\${input.minutes}" }`;
    expect(
      said(flow(`${assess}\n  - { ${event}, parameters: ${good} }`, "input: { minutes: { type: integer } }")),
    ).toEqual([]);
    const bad = `{ title: 5, attendees: ["\${customer.csm_email}", 7], duration_minute: "\${customer.seats}" }`;
    expect(said(flow(`${assess}\n  - { ${event}, parameters: ${bad} }`)).join("\n")).toMatch(
      /parameter title: .*\n.*parameter attendees.1: .*\n.*no parameter "duration_minute"; did you mean duration_minutes\?/,
    );
  });
});
