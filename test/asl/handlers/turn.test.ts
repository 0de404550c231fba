/** A machine that began without the bot, and others have the places: does it wait, and for as long as it should? */
import { DescribeExecutionCommand, ExecutionDoesNotExist, type SFNClient } from "@aws-sdk/client-sfn";
import { expect, test } from "vitest";
import { readMachineArns } from "../../../src/asl/engine/machine-arns.ts";
import { StepFunctionsFollower } from "../../../src/asl/engine/step-functions-follower.ts";
import { answers } from "../../../src/asl/protocol.ts";
import type { Follower } from "../../../src/engine/follower.ts";
import { fold } from "../../../src/flow/execution.ts";
import type { FlowDefinition } from "../../../src/flow/flow.ts";
import { agentStep, flow, scheduleTrigger } from "../../engine/flows.ts";
import { startHarness, type Harness } from "../../engine/harness.ts";
import { customer } from "../../engine/scripted-agents.ts";
import { seededRandomness } from "../../engine/virtual-clock.ts";
import { failureOf, Machine } from "./machine.ts";

const steps = [agentStep("work", "noop")];
const customers = ["acme", "beta"].map((id) => customer(id));
const firing = { trigger: 0, scheduled_at: "2026-11-23T09:00:00Z" };
const hour = 3_600_000;

/** A service that does as it is told, and never ends anything. */
function listener(): { follower: Follower; told: unknown[] } {
  const told: unknown[] = [];
  const follower: Follower = {
    tell: async ({ executionId }, owed) => {
      told.push(owed.kind === "answer" ? owed.token.token : `${owed.kind} ${executionId}`);
      return { kind: "told", name: executionId };
    },
    running: async () => new Set(),
    endOf: async () => null,
  };
  return { follower, told };
}

async function machines(definition: FlowDefinition, ...ids: string[]): Promise<[Harness, unknown[], ...Machine[]]> {
  const { follower, told } = listener();
  const harness = await startHarness({ flows: [definition], customers, fires: false, follower });
  const all = await Promise.all(ids.map((id) => new Machine(harness, definition, id).deploy()));
  return [harness, told, ...all];
}

async function looked({ engine }: Harness): Promise<void> {
  await engine.tick();
  await engine.idle();
}

test("its turn comes while its function still asks: the token is answered all the same", async () => {
  const limited = flow(steps, { concurrency: { key: "all", limit: 1 } });
  const [harness, told, first, next] = await machines(limited, "one", "two");
  expect(answers.begin.parse(await first?.begin())).toMatchObject({ queued: false });
  expect(answers.begin.parse(await next?.begin({ customer_id: "beta" }))).toMatchObject({ queued: true });
  await harness.engine.abort({ executionId: "one", person: null, compensate: false });
  await looked(harness);
  expect((await next?.state())?.queued).toBeNull();
  expect(await next?.actions({ kind: "turn", task_token: "token-1" })).toEqual({});
  await looked(harness);
  expect(told).toEqual(["stop one", "token-1"]);
  // Its answer was lost.
  await next?.actions({ kind: "turn", task_token: "token-1" });
  await looked(harness);
  expect(told).toHaveLength(2);
});

test("aborted while it waits: nobody answers, and a late function is told so", async () => {
  const limited = flow(steps, { concurrency: { key: "all", limit: 1 } });
  const [harness, told, first, next] = await machines(limited, "one", "two");
  await first?.begin();
  await next?.begin({ customer_id: "beta" });
  await next?.actions({ kind: "turn", task_token: "token-1" });
  await harness.engine.abort({ executionId: "two", person: null, compensate: false });
  await looked(harness);
  expect(told).toEqual(["stop two"]);
  const late = await failureOf(next?.actions({ kind: "turn", task_token: "token-2" }) ?? Promise.resolve());
  expect(late).toEqual({ name: "Flow.Failed", message: "two has ended: it is aborted." });
});

test("held back longer than the flow may take: it times out, and the service never hears of it", async () => {
  const limited = flow(steps, { concurrency: { key: "all", limit: 1 }, timeout_ms: hour });
  const [harness, told] = await machines(limited);
  const start = (customerId: string) =>
    harness.engine.start({ flowId: "renewal", input: { customer_id: customerId }, person: null });
  const [{ executionId: first }, { executionId: next }] = [await start("acme"), await start("beta")];
  await harness.moveTo(harness.clock.now() + hour);
  const standing = async (executionId: string) => (await harness.engine.report({ executionId })).header.status;
  expect([await standing(first), await standing(next)]).toEqual(["running", "timed_out"]);
  expect(told).toEqual([`start ${first}`]);
});

test("told after an hour in the queue: that the service doesn't show it yet is no end of it", async () => {
  const limited = flow(steps, { concurrency: { key: "all", limit: 1 } });
  const [harness, told] = await machines(limited);
  const start = (customerId: string) =>
    harness.engine.start({ flowId: "renewal", input: { customer_id: customerId }, person: null });
  const [{ executionId: first }, { executionId: next }] = [await start("acme"), await start("beta")];
  await harness.moveTo(harness.clock.now() + hour);
  await harness.engine.abort({ executionId: first, person: null, compensate: false });
  await looked(harness);
  expect(told.at(-1)).toBe(`start ${next}`);
  const state = fold({ definition: limited, entries: await harness.log(next) });
  if (state === null) throw new Error("It has no log.");
  expect(await ignorant(harness).endOf(state)).toBeNull();
  harness.clock.moveTo(harness.clock.now() + hour);
  expect(await ignorant(harness).endOf(state)).toMatchObject({ status: "failed" });
});

/** Of a service that has the machine, and knows no execution of it. */
function ignorant({ clock }: Harness): StepFunctionsFollower {
  const arns = readMachineArns("arn:aws:states:us-east-1:123456789012:stateMachine:revops-FLOW");
  if (arns === null) throw new Error("The pattern can't be read.");
  const client: Pick<SFNClient, "send"> = {
    send: async (command: object) => {
      if (command instanceof DescribeExecutionCommand)
        throw new ExecutionDoesNotExist({ message: "There is none.", $metadata: {} });
      return { executions: [] };
    },
  };
  return new StepFunctionsFollower({ client, arns, clock, randomness: seededRandomness(1) });
}

test("a schedule's overlap counts for what its batch starts, and a program's start is by hand", async () => {
  const definition = flow(steps, {
    triggers: [scheduleTrigger({ overlap: "queue", filter: null }), { type: "manual", overlap: "skip" }],
  });
  const [, , first] = await machines(definition, "by-boto3");
  await first?.begin();
  const { flow_id, hash } = first?.about() ?? {};
  const found = await first?.find({ kind: "find_customers", flow_id, hash, ...firing, after: null });
  const [fired] = answers.find_customers.parse(found).customers;
  expect(fired?.customer_id).toBe("acme");
  const [harness, , again, scheduled] = await machines(definition, "by-hand", fired?.execution_id ?? "");
  await again?.begin();
  expect(await scheduled?.begin()).toMatchObject({ queued: true, roots: { execution: { started_by: "schedule" } } });
  const third = await new Machine(harness, definition, "by-hand-too").deploy();
  expect((await failureOf(third.begin())).message).toContain("runs: by-hand.");
});
