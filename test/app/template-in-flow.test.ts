/** Is a flow told of its templates when it is loaded: one that isn't there, one that speaks of what no step gives? */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createLocalAgents } from "../../src/agents/local/local-agents.ts";
import { readFlowFile } from "../../src/flow/flow-file.ts";
import { needsOf } from "../../src/notify/templates/template-needs.ts";
import { parseTemplate } from "../../src/notify/templates/template-syntax.ts";
import { loadTemplates, type Templates } from "../../src/notify/templates/templates.ts";
import { customerDirectory } from "../engine/scripted-agents.ts";

let folder = "";
let templates: Templates;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "template-in-flow-"));
  await template("plain", "{{execution_id}}");
  await template("named", "Hello {{customer.name}}");
  await template("scored", "{{#if risk}}{{risk.summary}}{{/if}}{{risk.risk_score | score}}");
  await template("asking", "{{#if risk}}{{risk.risk_score | score}}{{else}}not scored{{/if}}");
  templates = await loadTemplates({ folders: [folder] });
});
afterAll(() => rm(folder, { recursive: true }));

async function template(name: string, text: string): Promise<void> {
  await mkdir(join(folder, name));
  for (const file of ["subject.txt", "mail.html", "slack.txt"]) await writeFile(join(folder, name, file), "x");
  await writeFile(join(folder, name, "mail.txt"), text);
}

function load(steps: string) {
  const records = { usage: null, tickets: null, invoices: null, contacts: null };
  const source = { ...customerDirectory([]), records: () => Promise.resolve(records) };
  const { agents } = createLocalAgents({ source, templates });
  const catalogue = Object.values(agents).flatMap(({ actions }) => actions);
  const text = `flow_id: f\nversion: "1.0"\nsteps:\n${steps}`;
  const { definition, problems } = readFlowFile({ file: "f.yml", text, catalogue, variables: {} });
  return { definition, said: problems.map(({ line, column, message }) => `${line}:${column} ${message}`) };
}

const mail = (name: string, more = "") =>
  `  - { id: tell, agent: execution_agent, action: send_email, parameters: { to: a@example.com, template: ${name} }${more} }\n`;
const risk = `  - { id: risk, agent: decision_agent, action: assess_renewal_risk }\n`;

describe("a template that isn't there", () => {
  it.each([
    ["send_email", "{ to: a@example.com, template: renewal_recommendatons }", "4:"],
    ["send_slack_message", "{ to: '#revops', template: renewal_recommendatons }", "4:"],
    ["send_notifications", "{ recipients: a@example.com, template: renewal_recommendatons }", "4:"],
  ])("%s is told its place and the nearest name", (action, parameters, place) => {
    const steps = `  - { id: tell, agent: execution_agent, action: ${action}, parameters: ${parameters} }\n`;
    const { definition, said } = load(steps);
    expect(definition).toBeNull();
    expect(said).toHaveLength(1);
    expect(said[0]).toContain(
      'parameter template: there is no template "renewal_recommendatons"; did you mean renewal_recommendations?',
    );
    expect(said[0]).toMatch(new RegExp(`^${place}${steps.indexOf("renewal_recommendatons") + 1} `));
  });

  it("whose name an expression gives is looked for when it is known", () => {
    expect(load(mail('"${input.which}"') + "input: { which: { type: string } }\n").said).toEqual([]);
  });
});

describe("a template that can't do without", () => {
  it("a risk that no step gives", () => {
    const { definition, said } = load(mail("scored"));
    expect(definition).toBeNull();
    expect(said).toEqual([
      "4:5 send_email needs the output of assess_renewal_risk or assess_churn_risk, since the template scored speaks of risk; add a step with that action",
    ]);
  });

  it("a risk that another branch gives", () => {
    expect(load(risk + mail("scored")).said.join()).toContain("add risk to depends_on");
    expect(load(risk + mail("scored", ", depends_on: [risk]")).said).toEqual([]);
  });

  it("of either risk takes the one that is there", () => {
    const churn = risk.replace("renewal", "churn");
    expect(load(churn + mail("scored", ", depends_on: [risk]")).said).toEqual([]);
  });

  it("in what takes a step back", () => {
    const undo = "{ agent: execution_agent, action: send_email, parameters: { to: a@example.com, template: scored } }";
    expect(load(mail("plain", `, compensate: ${undo}`)).said.join()).toContain("the template scored speaks of risk");
  });

  it("the customer: the flow is about one, and can't be started without", () => {
    expect(load(mail("plain")).definition?.input).toEqual({});
    expect(load(mail("named")).definition?.input).toHaveProperty("customer_id");
  });

  it("what it asks for first: nothing", () => {
    expect(load(mail("asking")).said).toEqual([]);
  });
});

it.each([
  ["{{customer.name}}", ["customer"]],
  ["{{#if customer}}{{customer.name}}{{/if}}", []],
  ["{{#if customer.arr}}{{customer.name}}{{/if}}", []],
  ["{{#if customer}}{{else}}{{customer.name}}{{/if}}", ["customer"]],
  ["{{#if risk}}{{customer.name}}{{/if}}", ["customer"]],
  ["{{#each risk.reasons}}{{item.text}} of {{risk.risk_score}}{{/each}}", []],
  ["{{#each risk.reasons}}{{recommendations.summary}}{{/each}}", ["recommendations"]],
  ["{{#if customer}}{{#if risk}}{{customer.name}}{{risk.summary}}{{/if}}{{/if}}{{risk.summary}}", ["risk"]],
  ["{{execution_id}}{{customer.arr | money customer.currency}}", ["customer"]],
])("%s needs %j", (text, needed) => {
  expect(needsOf(parseTemplate(text))).toEqual(needed);
});

it("no template of the product needs anything: whatever is absent leaves no hole", () => {
  expect(
    [...templates.needs].filter(([name, needs]) => needs.length > 0 && !["named", "scored"].includes(name)),
  ).toEqual([]);
});
