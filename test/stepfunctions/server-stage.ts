/** A server with one machine and a client of the AWS SDK; both close with the test. */
import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  SFNClient,
  StartExecutionCommand,
} from "@aws-sdk/client-sfn";
import type { DescribeExecutionCommandOutput } from "@aws-sdk/client-sfn";
import { onTestFinished } from "vitest";
import type { Json } from "../../src/flow/json.ts";
import { machine, pass } from "./interpreter/sample-machines.ts";
import { startStepFunctionsServer } from "./server.ts";
import type { Functions, StepFunctionsServer } from "./server.ts";

export interface Stage {
  server: StepFunctionsServer;
  client: SFNClient;
  arn: string;
}

export const roleArn = "arn:aws:iam::123456789012:role/machines";

/** A minute, then its input. */
export const waiting = machine({ wait: { Type: "Wait", Seconds: 60, Next: "say" }, say: pass("{% $states.input %}") });

export function clientOf(server: StepFunctionsServer, maxAttempts = 1): SFNClient {
  const client = new SFNClient({
    endpoint: server.url,
    region: "eu-central-1",
    credentials: { accessKeyId: "none", secretAccessKey: "none" },
    maxAttempts,
  });
  onTestFinished(() => client.destroy());
  return client;
}

export async function stage(
  definition: object,
  functions: Functions = {},
  time: "virtual" | "real" = "virtual",
): Promise<Stage> {
  const server = await startStepFunctionsServer({ functions, time });
  onTestFinished(() => server.close());
  const client = clientOf(server);
  const { stateMachineArn = "" } = await client.send(
    new CreateStateMachineCommand({ name: "flow", roleArn, definition: JSON.stringify(definition) }),
  );
  return { server, client, arn: stateMachineArn };
}

export async function start({ client, arn }: Stage, name: string, input: Json = {}): Promise<string> {
  const { executionArn = "" } = await client.send(
    new StartExecutionCommand({ stateMachineArn: arn, name, input: JSON.stringify(input) }),
  );
  return executionArn;
}

export function describe({ client }: Stage, executionArn: string): Promise<DescribeExecutionCommandOutput> {
  return client.send(new DescribeExecutionCommand({ executionArn }));
}
