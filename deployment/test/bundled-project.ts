/** The functions of a customer's project as they are deployed: bundled, loaded alone in their folder, asked by a machine's requests. */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { z } from "zod";
import type { ActionDescription } from "../../src/flow/action.ts";
import { definitionHash, type FlowDefinition } from "../../src/flow/flow.ts";
import type { JsonObject } from "../../src/flow/json.ts";
import { loadFlowFolders } from "../../src/flow/registry.ts";
import { createTable } from "../../src/state/dynamodb/table.ts";
import { localRegion, startLocalDynamoDb } from "../../test/state/dynamodb/local-dynamodb.ts";
import { openStore } from "../../test/state/dynamodb/open-store.ts";
import type { Bundles } from "../../scripts/lambda/bundle.ts";
import { bundleFunctions } from "../lib/bundle.ts";
import { projectCopy, type ProjectCopy } from "./project-copy.ts";

const run = promisify(execFile);
const table = "revops";

/** Of customers.csv. */
const header = "id,name,renewal_date,arr,currency\n";
const inThreeWeeks = new Date(Date.now() + 21 * 86_400_000).toISOString().slice(0, 10);
const customerRow = (id: string) => `${id},Customer ${id},${inThreeWeeks},1000,USD\n`;
const customers = (...ids: readonly string[]): string => header + ids.map(customerRow).join("");

const action = `import { defineAction, FailureError } from "revops-flows";
import { z } from "zod";
import { half } from "./arithmetic.ts";
export const scoreHealth = defineAction({
  agent: "decision_agent", action: "score_health", description: "How well a customer does.",
  parameters: z.strictObject({ nps: z.number() }), output: z.object({ health: z.number(), who: z.string() }), readsCustomer: true,
  run: ({ nps }, { customer }) => {
    if (nps < 0) throw new FailureError({ error: "Input.Invalid", cause: "An NPS below nothing." });
    return { output: { health: half(nps), who: customer?.name ?? "nobody" } };
  },
});
`;
const files = {
  "actions/score_health.ts": action,
  "actions/arithmetic.ts": "export const half = (value: number): number => value / 2;\n",
  "actions/score_health.test.ts": 'throw new Error("a test is not deployed");\n',
  "flows/health.yml": `flow_id: health
version: "1.0"
steps:
  - { id: score, agent: decision_agent, action: score_health, parameters: { nps: 40 } }
  - { id: score_less, agent: decision_agent, action: score_health, parameters: { nps: -1 } }
`,
  "flows/weekly.yml": `flow_id: weekly
version: "1.0"
steps:
  - { id: roll_up, agent: decision_agent, action: build_roll_up, parameters: { flow: weekly } }
`,
  "crm/customers.csv": customers("acme"),
  "revops.yml": "channels: { default: '#revops' }\n",
  ...Object.fromEntries(
    ["subject.txt", "mail.html", "mail.txt", "slack.txt"].map((name) => [`templates/own/${name}`, "{{customer.name}}"]),
  ),
};

const Answers = z.array(z.union([z.object({ answer: z.json() }), z.object({ name: z.string(), message: z.string() })]));
type Answers = z.infer<typeof Answers>;

/** The requests of one execution's machine. */
export interface Machine {
  begin: (input: JsonObject) => JsonObject;
  step: (stepId: string, parameters: JsonObject) => JsonObject;
  end: (steps: JsonObject) => JsonObject;
}

export interface BundledProject {
  copy: ProjectCopy;
  bundles: Bundles;
  machine: (flowId: string, executionId: string) => Machine;
  /** One cold start of the actions function: each request after the other. */
  asked: (requests: readonly JsonObject[]) => Promise<Answers>;
  customers: (ids: readonly string[]) => Promise<void>;
  close: () => Promise<void>;
}

export async function bundledProject(): Promise<BundledProject> {
  const [copy, database] = await Promise.all([projectCopy(files), startLocalDynamoDb()]);
  const { folder } = copy;
  const bundles = await bundleFunctions({ root: folder, into: join(folder, "deployment/build/functions") });
  const client = database.client();
  await createTable({ client, table });
  const store = await openStore({ table, client });
  const definitions = await flowsIn(join(folder, "flows"));
  for (const [hash, definition] of definitions) await store.putDefinition({ hash, definition, at: 0 });
  await store.close();
  return {
    copy,
    bundles,
    machine: (flowId, executionId) => {
      const found = [...definitions].find(([, { flow_id }]) => flow_id === flowId);
      if (found === undefined) throw new Error(`There is no flow ${flowId}.`);
      return requestsOf({ execution_id: executionId, flow_id: flowId, hash: found[0] });
    },
    asked: async (requests) => {
      const env = {
        ...environment,
        AWS_ENDPOINT_URL_DYNAMODB: database.endpoint,
        REVOPS_CRM: `csv:${join(folder, "crm")}`,
      };
      const words = ["--input-type=module", "-e", asking, JSON.stringify(requests)];
      const { stdout } = await run(process.execPath, words, { cwd: bundles.actions, env });
      return Answers.parse(JSON.parse(stdout));
    },
    customers: (ids) => copy.write({ "crm/customers.csv": customers(...ids) }),
    close: async () => {
      await database.stop();
      await copy.remove();
    },
  };
}

/** By hash. */
async function flowsIn(folder: string): Promise<Map<string, FlowDefinition>> {
  const catalogue = ["score_health", "build_roll_up"].map(described);
  const { flows, problems } = await loadFlowFolders({ folders: [folder], catalogue, variables: {} });
  if (problems.length > 0) throw new Error(JSON.stringify(problems));
  return new Map(flows.map(({ definition }) => [definitionHash(definition), definition]));
}

function described(action: string): ActionDescription {
  const anything = z.looseObject({});
  const is = { reads: [], plansEffects: false, readsCustomer: action === "score_health" };
  return { agent: "decision_agent", action, parameters: anything, output: anything, ...is };
}

function requestsOf(about: { execution_id: string; flow_id: string; hash: string }): Machine {
  return {
    begin: (input) => ({ kind: "begin", ...about, input, started_at: "2026-11-27T00:00:00Z" }),
    step: (step_id, parameters) => ({
      kind: "step",
      ...about,
      step_id,
      index: null,
      attempt: 1,
      parameters,
      outputs: [],
    }),
    end: (steps) => ({ kind: "end", ...about, status: "succeeded", outcome: "completed", steps }),
  };
}

const environment = {
  PATH: process.env["PATH"],
  AWS_REGION: localRegion,
  AWS_ACCESS_KEY_ID: "local",
  AWS_SECRET_ACCESS_KEY: "local",
  REVOPS_STATE: `dynamodb:${table}`,
  REVOPS_LOG_LEVEL: "silent",
  SLACK_BOT_TOKEN: "xoxb-1",
  SLACK_SIGNING_SECRET: "secret",
};

const asking = `const { handler } = await import("./index.mjs");
const call = { getRemainingTimeInMillis: () => 60_000 };
const said = [];
for (const request of JSON.parse(process.argv[1]))
  said.push(await handler(request, call).then((answer) => ({ answer }), ({ name, message }) => ({ name, message })));
console.log(JSON.stringify(said));
process.exit(0);`;
