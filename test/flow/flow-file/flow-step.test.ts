import { describe, expect, test } from "vitest";
import { definitionHash } from "../../../src/flow/flow.ts";
import { definitionOf, flow, placeOf, read, said } from "../fixtures/reading.ts";

const call = (keys: string, rest = "") => flow(`  - { id: onboard, type: flow, ${keys} }`, rest);

const repeated = (input: string) =>
  call(`flow_id: onboarding, for_each: "\${prices.list}", max_concurrency: 2, input: { name: "${input}" }`);

function reads(onError: string, path: string): string {
  return flow(`  - { id: onboard, type: flow, flow_id: onboarding, on_error: ${onError} }
  - { id: count, agent: data_agent, action: count_customers, depends_on: [onboard], when: "\${onboard.${path} = 'x'}" }`);
}

describe("a sub-flow's step", () => {
  test("has what a flow takes, and nothing of an action", () => {
    const text = call('flow_id: onboarding, input: { seats: 5, who: "${customer.name}" }, timeout: P30D');
    expect(definitionOf(text).steps).toEqual([
      {
        kind: "flow",
        id: "onboard",
        depends_on: [],
        when: null,
        timeout_ms: 2_592_000_000,
        due: null,
        late: "run",
        on_error: "fail",
        for_each: null,
        max_concurrency: null,
        compensate: null,
        flow_id: "onboarding",
        input: { seats: 5, who: "${customer.name}" },
      },
    ]);
  });

  test("follows the flow's strategy, as every step does", () => {
    const text = call("flow_id: onboarding", "error_handling: { default_strategy: continue }");
    expect(definitionOf(text).steps).toMatchObject([{ on_error: "continue" }]);
  });

  test("is the same without input, with none in it, and with the defaults written out", () => {
    const hashes = ["", ", input: {}", ", input:", ", on_error: fail, depends_on: []"].map((keys) =>
      definitionHash(definitionOf(call(`flow_id: onboarding${keys}`))),
    );
    expect(new Set(hashes).size).toBe(1);
  });

  test("gives each item of its list to the input", () => {
    expect(said(repeated("${item.name} ${index}"))).toEqual([]);
    expect(said(repeated("${item.nmae}")).join()).toContain("did you mean name?");
  });

  test.each(["execution_id", "outcome", "outputs.assess.risk_score", "outputs"])("gives %s", (path) => {
    expect(said(reads("fail", path))).toEqual([]);
  });

  test("gives no other field, but for a failure that it goes on after", () => {
    expect(said(reads("fail", "outcom")).join()).toContain("did you mean outcome?");
    expect(said(reads("fail", "error")).join()).toContain('onboard has no field "error"');
    expect(said(reads("continue", "error"))).toEqual([]);
  });

  test.each([
    ["when: '${true}'", "{ id", "a step of type flow needs a flow_id, the flow that it starts"],
    ["flow_id: f", "f }", "f can't start itself: it would never end"],
    ["flow_id: On-Boarding", "On-", 'flow_id "On-Boarding" must be small letters'],
    ["flow_id: 5", "5", "flow_id must be a text, not a number"],
    ['flow_id: "${input.x}"', '"${', 'flow_id "${input.x}" must be small letters'],
    ["flow_id: [onboarding]", "[onb", "flow_id must be a text, not a list"],
    ["flow_id: onboarding, input: [a]", "[a]", "input must be a mapping of names to values, not a list"],
    ["flow_id: onboarding, input: all", "all }", "input must be a mapping of names to values, not a text"],
    ["flow_id: onboarding, input: { __proto__: 1 }", "__proto__", 'an input\'s name "__proto__" must be small letters'],
    ["flow_id: onboarding, input: { item: 1 }", "item", "an input's name can't be \"item\""],
    ["flow_id: onboarding, input: { a: 1, a: 2 }", "a: 2", "this key stands here already"],
    ['flow_id: onboarding, input: { a: "${onboard.outcome}" }', "onboard.o", "onboard can't read its own output"],
    ['flow_id: onboarding, input: { a: "${__proto__.x}" }', "__proto__", '"__proto__" is not the name of a field'],
    ['flow_id: onboarding, input: { a: "${item}" }', "item", '"item" needs for_each at this step'],
    ['flow_id: onboarding, input: { a: { b: ["${customer.nme}"] } }', "nme", "did you mean name?"],
    ["flow_id: onboarding, flow_id: other", "flow_id: other", "this key stands here already"],
    ["flow_id: onboarding, retry: {}", "retry", "the steps of the other flow have their own"],
    ["flow_id: onboarding, parameters: {}", "parameters", "a flow takes input"],
    ["flow_id: onboarding, agent: data_agent", "agent:", '"agent" doesn\'t go with a step of type flow'],
    ["flow_id: onboarding, timeout: 30", "30", "timeout must be a text, not a number"],
  ])("with %s is refused where it is wrong", (keys, marked, message) => {
    const text = call(keys);
    const lines = said(text);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(message);
    expect(lines[0]?.split(" ")[0]).toBe(placeOf(text, marked));
    expect(read(text).definition).toBeNull();
  });

  test("is it told of that YAML takes no tabs, wherever they stand?", () => {
    const text = flow("  - id: onboard\n    type: flow\n\tflow_id: onboarding");
    expect(said(text)[0]).toMatch(/^6:\d this isn't YAML: .*[Tt]ab/);
  });

  test("does a step named __proto__ reach anything?", () => {
    const text = flow(`  - { id: __proto__, type: wait, duration: P1D }
  - { id: count, agent: data_agent, action: count_customers, depends_on: [__proto__] }`);
    expect(said(text).join("\n")).toMatch(
      /a step's id "__proto__" must be small letters.*\n.*there is no step "__proto__"/,
    );
  });
});
