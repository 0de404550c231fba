/** The SDK's client: region, address (AWS_ENDPOINT_URL_SFN) and credentials come from its own environment. */
import { SFNClient } from "@aws-sdk/client-sfn";
import type { Follower } from "../../engine/follower.ts";
import type { MachineArns } from "./machine-arns.ts";
import { StepFunctionsFollower } from "./step-functions-follower.ts";

/** With the SDK's backoff; what still fails is told again at a later look. */
const mostAttempts = 4;
const requestTimeoutMs = 10_000;
const connectionTimeoutMs = 3_000;

export function openFollower({ arns }: { arns: MachineArns }): { follower: Follower; close: () => void } {
  const requestHandler = { requestTimeout: requestTimeoutMs, connectionTimeout: connectionTimeoutMs };
  const client = new SFNClient({ maxAttempts: mostAttempts, requestHandler });
  return { follower: new StepFunctionsFollower({ client, arns }), close: () => client.destroy() };
}
