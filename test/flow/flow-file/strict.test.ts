/** `validate --strict`: does it ask about what is probably not meant, and about nothing else? */
import { expect, test } from "vitest";
import { readFlowFile } from "../../../src/flow/flow-file.ts";
import { catalogue } from "../fixtures/catalogue.ts";

const steps = `
  - { id: data, agent: data_agent, action: retrieve_customer_data }
  - { id: assess, agent: decision_agent, action: assess_renewal_risk, depends_on: [data], parameters: { model: renewal_risk_v2 } }
  - { id: generate, agent: decision_agent, action: generate_renewal_recommendations, depends_on: [assess] }
  - { id: approve, type: approval, approvers: [role:lead], depends_on: [generate] }
`;

function warnings(more: string, strict = true): string[] {
  const text = `flow_id: f\nversion: "1"\nsteps:${steps}${more}`;
  const { definition, problems } = readFlowFile({ file: "f.yml", text, catalogue, variables: {}, strict });
  expect(definition).not.toBeNull();
  return problems.map(({ line, column, message }) => `${line}:${column} ${message}`);
}

const waits = (when: string) =>
  `  - { id: after, type: wait, duration: P1D, depends_on: [approve], when: "\${${when}}" }\n`;

const mail = (after: string) =>
  `  - { id: tell, agent: execution_agent, action: send_notifications, depends_on: [${after}], parameters: { template: renewal_recommendations, recipients: ["a@example.com"] } }\n`;

test("mails without an approval are asked about, those behind one are not, however far", () => {
  expect(warnings(mail("generate"))).toEqual([
    "8:5 send_notifications reaches people, and no approval comes before it",
  ]);
  expect(warnings(`${waits("true")}${mail("after")}`)).toEqual([]);
  expect(warnings(mail("generate"), false)).toEqual([]);
});

test.each([
  ["false", "it is always false"],
  ["(false)", "it is always false"],
  ["assess.over_threshold and false", "it is always false"],
  ["assess.risk_level = 'hihg'", 'assess.risk_level is "low", "medium", "high", never "hihg"'],
  ["'hihg' = assess.risk_level", 'assess.risk_level is "low", "medium", "high", never "hihg"'],
  ["approve.decision = 'aproved'", 'approve.decision is "approved", "rejected", "expired", never "aproved"'],
  ["assess.over_threshold = 'true'", 'assess.over_threshold is boolean, never "true"'],
  ["assess.risk_score = 'high' or false", 'assess.risk_score is number, never "high"'],
  ["assess.reasons.name = 3", "assess.reasons.name is string, never 3"],
])("%s can't be true", (when, reason) => {
  expect(warnings(waits(when))).toEqual([expect.stringMatching(/^8:\d+ /)]);
  expect(warnings(waits(when))[0]).toContain(`this can't be true: ${reason}`);
});

test.each([
  "true",
  "assess.over_threshold",
  "assess.over_threshold or false",
  "assess.risk_level = 'high'",
  "assess.risk_level != 'hihg'",
  "assess.risk_score = 1",
  "approve.decision = 'rejected' and assess.over_threshold = true",
  "customer.segment = 'enterprise'",
  "data.support_history.urgent = 3",
  "assess.reasons[0].name = 'usage'",
  "$lowercase(assess.risk_level) = 'x'",
])("%s may be true", (when) => {
  expect(warnings(waits(when))).toEqual([]);
});
