import { describe, expect, test } from "vitest";
import { count, definitionOf, flow, placeOf, said } from "../fixtures/reading.ts";

describe("inputs and the customer", () => {
  test("does a flow without a customer take none?", () => {
    expect(definitionOf(flow(count)).input).toEqual({});
  });

  test.each([
    ["a customer action", flow("  - { id: get, agent: data_agent, action: retrieve_customer_data }")],
    ["a filter", flow(count, "trigger: { type: schedule, schedule: rate(1 day), filter: [customer.arr > 5] }")],
    ["a condition", flow(count.replace(" }", ', when: "${customer.arr > 5}" }'))],
    ["the failure's mail", flow(count, 'error_handling: { failure_notification: "${customer.csm_email}" }')],
    ["an approver", flow('  - { id: ask, type: approval, approvers: ["${customer.csm_email}"] }')],
  ])("does %s make it one about a customer?", (_, text) => {
    expect(definitionOf(text).input["customer_id"]).toMatchObject({ type: "string", required: true });
  });

  test("are declared inputs kept beside it?", () => {
    const input =
      "input: { kickoff_at: { type: datetime }, size: { enum: [s, m], default: m, required: false }, n: { type: integer, default: 3 } }";
    expect(definitionOf(flow(count, input)).input).toEqual({
      kickoff_at: { type: "datetime", enum: null, required: false, default: null, description: null },
      size: { type: "string", enum: ["s", "m"], required: false, default: "m", description: null },
      n: { type: "integer", enum: null, required: false, default: 3, description: null },
    });
  });

  test.each([
    ["{ n: { type: integer, default: 1.5 } }", 'the default of input "n" must be of type integer'],
    ["{ n: { type: int } }", 'there is no input type "int"; did you mean integer?'],
    ["{ n: { required: true } }", 'input "n" needs a type'],
    ["{ customer: { type: string } }", 'can\'t be "customer"'],
    ["{ customer_id: { type: number } }", "its type is string"],
    ["{ size: { enum: [s], default: xl } }", "must be one of s"],
    ["[n]", "input must be a mapping"],
  ])("is input %s refused?", (input, message) => {
    expect(said(flow(count, `input: ${input}`)).join()).toContain(message);
  });

  test("is an input that no schedule can give refused where it stands?", () => {
    const schedule = "trigger: { type: schedule, schedule: rate(1 day) }";
    const input = "input: { customer_id: { type: string, required: true }, n: { type: integer, required: true } }";
    const text = flow(count, `${schedule}\n${input}`);
    expect(said(text)).toEqual([
      `${placeOf(text, "n: { type: i")} the input "n" is required, but a schedule has nothing to give; give it a default`,
    ]);
    expect(said(text.replace("type: integer, ", "type: integer, default: 1, "))).toEqual([]);
    expect(said(flow(count, input))).toEqual([]);
  });
});
