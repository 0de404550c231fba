/** Does docs/dynamodb.md say what the standard flow costs? Counted and billed at the client, with the real agents and the sample. */
import { describe, expect, test } from "vitest";
import { openCsvSource } from "../../../src/agents/crm/csv/csv-source.ts";
import { materialiseSample } from "../../../src/agents/crm/sample/sample.ts";
import { createLocalAgents } from "../../../src/agents/local/local-agents.ts";
import { CaseRecords } from "../../../src/engine/case-records.ts";
import { definitionHash } from "../../../src/flow/flow.ts";
import { loadFlowFolders } from "../../../src/flow/registry.ts";
import { loadTemplates } from "../../../src/notify/templates/templates.ts";
import { inTemporaryFolder } from "../../agents/support.ts";
import { rows, text } from "../../app/page.ts";
import { startHarness } from "../../engine/harness.ts";
import { VirtualClock } from "../../engine/virtual-clock.ts";
import { lead, World } from "../../engine/world.ts";
import { countRequests, type RequestCounts } from "./counting-client.ts";
import { useLocalDynamoDb } from "./local-dynamodb.ts";
import { newTable, openStore, standingTime } from "./open-store.ts";

const dynamoDb = useLocalDynamoDb();
/** On demand, us-east-1, per unit. */
const price = { writeUnit: 0.625e-6, readUnit: 0.125e-6 };

/** The sample's Acme Robotics is asked about, Harbourline Hotels isn't. */
const cases = [
  { what: "renewal_management, approved", customerId: "cust-10021", isAsked: true },
  { what: "renewal_management, under the threshold", customerId: "cust-10024", isAsked: false },
];

describe("docs/dynamodb.md", () => {
  test.each(cases)("has the requests, units and price of $what", async ({ what, customerId, isAsked }) => {
    const measured = await inTemporaryFolder((folder) => run({ folder, customerId, isAsked }));
    const row = rows(await text("docs/dynamodb.md"), "execution", "price").find(([name]) => name === what);
    const documented = numbersIn(row?.[1] ?? "");
    // Whether two answers come together or one after another is a matter of time, and a write more or less.
    const differences = numbersIn(told(measured)).map(
      (value, index) => Math.abs(value - (documented[index] ?? 0)) / value,
    );
    const isNear = documented.length === 5 && Math.max(...differences) < 0.2;
    expect({ isNear, measured: told(measured) }).toEqual({ isNear: true, measured: told(measured) });
  });
});

function numbersIn(words: string): number[] {
  return (words.match(/\d+/g) ?? []).map(Number);
}

function told({ writes, reads, writeUnits, readUnits }: RequestCounts): string {
  const dollars = (writeUnits * price.writeUnit + readUnits * price.readUnit) * 1e6;
  return `${writes} writes (${Math.ceil(writeUnits)} units), ${reads} reads (${Math.ceil(readUnits)} units): $${dollars.toFixed(0)}`;
}

async function run({
  folder,
  customerId,
  isAsked,
}: {
  folder: string;
  customerId: string;
  isAsked: boolean;
}): Promise<RequestCounts> {
  const clock = new VirtualClock();
  const anchorDate = new Date(clock.now()).toISOString().slice(0, 10);
  const source = await openCsvSource({ folder: await materialiseSample({ folder: `${folder}/sample`, anchorDate }) });
  const client = dynamoDb().client();
  const strikes: (() => void)[] = [];
  const every = (ms: number, strike: () => void) => {
    if (ms === 1_000) strikes.push(strike);
    return () => {};
  };
  const time = { ...standingTime, now: () => clock.now(), every };
  const store = await openStore({ client, table: await newTable(client), time });
  const cases = new CaseRecords(store);
  const { agents, customers } = createLocalAgents({ source, templates: await loadTemplates(), cases });
  const catalogue = Object.values(agents).flatMap((agent) => agent.actions);
  const variables = { admin_email: "lead@example.com" };
  const { flows } = await loadFlowFolders({ folders: ["flows"], catalogue, variables });
  const customer = await customers.get({ customerId });
  if (customer === null) throw new Error(`The sample has no ${customerId}.`);

  const world = new World();
  const definitions = flows.map(({ definition }) => definition);
  const { engine } = await startHarness({ flows: definitions, customers: [customer], agents, store, world, clock });
  // What is written once for all executions.
  const definition = definitions.find(({ flow_id }) => flow_id === "renewal_management");
  if (definition === undefined) throw new Error("There is no such standard flow.");
  await store.putDefinition({ hash: definitionHash(definition), definition, at: clock.now() });

  const requests = countRequests(client, { bills: true });
  const started = await engine.start({
    flowId: "renewal_management",
    input: { customer_id: customerId },
    person: null,
  });
  if (started.kind !== "started") throw new Error(`It is ${started.kind}.`);
  const { executionId } = started;
  await engine.idle();
  expect(world.card("approval")).toHaveLength(isAsked ? 1 : 0);
  if (isAsked) {
    // Services take seconds to answer.
    for (const strike of strikes) strike();
    const vote = { executionId, stepId: "approve_recommendations", version: 1, person: lead, reason: null } as const;
    await engine.decide({ ...vote, decision: "approve" });
    await engine.idle();
  }
  expect(world.effects).toHaveLength(isAsked ? 3 : 0);
  return requests.counts();
}
