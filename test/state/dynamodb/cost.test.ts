/** D6: how many write requests an execution takes, counted at the client, with the engine on the real SDK. */
import { describe, expect, test } from "vitest";
import { FailureError } from "../../../src/flow/failure.ts";
import type { FlowDefinition } from "../../../src/flow/flow.ts";
import type { JsonObject } from "../../../src/flow/json.ts";
import { agentStep, approvalStep, flow, waitStep } from "../../engine/flows.ts";
import { type Harness, startHarness } from "../../engine/harness.ts";
import { answer, scriptedAgents } from "../../engine/scripted-agents.ts";
import { VirtualClock } from "../../engine/virtual-clock.ts";
import { dana } from "../../engine/world.ts";
import { countRequests, type CountingClient } from "./counting-client.ts";
import { useLocalDynamoDb } from "./local-dynamodb.ts";
import { newTable, openStore, standingTime } from "./open-store.ts";

const dynamoDb = useLocalDynamoDb();
const minute = 60_000;

interface Counted extends Harness {
  requests: CountingClient;
  run: (input?: JsonObject) => Promise<string>;
  /** What waits to be written together is written. */
  aSecondPasses: () => void;
}

async function counted(definition: FlowDefinition, agents = scriptedAgents()): Promise<Counted> {
  const client = dynamoDb().client();
  const table = await newTable(client);
  const clock = new VirtualClock();
  const strikes: (() => void)[] = [];
  const every = (ms: number, strike: () => void) => {
    // A heartbeat is the process's, not an execution's.
    if (ms === 1_000) strikes.push(strike);
    return () => {};
  };
  const time = { ...standingTime, now: () => clock.now(), every };
  const store = await openStore({ client, table, time });
  const harness = await startHarness({ flows: [definition], store, clock, agents });
  const requests = countRequests(client);
  const run = async (input: JsonObject = {}) => {
    const started = await harness.engine.start({ flowId: definition.flow_id, input, person: null });
    if (started.kind !== "started") throw new Error(`It is ${started.kind}.`);
    await harness.engine.idle();
    return started.executionId;
  };
  return { ...harness, requests, run, aSecondPasses: () => strikes.forEach((strike) => strike()) };
}

/** About no customer: a customer's place among the running ones is two writes more. */
const alone = { input: {}, triggers: [] };

function steps(count: number): FlowDefinition {
  const ids = Array.from({ length: count }, (_, index) => `step_${index + 1}`);
  return flow(
    ids.map((id, index) => agentStep(id, "noop", { after: ids.slice(Math.max(0, index - 1), index) })),
    alone,
  );
}

/** A second execution, so that what is written once for all is not counted. */
async function writesOf(
  definition: FlowDefinition,
  {
    agents = scriptedAgents(),
    goOn = async () => {},
  }: {
    agents?: ReturnType<typeof scriptedAgents>;
    goOn?: (counted: Counted, executionId: string) => Promise<void>;
  } = {},
): Promise<number> {
  const own = await counted(definition, agents);
  await goOn(own, await own.run());
  own.requests.reset();
  const executionId = await own.run();
  await goOn(own, executionId);
  expect(await own.store.getHeader({ executionId })).toMatchObject({ status: "succeeded", open: false });
  return own.requests.counts().writes;
}

describe("how many write requests an execution takes (D6)", () => {
  test.each([1, 5, 20])("%i steps in a row, the definition included", async (count) => {
    const { requests, run, store } = await counted(steps(count));
    const executionId = await run();
    expect(requests.counts().writes).toBeLessThanOrEqual(count + 3);
    expect(await store.getHeader({ executionId })).toMatchObject({ status: "succeeded", open: false });
  });

  test("each failed attempt one, and what begins it again one", async () => {
    let calls = 0;
    const agents = scriptedAgents({
      noop: (request) => {
        calls += 1;
        if (calls % 3 !== 0) throw new FailureError({ error: "Agent.Unavailable", cause: "away" });
        return answer(request.parameters);
      },
    });
    const writes = await writesOf(steps(1), { agents, goOn: (own) => own.moveTo(own.clock.now() + 10 * minute) });
    expect(writes).toBeLessThanOrEqual(1 + 3 + 2 + 2);
  });

  test("each effect that the service can't tell apart one", async () => {
    const definition = flow([agentStep("notify", "notify"), agentStep("book", "book", { after: ["notify"] })], alone);
    expect(await writesOf(definition)).toBeLessThanOrEqual(2 + 3 + 2);
  });

  test("an approval three, and the park", async () => {
    const definition = flow(
      [
        agentStep("first", "noop"),
        approvalStep("approve", { after: ["first"], approvers: ["dana@example.com"] }),
        agentStep("last", "noop", { after: ["approve"] }),
      ],
      alone,
    );
    expect(await writesOf(definition, { goOn: approve })).toBeLessThanOrEqual(2 + 3 + 3 + 1);
  });

  test("a wait one for the park", async () => {
    const definition = flow([agentStep("first", "noop"), waitStep("rest", { after: ["first"] })], alone);
    expect(await writesOf(definition, { goOn: waitTwoHours })).toBeLessThanOrEqual(2 + 3 + 1);
  });
});

async function approve({ engine, aSecondPasses }: Counted, executionId: string): Promise<void> {
  aSecondPasses();
  const vote = { executionId, stepId: "approve", version: 1, person: dana, reason: null } as const;
  expect(await engine.decide({ ...vote, decision: "approve" })).toMatchObject({ kind: "recorded" });
  await engine.idle();
}

async function waitTwoHours(own: Counted): Promise<void> {
  own.aSecondPasses();
  await own.moveTo(own.clock.now() + 120 * minute);
}
