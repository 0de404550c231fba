/**
 * A bot that follows Step Functions, and the machines: the local server over the interpreter, running what is compiled, with the real
 * handlers, on one clock and one store.
 */
import { CreateStateMachineCommand, SFNClient, UpdateStateMachineCommand } from "@aws-sdk/client-sfn";
import { compile } from "../../../src/asl/compile.ts";
import { readMachineArns } from "../../../src/asl/engine/machine-arns.ts";
import { StepFunctionsFollower } from "../../../src/asl/engine/step-functions-follower.ts";
import { handleActions, handleEffects } from "../../../src/asl/handlers/handle.ts";
import { handlerContext } from "../../../src/asl/handlers/handler-context.ts";
import { placeholders } from "../../../src/asl/protocol.ts";
import type { Follower } from "../../../src/engine/follower.ts";
import { definitionHash, type FlowDefinition } from "../../../src/flow/flow.ts";
import type { Json } from "../../../src/flow/json.ts";
import { defaultRole, machineArn } from "../../stepfunctions/interpreter/machines.ts";
import { startStepFunctionsServer, type StepFunctionsServer } from "../../stepfunctions/server.ts";
import { seededRandomness, VirtualClock } from "../../engine/virtual-clock.ts";
import { startHarness, type Harness, type HarnessOptions } from "../../engine/harness.ts";

const pattern = machineArn("revops-FLOW");
const fifteenMinutesMs = 900_000;

export interface Followed {
  harness: Harness;
  server: StepFunctionsServer;
  client: SFNClient;
  /** For another bot on the same store. */
  follower: Follower;
  /** Until nothing follows from what has happened. */
  settle(): Promise<void>;
  close(): Promise<void>;
}

export async function startFollowed(options: HarnessOptions & { deploys?: boolean }): Promise<Followed> {
  const clock = options.clock ?? new VirtualClock();
  const parts: { harness: Harness | null } = { harness: null };
  const context = () => {
    if (parts.harness === null) throw new Error("The functions have no store yet.");
    return handlerContext(parts.harness.context, { endsAt: () => clock.now() + fifteenMinutesMs });
  };
  const server = await startStepFunctionsServer({
    functions: {
      actions: (payload: Json) => handleActions(context(), payload),
      effects: (payload: Json) => handleEffects(context(), payload),
    },
    time: clock,
  });
  const client = new SFNClient({
    endpoint: server.url,
    region: "us-east-1",
    credentials: { accessKeyId: "none", secretAccessKey: "none" },
    maxAttempts: 1,
  });
  const arns = readMachineArns(pattern);
  if (arns === null) throw new Error("The pattern can't be read.");
  const follower = new StepFunctionsFollower({ client, arns, clock, randomness: seededRandomness(1) });
  const harness = await startHarness({ ...options, fires: false, clock, follower });
  parts.harness = harness;
  if (options.deploys !== false) for (const definition of options.flows) await deploy({ harness, client }, definition);
  return {
    harness,
    server,
    client,
    follower,
    settle: async () => {
      await harness.engine.tick();
      await harness.engine.idle();
    },
    close: async () => {
      await harness.engine.stop({ graceMs: 0 });
      client.destroy();
      await server.close();
    },
  };
}

/** As `npx revops deploy` does; a machine that is there is changed. */
export async function deploy(
  { harness, client }: { harness: Harness; client: SFNClient },
  definition: FlowDefinition,
): Promise<void> {
  const compiled = compile(definition);
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.refusals));
  const { flow_id: flowId } = definition;
  await put(client, `revops-${flowId}`, compiled.machine);
  if (compiled.batch !== null) await put(client, `revops-${flowId}_batch`, compiled.batch);
  await harness.store.putDefinition({ hash: definitionHash(definition), definition, at: harness.clock.now() });
}

async function put(client: SFNClient, name: string, machine: object): Promise<void> {
  const definition = JSON.stringify(machine)
    .replaceAll(placeholders.actions, "actions")
    .replaceAll(placeholders.effects, "effects")
    .replaceAll(/\$\{StateMachine_(\w+)\}/g, (_placeholder, flowId: string) => machineArn(`revops-${flowId}`));
  try {
    await client.send(new CreateStateMachineCommand({ name, definition, roleArn: defaultRole }));
  } catch (error) {
    if (!(error instanceof Error) || error.name !== "StateMachineAlreadyExists") throw error;
    await client.send(new UpdateStateMachineCommand({ stateMachineArn: machineArn(name), definition }));
  }
}
