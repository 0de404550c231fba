/** Do the user's own risk models stand beside the built-in ones? */
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createLocalAgents } from "../../src/agents/local/local-agents.ts";
import { modelText } from "../../src/agents/local/risk/model-file.ts";
import { openModels } from "../../src/app/model-folder.ts";
import { customerWith, echoTemplates, failureOf, modelNamed, requestFor } from "../agents/support.ts";

let home = "";
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), "own-models-"));
});
afterEach(() => rm(home, { recursive: true, force: true }));

const builtIn = ["churn_risk_v1", "renewal_risk_v1", "renewal_risk_v2"];
const own = () => ({ ...modelNamed("renewal_risk_v2"), name: "renewal_risk_v3", base: 1 });

it("takes the built-in ones alone where there is no such folder", async () => {
  expect([...(await openModels({ folder: join(home, "nowhere") })).keys()]).toEqual(builtIn);
});

it("takes those of the folder too, and a step may name one", async () => {
  await writeFile(join(home, "renewal_risk_v3.yml"), modelText(own()));
  await writeFile(join(home, "README.md"), "no model");
  const models = await openModels({ folder: home });
  expect([...models.keys()]).toEqual([...builtIn, "renewal_risk_v3"]);
  const source = {
    get: async () => null,
    find: async () => [],
    all: async function* () {},
    records: async () => ({ usage: null, tickets: null, invoices: null, contacts: null }),
  };
  const { decision_agent } = createLocalAgents({ source, templates: echoTemplates, models }).agents;
  const asked = { customer: customerWith(), parameters: { model: "renewal_risk_v3" } };
  const { output } = await decision_agent.invoke(requestFor("assess_renewal_risk", asked));
  expect(output).toMatchObject({ model: "renewal_risk_v3", base: 1 });
  const churn = await failureOf(decision_agent.invoke(requestFor("assess_churn_risk", asked)));
  expect(churn.cause).toContain("churn_risk_v1");
});

it("stops the start at a model that can't be read, with every problem's place", async () => {
  const text = modelText(own()).replace("signal: csat", "signal: csta").replace("base: 1", "base: high");
  const file = join(home, "broken.yml");
  await writeFile(file, text);
  const line = (words: string) => text.split("\n").findIndex((one) => one.includes(words)) + 1;
  const told = (await failureOf(openModels({ folder: home }))).cause.split("\n");
  expect(told).toEqual([
    `${file}:${line("base: high")}:7: base: invalid input: expected number, received string.`,
    `${file}:${line("csta")}:17: no source delivers "csta"; did you mean csat?`,
  ]);
});

it("refuses a changed model under the name of another: executions name the one that scored them", async () => {
  const file = join(home, "mine.yml");
  await writeFile(file, modelText({ ...own(), name: "renewal_risk_v2" }));
  const { cause } = await failureOf(openModels({ folder: home }));
  expect(cause).toBe(`${file}:1:1: there is a model renewal_risk_v2 already; give a changed one a name of its own.`);
  expect(await readFile(file, "utf8")).toContain("renewal_risk_v2");
});
